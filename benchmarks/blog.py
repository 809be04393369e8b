"""Large blogs for the benchmarks: posts of made-up words, the same in every run, and rosters of any size."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from itertools import accumulate
from random import Random

from site_builder.membership.changes import join, terms
from site_builder.membership.desk import changing
from tests.sites import Blog

FIRST_DAY = date(2024, 1, 1)
JOINED = datetime(2026, 11, 1, 8, tzinfo=UTC)
TIERS = ("supporter", "pro")


COMMON = (
    "the of and to in is that for it with as on be by this are or from an at which when can not has but if one all we "
    "more other use time only some what there how into out its than also then each code page file value key data test"
)


def _words() -> list[str]:
    letters = Random(0)
    syllables = [a + b + c for a in "bcdfghklmnprstvw" for b in "aeiou" for c in ("", "n", "r", "s", "t")]
    return [*COMMON.split(), *("".join(letters.choices(syllables, k=letters.randint(2, 4))) for _ in range(4000))]


class Author:
    """Writes Markdown: common English words among made-up ones, as frequent as in a language, so that it compresses so."""

    words = _words()
    weights = tuple(accumulate(1 / (rank + 5) for rank in range(len(words))))

    def __init__(self, seed: int) -> None:
        self.random = Random(seed)

    def some(self, count: int) -> list[str]:
        return self.random.choices(self.words, cum_weights=self.weights, k=count)

    def sentence(self) -> str:
        return f"{' '.join(self.some(self.random.randint(6, 18)))}.".capitalize()

    def paragraph(self) -> str:
        return " ".join(self.sentence() for _ in range(5)) + "\n"

    def title(self) -> str:
        return " ".join(self.some(4)).capitalize()

    def code(self) -> str:
        """A dozen lines of Python, in a fence."""
        lines = ["```python"]
        for name, argument, value in (("_".join(self.some(2)) for _ in range(3)) for _ in range(3)):
            lines += [f"def {name}({argument}: int) -> str:", f'    """{self.sentence()}"""']
            lines += [f"    {value} = {argument} * {self.random.randint(2, 99)}", f'    return f"{{{value}}} {name}"']
        return "\n".join([*lines, "```\n"])

    def table(self) -> str:
        rows = [self.some(3) for _ in range(4)]
        return "\n".join(f"| {' | '.join(row)} |" for row in [rows[0], ["---"] * 3, *rows[1:]]) + "\n"

    def section(self) -> str:
        """About 3,000 characters below a heading: text, code, a table."""
        return "\n".join(
            [f"## {self.title()}\n", self.paragraph(), self.paragraph(), self.code(), self.paragraph(), self.table()]
        )

    def article(self, size: int) -> str:
        """Whole sections, at least ``size`` bytes."""
        text = ""
        while len(text) < size:
            text += self.section() + "\n"
        return text


def write_posts(blog: Blog, count: int, *, premium: int, public_size: int, gated_size: int) -> None:
    """``count`` posts on as many days, of which ``premium`` are gated after their public part, in turn at either tier."""
    for number in range(count):
        author = Author(number)
        gated = number * premium // count != (number + 1) * premium // count
        header = f"slug: post-{number}\ntags: [{', '.join(author.some(2))}]\ndescription: {author.title()}"
        body = f"# {author.title()}\n\n{author.paragraph()}\n<!-- more -->\n\n{author.article(public_size)}"
        more = author.article(gated_size)
        if gated:
            header += f"\naccess: {TIERS[number % 2]}"
            more = f"<!-- paywall -->\n\n{more}"
        blog.post(f"post-{number}", f"{body}\n{more}", header=header, day=str(FIRST_DAY + timedelta(days=number)))


def enrol(blog: Blog, count: int, *, number: int = 0) -> list[str]:
    """New members from ``number`` on, in turn of either tier; returns their tokens."""
    with changing(blog.settings, JOINED.date()) as desk:
        granted = [terms(desk.settings.offers, tier, (), None, JOINED.date()) for tier in TIERS]
        newcomers = [
            join(f"reader{index}@example.com", f"Reader {index}", granted[index % 2], JOINED)
            for index in range(number, number + count)
        ]
        desk.add([record for record, _ in newcomers])
    return [token for _, token in newcomers]
