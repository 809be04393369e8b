"""The templates in files/: read, filled with what a blog is called and who writes it, and given as text under their new paths."""

from __future__ import annotations

import html
import json
import re
from pathlib import Path

import yaml
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from site_builder import __version__
from site_builder.scaffold.blog import Blog

FILES = Path(__file__).parent / "files"


def rendered(blog: Blog) -> dict[str, str]:
    """The text of each file of a new blog, by its path: those of files/common, and those of the blog's language.

    A name that starts with ``dot-`` is written with a dot instead: packaging tools and git would act upon such a file here.
    """
    # YAML, Markdown and workflows are full of braces, so the templates use square brackets.
    templates = Environment(
        loader=FileSystemLoader(FILES),
        variable_start_string="[[",
        variable_end_string="]]",
        block_start_string="[%",
        block_end_string="%]",
        comment_start_string="[##",
        comment_end_string="##]",
        trim_blocks=True,
        keep_trailing_newline=True,
        undefined=StrictUndefined,
        autoescape=False,  # noqa: S701  (the output is YAML and Markdown: what is filled in goes through the two filters below)
    )
    templates.filters |= {"quoted": quoted, "markdown": markdown}
    words = yaml.safe_load((FILES / f"words.{blog.lang}.yml").read_text("utf-8"))
    texts: dict[str, str] = {}
    for root in (FILES / "common", FILES / blog.lang):
        for file in sorted(root.rglob("*")):
            if file.is_file():
                template = templates.get_template(file.relative_to(FILES).as_posix())
                path = re.sub(r"(^|/)dot-", r"\1.", file.relative_to(root).as_posix())
                texts[path] = template.render(blog=blog, words=words, version=__version__)
    return texts


def quoted(text: str) -> str:
    """Printable ``text`` as a YAML scalar in double quotes, which JSON's strings are."""
    return json.dumps(text, ensure_ascii=False)


def markdown(text: str) -> str:
    """``text`` as Markdown that shows it as it is, within a line."""
    return re.sub(r"([\\`*_{}\[\]#+|])", r"\\\1", html.escape(text, quote=False))
