"""Addresses as feeds write them: absolute, of http or https, in ASCII."""

from __future__ import annotations

import re
from urllib.parse import quote, urlsplit, urlunsplit

_NEVER = re.compile(r"[\x00-\x20\x7f<>\"]")


def ascii_address(address: str) -> str:
    """The address in ASCII, since RSS knows no other (RFC 3986, not 3987). Raises ValueError if it is not absolute."""
    parts = urlsplit(address)
    if parts.scheme not in ("http", "https") or not parts.hostname or _NEVER.search(address):
        raise ValueError("is no absolute address")
    if address.isascii():
        return address
    rest = (quote(part, safe="%/?:@!$&'()*+,;=~") for part in (parts.path, parts.query, parts.fragment))
    return urlunsplit((parts.scheme, parts.netloc.encode("idna").decode("ascii"), *rest))
