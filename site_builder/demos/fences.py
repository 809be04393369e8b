"""A page's demos and exercises, from its fences: what is written in docs/demos.md, read and judged before anything is run."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from itertools import groupby, pairwise

from site_builder.content.library import Document
from site_builder.demos.exercises import Piece, belonging, read_exercise, style_and_script
from site_builder.demos.info import Role
from site_builder.demos.model import Demo, Language, Options
from site_builder.demos.options import Page, check_names, read_options
from site_builder.demos.scan import fences_in, refuse_snippet, with_keys
from site_builder.errors import ContentError, Place, SeveralErrors, SiteError

__all__ = ["PageDemos", "demos_of", "read_page", "with_keys"]


@dataclass(frozen=True)
class PageDemos:
    """The demos of a page in its order, and what each of its fences becomes."""

    demos: tuple[Demo, ...] = ()
    by_key: Mapping[str, Demo | None] = field(default_factory=dict)
    """What ``with_keys`` writes -> the demo that stands in the fence's place; None: nothing does, as for tests and hints."""


def demos_of(document: Document) -> tuple[Demo, ...]:
    """The page's demos and exercises, in its order. Raises what ``read_page`` raises."""
    return read_page(document).demos


def read_page(document: Document) -> PageDemos:
    """The page's demos and exercises.

    Raises:
        ContentError: with the fence's line; SeveralErrors if there are several.
    """
    errors: list[SiteError] = []
    pieces, unseen = _pieces(document, errors)
    _raise(errors)
    if not pieces:
        return PageDemos((), dict.fromkeys(unseen))
    demos: dict[str, Demo | None] = dict.fromkeys(unseen)
    page = Page(document.source.path, document.uri)
    parts = belonging(pieces)
    seen: dict[str, Piece] = {}
    for piece in pieces:
        if not piece.info.alone:
            demos.setdefault(piece.key, None)
            continue
        identity = piece.info.id or f"demo-{piece.key[:8]}"
        try:
            _refuse_second(identity, piece, seen)
            demos[piece.key] = _demo(identity, piece, parts.get(identity, []), page)
        except SiteError as error:
            errors.append(error)
        seen.setdefault(identity, piece)
    _raise(errors)
    found = tuple(demo for demo in demos.values() if demo)
    found = tuple(sorted(found, key=lambda demo: demo.place.line or 0))
    readers = {segment.number: segment.entitlements for segment in document.segments}
    for _, fences in groupby(sorted(found, key=_session), key=_session):
        _check_session(list(fences), readers)
    return PageDemos(found, demos)


def _raise(errors: list[SiteError]) -> None:
    if errors:
        raise errors[0] if len(errors) == 1 else SeveralErrors(errors)


def _pieces(document: Document, errors: list[SiteError]) -> tuple[list[Piece], list[str]]:
    """The fences, and the keys of those in HTML comments, which are none to readers."""
    pieces, unseen = list[Piece](), list[str]()
    for segment in document.segments:

        def place(index: int, first: int = segment.line) -> Place:
            return Place(document.source.path, first + index)

        for fence in fences_in(segment.text, place):
            if fence.in_comment:
                if fence.info:
                    unseen.append(fence.key)
            elif fence.error:
                errors.append(fence.error)
            elif fence.info:
                try:
                    refuse_snippet(fence, place)
                    check_names(fence.info, place(fence.first))
                except SiteError as error:
                    errors.append(error)
                pieces.append(Piece(fence.info, fence.code, place(fence.first), segment.number))
    return pieces, unseen


def _refuse_second(identity: str, piece: Piece, seen: Mapping[str, Piece]) -> None:
    if first := seen.get(identity):
        raise ContentError(
            f"a second demo of the page has the id '{identity}'",
            place=piece.place,
            hint=f'The first is in line {first.place.line}. Give each an `id="…"` of its own.',
        )


def _demo(identity: str, piece: Piece, parts: Iterable[Piece], page: Page) -> Demo:
    options = read_options(piece.info, page, piece.place)
    exercise, style, script, script_place = None, "", "", None
    if piece.info.role is Role.EXERCISE:
        if not piece.info.id:
            raise ContentError(
                "an exercise has no id", place=piece.place, hint='Write `id="…"`, in its tests and solution too.'
            )
        exercise = read_exercise(piece, parts)
    elif piece.info.language == "html":
        style, script, script_place = style_and_script(piece, parts)
    language, place, part = Language(piece.info.language), piece.place, piece.part
    return Demo(page.uri, identity, language, piece.code, options, place, part, exercise, style, script, script_place)


def _session(demo: Demo) -> tuple[str, str]:
    return (demo.language, demo.options.session)


def _check_session(demos: list[Demo], readers: Mapping[int, tuple[str, ...]]) -> None:
    """What comes later in a session needs all that comes before it, wherever it is run."""
    first = demos[0]
    if not first.options.session:
        return
    paths = {file.name: file.path for file in reversed([file for demo in demos for file in demo.data_files])}
    for earlier, demo in pairwise(demos):
        why = _apart(first.options, earlier, demo, readers)
        if other := next((file.name for file in demo.data_files if file.path != paths[file.name]), ""):
            why = why or f"{other} is another file before"
        if why:
            raise ContentError(
                f"the session '{demo.options.session}' can't go on here: {why}",
                place=demo.place,
                hint=f"Mend it, or begin another session. The fence before it is in line {earlier.place.line}.",
            )


def _apart(first: Options, earlier: Demo, demo: Demo, readers: Mapping[int, tuple[str, ...]]) -> str:
    if earlier.part and readers[earlier.part] != readers.get(demo.part, ()):
        return "not all who read this can read what comes before"
    if demo.options.net != first.net:
        return "`net` stands in some of its fences only"
    if demo.options.database or demo.options.seed:
        return "`database` and `seed` belong into its first fence"
    if earlier.options.notest and not demo.options.notest:
        return "what comes before is `notest`, and this is not"
    return ""
