"""The vault folder: what is written, what is left alone, what goes."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import TypedDict

import pytest

from site_builder.content.offers import Offer, Offers
from site_builder.errors import ConfigError, PublishError, SealError, SiteError
from site_builder.vault.keyring import open_keyring, part_id, shard_of_part
from site_builder.vault.keys import MasterKey
from site_builder.vault.lockbox import Entry, Epoch, Holder, entitlement_id, open_lockbox
from site_builder.vault.manifest import Manifest
from site_builder.vault.payload import SealedAsset, SealedPart, open_part, seal_asset, seal_part
from site_builder.vault.shards import shard_of
from site_builder.vault.writer import VaultReport, write_vault
from tests.vault.members import SITE, epoch, member

MASTER = MasterKey(b"\3" * 32)
OFFERS = Offers(
    tiers=(Offer(id="supporter", name="Supporter"), Offer(id="pro", name="Pro")),
    products=(Offer(id="book", name="Book"),),
)
EPOCHS = {entitlement: epoch(entitlement) for entitlement in OFFERS.by_id}
MEMBERS = [member(number) for number in range(200)]
PICTURE = seal_asset(MASTER, SITE, "post-0#1", "1", ["pro"], (0, 0), b"picture", type="image/png", filename="a.png")


class Given(TypedDict, total=False):
    offers: Offers
    parts: Sequence[SealedPart]
    sealed_assets: Sequence[SealedAsset]
    holders: Sequence[Holder]
    epochs: Mapping[str, Epoch]
    build_date: date


def part(number: int, text: str = "Text", access: str = "pro") -> SealedPart:
    assets = [PICTURE] if number == 0 else []
    return seal_part(MASTER, SITE, f"post-{number}#1", [access], (0, 0), f"<p>{text} {number}</p>", [], assets)


PARTS = [part(number) for number in range(60)]
USUAL: Given = {
    "offers": OFFERS,
    "parts": PARTS,
    "sealed_assets": [PICTURE],
    "holders": MEMBERS,
    "epochs": EPOCHS,
    "build_date": date(2026, 11, 22),
}


def write(folder: Path, changes: Given | None = None) -> VaultReport:
    return write_vault(folder, master=MASTER, site=SITE, **(USUAL | (changes or {})))


def tree(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_a_member_gets_from_the_token_to_the_text_by_the_published_files_alone(tmp_path: Path) -> None:
    write(tmp_path)
    reader = MEMBERS[17]
    manifest = Manifest.parse((tmp_path / "manifest.json").read_bytes())
    at = shard_of(reader.locator, manifest.lockbox_shards)
    box = open_lockbox(reader.kek, SITE, at, manifest.lockbox_shards, (tmp_path / f"lockboxes/{at}.bin").read_bytes())
    held = {entitlement_id(SITE, entitlement): entitlement for entitlement in manifest.entitlements}
    (entry,) = box.entries
    entitlement = held[entry.id]
    shards, identity = manifest.entitlements[entitlement].keyring_shards, part_id(SITE, "post-42#1")
    assert entry.key
    at = shard_of_part(identity, shards)
    file = (tmp_path / f"keyrings/{entitlement}/{at}.bin").read_bytes()
    keyring = open_keyring(entry.key, SITE, entitlement, entry.epoch, at, shards, file)
    (found,) = (each for each in keyring if each.id == identity)
    payload = (tmp_path / f"payloads/{found.payload}.bin").read_bytes()
    assert open_part(SITE, "post-42#1", ["pro"], found.key, payload).html == "<p>Text 42</p>"


def test_the_folder_holds_what_the_format_names_and_nothing_else(tmp_path: Path) -> None:
    report = write(tmp_path)
    expected = {f"payloads/{name}.bin" for name in (PICTURE.name, *(each.name for each in PARTS))}
    expected |= {"keyrings/supporter/0.bin", "keyrings/pro/0.bin", "keyrings/pro/1.bin", "keyrings/book/0.bin"}
    expected |= {f"lockboxes/{index}.bin" for index in range(8)} | {"manifest.json"}
    assert set(tree(tmp_path)) == expected
    assert report.written == tuple(sorted(expected))
    assert (report.removed, report.unchanged) == ((), 0)


def test_writing_again_writes_nothing_and_elsewhere_gives_the_same_bytes(tmp_path: Path) -> None:
    write(tmp_path / "one")
    again = write(tmp_path / "one")
    assert (again.written, again.removed) == ((), ())
    assert again.unchanged == len(tree(tmp_path / "one"))
    write(tmp_path / "two", {"parts": PARTS[::-1], "holders": MEMBERS[::-1]})
    assert tree(tmp_path / "one") == tree(tmp_path / "two")


def test_a_new_member_changes_one_file(tmp_path: Path) -> None:
    write(tmp_path)
    report = write(tmp_path, {"holders": [*MEMBERS, member(1000)]})
    assert report.written == (f"lockboxes/{shard_of(member(1000).locator, 8)}.bin",)


def test_a_revocation_changes_lockboxes_one_entitlements_keyring_and_the_manifest(tmp_path: Path) -> None:
    write(tmp_path)
    report = write(tmp_path, {"holders": MEMBERS[1:], "epochs": EPOCHS | {"pro": epoch("pro", 2)}})
    keyrings = {"keyrings/pro/0.bin", "keyrings/pro/1.bin"}
    assert set(report.written) == keyrings | {f"lockboxes/{index}.bin" for index in range(8)} | {"manifest.json"}


def test_an_edited_part_changes_its_payload_and_keyring_shard(tmp_path: Path) -> None:
    write(tmp_path)
    edited = part(5, "New text")
    report = write(tmp_path, {"parts": [edited if number == 5 else PARTS[number] for number in range(60)]})
    shard = shard_of_part(part_id(SITE, "post-5#1"), 2)
    assert set(report.written) == {f"payloads/{edited.name}.bin", f"keyrings/pro/{shard}.bin"}
    assert report.removed == (f"payloads/{PARTS[5].name}.bin",)


def test_what_no_longer_belongs_is_removed_links_are_not_followed(tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "kept.txt").write_text("kept")
    folder = tmp_path / "vault"
    write(folder)
    (folder / "keyrings/old-tier").mkdir()
    for stray in ("note.txt", "keyrings/old-tier/0.bin", "lockboxes/8.bin", "lockboxes/3.bin.new"):
        (folder / stray).write_bytes(b"stray")
    (folder / "payloads/link").symlink_to(outside)
    report = write(folder)
    assert report.removed == (
        "keyrings/old-tier/0.bin",
        "lockboxes/3.bin.new",
        "lockboxes/8.bin",
        "note.txt",
        "payloads/link",
    )
    assert not (folder / "keyrings/old-tier").exists()
    assert (outside / "kept.txt").read_text() == "kept"


def test_fewer_members_need_fewer_shards_and_the_others_go(tmp_path: Path) -> None:
    write(tmp_path)
    report = write(tmp_path, {"holders": MEMBERS[:10]})
    assert report.manifest.lockbox_shards == 1
    assert report.removed == tuple(f"lockboxes/{index}.bin" for index in range(1, 8))


def test_a_damaged_file_is_written_anew(tmp_path: Path) -> None:
    write(tmp_path)
    shard = tmp_path / "lockboxes/2.bin"
    whole = shard.read_bytes()
    shard.write_bytes(whole[:-1] + b"x")
    assert write(tmp_path).written == ("lockboxes/2.bin",)
    assert shard.read_bytes() == whole


def test_a_hard_link_to_a_published_file_keeps_its_bytes(tmp_path: Path) -> None:
    write(tmp_path / "vault")
    os.link(tmp_path / "vault/keyrings/book/0.bin", tmp_path / "published.bin")
    before = (tmp_path / "published.bin").read_bytes()
    write(tmp_path / "vault", {"epochs": EPOCHS | {"book": epoch("book", 2)}})
    assert (tmp_path / "published.bin").read_bytes() == before
    assert (tmp_path / "vault/keyrings/book/0.bin").read_bytes() != before


def test_a_site_without_members_parts_and_offers_has_a_vault_too(tmp_path: Path) -> None:
    write(tmp_path, {"offers": Offers(), "parts": [], "sealed_assets": [], "holders": [], "epochs": {}})
    assert set(tree(tmp_path)) == {"lockboxes/0.bin", "manifest.json"}


RENAMED = SealedPart("post-1#1", ("pro",), bytes(32), "0" * 32, PARTS[1].file)


@pytest.mark.parametrize(
    ("changes", "error", "words"),
    [
        ({"epochs": EPOCHS | {"pro": epoch("pro", 0)}}, PublishError, "has epoch 1 of 'pro', this build only 0"),
        ({"epochs": {"pro": epoch("pro")}}, ConfigError, "'supporter' is on offer but has no epoch"),
        ({"parts": [RENAMED]}, SealError, "not what its name says"),
        ({"parts": [part(1, access="gold")]}, ConfigError, "'gold'"),
        ({"holders": [member(1, (Entry("gold", True, None),))]}, SiteError, "'gold'"),
    ],
    ids=[
        "an older epoch",
        "an offer without epoch",
        "a wrong payload name",
        "a part for nobody's tier",
        "a holder of nothing",
    ],
)
def test_what_does_not_fit_together_is_refused_and_the_folder_stays(
    tmp_path: Path, changes: Given, error: type[SiteError], words: str
) -> None:
    write(tmp_path)
    before = tree(tmp_path)
    with pytest.raises(error, match=words):
        write(tmp_path, changes)
    assert tree(tmp_path) == before


def test_a_damaged_manifest_stops_the_build_and_says_where(tmp_path: Path) -> None:
    write(tmp_path)
    (tmp_path / "manifest.json").write_text("{")
    with pytest.raises(PublishError, match=r"manifest\.json: this is not a vault manifest"):
        write(tmp_path)
