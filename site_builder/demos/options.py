"""The attributes of a demo's fence as its options: which go with which role and language, and what each may be."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from packaging.requirements import InvalidRequirement, Requirement

from site_builder.content.library import MARKDOWN
from site_builder.content.mapping import shown
from site_builder.demos.info import OWN, SHOWN, Info, Role, closest
from site_builder.demos.model import DataFile, Options
from site_builder.errors import ContentError, Place

LONGEST_TIMEOUT = 120
FLAGS = frozenset({"hidden", "notest", "readonly", "editable", "autorun", "net"})

_ANY = frozenset({"id", *SHOWN})
_RUN = _ANY | {"timeout", "height"}
_DEMO = _RUN | {"session", "hidden", "raises", "notest", "readonly", "editable", "autorun"}
_PROGRAM = _DEMO | {"expect", "files", "net"}
_DEMOS: Mapping[str, frozenset[str]] = {
    "python": _PROGRAM | {"packages"},
    "js": _PROGRAM,
    "sql": _DEMO | {"database", "seed"},
    "html": _ANY | {"height", "net", "readonly", "editable", "notest"},
}
_EXERCISES = _RUN | {"tries", "packages", "files", "net", "database", "seed"}

_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,63}")
_EXCEPTION = re.compile(r"[A-Za-z_][\w.]*")
_LINE_NUMBERS = re.compile(r"\d+(?: +\d+){0,2}")
_LINES = re.compile(r"\d+(?:-\d+)?(?: +\d+(?:-\d+)?)*")
_ESCAPE = re.compile(r"\\([nt\\])")


@dataclass(frozen=True)
class Page:
    """Where a page's files are looked for: its own path, and its path below the docs folder."""

    path: Path
    uri: str

    @property
    def docs_dir(self) -> Path:
        return self.path.parents[self.uri.count("/")]


def allowed(info: Info) -> frozenset[str]:
    """The attributes that a fence of this role and language may have."""
    if info.role is Role.EXERCISE:
        return _EXERCISES & (_DEMOS[info.language] | {"tries"})
    if info.alone:
        return _DEMOS[info.language]
    return frozenset({"for" if info.role is Role.DEMO else "id"})


def read_options(info: Info, page: Page, place: Place) -> Options:
    """The options of a demo or exercise whose attributes ``check_names`` has seen.

    Raises:
        ContentError: naming the attribute, its value and what is accepted.
    """
    given = dict(info.attributes)
    for flag in FLAGS & given.keys():
        if given[flag] not in (flag, "true"):
            raise _wrong(flag, given[flag], place, f"It has no value: write `{flag}` to switch it on, or leave it out.")
    _check_shown(given, place)
    _check_together(given, place)
    database = _file("database", given.get("database"), page, place)
    seed = _file("seed", given.get("seed"), page, place)
    if database and seed and database.name == seed.name:
        raise _wrong("seed", seed.address, place, "The database has the same name, and could not be told from it.")
    return Options(
        packages=_packages(given.get("packages"), place),
        files=_files(given.get("files"), page, place),
        database=database,
        seed=seed,
        timeout=_number("timeout", given.get("timeout"), 10.0, place),
        session=_word("session", given.get("session"), _ID, place),
        hidden="hidden" in given,
        expect=_text(given.get("expect")),
        raises=_word("raises", given.get("raises"), _EXCEPTION, place),
        notest="notest" in given,
        readonly="readonly" in given,
        autorun="autorun" in given,
        net="net" in given,
        height=_whole("height", given.get("height"), 0, 200, place),
        tries=_whole("tries", given.get("tries"), 3, 100, place),
        shown={name: given[name] for name in sorted(SHOWN & given.keys())},
    )


def check_names(info: Info, place: Place) -> None:
    """Refuse an attribute that is not known, or does not go with the role and language, and an id that can't be one."""
    may = allowed(info)
    for name in info.attributes:
        if name in may or name == info.role:
            continue
        fence = f"{info.language} {info.role}"
        if name in OWN | SHOWN:
            raise ContentError(
                f"`{name}` does not go with `{fence}`", place=place, hint=f"It may have: {', '.join(sorted(may))}."
            )
        meant = closest(name, sorted(may))
        raise ContentError(
            f"`{fence}` has the unknown attribute {shown(name)}",
            place=place,
            hint=f"Write `{meant}`." if meant else f"It may have: {', '.join(sorted(may))}.",
        )
    for name in ("id", "for"):
        _word(name, info.attributes.get(name), _ID, place)


def _wrong(name: str, value: str, place: Place, hint: str) -> ContentError:
    return ContentError(f"the attribute `{name}` is {shown(value)}", place=place, hint=hint)


def _check_shown(given: Mapping[str, str], place: Place) -> None:
    for name, pattern in (("linenums", _LINE_NUMBERS), ("hl_lines", _LINES)):
        if name in given and not pattern.fullmatch(given[name]):
            raise _wrong(
                name, given[name], place, 'Write numbers of lines, as in `linenums="1"` or `hl_lines="2 4-6"`.'
            )


def _check_together(given: Mapping[str, str], place: Place) -> None:
    for one, other in (("notest", "expect"), ("notest", "raises"), ("readonly", "editable"), ("hidden", "autorun")):
        if one in given and other in given:
            raise ContentError(
                f"`{one}` and `{other}` stand in one fence", place=place, hint="One rules the other out: take one away."
            )


def _word(name: str, value: str | None, pattern: re.Pattern[str], place: Place) -> str:
    if value is None:
        return ""
    if not pattern.fullmatch(value) or not value.isascii():
        hint = (
            "Write the exception's name, such as `ZeroDivisionError`."
            if name == "raises"
            else "Write letters from a to z, digits, hyphens and underscores: at most 64, a letter or digit first."
        )
        raise _wrong(name, value, place, hint)
    return value


def _number(name: str, value: str | None, default: float, place: Place) -> float:
    if value is None:
        return default
    if re.fullmatch(r"[0-9]{1,3}(?:\.[0-9]{1,3})?", value) and 0 < float(value) <= LONGEST_TIMEOUT:
        return float(value)
    raise _wrong(name, value, place, f"Write seconds: more than 0, at most {LONGEST_TIMEOUT}.")


def _whole(name: str, value: str | None, default: int, most: int, place: Place) -> int:
    if value is None:
        return default
    if re.fullmatch(r"[0-9]{1,3}", value) and 1 <= int(value) <= most:
        return int(value)
    raise _wrong(name, value, place, f"Write a whole number from 1 to {most}.")


def _text(value: str | None) -> str | None:
    r"""What is expected: ``\n``, ``\t`` and ``\\`` are a new line, a tab and a backslash."""
    signs = {"n": "\n", "t": "\t", "\\": "\\"}
    return None if value is None else _ESCAPE.sub(lambda found: signs[found[1]], value)


def _packages(value: str | None, place: Place) -> tuple[str, ...]:
    if value is None:
        return ()
    found: dict[str, str] = {}
    for one in value.split(","):
        try:
            requirement = Requirement(one.strip())
        except InvalidRequirement:
            requirement = None
        if requirement is None or requirement.url:
            raise _wrong("packages", value, place, 'Write names with commas between them, as in "numpy, leather==0.4".')
        name = re.sub(r"[-_.]+", "-", requirement.name).lower()
        if name in found:
            raise _wrong("packages", value, place, f"It names {name} twice.")
        found[name] = str(requirement)
    return tuple(found.values())


def _files(value: str | None, page: Page, place: Place) -> tuple[DataFile, ...]:
    if value is None:
        return ()
    found: dict[str, DataFile] = {}
    for address in value.split() or [""]:
        file = _file("files", address, page, place)
        assert file is not None
        if file.name in found:
            raise _wrong(
                "files", value, place, f"Two of them are named {file.name}, and code could not tell them apart."
            )
        found[file.name] = file
    return tuple(found.values())


def _file(name: str, address: str | None, page: Page, place: Place) -> DataFile | None:
    if address is None:
        return None
    path = Path(os.path.normpath(page.path.parent / address))
    try:
        inside = path.is_relative_to(page.docs_dir) and path.resolve().is_relative_to(page.docs_dir.resolve())
        found = inside and path.is_file()
    except (OSError, ValueError):
        found = False
    if not found or "\\" in address or address.startswith("/"):
        raise ContentError(
            f"`{name}` names {shown(address)}, and there is no such file below the docs folder",
            place=place,
            hint="Write the file's path from this page, with / between folders; names have no space in them.",
        )
    if path.name.startswith(".") or path.name.endswith(MARKDOWN):
        raise ContentError(
            f"`{name}` names {shown(address)}, which is not published as a file",
            place=place,
            hint="Pages, and files whose name begins with a dot, can't be a demo's data.",
        )
    return DataFile(path.name, address, path)
