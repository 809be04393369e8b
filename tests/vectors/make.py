"""Writes the test vectors beside this file: `python -m tests.vectors.make [FOLDER]`. README.md says what is in them."""

from __future__ import annotations

import json
import sys
from pathlib import Path

from tests.vectors import boxes, contents, keys_and_encodings

MADE = {
    "lp": keys_and_encodings.lp_vectors,
    "padme": keys_and_encodings.padme_vectors,
    "padding": keys_and_encodings.padding_vectors,
    "base62": keys_and_encodings.base62_vectors,
    "checksum": keys_and_encodings.checksum_vectors,
    "b64u": keys_and_encodings.b64u_vectors,
    "hkdf": keys_and_encodings.hkdf_vectors,
    "seal": keys_and_encodings.seal_vectors,
    "token": keys_and_encodings.token_vectors,
    "keys": keys_and_encodings.key_vectors,
    "part": contents.part_vectors,
    "asset": contents.asset_vectors,
    "part-id": contents.part_id_vectors,
    "keyring": contents.keyring_vectors,
    "slot": boxes.slot_vectors,
    "lockbox": boxes.lockbox_vectors,
    "manifest": boxes.manifest_vectors,
    "feed": boxes.feed_vectors,
}


def main(folder: Path) -> None:
    """Write every file of vectors into ``folder``."""
    for name, vectors in MADE.items():
        text = json.dumps(vectors(), ensure_ascii=False, indent=1) + "\n"
        (folder / f"{name}.json").write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).parent)
