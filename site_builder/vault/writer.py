"""Writes a site's vault folder: payloads, keyrings, lockboxes and the manifest, nothing else. See docs/format.md."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from site_builder.content.offers import Offers
from site_builder.errors import ConfigError, Place, SealError
from site_builder.vault.keyring import seal_keyrings
from site_builder.vault.keys import MasterKey
from site_builder.vault.lockbox import Epoch, Holder
from site_builder.vault.manifest import Keyrings, Manifest
from site_builder.vault.payload import SealedAsset, SealedPart, payload_name
from site_builder.vault.shards import lay_out, seal_shards

MANIFEST = "manifest.json"
_BESIDE = ".new"


@dataclass(frozen=True)
class VaultReport:
    """What ``write_vault`` did: paths relative to the vault folder, and the number of files that it left alone."""

    written: tuple[str, ...]
    removed: tuple[str, ...]
    unchanged: int
    manifest: Manifest


def write_vault(
    folder: Path,
    *,
    master: MasterKey,
    site: str,
    offers: Offers,
    parts: Sequence[SealedPart],
    sealed_assets: Sequence[SealedAsset],
    holders: Sequence[Holder],
    epochs: Mapping[str, Epoch],
    build_date: date,
) -> VaultReport:
    """Bring ``folder`` to what these parts, members and epochs (one for each entitlement on offer) give.

    Only files whose bytes differ are written, each at once; **all else in the folder is removed**. All is checked
    before the first file is touched. Raises ConfigError, ContentError, RosterError or SealError for what does not fit
    together, and PublishError where ``folder`` holds a manifest of this site with a higher epoch.
    """
    contents: list[SealedPart | SealedAsset] = [*parts, *sealed_assets]
    _check_names(offers, epochs, contents)
    now = {entitlement: epochs[entitlement] for entitlement in offers.by_id}
    keyrings = seal_keyrings(site, offers, parts, now)
    layout = lay_out(site, holders, now)
    manifest = Manifest(
        date=build_date,
        entitlements={
            offer.id: Keyrings(epoch=now[offer.id].number, keyring_shards=len(keyrings[offer.id]), name=offer.name)
            for offer in offers.by_id.values()
        },
        lockbox_shards=len(layout),
        site=site,
    )
    published = folder / MANIFEST
    if published.is_file():
        place = Place(published)
        manifest.refuse_to_follow(Manifest.parse(published.read_bytes(), place), place)

    def files() -> Iterator[tuple[str, bytes]]:
        for content in contents:
            yield f"payloads/{content.name}.bin", content.file
        for entitlement, shards in keyrings.items():
            for index, shard in enumerate(shards):
                yield f"keyrings/{entitlement}/{index}.bin", shard
        for index, shard in enumerate(seal_shards(master.shard_key(site), site, layout, now)):
            yield f"lockboxes/{index}.bin", shard
        # Last: a reader who has the new manifest finds all that it speaks of.
        yield MANIFEST, manifest.to_bytes()

    belonging, written = set(), []
    for name, raw in files():
        belonging.add(name)
        if _write_if_different(folder / name, raw):
            written.append(name)
    removed = _remove_strays(folder, belonging)
    return VaultReport(tuple(sorted(written)), removed, len(belonging) - len(written), manifest)


def _check_names(offers: Offers, epochs: Mapping[str, Epoch], contents: Sequence[SealedPart | SealedAsset]) -> None:
    for entitlement in offers.by_id:
        if entitlement not in epochs:
            raise ConfigError(f"'{entitlement}' is on offer but has no epoch")
    for content in contents:
        if payload_name(content.file) != content.name:
            raise SealError(
                f"the payload {content.name} is not what its name says", hint="Its file changed after it was sealed."
            )


def _write_if_different(path: Path, raw: bytes) -> bool:
    if path.is_file() and path.stat().st_size == len(raw) and path.read_bytes() == raw:
        return False
    path.parent.mkdir(parents=True, exist_ok=True)
    # Beside and then in place: a killed build leaves no half file, and another hard link to the old one stays.
    beside = path.with_name(path.name + _BESIDE)
    beside.write_bytes(raw)
    os.replace(beside, path)
    return True


def _remove_strays(folder: Path, belonging: set[str]) -> tuple[str, ...]:
    """Remove files that are not ``belonging``, and folders left empty; links are removed, never followed."""
    removed = []
    for parent, folders, names in os.walk(folder, topdown=False):
        here = Path(parent)
        for name in names + [name for name in folders if (here / name).is_symlink()]:
            relative = (here / name).relative_to(folder).as_posix()
            if relative not in belonging:
                (here / name).unlink()
                removed.append(relative)
        if here != folder and not os.listdir(here):
            here.rmdir()
    return tuple(sorted(removed))
