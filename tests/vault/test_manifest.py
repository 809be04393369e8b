"""The manifest: written in one way only, and never followed by an older one."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from site_builder.errors import Place, PublishError
from site_builder.vault.manifest import Keyrings, Manifest

NUMBER = st.integers(1, 2**32 - 1)
KEYRINGS = st.builds(Keyrings, epoch=NUMBER, keyring_shards=NUMBER, name=st.text())
MANIFESTS = st.builds(
    Manifest,
    date=st.dates(),
    entitlements=st.dictionaries(st.from_regex(r"[a-z0-9][a-z0-9-]{0,31}", fullmatch=True), KEYRINGS, max_size=3),
    lockbox_shards=NUMBER,
    site=st.from_regex(r"[a-z0-9][a-z0-9-]{0,62}", fullmatch=True),
)


def manifest(site: str = "my-blog", **epochs: int) -> Manifest:
    return Manifest(
        date=date(2026, 11, 22),
        entitlements={
            name: Keyrings(epoch=epoch, keyring_shards=16, name=name.title()) for name, epoch in epochs.items()
        },
        lockbox_shards=4096,
        site=site,
    )


def test_the_manifest_is_written_as_the_format_document_shows() -> None:
    assert manifest(pro=3).to_bytes().decode() == (
        '{"date":"2026-11-22","entitlements":{"pro":{"epoch":3,"keyring_shards":16,"name":"Pro"}},'
        '"format":1,"lockbox_shards":4096,"site":"my-blog"}\n'
    )


@given(MANIFESTS)
def test_a_manifest_comes_back(written: Manifest) -> None:
    assert Manifest.parse(written.to_bytes()) == written
    assert Manifest.parse(written.to_bytes()).to_bytes() == written.to_bytes()


def test_a_damaged_manifest_is_refused_with_its_file_and_the_field() -> None:
    place = Place(Path("site/vault/manifest.json"))
    raw = manifest(pro=3).to_bytes().replace(b'"epoch":3', b'"epoch":"three"')
    with pytest.raises(PublishError, match=r"site/vault/manifest\.json: .*entitlements\.pro\.epoch"):
        Manifest.parse(raw, place)


def test_a_lower_epoch_than_the_published_one_is_refused() -> None:
    with pytest.raises(PublishError, match="epoch 3 of 'pro', this build only 2"):
        manifest(pro=2, course=9).refuse_to_follow(manifest(pro=3, course=1))


def test_the_same_or_higher_epochs_a_new_or_a_vanished_entitlement_and_another_site_are_no_rollback() -> None:
    manifest(pro=3).refuse_to_follow(manifest(pro=3))
    manifest(pro=4, course=0).refuse_to_follow(manifest(pro=3))
    manifest(pro=3).refuse_to_follow(manifest(pro=3, course=8))
    manifest(pro=2).refuse_to_follow(manifest("another-blog", pro=3))
