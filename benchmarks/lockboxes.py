"""100,000 members' lockboxes: written cold, written again, and with one more member.

Beside it, in the same run, what password schemes need: a PBKDF2 of 600,000 rounds for each member.
"""

from __future__ import annotations

import hashlib
import sys
import tempfile
from collections.abc import Sequence
from datetime import date
from pathlib import Path

from benchmarks.results import Row, at_most, show, step
from site_builder.content.offers import Offer, Offers
from site_builder.vault.keys import MasterKey
from site_builder.vault.lockbox import SHARD, Entry, Epoch, Holder
from site_builder.vault.writer import VaultReport, write_vault

MEMBERS = 100_000
SECONDS_ALLOWED = 30
BYTES_ALLOWED = 1500
PEER_SAMPLE = 4
PEER_ROUNDS = 600_000

MASTER = MasterKey(hashlib.sha256(b"benchmark").digest())
OFFERS = Offers(
    tiers=(Offer(id="supporter", name="Supporter"), Offer(id="pro", name="Pro")),
    products=(Offer(id="course", name="Course"),),
)
EPOCHS = {entitlement: Epoch(7, hashlib.sha256(entitlement.encode()).digest()) for entitlement in OFFERS.by_id}


def member(number: int) -> Holder:
    """Every third member holds the course beside a tier, every tenth has expired."""
    tier = Entry("pro" if number % 2 else "supporter", active=number % 10 != 0, until=date(2027, 1, 1 + number % 28))
    course = (Entry("course", active=True, until=None),) if number % 3 == 0 else ()
    locator, kek = (hashlib.sha256(f"{use} {number}".encode()).digest() for use in ("locator", "kek"))
    return Holder(locator[:8], kek, f"Member {number}", (tier, *course))


def write(folder: Path, holders: Sequence[Holder]) -> VaultReport:
    """The vault of a site that has members and no parts."""
    return write_vault(
        folder,
        master=MASTER,
        site="benchmark",
        offers=OFFERS,
        parts=[],
        sealed_assets=[],
        holders=holders,
        epochs=EPOCHS,
        build_date=date(2026, 11, 22),
    )


def main() -> int:
    """Print the table; 0 if the limits are kept, 1 if not."""
    holders = [member(number) for number in range(MEMBERS)]
    with tempfile.TemporaryDirectory() as folder:
        with step(f"{MEMBERS:,} lockboxes, cold") as first:
            cold = write(Path(folder), holders)
        with step("again") as second:
            again = write(Path(folder), holders)
        with step("with one member more") as third:
            one_more = write(Path(folder), [*holders, member(MEMBERS)])
    with step(f"PBKDF2 for {PEER_SAMPLE} members") as peer:
        for number in range(PEER_SAMPLE):
            hashlib.pbkdf2_hmac("sha256", b"password %d" % number, b"salt", PEER_ROUNDS)
    slow = peer.seconds / PEER_SAMPLE * MEMBERS
    shards = cold.manifest.lockbox_shards
    rows = [
        at_most("cold", first.seconds, SECONDS_ALLOWED, "{:.1f} s"),
        Row("again, nothing new", f"{second.seconds:.1f} s"),
        at_most("files written then", len(again.written), 0, "{}"),
        Row("with one member more", f"{third.seconds:.1f} s"),
        at_most("files written then", len(one_more.written), 1, "{}"),
        at_most("published for a member", shards * SHARD / MEMBERS, BYTES_ALLOWED, "{:,.0f} bytes"),
        Row("fetched by a reader", f"{SHARD:,} bytes"),
        Row(f"PBKDF2 of {PEER_ROUNDS:,} rounds", f"{slow:,.0f} s, {slow / first.seconds:,.0f} times as long"),
    ]
    return show(f"Lockboxes: {MEMBERS:,} members in {shards:,} shards", rows)


if __name__ == "__main__":
    sys.exit(main())
