"""Who is the same visitor today: a hash under a random salt of the day. Salts go within 48 hours; addresses are never kept."""

from __future__ import annotations

import os
import secrets
from datetime import date, timedelta
from hashlib import blake2b
from ipaddress import IPv6Address, ip_address
from pathlib import Path

from site_builder.analytics.record import DAY

SALT_BYTES = 32


class Salts:
    """The salts in a folder, one file a day named ``2026-11-22``, so that a restart does not make new visitors of old ones."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._day = -1
        self._salt = b""
        self.kept = True
        """Whether today's salt is on disk; if the disk is full, it lasts as long as the process."""

    def visitor(self, address: str, agent: str, site: str, now: int, day: int | None = None) -> str:
        """16 hex digits for one address and User-Agent on one site and UTC day; ``now`` in ms since 1970.

        What waited in a browser since another day, ``day`` since 1970, has another visitor, so that no two days are tied
        together by what came at once. Of an IPv6 address the network counts (/64), as its owner's devices change the rest at
        will.
        """
        # Lengths before texts, so that no two lists are hashed as the same bytes.
        told = (network(address), agent, site, "" if day in (None, now // DAY) else str(day))
        parts = [part.encode("utf-8", "replace") for part in told]
        text = b"".join(len(part).to_bytes(4) + part for part in parts)
        return blake2b(text, digest_size=8, key=self.salt(now)).hexdigest()

    def salt(self, now: int) -> bytes:
        """The salt of the UTC day of ``now``."""
        day = now // DAY
        if day != self._day:
            self._salt, self._day = self._read_or_make(_name(day)), day
            self.forget(now)
        return self._salt

    def _read_or_make(self, name: str) -> bytes:
        path = self.folder / name
        self.kept = True
        try:
            self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            if path.exists() and len(salt := path.read_bytes()) == SALT_BYTES:
                return salt
            salt = secrets.token_bytes(SALT_BYTES)
            beside = path.with_suffix(".new")
            beside.unlink(missing_ok=True)
            descriptor = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(descriptor, "wb") as file:
                file.write(salt)
            beside.replace(path)
        except OSError:
            self.kept = False
            return secrets.token_bytes(SALT_BYTES)
        return salt

    def forget(self, now: int) -> None:
        """Delete all salts but those of today and yesterday; also one that a clock ahead of its time made."""
        keep = {_name(now // DAY), _name(now // DAY - 1)}
        for path in self.folder.glob("????-??-??*"):
            if path.name not in keep:
                path.unlink(missing_ok=True)


def network(address: str) -> str:
    """The address, or of IPv6 its /64; a mapped IPv4 address is IPv4. What is no address stays as it is."""
    if ":" not in address:
        return address
    try:
        found = ip_address(address.partition("%")[0])
    except ValueError:
        return address
    if isinstance(found, IPv6Address) and found.ipv4_mapped:
        return str(found.ipv4_mapped)
    return found.packed[:8].hex()


def _name(day: int) -> str:
    return (date(1970, 1, 1) + timedelta(days=day)).isoformat()
