"""What public text says too is no leak: which of the matches that a search found stand in public parts as well."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path

from ahocorasick_rs import BytesAhoCorasick, Implementation

from site_builder.vault.audit.canonical import readings
from site_builder.vault.audit.containers import Budget
from site_builder.vault.audit.corpus import Match
from site_builder.vault.audit.decode import layers
from site_builder.vault.audit.patterns import cores
from site_builder.vault.audit.reading import folded_blocks


def public_among(matches: Iterable[Match], public: Sequence[Callable[[], Iterable[str]]]) -> set[bytes]:
    """The runs among ``matches`` that some public text has too. ``public`` gives such texts, the nearest at hand first; the
    others are asked for only while a match is left that nothing has explained."""
    needed = {match.run: cores(match.run, whole=match.kind != "stretch") for match in matches}
    wanted = sorted({core for parts in needed.values() for core in parts})
    if not wanted:
        return set()
    automaton = BytesAhoCorasick(wanted, implementation=Implementation.ContiguousNFA)
    found: set[int] = set()
    for texts in public:
        for reading in (_as_published, _as_cut):  # the second is slow and seldom needed
            for text in texts() if len(found) < len(wanted) else ():
                for folded in reading(text):
                    found.update(index for index, _, _ in automaton.find_matches_as_indexes(folded, overlapping=True))
    said = {wanted[index] for index in found}
    return {run for run, parts in needed.items() if said.issuperset(parts)}


def _as_published(text: str) -> Iterator[bytes]:
    for reading in readings(text.encode("utf-8", "ignore")):
        yield reading.folded


def _as_cut(text: str) -> Iterator[bytes]:
    """As premium Markdown is cut: without addresses and the writer's marks."""
    for _, pieces in folded_blocks(text, "markdown"):
        yield b"".join(part for piece in pieces for part in piece)


def texts_of(files: Iterable[Path]) -> Iterator[str]:
    """What text files of a theme or plugin say, of which nothing is premium: styles, scripts and their maps, pages, notices."""
    for path in files:
        for layer in layers(path.read_bytes(), path.name, Budget(), lambda text: text):
            if layer.kind == "text":
                yield layer.content.decode()
