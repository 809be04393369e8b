"""Files that only gated parts use, looked for by name and by content in what would be published."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath

from ahocorasick_rs import BytesAhoCorasick

from site_builder.vault.audit.canonical import fold, weight
from site_builder.vault.audit.containers import PNG, png_chunks
from site_builder.vault.audit.premium import PremiumFile

_NAME_LEAST = 12  # of a name with its ending, in folded characters
_STEM_LEAST = 16  # of a name without its ending, so that a converted copy is found too
_CONTENT_LEAST = 32
_SAMPLE = 32


def name_patterns(file: PremiumFile) -> Iterator[bytes]:
    """The folded forms by which a file's name is known wherever it stands: its stem, if it is long enough to be no
    other file's, and the shortest end of its path that is."""
    path = PurePosixPath(file.name)
    if weight(stem := fold(path.stem.encode())) >= _STEM_LEAST:
        yield stem
        return
    for count in range(1, len(path.parts) + 1):
        end = fold("/".join(path.parts[-count:]).encode())
        if weight(end) >= _NAME_LEAST:
            yield end
            return


def picture(content: bytes) -> bytes:
    """The pixels of a PNG or JPEG as they are stored, so that a copy without metadata is the same picture; other
    content as it is."""
    if content.startswith(PNG):
        return b"".join(data for kind, data in png_chunks(content) if kind == b"IDAT") or content
    if content.startswith(b"\xff\xd8\xff"):
        scan = re.search(rb"\xff\xda", content)
        return content[scan.start() :] if scan else content
    return content


@dataclass(frozen=True)
class Contents:
    """The contents of premium files, by the whole and by a sample from the middle of each."""

    by_picture: dict[bytes, int]
    sizes: frozenset[int]
    wholes: Sequence[bytes]
    samples: BytesAhoCorasick | None
    sampled: Sequence[int]

    @classmethod
    def of(cls, files: Sequence[PremiumFile]) -> Contents:
        known = [index for index, file in enumerate(files) if len(file.content) >= _CONTENT_LEAST]
        middles = [files[index].content[len(files[index].content) // 2 - _SAMPLE // 2 :][:_SAMPLE] for index in known]
        pictures = {picture(files[index].content): index for index in known}
        return cls(
            pictures,
            frozenset(map(len, pictures)),
            [file.content for file in files],
            BytesAhoCorasick(middles) if middles else None,
            known,
        )

    def among(self, content: bytes, *, archive: bool) -> Iterator[tuple[int, str]]:
        """Which premium files ``content`` is, or, if it may be an archive, holds as they are."""
        if self.samples is None:
            return
        shown = picture(content)
        same = self.by_picture.get(shown) if len(shown) in self.sizes else None
        if same is not None:
            yield same, "same file" if self.wholes[same] == content else "same image"
        if archive:
            hits: Iterable[tuple[int, int, int]] = self.samples.find_matches_as_indexes(content, overlapping=True)
            for index in sorted({self.sampled[hit] for hit, _, _ in hits}):
                if index != same and self.wholes[index] in content:
                    yield index, "same file inside another"
