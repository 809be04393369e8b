"""The vault format once more, straight from docs/format.md and apart from the product's own code."""

from __future__ import annotations

import base64
import hashlib
import hmac
import zlib

import deflate
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"


def u8(number: int) -> bytes:
    return bytes([number])


def u32(number: int) -> bytes:
    return number.to_bytes(4, "big")


def lp(*fields: bytes | str) -> bytes:
    raw = [field.encode() if isinstance(field, str) else field for field in fields]
    return b"".join(u32(len(field)) + field for field in raw)


def padme(length: int) -> int:
    e = length.bit_length() - 1
    s = e.bit_length()
    step = 1 << (e - s)
    return (length + step - 1) // step * step


def pad(body: bytes) -> bytes:
    b = lp(body)
    return b + bytes(padme(max(1024, len(b))) - len(b))


def base62(number: int, digits: int) -> str:
    return "".join(DIGITS[number // 62**place % 62] for place in reversed(range(digits)))


def with_checksum(text: str) -> str:
    return text + base62(zlib.crc32(text.encode()), 6)


def b64u(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).decode().replace("=", "")


def mac(key: bytes, message: bytes) -> bytes:
    return hmac.digest(key, message, "sha256")


def hkdf(key: bytes, info: bytes | str, salt: bytes = b"") -> bytes:
    raw = info.encode() if isinstance(info, str) else info
    return mac(mac(salt, key), raw + b"\x01")


def seal(key: bytes, kind: str, aad: bytes, text: bytes) -> bytes:
    s = mac(hkdf(key, "sb1/siv"), lp(kind, aad, text))
    return s + AESGCM(hkdf(key, "sb1/enc", s)).encrypt(bytes(12), text, lp(kind, aad))


def access(entitlements: list[str]) -> bytes:
    return lp(*sorted(entitlements))


def content_key(
    master: bytes, kind: str, site: str, part: str, entitlements: list[str], generations: tuple[int, int], m: bytes
) -> bytes:
    generation = u32(generations[0]) + u32(generations[1])
    return mac(hkdf(master, "sb1/cek"), lp(kind, site, part, access(entitlements), generation, m))


def epoch_key(master: bytes, site: str, entitlement: str, epoch: int, endings: list[str]) -> bytes:
    ended = hashlib.sha256(lp(*sorted(endings))).digest()
    return hkdf(master, lp("sb1/epoch", site, entitlement, u32(epoch), ended))


def entitlement_feed(key: bytes, site: str, entitlement: str, epoch: int) -> str:
    return "feeds/m/" + hkdf(key, lp("sb1/feed", site, entitlement, u32(epoch)))[:20].hex()


def member_feed(kek: bytes, site: str) -> str:
    return "feeds/m/" + hkdf(kek, lp("sb1/member-feed", site))[:20].hex()


def payload_name(file: bytes) -> str:
    return hashlib.sha256(file).hexdigest()[:32]


def raw_deflate(text: bytes) -> bytes:
    return bytes(deflate.deflate_compress(text, 12))


def part_id(site: str, part: str) -> bytes:
    return hashlib.sha256(lp("sb1/part", site, part)).digest()[:16]


def entitlement_id(site: str, entitlement: str) -> bytes:
    return hashlib.sha256(lp("sb1/entitlement", site, entitlement)).digest()[:8]


def keyring_aad(site: str, entitlement: str, epoch: int, index: int, count: int) -> bytes:
    return lp(site, entitlement, u32(epoch), u32(index), u32(count))


def lockbox_entry(site: str, entitlement: str, state: int, epoch: int, last_day: int, key: bytes) -> bytes:
    return u8(state) + entitlement_id(site, entitlement) + u32(epoch) + u32(last_day) + key


def lockbox_text(name: bytes, entries: list[bytes]) -> bytes:
    return (u8(1) + u8(len(name)) + name.ljust(48, b"\0") + u8(len(entries)) + b"".join(entries)).ljust(256, b"\0")


def lockbox_slot(kek: bytes, site: str, index: int, count: int, salt: bytes, text: bytes) -> bytes:
    return seal(kek, "lockbox", lp(site, u32(index), u32(count), salt), text)


def noise(label: str, length: int) -> bytes:
    """Bytes that look random and are the same each time."""
    return hashlib.shake_256(label.encode()).digest(length)
