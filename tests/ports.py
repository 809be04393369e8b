"""Ports for servers that have to be told theirs before they begin."""

from __future__ import annotations

import random
import socket
from contextlib import suppress

# Below those that systems give to whoever asks for any, or connects: until the server has it, nobody gets it by chance.
PORTS = range(20_000, 30_000)


def free_port() -> int:
    """A port of this machine that nothing listens on."""
    return free_ports(1)[0]


def free_ports(count: int) -> list[int]:
    """So many, each another."""
    found: list[int] = []
    for port in random.sample(PORTS, len(PORTS)):
        if len(found) == count:
            return found
        with suppress(OSError), socket.create_server(("127.0.0.1", port)):
            found.append(port)
    raise LookupError("too few ports are free")
