"""What public pages, the theme and plugins say too stops no build; premium text that got among it by a fault does."""

from __future__ import annotations

import base64
import hashlib
from importlib.metadata import PathDistribution
from pathlib import Path

import pytest

from site_builder.build.said import as_installed
from site_builder.errors import LeakError
from tests.sites import Blog

SHARED = "Take a copy of the ledger before the reconciliation begins, and keep it until the next night.\n"
SECRET = "The drift of the ledger is found by comparing sums by weekday and by bank, never line by line.\n"
SECTIONS = (
    f"# --8<-- [start:open]\n{SHARED}# --8<-- [end:open]\n# --8<-- [start:sealed]\n{SECRET}# --8<-- [end:sealed]\n"
)

COPIES = {
    "before it is rendered": "def on_page_markdown(markdown, page, **_):\n    return markdown + text * (page.url == '')\n",
    "when it is rendered": "def on_page_content(html, page, **_):\n    return html + text * (page.url == '')\n",
    "when it is finished": "def on_post_page(output, page, **_):\n    return output + text * (page.url == '')\n",
    "into a script": "def on_post_build(config):\n    (Path(config.site_dir) / 'extra.js').write_text(f'const a = {text!r}')\n",
    "into the theme's folder": (
        "def on_pre_build(config):\n    config.theme.dirs.insert(0, str(root / 'own'))\n"
        "    (root / 'own').mkdir()\n    (root / 'own/extra.js').write_text(text)\n"
    ),
}


def gated(blog: Blog, text: str) -> None:
    blog.post("gated", f"# Gated\n\nPublic.\n\n<!-- paywall -->\n\nFirst.\n\n{text}\n", header="access: pro")


def copying(blog: Blog, how: str, text: str) -> None:
    """A hook that copies ``text`` into what is published."""
    head = f"from pathlib import Path\ntext = {text!r}\nroot = Path({str(blog.root)!r})\n"
    blog.write("copies.py", head + COPIES[how])
    blog.write("mkdocs.yml", blog.config.read_text() + "\nhooks: [copies.py]\n")


def test_a_snippet_may_stand_in_public_and_in_gated_parts(blog: Blog) -> None:
    blog.write("snippets/ledger.md", SHARED)
    gated(blog, '--8<-- "ledger.md"')
    blog.post("open", '# Open\n\n--8<-- "ledger.md"\n')
    blog.build()
    assert SHARED.strip() in blog.page("blog/2026/11/01/open")
    assert blog.run("audit").returncode == 0


def test_a_public_snippet_in_an_admonition_and_one_that_another_includes_count_too(blog: Blog) -> None:
    blog.write("snippets/ledger.md", SHARED)
    blog.write("snippets/outer.md", 'Before.\n\n--8<-- "ledger.md"\n')
    gated(blog, '!!! note "Of ledgers"\n\n    --8<-- "outer.md"')
    blog.post("open", '# Open\n\n!!! tip\n\n    --8<-- "outer.md"\n')
    blog.build()


def test_a_snippet_that_is_appended_to_every_page_is_public(blog: Blog) -> None:
    blog.write("snippets/ledger.md", SHARED)
    base = "base_path: !relative $config_dir/snippets"
    blog.write("mkdocs.yml", blog.config.read_text().replace(base, f"{base}, auto_append: [ledger.md]"))
    gated(blog, SHARED)
    blog.build()
    assert SHARED.strip() in blog.page("")


def test_what_the_settings_say_of_site_and_authors_is_public(blog: Blog) -> None:
    blog.write("mkdocs.yml", f"{blog.config.read_text()}\nsite_description: >\n  {SHARED}\n")
    authors = f"authors:\n  ada:\n    name: Ada\n    avatar: https://example.com/ada.png\n    description: {SECRET}\n"
    blog.write("content/blog/.authors.yml", authors)
    gated(blog, f"{SHARED}\n{SECRET}")
    blog.post("open", "# Open\n\nPublic.\n", header="authors: [ada]")
    blog.build()
    page = blog.page("blog/2026/11/01/open")
    assert SHARED.strip() in page and SECRET.strip() in page


def test_what_a_gated_part_has_in_its_own_words_and_a_public_snippet_too_is_no_leak(blog: Blog) -> None:
    blog.write("snippets/ledger.md", SHARED)
    gated(blog, SHARED)
    blog.post("open", '# Open\n\n--8<-- "ledger.md"\n')
    blog.build()
    assert blog.run("audit").returncode == 0


def test_a_section_that_is_only_in_gated_parts_is_still_looked_for(blog: Blog) -> None:
    blog.write("snippets/ledger.md", SECTIONS)
    gated(blog, '--8<-- "ledger.md:sealed"')
    blog.post("open", '# Open\n\n--8<-- "ledger.md:open"\n')
    blog.build()
    copying(blog, "when it is finished", SECRET)
    with pytest.raises(LeakError, match=r"index\.html"):
        blog.build()


def test_a_snippet_of_a_page_that_is_not_published_yet_is_not_public(blog: Blog) -> None:
    blog.write("snippets/ledger.md", SHARED)
    gated(blog, '--8<-- "ledger.md"')
    blog.post("later", '# Later\n\n--8<-- "ledger.md"\n', day="2026-12-24")
    copying(blog, "when it is finished", SHARED)
    with pytest.raises(LeakError, match=r"index\.html"):
        blog.build()


@pytest.mark.parametrize("how", COPIES)
def test_a_plugin_that_copies_gated_text_into_what_is_public_is_caught(blog: Blog, how: str) -> None:
    gated(blog, SECRET)
    copying(blog, how, SECRET)
    with pytest.raises(LeakError, match=r"index\.html|extra\.js"):
        blog.build()


def test_a_plugin_that_copies_a_gated_snippet_is_caught(blog: Blog) -> None:
    blog.write("snippets/ledger.md", SECRET)
    gated(blog, '--8<-- "ledger.md"')
    copying(blog, "before it is rendered", SECRET)
    with pytest.raises(LeakError, match=r"index\.html"):
        blog.build()


def test_without_the_extension_a_line_that_looks_like_a_snippet_makes_nothing_public(blog: Blog) -> None:
    lines = blog.config.read_text().split("\n")
    blog.write("mkdocs.yml", "\n".join(line for line in lines if "pymdownx.snippets" not in line))
    blog.write("snippets/ledger.md", SECRET)
    gated(blog, SECRET)
    blog.post("open", '# Open\n\n--8<-- "snippets/ledger.md"\n')
    copying(blog, "when it is finished", SECRET)
    with pytest.raises(LeakError, match=r"index\.html"):
        blog.build()


def test_gated_parts_may_quote_the_theme_and_a_plugin(blog: Blog) -> None:
    notice = "The above copyright notice and this permission notice shall be included in all copies"
    gated(blog, f"> {notice}")
    blog.build()
    assert blog.run("audit").returncode == 0


def test_what_the_writer_has_put_into_the_theme_is_looked_at(blog: Blog) -> None:
    gated(blog, SECRET)
    blog.write("own/assets/notes.js", f"// {SECRET}")
    blog.write("mkdocs.yml", blog.config.read_text().replace("  name: material", "  name: material\n  custom_dir: own"))
    with pytest.raises(LeakError, match=r"notes\.js"):
        blog.build()


def test_only_files_that_are_as_they_were_installed_count(tmp_path: Path) -> None:
    for name in ("same.js", "changed.js", "unlisted.js"):
        (tmp_path / name).write_text(SECRET)
    digest = base64.urlsafe_b64encode(hashlib.sha256(SECRET.encode()).digest()).rstrip(b"=").decode()
    folder = tmp_path / "plugin-1.dist-info"
    folder.mkdir()
    record = f"same.js,sha256={digest},1\nchanged.js,sha256={digest[::-1]},1\nunknown.js,,\ngone.js,sha256={digest},1\n"
    (folder / "RECORD").write_text(record)
    assert [path.name for path in as_installed(PathDistribution(folder))] == ["same.js"]
