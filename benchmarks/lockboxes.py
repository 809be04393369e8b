"""100,000 members' lockboxes: written cold, written again, and with one more member.

Run: python benchmarks/lockboxes.py. Beside it, in the same run, what password schemes need: a PBKDF2 of 600,000 rounds
for each member.
"""

from __future__ import annotations

import hashlib
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from pathlib import Path

from rich.console import Console
from rich.table import Table

from site_builder.content.offers import Offer, Offers
from site_builder.vault.keys import MasterKey
from site_builder.vault.lockbox import SHARD, Entry, Epoch, Holder
from site_builder.vault.writer import VaultReport, write_vault

MEMBERS = 100_000
SECONDS_ALLOWED = 30
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


@contextmanager
def timed(seconds: dict[str, float], what: str) -> Iterator[None]:
    """Put the seconds that the block takes under ``what``."""
    start = time.perf_counter()
    yield
    seconds[what] = time.perf_counter() - start


def main() -> int:
    """Print the table; 0 if the limits are kept, 1 if not."""
    seconds: dict[str, float] = {}
    holders = [member(number) for number in range(MEMBERS)]
    with tempfile.TemporaryDirectory() as folder:
        with timed(seconds, "cold"):
            cold = write(Path(folder), holders)
        with timed(seconds, "again"):
            again = write(Path(folder), holders)
        with timed(seconds, "one more"):
            one_more = write(Path(folder), [*holders, member(MEMBERS)])
    with timed(seconds, "peer"):
        for number in range(PEER_SAMPLE):
            hashlib.pbkdf2_hmac("sha256", b"password %d" % number, b"salt", PEER_ROUNDS)
    peer = seconds["peer"] / PEER_SAMPLE * MEMBERS
    published = cold.manifest.lockbox_shards * SHARD

    table = Table("what", "found", "limit", title=f"{MEMBERS:,} members in {cold.manifest.lockbox_shards:,} shards")
    table.add_row("cold", f"{seconds['cold']:.1f} s", f"{SECONDS_ALLOWED} s")
    table.add_row("again, nothing new", f"{seconds['again']:.1f} s, {len(again.written)} files written", "0 files")
    table.add_row("one more member", f"{seconds['one more']:.1f} s, {len(one_more.written)} files written", "1 file")
    table.add_row("published", f"{published / MEMBERS:.0f} bytes a member", "1,500 bytes")
    table.add_row("a reader fetches", f"{SHARD:,} bytes", "")
    table.add_row(f"PBKDF2, {PEER_ROUNDS:,} rounds", f"{peer:,.0f} s, {peer / seconds['cold']:,.0f} times as long", "")
    Console().print(table)

    kept = seconds["cold"] <= SECONDS_ALLOWED and not again.written and len(one_more.written) == 1
    return 0 if kept and published <= 1500 * MEMBERS else 1


if __name__ == "__main__":
    sys.exit(main())
