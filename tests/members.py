"""Members of a test blog, and what their keys open, without a browser."""

from __future__ import annotations

import json

from site_builder.content.library import find_documents, read_documents
from site_builder.membership.standing import read_standing
from site_builder.vault.keyring import open_keyring, part_id
from site_builder.vault.manifest import Manifest
from site_builder.vault.payload import PartBody, open_part
from tests.sites import TODAY, Blog


def open_parts(blog: Blog, *entitlements: str) -> dict[str, PartBody]:
    """Part name -> content, for the holder of ``entitlements`` (of everything on offer, if none is named)."""
    settings, vault = blog.settings, blog.site / "vault"
    manifest = Manifest.parse((vault / "manifest.json").read_bytes())
    _, epochs = read_standing(settings, blog.keys, manifest.date)
    found: dict[bytes, tuple[bytes, str]] = {}
    for entitlement in entitlements or settings.offers.by_id:
        shards = manifest.entitlements[entitlement].keyring_shards
        for index in range(shards):
            file = (vault / f"keyrings/{entitlement}/{index}.bin").read_bytes()
            epoch = epochs[entitlement]
            for entry in open_keyring(epoch.key, settings.site, entitlement, epoch.number, index, shards, file):
                found[entry.id] = entry.key, entry.payload
    bodies: dict[str, PartBody] = {}
    for document in read_documents(find_documents(settings.docs_dir), settings, manifest.date):
        for segment in document.gated:
            name = document.part(segment)
            if (known := found.get(part_id(settings.site, name))) is not None:
                file = (vault / f"payloads/{known[1]}.bin").read_bytes()
                bodies[name] = open_part(settings.site, name, segment.entitlements, known[0], file)
    return bodies


def add_member(blog: Blog, *arguments: str, email: str = "ada@example.com") -> dict[str, str]:
    """A new member by the command line: ``member``, ``token`` and ``unlock_url``."""
    done = blog.run("members", "add", "--email", email, *arguments, "--at", f"{TODAY}T08:00:00Z", "--json")
    member = json.loads(done.stdout)
    assert isinstance(member, dict)
    return member
