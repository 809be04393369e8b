"""From events as a browser sent them to records: who sent them, from where, by which campaign, and whether it is a program."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from ipaddress import ip_address
from urllib.parse import parse_qsl, urlsplit

from site_builder.analytics.agents import read_agent
from site_builder.analytics.bots import NO_ORIGIN, NO_WIDTH, Pace, agent_score
from site_builder.analytics.record import DAY, Record, corrected
from site_builder.analytics.salt import Salts
from site_builder.engagement.events import Batch, Event

CAMPAIGN = ("utm_source", "utm_medium", "utm_campaign")
LONGEST_CAMPAIGN = 100


@dataclass(frozen=True, slots=True)
class Sender:
    """What a request says of where it comes from. The address goes into the visitor's hash and nowhere else."""

    address: str
    agent: str = ""
    languages: str = ""
    """Accept-Language."""
    origin: bool = True
    """Whether it named one, as browsers do with each POST."""


def sender_address(peer: str, forwarded: str, behind_proxy: bool) -> str:
    """The address to believe: the peer's, or behind a proxy the last of X-Forwarded-For, which is the one that the proxy wrote.

    What stands before it came from the sender, who may write anything there.
    """
    if not behind_proxy:
        return peer
    last = forwarded.rpartition(",")[2].strip()
    if last.startswith("["):  # some write the port too
        last = last[1:].partition("]")[0]
    elif last.count(":") == 1:
        last = last.partition(":")[0]
    try:
        ip_address(last)
    except ValueError:
        return peer
    return last


def records(
    batch: Batch, events: Iterable[Event], sender: Sender, received: int, salts: Salts, pace: Pace, own: Collection[str]
) -> list[Record]:
    """One record for each event; ``received`` in ms since 1970, ``own`` the site's hosts, which are no sources."""
    events = list(events)
    who = sender.address, sender.agent, batch.site, received
    visitor = salts.visitor(*who)
    visitors = {received // DAY: visitor}  # by the day of the event, which may have waited
    agent = read_agent(sender.agent)
    views = sum(event.name == "pageview" for event in events)
    bot = agent_score(sender.agent, sender.languages) + pace.score(visitor, views, received)
    bot += (0 if sender.origin else NO_ORIGIN) + (0 if batch.width else NO_WIDTH)
    seen = (event.told.get("lang", "") for event in events if event.name == "pageview")
    language = _language(sender.languages) or next(seen, "")
    referrer = referrer_host(batch.ref or "", own)
    places: dict[str, tuple[str, str, str, str]] = {}  # the events of a body mostly share one
    found = []
    for event in events:
        place = places.get(event.url) or places.setdefault(event.url, _place(event.url))
        t = corrected(event.t, batch.sent, received)
        if t // DAY not in visitors:
            visitors[t // DAY] = salts.visitor(*who, t // DAY)
        found.append(
            Record(
                event.id, batch.site, event.name, t, received, event.pv, *place,
                event.post or "", visitors[t // DAY], batch.member or "", referrer, batch.width or 0, *agent, language,
                min(bot, 100), event.told,
            )
        )  # fmt: skip
    return found


def _language(accepted: str) -> str:
    said = accepted.partition(",")[0].partition(";")[0].strip()[:35]
    return said if said.replace("-", "").isalnum() and said.isascii() else ""


def referrer_host(referrer: str, own: Collection[str]) -> str:
    """The host that a reader came from, without ``www.``; empty for the site's own hosts and for what is no address."""
    try:
        host = urlsplit(referrer).hostname or ""
    except ValueError:
        return ""
    return "" if host in own or len(host) > 253 else host.removeprefix("www.")


def campaign_fields(query: str) -> tuple[str, str, str]:
    """Source, medium and campaign of a query, as links of newsletters and advertisements have them; empty where there is none."""
    if not query:
        return "", "", ""
    try:
        said = dict(reversed(parse_qsl(query, max_num_fields=100)))
    except ValueError:  # more fields than any page has
        return "", "", ""
    source, medium, campaign = (_printable(said.get(name, "")) for name in CAMPAIGN)
    return source, medium, campaign


def _place(url: str) -> tuple[str, str, str, str]:
    path, _, query = url.partition("#")[0].partition("?")
    return path, *campaign_fields(query)


def _printable(text: str) -> str:
    return "".join(letter for letter in text[:LONGEST_CAMPAIGN] if letter.isprintable())
