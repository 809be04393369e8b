"""How often one address may send: what keeps a flood from one place off the others. Nothing of it outlives the process."""

from __future__ import annotations

import secrets
from hashlib import blake2b

from site_builder.analytics.salt import network


class Rates:
    """A token bucket for each address, of IPv6 for each /64: ``per_second`` requests, ``burst`` at once.

    A bucket is one number, the time at which it will be full again (the generic cell rate algorithm of ATM), under a hash of the
    address. At most ``most`` are kept; those that were used least lately go first, so a flood from many places costs no memory.
    """

    def __init__(self, per_second: float, burst: int, most: int = 20_000) -> None:
        self.per_second, self.burst, self.most = per_second, burst, most
        self._key = secrets.token_bytes(16)
        self._full: dict[bytes, float] = {}

    def wait(self, address: str, now: float) -> float:
        """Seconds until the address may send again, and 0 if it may now, which counts; ``now`` in seconds of a clock that never
        goes back. A rate of 0 is none."""
        if not self.per_second:
            return 0.0
        key = blake2b(network(address).encode("utf-8", "replace"), digest_size=8, key=self._key).digest()
        full = max(self._full.pop(key, now), now) + 1 / self.per_second
        over = full - now - self.burst / self.per_second
        if over > 1e-9:
            full -= 1 / self.per_second
        self._full[key] = full
        if len(self._full) > self.most:
            del self._full[next(iter(self._full))]
        return over if over > 1e-9 else 0.0
