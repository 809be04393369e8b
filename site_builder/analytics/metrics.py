"""What the collector counts of itself, as Prometheus reads it (text exposition format 0.0.4)."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

BOUNDS = (0.005, 0.01, 0.02, 0.03, 0.06, 0.1, 0.25, 1.0, 5.0)
"""Seconds of an answer."""
TYPE = "text/plain; version=0.0.4; charset=utf-8"


@dataclass
class Counts:
    """Since the process began."""

    answers: Counter[int] = field(default_factory=Counter)
    """By HTTP status."""
    webhooks: Counter[tuple[str, str]] = field(default_factory=Counter)
    """Of payment providers: by provider, and by what became of them (kept, passed, refused)."""
    accepted: int = 0
    rejected: int = 0
    ignored: int = 0
    """Bodies of browsers that ask for privacy."""
    bots: int = 0
    refused_by_disk: int = 0
    damage: int = 0
    """Lines and ends of segments that could not be read."""
    seconds: float = 0.0
    within: list[int] = field(default_factory=lambda: [0] * (len(BOUNDS) + 1))

    def answered(self, status: int, seconds: float) -> None:
        """Count one answer."""
        self.answers[status] += 1
        self.seconds += seconds
        self.within[bisect_left(BOUNDS, seconds)] += 1


def prometheus(counts: Counts, gauges: dict[str, tuple[str, float]]) -> str:
    """The text of ``/metrics``; ``gauges`` are values of the moment with what they mean."""
    return "\n".join(_lines(counts, gauges)) + "\n"


def _lines(counts: Counts, gauges: dict[str, tuple[str, float]]) -> Iterator[str]:
    yield from _head("answers_total", "counter", "Answers to POST /e by status.")
    yield from (f'analytics_answers_total{{status="{status}"}} {n}' for status, n in sorted(counts.answers.items()))
    for name, meaning, value in (
        ("events_accepted_total", "Events that were on disk before they were answered.", counts.accepted),
        ("events_rejected_total", "Events that were none.", counts.rejected),
        ("events_of_bots_total", "Accepted events that are kept apart as a program's.", counts.bots),
        ("bodies_ignored_total", "Bodies of browsers that ask for privacy.", counts.ignored),
        ("refused_by_disk_total", "Bodies that the disk did not take: answered with 503.", counts.refused_by_disk),
        ("damage_total", "Lines and ends of segments that could not be read.", counts.damage),
    ):
        yield from _head(name, "counter", meaning)
        yield f"analytics_{name} {value}"
    yield from _head("webhooks_total", "counter", "Requests to POST /purchase/ by provider and by what became of them.")
    for (provider, became), n in sorted(counts.webhooks.items()):
        yield f'analytics_webhooks_total{{provider="{provider}",became="{became}"}} {n}'
    for name, (meaning, number) in gauges.items():
        yield from _head(name, "gauge", meaning)
        yield f"analytics_{name} {number:g}"
    yield from _head("answer_seconds", "histogram", "Time until an answer to POST /e.")
    so_far = 0
    for bound, n in zip(BOUNDS, counts.within, strict=False):
        so_far += n
        yield f'analytics_answer_seconds_bucket{{le="{bound:g}"}} {so_far}'
    total = so_far + counts.within[-1]
    yield f'analytics_answer_seconds_bucket{{le="+Inf"}} {total}'
    yield f"analytics_answer_seconds_sum {counts.seconds:.6f}"
    yield f"analytics_answer_seconds_count {total}"


def _head(name: str, kind: str, meaning: str) -> Iterator[str]:
    yield f"# HELP analytics_{name} {meaning}"
    yield f"# TYPE analytics_{name} {kind}"
