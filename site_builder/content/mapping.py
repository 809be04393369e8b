"""YAML that must be a mapping: front matter and folder files. What a writer could read in two ways is refused, with its line."""

from __future__ import annotations

from collections.abc import Hashable, Iterator
from difflib import SequenceMatcher
from functools import lru_cache
from pathlib import Path
from reprlib import Repr
from typing import Any

import yaml

from site_builder.errors import ContentError, Place

try:
    from yaml import CSafeLoader as SafeLoader
except ImportError:  # PyYAML without libyaml: slower, the same result
    from yaml import SafeLoader  # type: ignore[assignment]

OWN_KEYS = ("access", "draft", "date", "generation")
BELOW_ACCESS = ("tiers", "products", "public_from")
_MERGE = "tag:yaml.org,2002:merge"


class _Loader(SafeLoader):
    """Refuses a key that stands twice, where YAML lets the last one win, and gives every error a line."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Hashable, Any]:
        seen: set[str] = set()
        for key, _ in node.value if isinstance(node, yaml.MappingNode) else ():
            if isinstance(key, yaml.ScalarNode) and key.tag != _MERGE:
                if key.value in seen:
                    raise yaml.constructor.ConstructorError(
                        None, None, f"the key {shown(key.value)} stands a second time", key.start_mark
                    )
                seen.add(key.value)
        return super().construct_mapping(node, deep)

    def construct_object(self, node: yaml.Node, deep: bool = False) -> Any:
        try:
            return super().construct_object(node, deep)
        except yaml.YAMLError:
            raise
        except Exception as error:  # PyYAML lets through whatever int(), date() and others raise
            raise yaml.constructor.ConstructorError(None, None, str(error), node.start_mark) from None


def read_mapping(text: str, file: Path, first_line: int = 1) -> dict[str, Any]:
    """The mapping that ``text`` is, empty if it is blank; ``first_line`` is the file's line at which it starts.

    Raises:
        ContentError: not YAML, not a mapping, a key that stands twice, or one that is nearly a key which decides who may read.
    """
    try:
        found = yaml.load(text, _Loader)  # noqa: S506  (a SafeLoader)
    except (yaml.YAMLError, UnicodeError, RecursionError) as error:
        mark = getattr(error, "problem_mark", None)
        raise ContentError(
            f"is not YAML: {getattr(error, 'problem', None) or error}",
            place=Place(file, mark.line + first_line if mark else first_line),
            hint="Each line is `key: value`; text with a colon or a bracket in it needs quotes.",
        ) from None
    if found is not None and not isinstance(found, dict):
        raise ContentError(
            f"is not a mapping of keys to values, but {shown(found)}",
            place=Place(file, first_line),
            hint="Each line is `key: value`.",
        )
    for key in found or {}:
        _check_key(key, text, file, first_line)
    return found or {}


def _check_key(key: object, text: str, file: Path, first_line: int) -> None:
    word = str(key).strip().lower()
    meant = next((own for own in OWN_KEYS if word == own), "access" if resembles(word, "access") else None)
    if meant is not None and key != meant:
        raise ContentError(
            f"the key is {shown(key)}, which may be meant to be `{meant}`",
            place=Place(file, line_of(text, key, first_line)),
            hint=f"Write `{meant}:`, in small letters, or choose another word.",
        )
    if key in BELOW_ACCESS:
        raise ContentError(
            f"`{key}` stands by itself",
            place=Place(file, line_of(text, key, first_line)),
            hint="It belongs under access, as in `access: {tiers: [pro]}`.",
        )


def line_of(text: str, key: object, first_line: int = 1) -> int | None:
    """The line at which a key of the mapping stands; None if it came in by a merge. ``text`` has been read before."""
    node = yaml.compose(text, SafeLoader)
    for found, _ in node.value if isinstance(node, yaml.MappingNode) else ():
        if found.value == key:
            return int(found.start_mark.line) + first_line
    return None


@lru_cache(maxsize=4096)
def resembles(word: str, meant: str) -> bool:
    """Whether ``word`` is a slip of the pen for ``meant``, or the word itself; a longer word that starts with it is another."""
    if word.startswith(meant):
        return word == meant or word.rstrip(meant[-1]) == meant.rstrip(meant[-1])
    return SequenceMatcher(None, word, meant, autojunk=False).ratio() > 0.8


def texts_in(value: object) -> Iterator[str]:
    """Every text in a value of YAML, at any depth; keys are none."""
    if isinstance(value, str):
        yield value
    for below in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from texts_in(below)


def shown(value: object) -> str:
    """A value as it may stand in a message: never longer than a line."""
    short = Repr()
    short.maxlevel, short.maxstring, short.maxother = 3, 80, 80
    text = short.repr(value)
    return text if len(text) <= 120 else f"{text[:117]}..."
