"""What names a reader in personal links: not the address, and never a member's token."""

from __future__ import annotations

import hmac
from collections.abc import Iterable

from site_builder.newsletter.addresses import person
from site_builder.vault.encoding import b64u, lp
from site_builder.vault.keys import MasterKey
from site_builder.vault.seal import hkdf

BYTES = 16


def recipient_names(master: MasterKey, site: str, addresses: Iterable[str]) -> dict[str, str]:
    """Address -> the 22 letters that stand for it: 16 bytes of HMAC-SHA256 under a key of its own.

    They tell nothing of the address, are the same in every issue, and open nothing: who has one can unsubscribe that reader.
    """
    key = hkdf(master.raw, lp("sb1/recipient", site))
    return {address: b64u(hmac.digest(key, lp(person(address)), "sha256")[:BYTES]) for address in addresses}
