"""Premium text cut, folded and indexed into the corpus that published text is searched for."""

from __future__ import annotations

from collections.abc import Container, Iterator, Sequence
from typing import Literal

from ahocorasick_rs import BytesAhoCorasick, Implementation

from site_builder.errors import Place
from site_builder.vault.audit.canonical import fold_lines
from site_builder.vault.audit.corpus import Corpus
from site_builder.vault.audit.cut_html import cut_html
from site_builder.vault.audit.cut_markdown import cut_markdown
from site_builder.vault.audit.patterns import SHINGLE, is_title, says_enough, shingled
from site_builder.vault.audit.premium import PremiumText
from site_builder.vault.audit.units import Block

_SMALL = 64 * 1024


def read(premium: Sequence[PremiumText], names: Sequence[bytes] = ()) -> Corpus:
    """Cut, fold and index ``premium``, and ``names``, folded already, beside it.

    Markdown comes first, so that what both forms of a part have is found with its line; a block that is the same in both
    is kept once.
    """
    runs: dict[bytes, int] = {}
    size = 1
    starts: list[int] = []
    fragments: list[tuple[int, int]] = []
    alone: list[tuple[int, int]] = []
    titles: dict[bytes, int] = {}
    markdown: dict[Place, tuple[int, int]] = {}
    for index in sorted(range(len(premium)), key=lambda index: premium[index].kind != "markdown"):
        begin = size
        for block, pieces in folded_blocks(premium[index].text, premium[index].kind, runs):
            run = b"".join(part for piece in pieces for part in piece)
            if not run or run in runs:
                continue
            runs[run] = size
            if len(block) > 1 and says_enough(run):
                alone.append((size, size + len(run)))
            for unit, piece in zip(block, pieces, strict=True):
                start = size
                for (line, _), part in zip(unit.fragments, piece, strict=True):
                    starts.append(size)
                    fragments.append((index, line))
                    size += len(part)
                if says_enough(shown := b"".join(piece)):
                    alone.append((start, size))
                elif is_title(unit, shown):
                    titles.setdefault(shown, start)
            size += 1
        if premium[index].kind == "markdown":
            markdown[premium[index].place] = (begin, size)
    folded = b"\n" + b"".join(run + b"\n" for run in runs)
    blocks = [(start, start + len(run)) for run, start in runs.items()]
    return Corpus(
        premium=premium,
        folded=folded,
        starts=starts,
        fragments=fragments,
        markdown=markdown,
        blocks=blocks,
        units=sorted(alone),
        shingles=frozenset([folded[at : at + SHINGLE] for at in shingled(blocks, alone)]),
        titles=list(titles.items()),
        names=names,
        automaton=_automaton([*titles, *names]),
    )


def folded_blocks(
    text: str, kind: Literal["markdown", "html"], known: Container[bytes] = ()
) -> Iterator[tuple[Block, list[list[bytes]]]]:
    """Each block of a text, and the folded fragments of its units; all folded in one go, for speed. Of HTML, only blocks
    that are not ``known``."""
    blocks = list(cut_markdown(text) if kind == "markdown" else cut_html(text, known))
    words = "\n".join(words for block in blocks for unit in block for _, words in unit.fragments)
    folded = iter(fold_lines(words.encode("utf-8", "ignore")))
    for block in blocks:
        yield block, [[next(folded) for _ in unit.fragments] for unit in block]


def _automaton(patterns: list[bytes]) -> BytesAhoCorasick | None:
    """The faster kind as long as it fits into a processor's cache, or nearly."""
    kind = Implementation.DFA if sum(map(len, patterns)) < _SMALL else Implementation.ContiguousNFA
    return BytesAhoCorasick(patterns, implementation=kind) if patterns else None
