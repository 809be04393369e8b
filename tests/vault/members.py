"""Members for the tests of lockboxes: made from a number, the same each time."""

from __future__ import annotations

from datetime import date
from hashlib import sha256

from site_builder.vault.lockbox import Entry, Epoch, Holder

SITE = "a-site"
SHARD_KEY = b"\5" * 32
PRO = (Entry("pro", True, date(2027, 3, 1)),)


def epoch(entitlement: str, number: int = 1) -> Epoch:
    return Epoch(number, sha256(f"{entitlement} {number}".encode()).digest())


EPOCHS = {entitlement: epoch(entitlement) for entitlement in ("supporter", "pro", *(f"course-{n}" for n in range(9)))}


def member(number: int, entries: tuple[Entry, ...] = PRO) -> Holder:
    locator, kek = sha256(f"locator {number}".encode()).digest()[:8], sha256(f"kek {number}".encode()).digest()
    return Holder(locator, kek, f"Member {number}", entries)
