"""The author's key to the dashboard, of which only a hash is kept, and the sessions that it begins."""

from __future__ import annotations

import hashlib
import hmac
import os
import secrets
from contextlib import suppress
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from site_builder.errors import AnalyticsError, Place

FILE = "dashboard.json"
PREFIX = "sbd_"
SESSION_SECONDS = 14 * 86_400
LONGEST_KEY = 200
_COST = {"n": 2**14, "r": 8, "p": 1, "maxmem": 64 * 1024 * 1024}
"""Of scrypt (RFC 7914): 16 MB and some tens of milliseconds an attempt."""
_Hex = Field(pattern=r"^[0-9a-f]{64}$")


class Lock(BaseModel):
    """What the file beside the spool says: enough to know the key, and not to make it."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    v: Literal[1] = 1
    salt: str = _Hex
    hash: str = _Hex
    session: str = _Hex
    """Signs the sessions; it changes with the key, which so ends them all."""


def make_key(data: Path) -> str:
    """A new key, in place of the one before it; in the file ``dashboard.json`` of the folder is its lock, for its owner alone.

    Raises AnalyticsError if the file can't be written.
    """
    key = PREFIX + secrets.token_urlsafe(24)
    salt = secrets.token_bytes(32)
    lock = Lock(salt=salt.hex(), hash=_hash(key, salt).hex(), session=secrets.token_hex(32))
    path = data / FILE
    aside = path.with_name(f".{FILE}.{secrets.token_hex(4)}")
    try:
        data.mkdir(parents=True, exist_ok=True, mode=0o700)
        handle = os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(lock.model_dump_json() + "\n")
            file.flush()
            os.fsync(file.fileno())
        os.replace(aside, path)
    except OSError as error:
        with suppress(OSError):
            aside.unlink()
        raise AnalyticsError(f"the dashboard's key can't be kept: {error.strerror}", place=Place(path)) from None
    return key


def read_lock(data: Path) -> Lock | None:
    """None if no key was made yet. Raises AnalyticsError if the file is damaged."""
    path = data / FILE
    try:
        return Lock.model_validate_json(path.read_bytes())
    except FileNotFoundError:
        return None
    except OSError as error:
        raise AnalyticsError(f"the dashboard's key can't be read: {error.strerror}", place=Place(path)) from None
    except ValueError:
        raise AnalyticsError(
            "the file of the dashboard's key is damaged",
            place=Place(path),
            hint="Make a new key with `site-builder analytics key`.",
        ) from None


def opens(lock: Lock, key: str) -> bool:
    """Whether it is the key; as slow for a wrong one."""
    return hmac.compare_digest(_hash(key.strip()[:LONGEST_KEY], bytes.fromhex(lock.salt)), bytes.fromhex(lock.hash))


def begin_session(lock: Lock, now: int) -> str:
    """What a cookie says of who has shown the key at ``now`` (seconds since 1970): until when, and a signature."""
    until = str(now + SESSION_SECONDS)
    return f"{until}.{_sign(lock, until)}"


def in_session(lock: Lock, cookie: str, now: int) -> bool:
    """Whether a cookie is one that ``begin_session`` made for this key, and its time is not over."""
    until, _, signature = cookie.partition(".")
    if not hmac.compare_digest(signature.encode("utf-8", "replace"), _sign(lock, until).encode()):
        return False
    return now < int(until)


def _sign(lock: Lock, until: str) -> str:
    return hmac.new(bytes.fromhex(lock.session), b"dashboard " + until.encode("utf-8", "replace"), "sha256").hexdigest()


def _hash(key: str, salt: bytes) -> bytes:
    return hashlib.scrypt(key.encode("utf-8", "replace"), salt=salt, dklen=32, **_COST)
