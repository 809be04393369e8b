"""Where the master key comes from: the environment, else a file that only its owner can read. Writes that file too."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from site_builder.errors import MasterKeyError, Place
from site_builder.membership.durable import replace_file, writing
from site_builder.vault.keys import MasterKey

VARIABLE = "SITE_BUILDER_MASTER_KEY"


@dataclass(frozen=True)
class MasterKeys:
    """The master key in use and, while a rotation is under way, the one before it, which some roster lines still need."""

    current: MasterKey
    former: MasterKey | None = None
    source: Literal["environment", "file"] = "file"


def load_keys(key_file: Path, environ: Mapping[str, str] | None = None) -> MasterKeys:
    """The master key from SITE_BUILDER_MASTER_KEY, else from ``key_file``.

    An empty variable counts as absent: workflows give secrets that way to those who may not have them. Raises
    MasterKeyError, never repeating a key, if there is none or it is damaged.
    """
    text = (os.environ if environ is None else environ).get(VARIABLE, "").strip()
    if text:
        return MasterKeys(_parse(text, Place(f"${VARIABLE}")), source="environment")
    try:
        lines = key_file.read_text("utf-8-sig").split("\n")
    except FileNotFoundError:
        raise MasterKeyError(
            f"there is no master key: {VARIABLE} is not set, and {key_file} does not exist",
            hint="`site-builder keys init` makes one. If this site had one, restore it from your backup instead.",
        ) from None
    except (OSError, UnicodeDecodeError) as error:
        raise MasterKeyError(
            f"the key file can't be read: {getattr(error, 'strerror', error)}", place=Place(key_file)
        ) from None
    keys = [_parse(line, Place(key_file, number)) for number, line in enumerate(lines, 1) if line.strip()]
    if len(keys) not in (1, 2):
        raise MasterKeyError(
            f"the key file holds {len(keys)} keys",
            place=Place(key_file),
            hint="It holds one, or two while keys are rotated, the new one first.",
        )
    return MasterKeys(keys[0], former=keys[1] if len(keys) > 1 else None)


def _parse(text: str, place: Place) -> MasterKey:
    try:
        return MasterKey.parse(text)
    except MasterKeyError as error:
        raise MasterKeyError(error.what, place=place, hint=error.hint) from None


def write_keys(key_file: Path, *keys: MasterKey) -> None:
    """Replace the key file: one key a line, the one in use first. The caller holds ``writing(key_file)``."""
    replace_file(key_file, "".join(f"{key}\n" for key in keys).encode())


def create_key(key_file: Path) -> MasterKey:
    """Make a master key and its file (mode 0600). Raises MasterKeyError if there is a file already, whatever it holds.

    A folder that is made for it is private (0700) and tells git to ignore all that is in it.
    """
    if not key_file.parent.exists():
        key_file.parent.mkdir(parents=True, mode=0o700)
        (key_file.parent / ".gitignore").write_text("*\n", "utf-8")
    with writing(key_file):
        if key_file.exists():
            raise MasterKeyError(
                "there is a master key already; it was left as it is",
                place=Place(key_file),
                hint="`site-builder keys rotate` replaces it and keeps all tokens valid.",
            )
        key = MasterKey.generate()
        write_keys(key_file, key)
    return key
