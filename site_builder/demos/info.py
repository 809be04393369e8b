"""The words behind a fence's language: whether they make it a demo, in what role, and with which attributes.

pymdownx.superfences would take a fence with an attribute such as ``timeout=10``, without quotes, for no fence at all. So demos
are read here alone, and it is given their keys in place of their attributes.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from hashlib import sha256

from site_builder.content.mapping import resembles, shown
from site_builder.demos.model import Language
from site_builder.errors import ContentError, Place


class Role(StrEnum):
    """What a fence is for."""

    DEMO = "demo"
    EXERCISE = "exercise"
    SETUP = "setup"
    TESTS = "tests"
    HINT = "hint"
    SOLUTION = "solution"


EXERCISES = ("python", "js", "sql")
LANGUAGES: Mapping[Role, tuple[str, ...]] = {
    Role.DEMO: (*(language.value for language in Language), "css"),
    Role.EXERCISE: EXERCISES,
    Role.SETUP: EXERCISES,
    Role.TESTS: EXERCISES,
    Role.HINT: ("text", "markdown"),
    Role.SOLUTION: EXERCISES,
}
FENCE_LANGUAGES = ("python", "js", "html", "sql", "css", "text", "markdown")
"""All languages that a fence of a demo can begin with."""

# What only a demo has, and what any block of code may have in Material.
_TELLING = frozenset(
    {"packages", "files", "database", "seed", "timeout", "session", "hidden", "expect", "raises", "notest"}
    | {"readonly", "editable", "autorun", "net", "height", "tries"}
)
OWN = _TELLING | {"id", "for"}
SHOWN = frozenset({"title", "title_mode", "linenums", "hl_lines"})

_LANGUAGE = re.compile(r"[ \t]*(?:\.?(?P<language>[\w#.+-]+)(?=[ \t]|$))?(?P<rest>.*)")
_WORD = re.compile(
    r"""[ \t]*(?P<key>[A-Za-z][A-Za-z0-9_]*)"""
    r"""(?:=(?:(?P<quote>["'])(?P<quoted>(?:(?!(?P=quote)).)*)(?P=quote)|(?P<bare>[^\s"'`]+)))?(?=[ \t]|$)"""
)
_BARE_ROLE = re.compile(rf"(?<![\w.#\"'=-])(?:{'|'.join(Role)})(?![\w\"'=-])")


@dataclass(frozen=True)
class Info:
    """``attributes`` have the role among them; it and flags have their own name as value, as superfences has it."""

    language: str
    role: Role
    attributes: Mapping[str, str]

    @property
    def id(self) -> str:
        return self.attributes.get("id", "")

    @property
    def alone(self) -> bool:
        """Whether it is a demo or an exercise by itself, and no piece of one."""
        if self.role is Role.DEMO:
            return self.language != "css" and not (self.language == "js" and "for" in self.attributes)
        return self.role is Role.EXERCISE

    @property
    def whole(self) -> str:
        """The id of the demo or exercise that a piece says it belongs to."""
        return "" if self.alone else self.attributes.get("for" if self.role is Role.DEMO else "id", "")


def fence_key(language: str, attributes: Mapping[str, str], code: str) -> str:
    """What a fence is known by, where it is read and where it is rendered: 64 hexadecimal digits.

    Neither the order of attributes nor the amount of white space matters, since what renders Markdown changes both.
    """
    named = sorted((key, " ".join(value.split())) for key, value in attributes.items())
    text = json.dumps([language, named, " ".join(code.split())])
    return sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def read_info(info: str, place: Place | None = None) -> Info | None:
    """What stands behind the sign of a fence: ``python demo id="a" timeout=10``. None if it is no demo's.

    Raises:
        ContentError: it may be meant as a demo's, and is not: a slip of the pen in its role, an unknown language, attributes that
            can't be read. Whether the attributes are good in themselves is not looked at here.
    """
    found = _LANGUAGE.fullmatch(info.rstrip())
    if found is None:
        return None
    language, rest = found["language"] or "", found["rest"]
    if rest.lstrip().startswith("{"):
        _refuse_braces(rest, place)
        return None
    words = _words(rest)
    if words is None:
        _refuse_unreadable(language, rest, place)
        return None
    roles = [Role(key) for key, value in words if value is None and key in tuple(Role)]
    if not roles:
        _refuse_near_miss(language, words, place)
        return None
    if len(roles) > 1:
        raise ContentError(
            f"a fence is `{roles[0]}` and `{roles[1]}`", place=place, hint="It can be one of them: write two fences."
        )
    return Info(_known(language, roles[0], place), roles[0], _attributes(words, place))


def closest(word: str, known: Iterable[str]) -> str:
    """That of ``known`` which ``word`` may be meant to be, in any number and with any capitals; or nothing."""
    low = word.lower()
    return next((one for one in known if resembles(low, one) or resembles(low.rstrip("s"), one.rstrip("s"))), "")


def _words(rest: str) -> list[tuple[str, str | None]] | None:
    """Each key with its value, None behind a bare word; None in all if the text is anything else."""
    words: list[tuple[str, str | None]] = []
    at = 0
    while at < len(rest):
        found = _WORD.match(rest, at)
        if found is None:
            return None
        words.append((found["key"], found["quoted"] if found["quoted"] is not None else found["bare"]))
        at = found.end()
    return words


def _attributes(words: list[tuple[str, str | None]], place: Place | None) -> dict[str, str]:
    attributes: dict[str, str] = {}
    for key, value in words:
        if key in attributes:
            raise ContentError(f"`{key}` stands twice in one fence", place=place, hint="Write it once.")
        attributes[key] = key if value is None else value
    return attributes


def _known(language: str, role: Role, place: Place | None) -> str:
    if language in LANGUAGES[role]:
        return language
    accepted = LANGUAGES[role]
    meant = {"py": "python", "python3": "python", "javascript": "js", "sqlite": "sql", "md": "markdown"}.get(
        language.lower(), closest(language, accepted)
    )
    if language in tuple(Role):
        raise ContentError(
            f"`{role}` has no language before it", place=place, hint="The language comes first: `python demo`."
        )
    hint = f"Write `{meant} {role}`." if meant in accepted else f"Write one of {', '.join(accepted)}."
    raise ContentError(f"{shown(language)} is no language of a fence that is `{role}`", place=place, hint=hint)


def _refuse_braces(rest: str, place: Place | None) -> None:
    inside = re.sub(r"\"[^\"]*\"|'[^']*'", "", rest)
    if found := _BARE_ROLE.search(inside):
        raise ContentError(
            f"`{found[0]}` stands between braces",
            place=place,
            hint='A demo has none: write `python demo id="a"`.',
        )


def _refuse_unreadable(language: str, rest: str, place: Place | None) -> None:
    first = rest.split()[0]
    if language in FENCE_LANGUAGES and first in tuple(Role) and "`" not in rest:
        raise ContentError(
            f"the attributes of a fence that is `{first}` can't be read: {shown(rest.strip())}",
            place=place,
            hint='Each is `key="value"` or a bare word, with a space between them; values with a space in them need quotes.',
        )


def _refuse_near_miss(language: str, words: list[tuple[str, str | None]], place: Place | None) -> None:
    if language in tuple(Role) and any(key in FENCE_LANGUAGES for key, value in words if value is None):
        raise ContentError(
            f"`{language}` has no language before it", place=place, hint="The language comes first: `python demo`."
        )
    if language not in FENCE_LANGUAGES:
        return
    for key, value in words:
        meant = closest(key, Role)
        if meant and key not in OWN | SHOWN and (value is None or key == meant):
            raise ContentError(
                f"`{key}` behind `{language}` may be meant to be `{meant}`",
                place=place,
                hint=f'Write `{language} {meant} id="…"`.',
            )
    telling = next((key for key, _ in words if key in _TELLING), None)
    if telling and all(key in OWN | SHOWN for key, _ in words):
        raise ContentError(
            f"`{telling}` stands in a fence that is no demo",
            place=place,
            hint=f"Write `{language} demo`, and the attributes behind it.",
        )
