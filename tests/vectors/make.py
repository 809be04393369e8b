"""Writes the test vectors beside this file: `python -m tests.vectors.make [FOLDER]`. README.md says what each field means."""

from __future__ import annotations

import json
import sys
from datetime import date
from pathlib import Path
from typing import Any

from tests.vectors.document import (
    access,
    b64u,
    base62,
    content_key,
    entitlement_id,
    epoch_key,
    hkdf,
    keyring_aad,
    lockbox_entry,
    lockbox_slot,
    lockbox_text,
    lp,
    noise,
    pad,
    padme,
    part_id,
    payload_name,
    raw_deflate,
    seal,
    u32,
    with_checksum,
)

Vector = dict[str, Any]

SITE = "vector-site"
MASTER = noise("master", 32)
PART, OTHER_PART = "blog/posts/tail-latency#1", "blog/posts/tail-latency#2"
TOKEN = with_checksum("mbr_" + "VectorVectorVectorVectorVector")
OTHER_TOKEN = with_checksum("mbr_" + "0123456789ABCDEFGHIJabcdefghij")


def flip(raw: bytes, position: int) -> str:
    """``raw`` in hexadecimal with the lowest bit of one byte turned; negative positions count from the end."""
    changed = bytearray(raw)
    changed[position] ^= 1
    return changed.hex()


def day(text: str) -> int:
    return (date.fromisoformat(text) - date(1970, 1, 1)).days


def lp_vectors() -> list[Vector]:
    cases = {
        "no field": [],
        "one empty field": [b""],
        "text and bytes": [b"part", bytes(range(5))],
        "text beyond ASCII": ["编程 – ü".encode()],
        "the same bytes, cut elsewhere": [b"ab", b"c"],
        "the same bytes, cut elsewhere again": [b"a", b"bc"],
    }
    return [
        {"name": name, "fields": [f.hex() for f in fields], "lp": lp(*fields).hex()} for name, fields in cases.items()
    ]


def padme_vectors() -> list[Vector]:
    lengths = [2, 9, 1024, 1025, 1056, 1057, 4095, 4096, 4097, 65_537, 1_000_000, 67_108_864, 67_108_865]
    return [{"name": f"{length}", "length": length, "padme": padme(length)} for length in lengths]


def padding_vectors() -> list[Vector]:
    bodies = {
        "empty": b"",
        "short": b"abc",
        "just 1,024": bytes([7]) * 1020,
        "one more": bytes([7]) * 1021,
        "ends in zeros": b"\1\0\0",
    }
    good = [{"name": name, "body": body.hex(), "padded": pad(body).hex()} for name, body in bodies.items()]
    padded = pad(b"abc")
    bad = {
        "the filling's last byte is not zero": padded[:-1] + b"\1",
        "the filling's first byte is not zero": padded[:7] + b"\1" + padded[8:],
        "the length is one more than what follows": u32(1021) + padded[4:],
        "the length is the largest there is": b"\xff\xff\xff\xff" + padded[4:],
        "no room for a length": b"\0\0\0",
        "empty": b"",
    }
    return good + [{"name": name, "padded": raw.hex(), "error": "padding"} for name, raw in bad.items()]


def base62_vectors() -> list[Vector]:
    cases = [(0, 6), (61, 1), (62, 2), (2**32 - 1, 6), (1, 43), (int.from_bytes(MASTER, "big"), 43), (2**256 - 1, 43)]
    good = [{"name": f"{n} in {w} digits", "number": str(n), "digits": w, "base62": base62(n, w)} for n, w in cases]
    bad = {"a dash": "00-1", "a letter beyond ASCII": "00é1", "a space": "0 1"}
    return good + [{"name": name, "base62": text, "error": "letters"} for name, text in bad.items()]


def checksum_vectors() -> list[Vector]:
    good = [
        {"name": f"after {text}", "text": text, "checked": with_checksum(text)} for text in ("a", "mbr_000", "sbk1_Zz9")
    ]
    checked = with_checksum("mbr_000")
    bad = {
        "a mistyped letter": checked.replace("mbr_000", "mbr_00O"),
        "two letters swapped": checked[:-2] + checked[-1] + checked[-2],
        "one letter short": checked[:-1],
    }
    return good + [{"name": name, "checked": text, "error": "checksum"} for name, text in bad.items()]


def b64u_vectors() -> list[Vector]:
    raws = {
        "empty": b"",
        "one byte": b"\xfb",
        "two bytes": b"\xfb\xff",
        "three bytes": b"\xfb\xff\xfe",
        "a key": MASTER,
    }
    good = [{"name": name, "bytes": raw.hex(), "b64u": b64u(raw)} for name, raw in raws.items()]
    bad = {
        "padding": "-w==",
        "letters of plain base64": "+/+/",
        "a line feed at the end": "-_8\n",
        "a space": "-_ 8",
        "one letter over": "-_8AA",
        "spare bits that are not zero, one byte": "-x",
        "spare bits that are not zero, two bytes": "-_9",
    }
    return good + [{"name": name, "b64u": text, "error": "base64url"} for name, text in bad.items()]


def hkdf_vectors() -> list[Vector]:
    """RFC 5869, appendix A.1 to A.3 (the first 32 bytes of OKM), and the labels of this format."""
    long = bytes(range(0x50)), bytes(range(0x60, 0xB0)), bytes(range(0xB0, 0x100))
    cases = {
        "RFC 5869 A.1": (b"\x0b" * 22, bytes(range(13)), bytes(range(0xF0, 0xFA))),
        "RFC 5869 A.2": (long[0], long[1], long[2]),
        "RFC 5869 A.3": (b"\x0b" * 22, b"", b""),
        "a label, no salt": (MASTER, b"", b"sb1/siv"),
        "a label and a salt": (MASTER, noise("salt", 32), b"sb1/enc"),
    }
    return [
        {"name": name, "key": key.hex(), "salt": salt.hex(), "info": info.hex(), "okm": hkdf(key, info, salt).hex()}
        for name, (key, salt, info) in cases.items()
    ]


def seal_vectors() -> list[Vector]:
    key, aad = noise("seal", 32), lp(SITE, PART)

    def vector(name: str, text: bytes, aad: bytes = aad, kind: str = "part") -> Vector:
        given = {"name": name, "key": key.hex(), "kind": kind, "aad": aad.hex()}
        return given | {"text": text.hex(), "sealed": seal(key, kind, aad, text).hex()}

    good = [
        vector("empty", b""),
        vector("short", b"abc"),
        vector("empty context", b"abc", b""),
        vector("long", noise("text", 1000)),
    ]
    sealed, plain = seal(key, "part", aad, b"abcdef"), {"key": key.hex(), "kind": "part", "aad": aad.hex()}
    bad = {
        "a bit of s": {"sealed": flip(sealed, 0)},
        "the last bit of s": {"sealed": flip(sealed, 31)},
        "a bit of the ciphertext": {"sealed": flip(sealed, 32)},
        "a bit of the tag": {"sealed": flip(sealed, -1)},
        "one byte short": {"sealed": sealed[:-1].hex()},
        "one byte long": {"sealed": sealed.hex() + "00"},
        "47 bytes": {"sealed": sealed[:47].hex()},
        "empty": {"sealed": ""},
        "another kind": {"sealed": sealed.hex(), "kind": "asset"},
        "another context": {"sealed": sealed.hex(), "aad": lp(SITE, OTHER_PART).hex()},
        "the bounds between kind and context moved": {"sealed": sealed.hex(), "kind": "par", "aad": (b"t" + aad).hex()},
        "another key": {"sealed": sealed.hex(), "key": noise("another key", 32).hex()},
        "a tag that fits, an s that does not": {"sealed": wrong_siv(key, "part", aad, b"abcdef").hex()},
    }
    return good + [{"name": name, "error": "seal"} | plain | changed for name, changed in bad.items()]


def wrong_siv(key: bytes, kind: str, aad: bytes, text: bytes) -> bytes:
    """What only somebody with the key could make: GCM opens it, but ``s`` is not the one of this text."""
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    s = noise("not the siv", 32)
    return s + AESGCM(hkdf(key, "sb1/enc", s)).encrypt(bytes(12), text, lp(kind, aad))


def token_vectors() -> list[Vector]:
    good = [
        {
            "name": name,
            "token": token,
            "locator": hkdf(token.encode(), "sb1/locator")[:8].hex(),
            "kek": hkdf(token.encode(), "sb1/lockbox").hex(),
        }
        for name, token in {"letters": TOKEN, "all kinds of digits": OTHER_TOKEN}.items()
    ]
    bad = {
        "a mistyped letter": TOKEN.replace("Vector", "Vectar", 1),
        "a mistyped letter of the checksum": TOKEN[:-1] + ("0" if TOKEN[-1] != "0" else "1"),
        "letters in lower case": TOKEN.lower(),
        "one letter short": with_checksum(TOKEN[:33]),
        "one letter long": with_checksum(TOKEN[:34] + "0"),
        "another prefix": with_checksum("sbr_" + TOKEN[4:34]),
        "a letter outside base62": with_checksum(TOKEN[:33] + "-"),
        "a line feed at the end": TOKEN + "\n",
        "empty": "",
    }
    return good + [{"name": name, "token": token, "error": "token"} for name, token in bad.items()]


def key_vectors() -> list[Vector]:
    endings = ["b" * 16, "a" * 16]
    return [
        {
            "name": "all that comes from one master key",
            "master": MASTER.hex(),
            "written": with_checksum("sbk1_" + base62(int.from_bytes(MASTER, "big"), 43)),
            "id": hkdf(MASTER, "sb1/key-id")[:4].hex(),
            "site": SITE,
            "entitlement": "pro",
            "epoch": 2,
            "endings": endings,
            "epoch_key": epoch_key(MASTER, SITE, "pro", 2, endings).hex(),
            "roster_key": hkdf(MASTER, lp("sb1/roster", SITE)).hex(),
            "shard_key": hkdf(MASTER, lp("sb1/shard", SITE)).hex(),
        }
    ]


def part_vectors() -> list[Vector]:
    generations = (0, 3)
    entitlements = ["pro", "async-course"]
    aad = lp(SITE, PART, access(entitlements))

    def vector(name: str, body: dict[str, Any]) -> Vector:
        m = pad(raw_deflate(json.dumps(body, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()))
        key = content_key(MASTER, "part", SITE, PART, entitlements, generations, m)
        file = seal(key, "part", aad, m)
        made_from = {"master": MASTER.hex(), "generations": list(generations)}
        place = {"site": SITE, "part": PART, "entitlements": entitlements, "key": key.hex()}
        return {"name": name} | made_from | place | {"file": file.hex(), "payload": payload_name(file), "body": body}

    asset = {
        "name": "00112233445566778899aabbccddeeff",
        "key": b64u(noise("asset", 32)),
        "type": "image/png",
        "file": "chart.png",
    }
    full = vector(
        "a table of contents and an asset",
        {
            "html": '<h2 id="p99">Why p99 &amp; 编程</h2><p><img data-sealed-src="1" alt="Chart"></p>',
            "toc": [{"id": "p99", "title": "Why p99 & 编程", "level": 2}],
            "assets": {"1": asset},
        },
    )
    good = [
        full,
        vector("only text", {"html": "<p>Short.</p>", "toc": [], "assets": {}}),
        vector("long", {"html": "<p>" + "long " * 9000 + noise("long", 3000).hex() + "</p>", "toc": [], "assets": {}}),
    ]
    file, key = bytes.fromhex(full["file"]), bytes.fromhex(full["key"])
    deflated = raw_deflate(b'{"assets":{},"html":"","toc":[]}')
    bad: dict[str, Vector] = {
        "a flipped bit": {"file": flip(file, 100)},
        "cut short": {"file": file[:-1].hex()},
        "the payload of another part": {
            "file": seal(key, "part", lp(SITE, OTHER_PART, access(entitlements)), pad(deflated)).hex()
        },
        "the payload of another site": {
            "file": seal(key, "part", lp("other-site", PART, access(entitlements)), pad(deflated)).hex()
        },
        "another access": {"entitlements": ["async-course"]},
        "an asset in a part's place": {"file": seal(key, "asset", aad, pad(deflated)).hex()},
        "the key of another part": {"key": noise("another key", 32).hex()},
        "filling that is not zero": {"file": seal(key, "part", aad, pad(deflated)[:-1] + b"\1").hex()},
        "a length that does not fit": {"file": seal(key, "part", aad, u32(2000) + pad(deflated)[4:]).hex()},
        "not DEFLATE": {"file": seal(key, "part", aad, pad(b"\xff" * 40)).hex()},
        "DEFLATE that does not end": {"file": seal(key, "part", aad, pad(deflated[:-3])).hex()},
        "bytes after the end of DEFLATE": {"file": seal(key, "part", aad, pad(deflated + b"x")).hex()},
        "not JSON": {"file": seal(key, "part", aad, pad(raw_deflate(b"<p>Hello</p>"))).hex()},
        "not UTF-8": {"file": seal(key, "part", aad, pad(raw_deflate(b'{"assets":{},"html":"\xff","toc":[]}'))).hex()},
        "JSON without html": {"file": seal(key, "part", aad, pad(raw_deflate(b'{"assets":{},"toc":[]}'))).hex()},
    }
    place = {"site": SITE, "part": PART, "entitlements": entitlements, "key": key.hex(), "file": full["file"]}
    return good + [{"name": name, "error": "part"} | place | changed for name, changed in bad.items()]


def asset_vectors() -> list[Vector]:
    entitlements, raw = ["pro"], noise("picture", 1500)
    label_place, m = f"{PART}/1", pad(raw)
    key = content_key(MASTER, "asset", SITE, label_place, entitlements, (0, 0), m)
    file = seal(key, "asset", lp(SITE, label_place, access(entitlements)), m)
    place = {
        "site": SITE,
        "part": PART,
        "label": "1",
        "entitlements": entitlements,
        "key": key.hex(),
        "file": file.hex(),
    }
    made_from = {"master": MASTER.hex(), "generations": [0, 0], "payload": payload_name(file)}
    bad: dict[str, Vector] = {
        "a flipped bit": {"file": flip(file, 50)},
        "cut short": {"file": file[:-1].hex()},
        "another label": {"label": "2"},
        "another part": {"part": OTHER_PART},
        "a part in an asset's place": {"file": seal(key, "part", lp(SITE, label_place, access(entitlements)), m).hex()},
    }
    return [{"name": "a picture"} | made_from | place | {"bytes": raw.hex()}] + [
        {"name": name, "error": "asset"} | place | changed for name, changed in bad.items()
    ]


def part_id_vectors() -> list[Vector]:
    vectors = []
    for part, shards in [(PART, 1), (PART, 4), (OTHER_PART, 4), ("blog/posts/编程#1", 256), (PART, 65_536)]:
        identity = part_id(SITE, part)
        shard = int.from_bytes(identity[:4], "big") % shards
        vectors.append(
            {
                "name": f"{part} of {shards}",
                "site": SITE,
                "part": part,
                "id": identity.hex(),
                "shards": shards,
                "shard": shard,
            }
        )
    return vectors


def keyring_vectors() -> list[Vector]:
    key, epoch, count = epoch_key(MASTER, SITE, "pro", 2, ["a" * 16, "b" * 16]), 2, 2
    parts = [f"blog/posts/post-{number}#1" for number in range(7)]
    rows = {part: (part_id(SITE, part), noise(f"cek {part}", 32), noise(f"name {part}", 16)) for part in parts}

    def in_shard(index: int) -> list[tuple[bytes, bytes, bytes]]:
        return sorted(row for row in rows.values() if int.from_bytes(row[0][:4], "big") % count == index)

    def vector(name: str, index: int) -> Vector:
        text = pad(b"".join(identity + cek + payload for identity, cek, payload in in_shard(index)))
        entries = [{"id": i.hex(), "key": k.hex(), "payload": p.hex()} for i, k, p in in_shard(index)]
        names = sorted(part for part, row in rows.items() if row in in_shard(index))
        place = {"site": SITE, "entitlement": "pro", "epoch": epoch, "index": index, "shards": count, "key": key.hex()}
        return (
            {"name": name}
            | place
            | {
                "file": seal(key, "keyring", keyring_aad(SITE, "pro", epoch, index, count), text).hex(),
                "parts": names,
                "entries": entries,
            }
        )

    good = [vector("the first of two", 0), vector("the second of two", 1)]
    empty = good[0] | {"name": "no part", "index": 0, "shards": 1, "parts": [], "entries": []}
    empty["file"] = seal(key, "keyring", keyring_aad(SITE, "pro", epoch, 0, 1), pad(b"")).hex()
    place = {name: value for name, value in good[0].items() if name not in ("parts", "entries", "name")}
    file, aad = bytes.fromhex(good[0]["file"]), keyring_aad(SITE, "pro", epoch, 0, count)
    bad: dict[str, Vector] = {
        "a flipped bit": {"file": flip(file, 60)},
        "cut short": {"file": file[:-1].hex()},
        "another site": {"site": "other-site"},
        "another entitlement": {"entitlement": "supporter"},
        "an older epoch": {"epoch": 1},
        "another shard": {"index": 1},
        "another number of shards": {"shards": 4},
        "the key of another epoch": {"key": epoch_key(MASTER, SITE, "pro", 1, ["a" * 16]).hex()},
        "filling that is not zero": {"file": seal(key, "keyring", aad, pad(b"")[:-1] + b"\1").hex()},
        "an entry cut short": {"file": seal(key, "keyring", aad, pad(bytes(63))).hex()},
    }
    return [*good, empty] + [{"name": name, "error": "keyring"} | place | changed for name, changed in bad.items()]


KEK = hkdf(TOKEN.encode(), "sb1/lockbox")
SALT = noise("shard salt", 16)


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
    """One whole shard: TOKEN stands in slots 7 and 40 with six entitlements, another member in slot 63, the rest are decoys."""
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


MADE = {
    "lp": lp_vectors,
    "padme": padme_vectors,
    "padding": padding_vectors,
    "base62": base62_vectors,
    "checksum": checksum_vectors,
    "b64u": b64u_vectors,
    "hkdf": hkdf_vectors,
    "seal": seal_vectors,
    "token": token_vectors,
    "keys": key_vectors,
    "part": part_vectors,
    "asset": asset_vectors,
    "part-id": part_id_vectors,
    "keyring": keyring_vectors,
    "slot": slot_vectors,
    "lockbox": lockbox_vectors,
    "manifest": manifest_vectors,
}


def main(folder: Path) -> None:
    """Write every file of vectors into ``folder``."""
    for name, vectors in MADE.items():
        text = json.dumps(vectors(), ensure_ascii=False, indent=1) + "\n"
        (folder / f"{name}.json").write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).parent)
