"""Tables as CSV text (RFC 4180) that every reader takes apart as it was put together."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence


class _Lines(list[str]):
    """A line feed after each row. The writer thinks that it is more, so that it quotes cells with a carriage return too."""

    ENDS = "\r\n"

    def write(self, row: str) -> None:
        self.append(row.removesuffix(self.ENDS) + "\n")


def csv_text(rows: Iterable[Sequence[object]]) -> str:
    """The rows, of which the first may be the header, with a line feed after each."""
    lines = _Lines()
    csv.writer(lines, lineterminator=_Lines.ENDS).writerows(rows)
    return "".join(lines)
