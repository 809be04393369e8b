"""One pass over the files of a folder: every reading of every file against the corpus, the premium files, and the
shapes of keys and tokens."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence, Set
from dataclasses import dataclass, field
from pathlib import Path

from site_builder.errors import Place
from site_builder.vault.audit.canonical import Reading, reading_of_binary, readings
from site_builder.vault.audit.containers import INFLATED, Budget, TooLargeError, UnreadableError
from site_builder.vault.audit.corpus import Corpus, Match
from site_builder.vault.audit.decode import Layer, layers
from site_builder.vault.audit.files import Contents
from site_builder.vault.audit.fresh import KnownLines
from site_builder.vault.audit.halves import can_fork, in_halves
from site_builder.vault.audit.links import SOURCE_LINK, Sources
from site_builder.vault.audit.premium import PremiumFile
from site_builder.vault.audit.public import public_among
from site_builder.vault.audit.report import Leak
from site_builder.vault.audit.secrets import MASTER_KEY, may_have_tokens, tokens

LARGE = 16 * 1024 * 1024  # bytes of a site that is worth a second process
_HELD = 128 * 1024 * 1024  # bytes of suspects, before they are looked at
_NAME, _PLAIN = "file name", "plain text"


@dataclass(frozen=True)
class Sought:
    """What an audit looks for. Of the corpus's names, ``named`` gives the file that each one is of, and ``secrets`` what each of
    those that follow gives away: the master key in its forms, and secret addresses."""

    corpus: Corpus
    files: Sequence[PremiumFile]
    contents: Contents
    named: Sequence[int]
    secrets: Sequence[str]
    raw_key: bytes | None
    sources: Sources

    def secret(self, match: Match) -> str:
        """Which secret a match is; empty if it is premium text or a premium file."""
        beyond = match.position - len(self.named)
        return self.secrets[beyond] if match.kind == "name" and beyond >= 0 else ""


@dataclass
class Pass:
    """What one pass has found so far: leaks that are beyond doubt, matches that public text may explain, each with the
    file and how it stands there, and suspects: folded texts that have shingles of premium text."""

    leaks: list[Leak] = field(default_factory=list)
    matches: list[tuple[Path, str, Match]] = field(default_factory=list)
    suspects: list[tuple[Path, str, bytes, Set[bytes]]] = field(default_factory=list)
    held: int = 0
    warnings: list[str] = field(default_factory=list)
    bytes_read: int = 0


def search(
    site: Path,
    paths: Sequence[Path],
    sought: Sought,
    public: Sequence[Callable[[], Iterable[str]]],
    progress: Callable[[int, int], None] | None = None,
    *,
    repeated: bool,
    knows_itself: bool = False,
) -> Pass:
    """Read ``paths`` below ``site``. Unless ``repeated`` leaks are asked for too, lines that an earlier file had are not
    searched again. A file that ``knows_itself`` may say secrets that are in its own path. A large site is read by two
    processes."""
    size = sum(path.stat().st_size for path in paths)
    if size < LARGE or not can_fork():
        halves = [_read(site, paths, sought, progress, repeated=repeated)]
    else:

        def twice(done: int, total: int) -> None:
            if progress:
                progress(min(2 * done, len(paths)), len(paths))

        halves = in_halves(lambda half: _read(site, half, sought, twice, repeated=repeated), paths)
    found = Pass()
    for half in halves:
        found.leaks += half.leaks
        found.matches += half.matches
        found.warnings += half.warnings
        found.bytes_read += half.bytes_read
    said = public_among((match for _, _, match in found.matches if not sought.secret(match)), public)
    for file, how, match in found.matches:
        if match.run not in said and not (knows_itself and sought.secret(match) and match.run.decode() in file.parts):
            found.leaks.append(_leak(file, how, match, sought))
    found.leaks = _distinct(found.leaks)
    found.warnings.sort()
    return found


def _read(
    site: Path,
    paths: Sequence[Path],
    sought: Sought,
    progress: Callable[[int, int], None] | None,
    *,
    repeated: bool,
) -> Pass:
    """All that stands in ``paths``, before it is asked what of it is public."""
    found = Pass()
    fresh = _as_it_is if repeated else KnownLines().fresh
    by_name = {premium.name: premium for premium in sought.files}
    for done, path in enumerate(paths, 1):
        file, content = path.relative_to(site), path.read_bytes()
        found.bytes_read += len(content)
        if premium := by_name.get(file.as_posix()):
            found.leaks.append(Leak(file, premium.place, premium.name, _NAME))
        for layer in _layers(file, content, found, fresh):
            read = _readings(layer)
            found.leaks += _secrets(file, layer, read, sought)
            found.leaks += _files(file, layer, sought)
            found.leaks += _links(file, layer, sought)
            _texts(file, layer, read, found, sought.corpus)
        if progress:
            progress(done, len(paths))
    _look_closer(found, sought.corpus)
    return found


def _layers(file: Path, content: bytes, found: Pass, fresh: Callable[[bytes], bytes]) -> Iterator[Layer]:
    name = file.as_posix().encode("utf-8", "surrogateescape")
    yield Layer(name, "text", name, (_NAME,))
    in_vault = file.parts[0] == "vault" and file.suffix == ".bin"
    try:
        yield from layers(content, file.name, Budget(), fresh, in_vault=in_vault)
    except TooLargeError:
        found.warnings.append(f"{file} inflates to more than {INFLATED // 2**20} MiB and was not read to the end")
    except UnreadableError as packing:
        found.warnings.append(f"{file} is packed {packing}, which the audit cannot undo")


def _as_it_is(text: bytes) -> bytes:
    return text


def _readings(layer: Layer) -> list[Reading]:
    if layer.kind == "text":
        return list(readings(layer.news))
    return [reading_of_binary(layer.news)] if layer.kind == "binary" else []


def _texts(file: Path, layer: Layer, read: Sequence[Reading], found: Pass, corpus: Corpus) -> None:
    for reading in read:
        found.matches += ((file, layer.how, match) for match in corpus.short(reading))
        if shared := corpus.shared(reading.folded):
            found.suspects.append((file, layer.how, reading.folded, shared))
            found.held += len(reading.folded)
    if found.held > _HELD:
        _look_closer(found, corpus)


def _look_closer(found: Pass, corpus: Corpus) -> None:
    """Turn suspects into matches."""
    places = corpus.places(set[bytes]().union(*(shared for _, _, _, shared in found.suspects)))
    for file, how, folded, shared in found.suspects:
        found.matches += ((file, how, match) for match in corpus.stretches(folded, shared, places))
    found.suspects.clear()
    found.held = 0


def _secrets(file: Path, layer: Layer, read: Sequence[Reading], sought: Sought) -> Iterator[Leak]:
    if sought.raw_key and sought.raw_key in layer.news:
        yield Leak(file, Place(file), MASTER_KEY, layer.how)
    if not any(may_have_tokens(one.folded) for one in read):
        return
    for text in (layer.news, *(one.text for one in read[:1] if one.text is not layer.news)):
        for at, what in tokens(text):
            line = text.count(b"\n", 0, at) + 1 if text is layer.news and not layer.packed else None
            yield Leak(file, Place(file, line), what, layer.how)


def _files(file: Path, layer: Layer, sought: Sought) -> Iterator[Leak]:
    for index, how in sought.contents.among(layer.content, archive=layer.kind == "binary"):
        how = f"{how} in {layer.how}" if layer.packed else how
        yield Leak(file, sought.files[index].place, sought.files[index].name, how)


def _links(file: Path, layer: Layer, sought: Sought) -> Iterator[Leak]:
    if layer.kind == "text":
        for place, address in sought.sources.linked(file, layer.content, layer.news):
            yield Leak(file, place, address, SOURCE_LINK)


def _leak(file: Path, how: str, match: Match, sought: Sought) -> Leak:
    if secret := sought.secret(match):
        return Leak(file, Place(file), secret, how)
    if match.kind == "name":
        premium = sought.files[sought.named[match.position]]
        return Leak(file, premium.place, premium.name, how if how.endswith(_NAME) else f"{_NAME} in {how}")
    place, excerpt = sought.corpus.locate(match)
    return Leak(file, place, excerpt, how)


def _distinct(leaks: Sequence[Leak]) -> list[Leak]:
    """One leak for each file and source line, and one for each kind of secret in a file: that with a line and the shortest
    description of how. In the order of files and lines."""
    best: dict[tuple[Path, Place | str], Leak] = {}
    for leak in sorted(
        leaks, key=lambda leak: (leak.place.line is None, leak.how != _PLAIN, len(leak.how), leak.how, leak.found)
    ):
        best.setdefault((leak.file, leak.found if leak.place.file == leak.file else leak.place), leak)
    return sorted(best.values(), key=lambda leak: (leak.file, str(leak.place.file), leak.place.line or 0))
