"""What the roll-ups ought to say, counted one event after the other in Python, by another way than the SQL's."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from site_builder.analytics.period import Period, day_number
from site_builder.analytics.record import BOT, DAY, Record


@dataclass
class Seen:
    """A page view, with the most that was reported of it."""

    page: Record
    scroll: int = 0
    active_ms: int = 0
    heading: str = ""
    reported: bool = False


@dataclass
class Counts:
    views: int = 0
    visitors: set[tuple[int, str]] = field(default_factory=set)
    active_ms: int = 0
    finished: int = 0
    scroll: int = 0
    engaged: int = 0

    def add(self, seen: Seen) -> None:
        self.views += 1
        self.visitors.add((seen.page.t // DAY, seen.page.visitor))
        self.active_ms += seen.active_ms
        self.finished += seen.scroll >= 90
        self.scroll += seen.scroll
        self.engaged += seen.reported


class Oracle:
    """Each id counts once; people and bots apart."""

    def __init__(self, records: Iterable[Record], period: Period) -> None:
        unique = {record.id: record for record in records}.values()
        first, last = day_number(period.since), day_number(period.until)
        within = [record for record in unique if first <= record.t // DAY <= last]
        self.seen = {record.pv: Seen(record) for record in within if record.name == "pageview"}
        for record in unique:
            seen = self.seen.get(record.pv)
            if record.name != "engagement" or seen is None:
                continue
            if record.t >= (seen.page.t // DAY + 1) * DAY + 6 * 3_600_000:
                continue
            seen.reported = True
            deeper = record.props["scroll"], record.props["active_ms"]
            if deeper >= (seen.scroll, seen.active_ms):
                seen.heading = record.props.get("heading", "")
            seen.scroll, seen.active_ms = max(seen.scroll, deeper[0]), max(seen.active_ms, deeper[1])
        self.people = [seen for seen in self.seen.values() if seen.page.bot < BOT]
        self.bots = [seen for seen in self.seen.values() if seen.page.bot >= BOT]
        self.events = [
            record for record in within if record.name not in ("pageview", "engagement") and record.bot < BOT
        ]

    def by(self, name: str) -> dict[str, Counts]:
        """Page views of people by a field of the page view's record."""
        found: dict[str, Counts] = defaultdict(Counts)
        for seen in self.people:
            found[getattr(seen.page, name)].add(seen)
        return found

    def count(self, name: str, *props: str) -> Counter[tuple[object, ...]]:
        """Events of a name by post and props."""
        return Counter(
            (record.post, *(record.props.get(prop) for prop in props)) for record in self.events if record.name == name
        )

    def came(self, steps: Sequence[str], posts: Iterable[str]) -> list[int]:
        """For each step, named by its event, the visitors of a day and post who took the first, and that one or a later."""
        did: dict[tuple[int, str, str], set[str]] = {}
        for record in self.events:
            did.setdefault((record.t // DAY, record.post, record.visitor), set()).add(record.name)
        among = set(posts)
        began = [names for (_, post, _), names in did.items() if post in among and steps[0] in names]
        return [sum(bool(names & set(steps[at:])) for names in began) for at in range(len(steps))]

    def pairs(self) -> Counter[tuple[str, str]]:
        """How many visitors read both posts on one day."""
        read: dict[tuple[int, str], set[str]] = defaultdict(set)
        for seen in self.people:
            if seen.page.post:
                read[seen.page.t // DAY, seen.page.visitor].add(seen.page.post)
        few = [posts for posts in read.values() if len(posts) <= 50]
        return Counter((post, other) for posts in few for post in posts for other in posts if post != other)
