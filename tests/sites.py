"""Small real blogs for tests: files laid out in a folder, built by the command line's own code."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from textwrap import dedent

from site_builder.build.inputs import Audience, BuildInputs
from site_builder.build.run import BuildReport, build
from site_builder.content.settings import Settings, load_settings
from site_builder.membership.keyfile import MasterKeys, load_keys, write_keys
from site_builder.vault.keys import MasterKey

TODAY = date(2026, 11, 20)
MASTER = MasterKey(bytes(range(32)))

CONFIG = """\
site_name: Test Blog
site_url: {url}
docs_dir: content
strict: {strict}
theme:
  name: material
  font: false
  features: [navigation.instant, content.code.copy, toc.follow, content.code.annotate]
  palette:
    - scheme: default
      toggle: {{icon: material/brightness-7, name: Dark}}
    - scheme: slate
      toggle: {{icon: material/brightness-4, name: Light}}
plugins:
{plugins}
  - paywall:
      site: test-blog
      tiers:
        - {{id: supporter, name: Supporter, price: 5 € a month}}
        - {{id: pro, name: Pro, price: 15 € a month}}
      products:
        - {{id: async-course, name: Async course, price: 49 €}}
{options}
markdown_extensions:
  - abbr
  - admonition
  - attr_list
  - footnotes
  - md_in_html
  - tables
  - toc: {{permalink: true}}
  - pymdownx.details
  - pymdownx.highlight: {{anchor_linenums: true}}
  - pymdownx.snippets: {{base_path: !relative $config_dir/snippets}}
  - pymdownx.tabbed: {{alternate_style: true}}
  - pymdownx.superfences:
      custom_fences:
        - name: mermaid
          class: mermaid
          format: !!python/name:pymdownx.superfences.fence_code_format
{extra}
"""

MATERIAL = ("meta", "blog", "tags", "search")
PAGES = {
    "content/index.md": "# Home\n\nWelcome to the blog.\n",
    "content/blog/index.md": "# Blog\n",
    "content/blog/.authors.yml": "authors:\n  ada: {name: Ada Example, description: Author, avatar: https://example.com/ada.png}\n",
    "content/membership.md": "# Membership\n\nWhat it costs.\n",
    "content/unlock.md": "# Unlock\n\n<unlock-form>Scripts are off.</unlock-form>\n",
    "content/account.md": "# Account\n\n<membership-account>Scripts are off.</membership-account>\n",
}


@dataclass(frozen=True)
class Blog:
    """A blog's folder, with a master key that is known."""

    root: Path

    @property
    def config(self) -> Path:
        return self.root / "mkdocs.yml"

    @property
    def site(self) -> Path:
        return self.root / "site"

    @property
    def settings(self) -> Settings:
        return load_settings(self.config)

    @property
    def keys(self) -> MasterKeys:
        return load_keys(self.settings.key_file, {})

    def write(self, name: str, content: str | bytes) -> Path:
        """Write a file, text dedented, below the blog's folder."""
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        if isinstance(content, bytes):
            path.write_bytes(content)
        else:
            path.write_text(dedent(content), "utf-8")
        return path

    def post(self, name: str, body: str, *, header: str = "", day: str = "2026-11-01") -> Path:
        """Write a post with a date, and ``header`` as further front matter."""
        matter = "".join(f"{line}\n" for line in (f"date: {day}", *dedent(header).strip().split("\n")) if line)
        return self.write(f"content/blog/posts/{name}.md", f"---\n{matter}---\n{dedent(body)}")

    def build(self, *, today: date = TODAY, audience: Audience = Audience.READERS, strict: bool = False) -> BuildReport:
        """Build it as `site-builder build` does."""
        return build(self.config, None, BuildInputs(today, audience), strict=strict)

    def run(self, *arguments: str, check: bool = True) -> subprocess.CompletedProcess[str]:
        """The command line, in a process of its own, in the blog's folder."""
        return subprocess.run(
            command(*arguments),
            cwd=self.root,
            capture_output=True,
            text=True,
            check=check,
            timeout=120,
            env=environment(),
        )

    def page(self, url: str) -> str:
        """The HTML of a page, by its URL from the root."""
        return (self.site / url / "index.html").read_text("utf-8")


def command(*arguments: str) -> list[str]:
    """The command line's own arguments, run by this interpreter."""
    return [sys.executable, "-m", "site_builder", *arguments]


def environment() -> dict[str, str]:
    """This environment without a master key, and with the checkout to import from."""
    checkout = Path(__file__).parent.parent
    paths = os.pathsep.join([str(checkout), str(checkout / "plugins")])
    return {
        **{name: value for name, value in os.environ.items() if not name.startswith("SITE_BUILDER_")},
        "PYTHONPATH": paths,
    }


def make_blog(
    root: Path,
    *,
    plugins: tuple[str, ...] = MATERIAL,
    options: str = "",
    extra: str = "",
    strict: bool = False,
    url: str = "https://blog.example.com/",
) -> Blog:
    """Lay out a blog: its pages, its configuration, its key."""
    blog = Blog(root)
    listed = "\n".join(f"  - {plugin}" for plugin in plugins)
    config = CONFIG.format(plugins=listed, options=options, extra=extra, strict=str(strict).lower(), url=url)
    blog.write("mkdocs.yml", config)
    for name, text in PAGES.items():
        blog.write(name, text)
    blog.write("snippets/shared.md", "A shared sentence.\n")
    key_file = root / ".site-builder" / "master.key"
    key_file.parent.mkdir(exist_ok=True)
    write_keys(key_file, MASTER)
    return blog


def tree(folder: Path) -> dict[str, bytes]:
    """Every file below a folder: path with ``/`` -> bytes."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()
    }
