"""Vectors of what is sealed for many: parts, assets and keyrings."""

from __future__ import annotations

import json
from typing import Any

from tests.vectors.document import (
    access,
    b64u,
    content_key,
    epoch_key,
    keyring_aad,
    lp,
    noise,
    pad,
    part_id,
    payload_name,
    raw_deflate,
    seal,
    u32,
)
from tests.vectors.inputs import MASTER, OTHER_PART, PART, SITE, Vector, flip


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
