"""Files that say premium text in clear on purpose, at addresses that only those know who may read it: members' feeds.

They are read by the gate like all others, but what their readers may read is public to them. See docs/format.md.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence, Set
from dataclasses import dataclass, field, replace
from hashlib import sha256
from pathlib import Path

from site_builder.errors import Place
from site_builder.vault.audit.premium import PremiumText
from site_builder.vault.audit.report import STALE_FEED, Leak
from site_builder.vault.feed import FILES, FOLDER

SECRET_ADDRESS = "the secret address of a members' feed"  # noqa: S105  (words, not a secret)
_STEP = re.compile(rf"(?<={re.escape(FOLDER)}/)[0-9a-f]{{40}}(?=/)")
_DIGITS = re.compile(r"[0-9a-f]{40}", re.IGNORECASE)


@dataclass(frozen=True)
class SecretFolder:
    """The folder of one members' feed.

    ``held`` are the entitlements of those who know its path, and ``readable`` those of the gated texts that they may read.
    """

    path: str = field(repr=False)
    held: tuple[str, ...]
    readable: Set[tuple[str, ...]] = frozenset()

    def hides(self, text: PremiumText) -> bool:
        """Whether its readers may not read a gated text."""
        return text.entitlements not in self.readable

    @property
    def secret(self) -> str:
        """What of the path nobody else may know."""
        return self.path.rsplit("/", 1)[-1]

    @property
    def files(self) -> tuple[str, ...]:
        """The files that may stand there; no other may."""
        return tuple(f"{self.path}/{name}" for name in FILES)


@dataclass(frozen=True)
class Parted:
    """The files of a site: ``ordinary`` ones, those of ``secret`` folders by who reads them, and ``stale`` members' feeds."""

    ordinary: Sequence[Path]
    secret: dict[tuple[str, ...], tuple[SecretFolder, list[Path]]]
    stale: Sequence[Path]


def parted_by_readers(site: Path, paths: Iterable[Path], folders: Sequence[SecretFolder]) -> Parted:
    """Sort ``paths`` below ``site``. Of files that are the same but for their own address only one is kept to be read."""
    owners = {file: folder for folder in folders for file in folder.files}
    ordinary, stale = list[Path](), list[Path]()
    secret: dict[tuple[str, ...], tuple[SecretFolder, list[Path]]] = {}
    known: defaultdict[tuple[str, ...], set[bytes]] = defaultdict(set)
    for path in paths:
        file = path.relative_to(site).as_posix()
        if folder := owners.get(file):
            _, files = secret.setdefault(folder.held, (folder, []))
            same = sha256(path.read_bytes().replace(folder.secret.encode(), b"")).digest()
            if same not in known[folder.held]:
                known[folder.held].add(same)
                files.append(path)
        elif _STEP.search(file):
            stale.append(path)
        else:
            ordinary.append(path)
    return Parted(ordinary, secret, stale)


def veiled(leak: Leak, folders: Sequence[SecretFolder]) -> Leak:
    """The same without a secret address in it, since reports are printed and kept."""
    file = Path(veiled_text(leak.file.as_posix(), folders))
    return replace(
        leak, file=file, place=replace(leak.place, file=file) if leak.place.file == leak.file else leak.place
    )


def veiled_text(text: str, folders: Sequence[SecretFolder]) -> str:
    """A message without secret addresses, those of ``folders`` and former ones."""
    secrets = {folder.secret for folder in folders} if _DIGITS.search(text) else ()
    return _STEP.sub("…", _DIGITS.sub(lambda found: "…" if found[0].lower() in secrets else found[0], text))


def stale_leak(file: Path) -> Leak:
    """What to say of a members' feed that should not be there."""
    return Leak(file, Place(file), "whoever once had this address would go on reading", STALE_FEED)
