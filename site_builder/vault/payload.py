"""Gated parts and the files that only they use, sealed into payloads and opened again. See docs/format.md, "Part"."""

from __future__ import annotations

import hashlib
import json
import zlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

import deflate
from pydantic import BaseModel, ConfigDict, ValidationError

from site_builder.errors import SealError
from site_builder.vault.encoding import b64u, lp, pad, unpad
from site_builder.vault.keys import MasterKey
from site_builder.vault.seal import seal, unseal

INFLATE_LIMIT = 64 * 1024 * 1024
# libdeflate's level 9 of 12: 12 takes five times as long for 4 % fewer bytes.
_LEVEL = 9


class Heading(BaseModel):
    """One line of a part's table of contents; ``title`` is text, not HTML."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    id: str
    title: str
    level: int


class AssetKey(BaseModel):
    """Where a part finds one of its assets: payload name, key in base64url, media type, name to save it under."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    name: str
    key: str
    type: str
    file: str


class PartBody(BaseModel):
    """What a reader gets when a part opens; ``assets`` are keyed by their labels in ``html``."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    html: str
    toc: tuple[Heading, ...]
    assets: dict[str, AssetKey]


@dataclass(frozen=True)
class SealedAsset:
    """An image or attachment, sealed: ``file`` is what stands at payloads/NAME.bin."""

    label: str
    key: bytes = field(repr=False)
    name: str
    type: str
    filename: str
    file: bytes = field(repr=False)


@dataclass(frozen=True)
class SealedPart:
    """A gated part, sealed: ``file`` stands at payloads/NAME.bin; ``entitlements`` the least that open it, sorted."""

    part: str
    entitlements: tuple[str, ...]
    key: bytes = field(repr=False)
    name: str
    file: bytes = field(repr=False)


def payload_name(file: bytes) -> str:
    """The name of a payload's file, without its ending: 32 hexadecimal digits."""
    return hashlib.sha256(file).hexdigest()[:32]


def seal_part(
    master: MasterKey,
    site: str,
    part: str,
    entitlements: Iterable[str],
    generations: tuple[int, int],
    html: str,
    toc: Sequence[Heading],
    assets: Sequence[SealedAsset],
) -> SealedPart:
    """Seal one gated part for the holders of any of ``entitlements``; ``generations`` are the site's and the part's.

    Raises SealError if no entitlement is named, since such a part could be opened by nobody.
    """
    named = {
        asset.label: AssetKey(name=asset.name, key=b64u(asset.key), type=asset.type, file=asset.filename)
        for asset in assets
    }
    body = PartBody(html=html, toc=tuple(toc), assets=named).model_dump()
    text = json.dumps(body, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    access = tuple(sorted(set(entitlements)))
    compressed = bytes(deflate.deflate_compress(text.encode(), _LEVEL))
    key, name, file = _seal_content(master, "part", site, part, access, generations, compressed)
    return SealedPart(part, access, key, name, file)


def seal_asset(
    master: MasterKey,
    site: str,
    part: str,
    label: str,
    entitlements: Iterable[str],
    generations: tuple[int, int],
    raw: bytes,
    *,
    type: str,
    filename: str,
) -> SealedAsset:
    """Seal a file that only ``part`` uses, under the number or word ``label`` by which the part's HTML calls it."""
    access = tuple(sorted(set(entitlements)))
    key, name, file = _seal_content(master, "asset", site, f"{part}/{label}", access, generations, raw)
    return SealedAsset(label, key, name, type, filename, file)


def open_part(site: str, part: str, entitlements: Iterable[str], key: bytes, file: bytes) -> PartBody:
    """What ``seal_part`` sealed. Raises SealError if anything differs, or if it inflates to more than 64 MiB."""
    text = _inflate(_open_content("part", site, part, entitlements, key, file))
    try:
        return PartBody.model_validate_json(text)
    except ValidationError:
        raise SealError(f"the sealed part {part} opens, but does not hold a part") from None


def open_asset(site: str, part: str, label: str, entitlements: Iterable[str], key: bytes, file: bytes) -> bytes:
    """The bytes that ``seal_asset`` sealed. Raises SealError if anything differs."""
    return _open_content("asset", site, f"{part}/{label}", entitlements, key, file)


def _seal_content(
    master: MasterKey,
    kind: str,
    site: str,
    place: str,
    access: tuple[str, ...],
    generations: tuple[int, int],
    body: bytes,
) -> tuple[bytes, str, bytes]:
    if not access:
        raise SealError(f"{place} names no tier and no product, so nobody could open it")
    padded = pad(body)
    key = master.content_key(kind, site, place, access, generations, padded)
    file = seal(key, kind, lp(site, place, lp(*access)), padded)
    return key, payload_name(file), file


def _open_content(kind: str, site: str, place: str, entitlements: Iterable[str], key: bytes, file: bytes) -> bytes:
    padded = unseal(key, kind, lp(site, place, lp(*sorted(set(entitlements)))), file)
    try:
        return unpad(padded)
    except ValueError:
        raise SealError(f"the sealed {kind} {place} opens, but its padding is damaged") from None


def _inflate(compressed: bytes) -> bytes:
    inflater = zlib.decompressobj(wbits=-zlib.MAX_WBITS)
    try:
        text = inflater.decompress(compressed, INFLATE_LIMIT + 1)
    except zlib.error:
        raise SealError("a sealed part opens, but is not compressed text") from None
    if len(text) > INFLATE_LIMIT:
        raise SealError("a sealed part holds more than 64 MiB of text", hint="Divide the page.")
    if not inflater.eof or inflater.unused_data:
        raise SealError("a sealed part opens, but its compressed text has not the length it says")
    return text
