"""Ports for servers that have to be told theirs before they begin."""

from __future__ import annotations

import random
import socket
from contextlib import suppress

# Below those that systems give to whoever asks for any, or connects: until the server has it, nobody gets it by chance.
PORTS = range(20_000, 30_000)


def free_port() -> int:
    """A port of this machine that nothing listens on."""
    for port in random.sample(PORTS, len(PORTS)):
        with suppress(OSError), socket.create_server(("127.0.0.1", port)):
            return port
    raise LookupError("no port is free")
