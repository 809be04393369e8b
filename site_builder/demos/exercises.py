"""Which fences of a page belong together: an exercise with its tests, hints and solution; a live page with its CSS and script."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from site_builder.demos.info import Info, Role, fence_key
from site_builder.demos.model import Exercise
from site_builder.errors import ContentError, Place

_TEST: Mapping[str, tuple[re.Pattern[str], str]] = {
    "python": (re.compile(r"^(?:async +)?def +test_", re.MULTILINE), "def test_…():"),
    "js": (re.compile(r"\btest\s*\("), 'test("…", () => { … });'),
    "sql": (re.compile(r"^\s*--\s*test:", re.MULTILINE), "-- test: …"),
}


@dataclass(frozen=True)
class Piece:
    """A fence that has been read: its words, code, place, and the number of the gated part that it stands in (0: public)."""

    info: Info
    code: str
    place: Place
    part: int

    @property
    def key(self) -> str:
        return fence_key(self.info.language, self.info.attributes, self.code)


def belonging(pieces: Iterable[Piece]) -> dict[str, list[Piece]]:
    """All that is no demo by itself, by the id of the demo that it belongs to.

    Raises:
        ContentError: a piece that does not say to what it belongs, or belongs to nothing, to something of another kind or
            language, or to something in another part of the page.
    """
    pieces = list(pieces)
    wholes = {piece.info.id: piece for piece in pieces if piece.info.alone and piece.info.id}
    found: dict[str, list[Piece]] = {}
    for piece in pieces:
        if not piece.info.alone:
            _check(piece, wholes)
            found.setdefault(piece.info.whole, []).append(piece)
    return found


def _check(piece: Piece, wholes: Mapping[str, Piece]) -> None:
    fence, page = f"{piece.info.language} {piece.info.role}", piece.info.role is Role.DEMO
    if not piece.info.whole:
        raise ContentError(
            f"`{fence}` does not say to what it belongs",
            place=piece.place,
            hint=f'Give it `{"for" if page else "id"}="…"` with the id of the {"html demo" if page else "exercise"}.',
        )
    whole = wholes.get(piece.info.whole)
    if whole is None or (whole.info.language != "html" if page else whole.info.role is not Role.EXERCISE):
        kind = "live page" if page else "exercise"
        raise ContentError(
            f"`{fence}` belongs to '{piece.info.whole}', and there is no {kind} of that id on the page",
            place=piece.place,
            hint=f'Write `{"html demo" if page else "python exercise"} id="{piece.info.whole}"`, or mend the id.',
        )
    if not page and piece.info.role is not Role.HINT and piece.info.language != whole.info.language:
        raise ContentError(
            f"`{fence}` belongs to an exercise in {whole.info.language}",
            place=piece.place,
            hint="All its code is in one language.",
        )
    if piece.part != whole.part:
        raise ContentError(
            f"`{fence}` stands in another part of the page than '{piece.info.whole}', which it belongs to",
            place=piece.place,
            hint="Put both into the public part, or both into the same gated part.",
        )


def read_exercise(whole: Piece, pieces: Iterable[Piece]) -> Exercise:
    """What belongs to the exercise ``whole``. Raises ContentError if tests or the solution are missing, empty or there twice."""
    found: dict[Role, Piece] = {}
    hints = []
    for piece in pieces:
        if piece.info.role is Role.HINT:
            hints.append(piece.code)
        elif piece.info.role in found:
            raise ContentError(
                f"the exercise '{whole.info.id}' has a second `{piece.info.role}`",
                place=piece.place,
                hint="It has one: put both into one fence.",
            )
        else:
            found[piece.info.role] = piece
    for role in (Role.TESTS, Role.SOLUTION):
        if role not in found:
            raise ContentError(
                f"the exercise '{whole.info.id}' has no `{role}`",
                place=whole.place,
                hint=f'Write a fence `{whole.info.language} {role} id="{whole.info.id}"`.',
            )
    pattern, example = _TEST[whole.info.language]
    if not pattern.search(found[Role.TESTS].code):
        raise ContentError(
            f"the tests of the exercise '{whole.info.id}' have no test in them",
            place=found[Role.TESTS].place,
            hint=f"Each begins with `{example}`.",
        )
    setup = found.get(Role.SETUP)
    return Exercise(
        tests=found[Role.TESTS].code,
        solution=found[Role.SOLUTION].code,
        setup=setup.code if setup else "",
        hints=tuple(hints),
        places={role.value: piece.place for role, piece in found.items()},
    )


def style_and_script(whole: Piece, pieces: Iterable[Piece]) -> tuple[str, str, Place | None]:
    """The CSS and the JavaScript of a live page, and the latter's place. Raises ContentError if one is there twice."""
    found: dict[str, Piece] = {}
    for piece in pieces:
        if piece.info.language in found:
            raise ContentError(
                f"the live page '{whole.info.id}' has a second `{piece.info.language} demo`",
                place=piece.place,
                hint="It has one: put both into one fence.",
            )
        found[piece.info.language] = piece
    style, script = found.get("css"), found.get("js")
    return style.code if style else "", script.code if script else "", script.place if script else None
