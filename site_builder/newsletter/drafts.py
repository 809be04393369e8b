"""Which issues the posts of a site make: one for each post that asks for it, and one for each week or month of a digest."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date
from pathlib import PurePosixPath
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, ValidationError

from site_builder.content.items import Item
from site_builder.content.mapping import shown
from site_builder.errors import ContentError, IssueError
from site_builder.newsletter.options import Digest, Line, NewsletterOptions
from site_builder.newsletter.publication import Publication
from site_builder.newsletter.windows import Window, last_over, named, window_of
from site_builder.newsletter.words import words
from site_builder.newsletter.wrapping import one_line


@dataclass(frozen=True)
class Draft:
    """An issue that could be built. Its ``day`` is the one it is listed under; a digest has an id and a ``window``."""

    id: str
    kind: Literal["post", "digest"]
    items: tuple[Item, ...]
    subject: str
    preview: str
    segments: tuple[str, ...]
    language: str
    web: str
    day: date
    full: bool = True
    digest: str = ""
    window: Window | None = None


class Wish(BaseModel):
    """``newsletter`` in a post's front matter."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    send: Literal[True] = True
    segments: tuple[str, ...] = ("everyone",)
    subject: Line = ""
    preview: Line = ""


def wish(item: Item, segments: Mapping[str, Any]) -> Wish:
    """What the post asks for. Raises ContentError for what is not understood, and for an unknown segment."""
    try:
        found = Wish.model_validate(dict(item.newsletter))
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        key = ".".join(map(str, first["loc"]))
        hint = "Write `newsletter: true`, or a mapping with segments (a list), subject and preview, each in one line."
        raise ContentError(f"`newsletter.{key}` is {shown(first['input'])}", place=item.place, hint=hint) from None
    for name in found.segments:
        if name not in segments:
            raise ContentError(
                f"`newsletter` goes to the segment {shown(name)}, which is not known",
                place=item.place,
                hint=f"The segments are: {', '.join(segments)}.",
            )
    if not found.segments:
        raise ContentError(
            "`newsletter` goes to no segment", place=item.place, hint="Leave `segments` out for everyone."
        )
    return found


def post_drafts(items: Sequence[Item], publication: Publication) -> Iterator[Draft]:
    """An issue for each post with ``newsletter``, in the items' order. Raises ContentError."""
    segments = publication.options.all_segments(publication.offers)
    chosen = [item for item in items if item.newsletter]
    stems = Counter(_stem(item).casefold() for item in chosen)
    for item in chosen:
        asked, stem = wish(item, segments), _stem(item)
        alone = stems[stem.casefold()] == 1 and not _window_of(stem, publication.options)
        yield Draft(
            id=stem if alone else f"{stem}-{item.id[-8:]}",
            kind="post",
            items=(item,),
            subject=asked.subject or one_line(item.title),
            preview=asked.preview or one_line(item.description),
            segments=asked.segments,
            language=item.language,
            web=item.url,
            day=item.published.astimezone(UTC).date(),
        )


def digest_draft(digest: Digest, window: Window, items: Sequence[Item], publication: Publication) -> Draft:
    """The issue of one week or month. Raises IssueError if it has no posts."""
    chosen = tuple(
        sorted(
            (item for item in items if _belongs(item, digest, window)),
            key=lambda item: (item.published, item.uri),
            reverse=True,
        )
    )
    identifier = f"{digest.id}-{window.name}"
    if not chosen:
        tagged = f" with the tag {digest.tag!r}" if digest.tag else ""
        raise IssueError(
            f"the issue {identifier} would be empty: no post{tagged} has a date from {window.start} to {window.last}",
            hint="Nothing was written. `site-builder newsletter list` shows the issues that there are.",
        )
    says, period = words(publication.language), window.written(publication.language)
    title = one_line(chosen[0].title)
    subject = digest.subject.replace("{period}", period).replace("{title}", title)
    default = says["tagged subject" if digest.tag else "digest subject"]
    return Draft(
        id=identifier,
        kind="digest",
        items=chosen,
        subject=subject or default.format(newsletter=publication.name, period=period, tag=digest.tag),
        preview=says["and"].join(one_line(item.title) for item in chosen),
        segments=digest.segments,
        language=publication.language,
        web=f"{publication.archive}#{identifier}" if publication.options.archive else publication.url,
        day=window.end,
        full=digest.full,
        digest=digest.id,
        window=window,
    )


def digest_drafts(items: Sequence[Item], publication: Publication, today: date) -> Iterator[Draft]:
    """An issue for each week or month of each digest that is over by ``today`` and has posts; the newest first."""
    for digest in publication.options.digests:
        windows = {window_of(item.published.astimezone(UTC).date(), digest.every) for item in items}
        for window in sorted(windows, reverse=True):
            if window.over(today) and any(_belongs(item, digest, window) for item in items):
                yield digest_draft(digest, window, items, publication)


def find_draft(name: str, items: Sequence[Item], publication: Publication, today: date) -> Draft:
    """The issue that ``name`` means: an id, or the path of a post's source.

    Raises:
        IssueError: there is none of that name, its week or month is not over, or it has no posts.
    """
    path = PurePosixPath(name).as_posix()
    posts = list(post_drafts(items, publication))
    for draft in posts:
        if name == draft.id or path == draft.items[0].uri or path.endswith(f"/{draft.items[0].uri}"):
            return draft
    if found := _window_of(name, publication.options):
        digest, window = found
        if not window.over(today):
            raise IssueError(
                f"the {digest.every} of the issue {name} is not over before {window.end}",
                hint=f"Issues never change, so build it then. Due is {_newest(digest, today)}.",
            )
        return digest_draft(digest, window, items, publication)
    known = [draft.id for draft in posts] + [
        f"{one.id}-{last_over(today, one.every).name}" for one in publication.options.digests
    ]
    raise IssueError(
        f"there is no issue {name!r}",
        hint=f"It may be one of: {', '.join(known[:12])}{' …' if len(known) > 12 else ''}."
        if known
        else "No post has `newsletter: true`, and mkdocs.yml has no digests.",
    )


def _window_of(name: str, options: NewsletterOptions) -> tuple[Digest, Window] | None:
    """The digest and the week or month that an issue's id names."""
    for digest in options.digests:
        window = named(name.removeprefix(f"{digest.id}-"), digest.every)
        if name.startswith(f"{digest.id}-") and window:
            return digest, window
    return None


def _belongs(item: Item, digest: Digest, window: Window) -> bool:
    return window.holds(item.published) and (not digest.tag or digest.tag in item.tags)


def _newest(digest: Digest, today: date) -> str:
    return f"{digest.id}-{last_over(today, digest.every).name}"


def _stem(item: Item) -> str:
    """The name of a post's file, of its folder if that is index.md, as one step of a path."""
    path = PurePosixPath(item.uri)
    stem = path.parent.name if path.stem in ("index", "README") and path.parent.name else path.stem
    return re.sub(r"[^\w]+", "-", unicodedata.normalize("NFC", stem)).strip("-_")[:60] or item.id[-12:]
