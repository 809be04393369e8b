"""New posts and pages in a blog that is there: where they belong, their front matter, and the marker of their public part."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import yaml

from site_builder.content.access import parse_access
from site_builder.content.gate import MARKER, MORE
from site_builder.content.offers import Offers
from site_builder.content.settings import load_settings
from site_builder.errors import ContentError, Place
from site_builder.scaffold.places import blog_places
from site_builder.scaffold.slug import slugify


@dataclass(frozen=True)
class Heading:
    """What is known of an article before it is written; ``access`` is what will stand in its front matter, if anything."""

    title: str
    access: str | None = None
    tags: tuple[str, ...] = ()
    draft: bool = False


def new_post(config_file: Path, heading: Heading, day: date) -> Path:
    """Write a post that is dated ``day`` into the blog's folder, and return its path.

    Its address is fixed in the front matter, so that the title can change; its author is the one whom the blog has.

    Raises:
        ContentError: an access that no offer fits, a title without letters, or a post of that name that is there already.
        ConfigError: mkdocs.yml can't be read, or has no blog.
    """
    settings = load_settings(config_file)
    posts, authors = blog_places(config_file, settings.docs_dir)
    meta: dict[str, Any] = {"title": heading.title, "description": "", "date": day, "slug": _slug(heading)}
    if len(authors) == 1:
        meta["authors"] = list(authors)
    marker = MARKER if _gated(heading, settings.offers) else MORE
    return _write(posts, heading, meta, marker)


def new_page(config_file: Path, heading: Heading) -> Path:
    """Write a page into the docs folder, and return its path. Raises as ``new_post`` does."""
    settings = load_settings(config_file)
    marker = MARKER if _gated(heading, settings.offers) else ""
    return _write(settings.docs_dir, heading, {"title": heading.title, "description": ""}, marker)


def _gated(heading: Heading, offers: Offers) -> bool:
    return heading.access is not None and not parse_access(heading.access, offers, date.min, Place("--access")).public


def _slug(heading: Heading) -> str:
    slug = slugify(heading.title)
    if not slug or not heading.title.isprintable():
        raise ContentError(
            f"the title is {heading.title!r}", hint="It must have a letter or a digit, and no line breaks."
        )
    return slug


def _write(folder: Path, heading: Heading, meta: dict[str, Any], marker: str) -> Path:
    file = folder / f"{_slug(heading)}.md"
    if heading.tags:
        meta["tags"] = list(heading.tags)
    if heading.access is not None:
        meta["access"] = heading.access
    if heading.draft:
        meta["draft"] = True
    front = "".join(f"{key}: {_in_one_line(value)}\n" for key, value in meta.items())
    # Something stands in each part, since the build refuses a gate with nothing behind it.
    body = f"…\n\n{marker}\n\n…\n" if marker else "…\n"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with file.open("x", encoding="utf-8", newline="\n") as out:
            out.write(f"---\n{front}---\n\n{body}")
    except FileExistsError:
        raise ContentError(
            "is there already, and was left as it is",
            place=Place(file),
            hint="Choose another title, or edit that file.",
        ) from None
    except OSError as error:
        raise ContentError(f"can't be written: {error.strerror}", place=Place(file)) from None
    return file


def _in_one_line(value: Any) -> str:
    text: str = yaml.safe_dump(value, default_flow_style=True, allow_unicode=True, width=float("inf"))
    return text.removesuffix("...\n").strip()
