"""One event as it is kept: what the collector made of a reader's event, what the spool holds a line of, what stores take in."""

from __future__ import annotations

from typing import Any, NamedTuple

from pydantic_core import from_json, to_json

DAY = 86_400_000
OLDEST = 7 * DAY
"""How long an event may have waited in a browser that was offline, in ms."""
BOT = 50
"""From this score on an event counts as a bot's."""


class Record(NamedTuple):
    """An event with what the collector knows of its sender. No address and no User-Agent: only what was read from them.

    A named tuple, since one is made for each event: half as long in the making as a frozen dataclass. Empty text and 0 stand
    for what is not known.
    """

    id: str
    """UUID text, made by the browser: a second record of the same id is the same event."""
    site: str
    name: str
    t: int
    """When it happened: the reader's clock, put right by the difference at sending; ms since 1970, never after ``received``."""
    received: int
    """When it came in: the collector's clock, ms since 1970."""
    pv: str
    """UUID text of the page view."""
    url: str
    """The path alone."""
    utm_source: str = ""
    utm_medium: str = ""
    utm_campaign: str = ""
    post: str = ""
    """UUID text of the post or chapter, as in the hook manifest."""
    visitor: str = ""
    """16 hex digits that mean nothing after the day."""
    member: str = ""
    """Only with the reader's consent."""
    ref: str = ""
    """The referrer's host; empty for the site itself."""
    width: int = 0
    """Of the window, in CSS pixels."""
    browser: str = ""
    os: str = ""
    device: str = ""
    """phone, tablet or desktop."""
    lang: str = ""
    """The language that the reader's browser asks for first, such as ``zh-CN``."""
    bot: int = 0
    """0 to 100; from BOT on it counts as one."""
    props: dict[str, Any] = {}  # noqa: RUF012  (never changed: a record is frozen)

    def to_line(self) -> bytes:
        """One JSON object without a line break."""
        return to_json(self._asdict(), inf_nan_mode="null")


_FIELDS = frozenset(Record._fields)


def from_line(line: bytes) -> Record:
    """The record of ``to_line``; fields of a later version are left out. Raises ValueError if it is none."""
    found = from_json(line)
    if not isinstance(found, dict):
        raise ValueError("not an object")
    try:
        return Record(**found)
    except TypeError:
        pass
    try:
        return Record(**{name: value for name, value in found.items() if name in _FIELDS})
    except TypeError as error:
        raise ValueError(str(error)) from None


def corrected(t: int, sent: int, received: int) -> int:
    """When an event happened by the collector's clock: ``t`` and ``sent`` are the reader's, all in ms since 1970.

    The time between event and sending is trusted, the reader's clock is not. The result lies within seven days before
    ``received``, so no clock makes an event of the future or of long ago.
    """
    return min(max(received - (sent - t), received - OLDEST), received)
