"""The codes by which events name a member who agreed to be known; the browser makes the same of the token (consent.js)."""

from __future__ import annotations

import hashlib

from site_builder.membership.records import Join, Records, Reissue
from site_builder.vault.encoding import lp


def codes_in_events(site: str, records: Records, member: str) -> list[str]:
    """32 hex digits for each token that the member with this id has had, the newest last; no token follows from them."""
    tokens = sorted(
        (record.at, record.locator)
        for record in records.values()
        if isinstance(record, Join | Reissue) and record.member == member
    )
    return [
        hashlib.sha256(lp("site-builder member in events", site, locator)).hexdigest()[:32] for _, locator in tokens
    ]
