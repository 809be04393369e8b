"""Vectors of what leads a reader in: lockboxes, the manifest, and the addresses of members' feeds."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

from tests.vectors.document import (
    entitlement_feed,
    entitlement_id,
    hkdf,
    lockbox_entry,
    lockbox_slot,
    lockbox_text,
    member_feed,
    noise,
)
from tests.vectors.inputs import OTHER_TOKEN, SITE, TOKEN, Vector, flip

KEK = hkdf(TOKEN.encode(), "sb1/lockbox")
SALT = noise("shard salt", 16)


def day(text: str) -> int:
    return (date.fromisoformat(text) - date(1970, 1, 1)).days


def entry(entitlement: str, state: str, until: str | None) -> tuple[bytes, Vector]:
    """One entry as bytes and as a vector; its epoch is 3 and its key the noise of its name."""
    active = state == "active"
    key = noise(f"epoch key {entitlement}", 32) if active else bytes(32)
    raw = lockbox_entry(SITE, entitlement, 1 if active else 2, 3, day(until) if until else 0, key)
    readable = {"entitlement": entitlement, "id": entitlement_id(SITE, entitlement).hex(), "state": state, "epoch": 3}
    return raw, readable | {"until": until, "key": key.hex() if active else None}


def slot_vectors() -> list[Vector]:
    place = {"site": SITE, "index": 5, "shards": 6, "salt": SALT.hex(), "kek": KEK.hex()}
    pro, pro_row = entry("pro", "active", "2027-03-01")
    course, course_row = entry("async-course", "active", None)
    gone, gone_row = entry("supporter", "expired", "2026-01-31")

    def sealed(text: bytes) -> str:
        return lockbox_slot(KEK, SITE, 5, 6, SALT, text).hex()

    def vector(name: str, member: str, entries: list[tuple[bytes, Vector]]) -> Vector:
        slot = sealed(lockbox_text(member.encode(), [raw for raw, _ in entries]))
        return {"name": name} | place | {"slot": slot, "member": member, "entries": [row for _, row in entries]}

    good = [
        vector("two active", "Ada", [(course, course_row), (pro, pro_row)]),
        vector("expired", "梅琳娜", [(gone, gone_row)]),
        vector("no name", "", [(pro, pro_row)]),
        vector(
            "a name of 48 bytes and four entries",
            "é" * 24,
            [(course, course_row), (pro, pro_row), (gone, gone_row), entry("trial", "active", "2026-12-01")],
        ),
    ]
    text, slot = lockbox_text(b"Ada", [pro]), bytes.fromhex(good[0]["slot"])
    bad: dict[str, Vector] = {
        "a bit of s": {"slot": flip(slot, 0)},
        "a bit of the ciphertext": {"slot": flip(slot, 100)},
        "a bit of the tag": {"slot": flip(slot, -1)},
        "one byte short": {"slot": slot[:-1].hex()},
        "another site": {"site": "other-site"},
        "another shard": {"index": 4},
        "another number of shards": {"shards": 8},
        "the salt of another shard": {"salt": noise("another salt", 16).hex()},
        "another token": {"kek": hkdf(OTHER_TOKEN.encode(), "sb1/lockbox").hex()},
        "an unknown version": {"slot": sealed(b"\2" + text[1:])},
        "a name of 49 bytes": {"slot": sealed(text[:1] + b"\x31" + text[2:])},
        "a name that is not zero-filled": {"slot": sealed(text[:49] + b"\1" + text[50:])},
        "a name that is not UTF-8": {"slot": sealed(text[:2] + b"\xff" + text[3:])},
        "no entry": {"slot": sealed(text[:50] + b"\0" + text[51:])},
        "five entries": {"slot": sealed(text[:50] + b"\5" + text[51:])},
        "an unknown state": {"slot": sealed(text[:51] + b"\3" + text[52:])},
        "filling that is not zero": {"slot": sealed(text[:-1] + b"\1")},
    }
    return good + [
        {"name": name, "error": "slot"} | place | {"slot": slot.hex()} | changed for name, changed in bad.items()
    ]


def lockbox_vectors() -> list[Vector]:
    """One whole shard: TOKEN has six entitlements in slots 7 and 40, another member slot 63, the rest are decoys."""
    locator = hkdf(TOKEN.encode(), "sb1/locator")[:8]
    shards = 6
    index = int.from_bytes(locator[:4], "big") % shards
    names = ["a-course", "b-course", "c-course", "d-course", "e-course", "pro"]
    rows = [entry(name, "expired" if name == "b-course" else "active", None) for name in names]
    slots = [noise(f"decoy {number}", 304) for number in range(64)]
    slots[7] = lockbox_slot(KEK, SITE, index, shards, SALT, lockbox_text(b"Ada", [raw for raw, _ in rows[:4]]))
    slots[40] = lockbox_slot(KEK, SITE, index, shards, SALT, lockbox_text(b"Ada", [raw for raw, _ in rows[4:]]))
    other_kek = noise("another member", 32)
    slots[63] = lockbox_slot(other_kek, SITE, index, shards, SALT, lockbox_text("Zoë".encode(), [rows[5][0]]))
    file = SALT + b"".join(slots)
    place = {"site": SITE, "index": index, "shards": shards, "kek": KEK.hex(), "file": file.hex()}
    good = [
        {"name": "six entitlements in two slots", "locator": locator.hex()}
        | place
        | {"member": "Ada", "entries": [row for _, row in rows]},
        {"name": "the last slot"} | place | {"kek": other_kek.hex(), "member": "Zoë", "entries": [rows[5][1]]},
    ]
    bad: dict[str, Vector] = {
        "nobody's token": {"kek": noise("nobody", 32).hex(), "error": "no slot opens"},
        "a shard of another site": {"site": "other-site", "error": "no slot opens"},
        "cut short": {"file": file[:320].hex(), "error": "length"},
        "one byte long": {"file": file.hex() + "00", "error": "length"},
        "empty": {"file": "", "error": "length"},
    }
    return good + [{"name": name} | place | changed for name, changed in bad.items()]


def manifest_vectors() -> list[Vector]:
    manifest: dict[str, Any] = {
        "date": "2026-11-22",
        "entitlements": {
            "pro": {"epoch": 3, "keyring_shards": 16, "name": "Pro – 编程"},
            "async-course": {"epoch": 0, "keyring_shards": 1, "name": "Async"},
        },
        "format": 1,
        "lockbox_shards": 4096,
        "site": SITE,
    }

    def text(value: Any) -> str:
        return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":")) + "\n"

    pro = manifest["entitlements"]["pro"]
    bad = {
        "an unknown format": text(manifest | {"format": 2}),
        "not JSON": text(manifest)[:-3],
        "not an object": "[]\n",
        "no site": text({key: value for key, value in manifest.items() if key != "site"}),
        "no lockbox shard": text(manifest | {"lockbox_shards": 0}),
        "shards that are no number": text(manifest | {"lockbox_shards": "6"}),
        "no keyring shard": text(manifest | {"entitlements": {"pro": pro | {"keyring_shards": 0}}}),
        "an epoch below zero": text(manifest | {"entitlements": {"pro": pro | {"epoch": -1}}}),
        "no epoch": text(manifest | {"entitlements": {"pro": {"keyring_shards": 1, "name": "Pro"}}}),
    }
    return [{"name": "two entitlements", "text": text(manifest), "manifest": manifest}] + [
        {"name": name, "text": value, "error": "manifest"} for name, value in bad.items()
    ]


def feed_vectors() -> list[Vector]:
    """Of entitlements: each but the first differs from the first in one thing, and so does its address."""
    key = noise("epoch key pro", 32)
    cases = {
        "a tier": (key, SITE, "pro", 3),
        "the next epoch's key": (noise("epoch key pro, 4", 32), SITE, "pro", 3),
        "the next epoch's number": (key, SITE, "pro", 4),
        "another entitlement": (key, SITE, "async-course", 3),
        "another site": (key, "other-site", "pro", 3),
        "the bounds between site and entitlement moved": (key, SITE + "p", "ro", 3),
        "the first epoch": (key, SITE, "pro", 0),
        "the largest epoch": (key, SITE, "pro", 2**32 - 1),
    }
    tiers = [
        {"name": name, "key": key.hex(), "site": site, "entitlement": entitlement, "epoch": epoch}
        | {"address": entitlement_feed(key, site, entitlement, epoch)}
        for name, (key, site, entitlement, epoch) in cases.items()
    ]
    members = {
        "a member": (KEK, SITE),
        "another member": (noise("another member", 32), SITE),
        "elsewhere": (KEK, "other-site"),
    }
    return tiers + [
        {"name": name, "kek": kek.hex(), "site": site, "address": member_feed(kek, site)}
        for name, (kek, site) in members.items()
    ]
