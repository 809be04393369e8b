"""The vault's code and the vectors of tests/vectors agree, each vector in turn."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from site_builder.errors import SiteError
from site_builder.vault import encoding
from site_builder.vault.feed import entitlement_feed, member_feed
from site_builder.vault.keyring import open_keyring, part_id, shard_of_part
from site_builder.vault.keys import MasterKey
from site_builder.vault.lockbox import Epoch, Opened, entitlement_id, open_lockbox, open_slot, slot_context
from site_builder.vault.manifest import Manifest
from site_builder.vault.payload import AssetKey, Heading, SealedAsset, open_asset, open_part, seal_asset, seal_part
from site_builder.vault.seal import hkdf, seal, unseal
from site_builder.vault.shards import shard_of

Vector = dict[str, Any]
VECTORS = Path(__file__).parents[1] / "vectors"
hexed = bytes.fromhex


def check_lp(v: Vector) -> None:
    assert encoding.lp(*map(hexed, v["fields"])).hex() == v["lp"]


def check_padme(v: Vector) -> None:
    assert encoding.padme(v["length"]) == v["padme"]


def check_padding(v: Vector) -> None:
    body = encoding.unpad(hexed(v["padded"]))
    assert body.hex() == v["body"]
    assert encoding.pad(body).hex() == v["padded"]


def check_base62(v: Vector) -> None:
    number = encoding.from_base62(v["base62"])
    assert str(number) == v["number"]
    assert encoding.base62(number, v["digits"]) == v["base62"]


def check_checksum(v: Vector) -> None:
    if not encoding.checksum_fits(v["checked"]):
        raise ValueError("the checksum does not fit")
    assert encoding.with_checksum(v["text"]) == v["checked"]


def check_b64u(v: Vector) -> None:
    assert encoding.from_b64u(v["b64u"]).hex() == v["bytes"]
    assert encoding.b64u(hexed(v["bytes"])) == v["b64u"]


def check_hkdf(v: Vector) -> None:
    assert hkdf(hexed(v["key"]), hexed(v["info"]), hexed(v["salt"])).hex() == v["okm"]


def check_seal(v: Vector) -> None:
    key, aad = hexed(v["key"]), hexed(v["aad"])
    assert unseal(key, v["kind"], aad, hexed(v["sealed"])).hex() == v["text"]
    assert seal(key, v["kind"], aad, hexed(v["text"])).hex() == v["sealed"]


def check_token(v: Vector) -> None:
    if not (v["token"].startswith("mbr_") and len(v["token"]) == 40 and encoding.checksum_fits(v["token"])):
        raise ValueError("not a token")
    assert hkdf(v["token"].encode(), "sb1/locator")[:8].hex() == v["locator"]
    assert hkdf(v["token"].encode(), "sb1/lockbox").hex() == v["kek"]


def check_keys(v: Vector) -> None:
    master = MasterKey.parse(v["written"])
    assert (master.raw.hex(), str(master), master.id) == (v["master"], v["written"], v["id"])
    assert master.epoch_key(v["site"], v["entitlement"], v["epoch"], v["endings"]).hex() == v["epoch_key"]
    assert master.roster_key(v["site"]).hex() == v["roster_key"]
    assert master.shard_key(v["site"]).hex() == v["shard_key"]


def check_part(v: Vector) -> None:
    body = open_part(v["site"], v["part"], v["entitlements"], hexed(v["key"]), hexed(v["file"]))
    assert body.model_dump(mode="json") == v["body"]
    master = MasterKey(hexed(v["master"]))
    key = master.content_key(
        "part", v["site"], v["part"], v["entitlements"], tuple(v["generations"]), _sealed_text("part", v, v["part"])
    )
    assert key.hex() == v["key"]


def check_asset(v: Vector) -> None:
    raw = open_asset(v["site"], v["part"], v["label"], v["entitlements"], hexed(v["key"]), hexed(v["file"]))
    assert raw.hex() == v["bytes"]
    sealed = seal_asset(
        MasterKey(hexed(v["master"])),
        v["site"],
        v["part"],
        v["label"],
        v["entitlements"],
        tuple(v["generations"]),
        raw,
        type="image/png",
        filename="chart.png",
    )
    assert (sealed.key.hex(), sealed.name, sealed.file.hex()) == (v["key"], v["payload"], v["file"])


def check_part_id(v: Vector) -> None:
    identity = part_id(v["site"], v["part"])
    assert (identity.hex(), shard_of_part(identity, v["shards"])) == (v["id"], v["shard"])


def check_keyring(v: Vector) -> None:
    place = v["site"], v["entitlement"], v["epoch"], v["index"], v["shards"]
    entries = open_keyring(hexed(v["key"]), *place, hexed(v["file"]))
    assert [{"id": e.id.hex(), "key": e.key.hex(), "payload": e.payload} for e in entries] == v["entries"]
    assert {part_id(v["site"], part) for part in v["parts"]} == {entry.id for entry in entries}


def check_slot(v: Vector) -> None:
    context = slot_context(v["site"], v["index"], v["shards"], hexed(v["salt"]))
    _check_opened(open_slot(hexed(v["kek"]), context, hexed(v["slot"])), v)


def check_lockbox(v: Vector) -> None:
    _check_opened(open_lockbox(hexed(v["kek"]), v["site"], v["index"], v["shards"], hexed(v["file"])), v)
    if "locator" in v:
        assert shard_of(hexed(v["locator"]), v["shards"]) == v["index"]


def check_manifest(v: Vector) -> None:
    manifest = Manifest.parse(v["text"].encode())
    assert manifest.model_dump(mode="json") == v["manifest"]
    assert manifest.to_bytes().decode() == v["text"]


def check_feed(v: Vector) -> None:
    if "kek" in v:
        assert member_feed(v["site"], hexed(v["kek"])) == v["address"]
    else:
        assert entitlement_feed(v["site"], v["entitlement"], Epoch(v["epoch"], hexed(v["key"]))) == v["address"]


CHECKS: dict[str, Callable[[Vector], None]] = {
    name.removeprefix("check_").replace("_", "-"): check
    for name, check in globals().items()
    if name.startswith("check_")
}
ALL: list[tuple[str, Vector]] = [
    (path.stem, vector)
    for path in sorted(VECTORS.glob("*.json"))
    for vector in json.loads(path.read_text(encoding="utf-8"))
]


@pytest.mark.parametrize(("subject", "vector"), ALL, ids=[f"{subject}: {vector['name']}" for subject, vector in ALL])
def test_each_vector_gives_its_result_or_is_refused(subject: str, vector: Vector) -> None:
    if "error" in vector:
        with pytest.raises((SiteError, ValueError)):
            CHECKS[subject](vector)
    else:
        CHECKS[subject](vector)


def test_every_subject_has_good_vectors() -> None:
    subjects = {path.stem for path in VECTORS.glob("*.json")}
    good = {subject for subject, vector in ALL if "error" not in vector}
    assert subjects == good == set(CHECKS)


def test_the_committed_vectors_are_what_make_writes(tmp_path: Path) -> None:
    root = VECTORS.parents[1]
    subprocess.run([sys.executable, "-m", "tests.vectors.make", str(tmp_path)], cwd=root, check=True)
    made = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    assert made == {path.name: path.read_bytes() for path in VECTORS.glob("*.json")}


def test_a_part_of_the_vectors_is_sealed_to_something_that_opens_the_same() -> None:
    """The bytes of DEFLATE are the compressor's choice, so only what opens is compared."""
    v = next(vector for subject, vector in ALL if subject == "part")
    master, generations = MasterKey(hexed(v["master"])), tuple(v["generations"])
    assets = [
        SealedAsset(label, encoding.from_b64u(ref["key"]), ref["name"], ref["type"], ref["file"], b"")
        for label, ref in v["body"]["assets"].items()
    ]
    toc = [Heading(**heading) for heading in v["body"]["toc"]]
    sealed = seal_part(master, v["site"], v["part"], v["entitlements"], generations, v["body"]["html"], toc, assets)
    opened = open_part(v["site"], v["part"], v["entitlements"], sealed.key, sealed.file)
    assert opened.model_dump(mode="json") == v["body"]
    assert opened.assets["1"] == AssetKey(**v["body"]["assets"]["1"])


def _sealed_text(kind: str, v: Vector, place: str) -> bytes:
    context = encoding.lp(v["site"], place, encoding.lp(*sorted(v["entitlements"])))
    return unseal(hexed(v["key"]), kind, context, hexed(v["file"]))


def _check_opened(opened: Opened, v: Vector) -> None:
    assert opened.name == v["member"]
    assert [
        {
            "id": entry.id.hex(),
            "state": "active" if entry.active else "expired",
            "epoch": entry.epoch,
            "until": entry.until.isoformat() if entry.until else None,
            "key": entry.key.hex() if entry.key else None,
        }
        for entry in opened.entries
    ] == [{key: value for key, value in entry.items() if key != "entitlement"} for entry in v["entries"]]
    assert [entitlement_id(v["site"], entry["entitlement"]) for entry in v["entries"]] == [e.id for e in opened.entries]
