"""A gated part's Markdown cut into blocks of units, each unit with its line numbers: what the reader would see,
without the writer's marks."""

from __future__ import annotations

import re
from collections.abc import Iterator

from site_builder.vault.audit.canonical import decode_entities
from site_builder.vault.audit.units import IMPORT, SENTENCE_END, Block, Unit

_FENCE = re.compile(r"[\s>]*(`{3,}|~{3,})(.*)")
_HEADING = re.compile(r"#{1,6}\s+(.*?)[\s#]*$")
_UNDERLINE = re.compile(r"\s*(?:=+|-+)\s*$")
_ITEM = re.compile(r"\s*(?:[-*+]|\d{1,9}[.)]|\[\^[^\]]+\]:)\s+(?:\[[ xX]\]\s+)?")
_TITLED = re.compile(r"\s*(?:!!!|\?\?\?\+?|===[!+]?|/{3,})(?:\s|$)")
_QUOTED = re.compile(r"[\"“]([^\"“”]+)[\"”]")
_REFERENCE = re.compile(r"\s*\[[^\]]+\]:\s+\S+\s*(.*)")
_SNIPPET = re.compile(r"\s*-*8<-+")
_IMAGE = re.compile(r"!\[([^\]]*)\](?:\(\s*<?[^\s)>]*>?\s*(?:[\"']([^\"']*)[\"'])?\s*\)|\[[^\]]*\])?")
# The end of a link whose words began on the line above.
_LINK_END = re.compile(r"\]\([^()\n]*\)")
_LINK = re.compile(r"\[([^\[\]]*)\](?:\(\s*<?[^\s)>]*>?\s*(?:[\"']([^\"']*)[\"'])?\s*\)|\[[^\]]*\])")
_NOTE = re.compile(r"\[\^[^\]]+\]")
_ATTRIBUTES = re.compile(r"\{:?\s*[.#][^{}]*\}")
_SHORTCODE = re.compile(r":[a-z][a-z0-9_+-]+:")
_ADDRESS = re.compile(r"(?:https?://|www\.)[^\s)>\]\"']+|\{\{.*?\}\}|\{%.*?%\}")
_TAG = re.compile(r"<[^<>]*>")
_TAG_TITLE = re.compile(r"\b(?:alt|title|aria-label)=(?:\"([^\"]*)\"|'([^']*)')")


def cut_markdown(text: str) -> Iterator[Block]:
    """Blocks of ``text``, top to bottom; lines count from 0. Link targets, addresses and macro calls are no text and
    end a block."""
    block: list[Unit] = []
    aside: list[Unit] = []  # titles, alt texts and the like: each a block of its own
    fence = ""
    sentence: list[tuple[int, str]] = []  # fragments of a sentence that goes on in the next line

    def end_sentence() -> None:
        if sentence:
            block.append(Unit(tuple(sentence)))
            sentence.clear()

    def end_block() -> Iterator[Block]:
        end_sentence()
        if block:
            yield tuple(block)
            block.clear()
        for unit in aside:
            yield (unit,)
        aside.clear()

    lines = text.split("\n")
    for number, line in enumerate(lines):
        opening = _FENCE.match(line) if "```" in line or "~~~" in line else None
        if fence:
            if opening and opening[1].startswith(fence) and not opening[2].strip():
                fence = ""
                yield from end_block()
            elif IMPORT.match(line):
                yield from end_block()
            else:
                block.append(Unit(((number, line),), "code"))
            continue
        if opening:
            yield from end_block()
            fence = opening[1]
            aside += (Unit(((number, title),), "title") for title in _QUOTED.findall(opening[2]))
            continue
        line = line.lstrip(" \t\r>")
        if not line or _SNIPPET.match(line):
            yield from end_block()
            continue
        heading = _HEADING.match(line) if line[0] == "#" else None
        alone = not block and not sentence and number + 1 < len(lines)
        if heading or (alone and _UNDERLINE.match(lines[number + 1])):
            yield from end_block()
            shown = _prose(heading[1] if heading else line, number, aside)
            yield (Unit(((number, " ".join(shown)),), "title"),)
            continue
        if line[0] in "!?=/" and _TITLED.match(line):
            yield from end_block()
            aside += (Unit(((number, title),), "title") for title in _QUOTED.findall(line) or [line.partition("|")[2]])
            continue
        if line[0] == "[" and (reference := _REFERENCE.match(line)):
            aside += (Unit(((number, title),), "title") for title in _QUOTED.findall(reference[1]))
            continue
        if (line[0] in "-*+[" or line[0].isdigit()) and (item := _ITEM.match(line)):
            end_sentence()
            line = line[item.end() :]
        if line.startswith("|") or line.count("|") > 1:
            end_sentence()
            block += (Unit(((number, cell),)) for cell in " ".join(_prose(line, number, aside)).split("|"))
            continue
        for index, shown_text in enumerate(_prose(line, number, aside)):
            if index:
                yield from end_block()
            *whole, rest = SENTENCE_END.split(shown_text)
            for part in whole:
                sentence.append((number, part))
                end_sentence()
            if rest.strip():
                sentence.append((number, rest))
    yield from end_block()


def _prose(line: str, number: int, aside: list[Unit]) -> list[str]:
    """The shown text of a line of prose, cut where an address or a macro call stood; alt texts and titles go
    ``aside``."""

    def image(match: re.Match[str]) -> str:
        aside.extend(Unit(((number, words),), "title") for words in match.groups() if words)
        return ""

    def link(match: re.Match[str]) -> str:
        if match[2]:
            aside.append(Unit(((number, match[2]),), "title"))
        return match[1]

    if "<" in line:
        aside.extend(Unit(((number, a or b),), "title") for a, b in _TAG_TITLE.findall(line))
        line = _TAG.sub("", line)
    if "[" in line:
        line = _NOTE.sub("", _LINK.sub(link, _IMAGE.sub(image, line)))
    if "](" in line:
        line = _LINK_END.sub("", line)
    if "{" in line:
        line = _ATTRIBUTES.sub("", line)
    if "&" in line:
        line = decode_entities(line.encode()).decode()
    if ":" in line:
        line = _SHORTCODE.sub("", line)
    return _ADDRESS.split(line) if "://" in line or "www." in line or "{" in line else [line]
