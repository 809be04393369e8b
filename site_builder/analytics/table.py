"""An answer: named columns, rows, and notes that say how its numbers are to be read. As CSV and JSON."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import Any

from site_builder.analytics.period import Period
from site_builder.csv_text import csv_text

Value = str | int | float | None
BEFORE = "_before"
"""What a column's name ends with that has the compared period's numbers."""
# Where a cell begins, for programs that take a semicolon or a tab for what separates cells as well.
_FORMULA = re.compile(r"(^|[;\t\r\n]\s*)(?=[=+\-@\t\r\n＝＋－＠])")


@dataclass(frozen=True)
class Table:
    """Rows in the order in which they are to be shown. Shares are 0 to 1, days ISO 8601, ``None`` is not known or not defined."""

    name: str
    """The question."""
    columns: tuple[str, ...]
    rows: tuple[tuple[Value, ...], ...]
    notes: tuple[str, ...] = ()
    """Keys of ``NOTES``."""
    period: Period | None = None

    def column(self, name: str) -> tuple[Value, ...]:
        """All values of one column. Raises ValueError if there is none of that name."""
        at = self.columns.index(name)
        return tuple(row[at] for row in self.rows)

    def records(self) -> list[dict[str, Value]]:
        """Each row as a mapping."""
        return [dict(zip(self.columns, row, strict=True)) for row in self.rows]

    def csv(self) -> str:
        """RFC 4180 with a line feed after each row; text that spreadsheets take for a formula gets an apostrophe before it."""
        return csv_text([self.columns, *([_cell(value) for value in row] for row in self.rows)])

    def json(self) -> str:
        """One object: name, since, until, columns, rows as arrays, notes in words."""
        data: dict[str, Any] = {"name": self.name}
        if self.period:
            data |= {"since": self.period.since.isoformat(), "until": self.period.until.isoformat()}
        data |= {"columns": self.columns, "rows": self.rows, "notes": [NOTES[note] for note in self.notes]}
        return json.dumps(data, ensure_ascii=False, separators=(",", ":"))


def _cell(value: Value) -> str | int | float:
    if isinstance(value, str):
        return _FORMULA.sub(r"\1'", value)
    return "" if value is None else value


NOTES = {
    "visitors": (
        "Visitors are summed daily visitors: what tells one visitor from another is forgotten every day, so that somebody who "
        "comes on three days counts three times."
    ),
    "readers": "Readers are visitors of a day and a post: who reads two posts counts twice.",
    "bots": "Bots are left out here; the question “bots” has them.",
    "finished": (
        "Finished means that at least 90 % of the article's text, by its height, was seen: of its public part, by those to whom "
        "the rest was not open. It is told of all page views."
    ),
    "active": (
        "Active time is when the page was seen, had the focus and was used. It and depth are averages over the page views whose "
        "readers stayed long enough for it to be told."
    ),
    "headings": "A reader reached all headings above the furthest one that was seen.",
    "funnel": (
        "Each step counts readers of a day and a post who came so far or further, only on posts that have a part for members, "
        "and without those to whom it was open already."
    ),
    "words": "The words are kept as long as single events are; the counts stay.",
    "also_read": "Readers of both posts on the same day.",
    "money": (
        "Amounts are what payment providers told: taxes included, before their fee, each currency by itself. A refund counts on "
        "the day on which it was made."
    ),
    "money_of_posts": "Only payments that name their post are told here; of refunds, few do.",
}
"""Each note in words; a page in another language has its own for the same keys."""
