"""Where members' feeds stand: folders with a secret in their names, derived from members' keys. See docs/format.md."""

from __future__ import annotations

from site_builder.vault.encoding import lp, u32
from site_builder.vault.lockbox import Epoch
from site_builder.vault.seal import hkdf

FOLDER = "feeds/m"
"""All members' feeds stand below it, from the site's root."""
FILES = ("rss.xml", "atom.xml", "feed.json")
"""What may stand in one."""
_SECRET = 20


def entitlement_feed(site: str, entitlement: str, epoch: Epoch) -> str:
    """The folder of the feed that all holders of an entitlement read during one epoch."""
    return _folder(epoch.key, lp("sb1/feed", site, entitlement, u32(epoch.number)))


def member_feed(site: str, kek: bytes) -> str:
    """The folder of one member's own feed; it changes with the member's token alone."""
    return _folder(kek, lp("sb1/member-feed", site))


def _folder(key: bytes, info: bytes) -> str:
    return f"{FOLDER}/{hkdf(key, info)[:_SECRET].hex()}"
