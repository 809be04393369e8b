"""What holds of the gate for any page: nothing gated is in the public text, nothing is lost, and nothing is out of order."""

from __future__ import annotations

import re
from itertools import count
from typing import NamedTuple

from hypothesis import example, given
from hypothesis import strategies as st

from site_builder.content.access import Access
from site_builder.content.gate import split
from site_builder.content.library import Document
from site_builder.content.source import parse_source
from site_builder.errors import ContentError
from tests.content.pages import OFFERS, PAGE, access

# Blocks of Markdown; each § becomes a word that stands nowhere else on the page.
BLOCKS = [
    "§ some text",
    "§ two\n§ lines",
    "## § heading",
    "§ heading\n---------",
    "- § item\n- § item\n\n    § more of it\n\n    ```\n    § code ///\n    ```",
    "1. § item\n\n    ////// § no block",
    "> § quoted\n> ~~~\n> § code\n> ~~~",
    "```python\n§ = 1\n///\n/// paywall | gold\n```",
    "~~~\n```\n§\n~~~",
    "````markdown\n```\n§\n```\n````",
    "§\n\n    § indented code",
    "!!! note\n    § text\n\n    § text",
    '=== "§"\n\n    § tab\n\n=== "§"\n\n    ```\n    § code\n    ```',
    "//// details | §\n§ text\n////",
    "| § | b |\n|---|---|\n| § | d |",
    "<div markdown>\n§ text\n</div>",
    "<!-- § comment -->",
    "<!--\n§ comment\n-->",
    "§ `inline` ``with ` tick`` `<!-- paywall -->`",
    "$$\n§ = x\n$$",
    "§\n: definition",
    "***",
]
WHOLE = [*BLOCKS, "/// note | §\n§ text\n///"]


class Piece(NamedTuple):
    markdown: str
    gated: bool
    own_line: bool = False


@st.composite
def pages(draw: st.DrawFn) -> tuple[str, list[Piece]]:
    """The Markdown of a page that has access `supporter`, and what was put into it."""
    number = count(1)

    def fill(block: str) -> str:
        return re.sub("§", lambda _: f"word{next(number)}x", block)

    def runs(blocks: list[str], below: bool) -> list[Piece]:
        pieces: list[Piece] = []
        for _ in range(draw(st.integers(0, 3))):
            if draw(st.booleans()):
                chosen = draw(st.lists(st.sampled_from(blocks), min_size=1, max_size=3))
                pieces.append(Piece("\n\n".join(map(fill, chosen)), below))
            else:
                slashes = draw(st.sampled_from(["///", "/////"]))
                names = draw(st.sampled_from(["", " | pro", "|course", " | pro, book "]))
                inner = fill(draw(st.sampled_from(BLOCKS)))
                pieces.append(Piece(f"{slashes} paywall{names}\n{inner}\n{slashes}", True))
        return pieces

    above, below = runs(WHOLE, False), runs(WHOLE, True)
    last = Piece(fill("§ the last word"), True)
    marker = draw(st.sampled_from(["<!-- paywall -->", "<!-- more -->", "  <!--PAYWALL-->  "]))
    pieces = [*above, Piece(marker, False, own_line=True), *below, last]
    glue = draw(st.sampled_from(["\n\n", "\n\n\n"]))
    return glue.join(piece.markdown for piece in pieces), pieces


def words(text: str) -> list[str]:
    return re.findall(r"word\d+x", text)


@given(pages())
def test_public_text_has_every_public_word_in_order_and_no_gated_one(page: tuple[str, list[Piece]]) -> None:
    text, pieces = page
    source = parse_source(PAGE, text)
    reader = access("supporter")
    document = Document("page.md", source, reader, split(source, reader, OFFERS), published=True, generation=0)
    public = [word for piece in pieces if not piece.gated for word in words(piece.markdown)]
    assert words(document.public_markdown()) == public
    assert words(document.whole_markdown()) == words(text)
    assert words("".join(segment.text for segment in document.gated)) == [
        word for piece in pieces if piece.gated for word in words(piece.markdown)
    ]
    lines = iter(document.public_markdown().split("\n"))
    for piece in pieces:
        if not piece.gated and not piece.own_line:
            assert all(line in lines for line in piece.markdown.split("\n"))


GATES = ["<!-- paywall -->", "<!-- more -->", "x <!-- paywall -->", "`<!-- paywall -->`", "<!--", "-->", "paywall"]
BLOCK_ENDS = [
    "///",
    "////",
    " ///",
    "/// paywall | pro",
    "/// paywall",
    "//// paywall | course",
    "/// paywall | gold",
    "/// note",
]
MISTAKES = ["/// paywal | pro", "> /// paywall", "::: paywall"]
FENCES = ["```", "````", "~~~", "```python", "``` a`b", "> ```", "- ```", "  ```"]
TEXT = ["", " ", "text", "    text", "- item", "# Title", "Title", "====", "---"]
LINES = st.sampled_from([*TEXT, *GATES, *BLOCK_ENDS, *MISTAKES, *FENCES])
OWN_LINE = re.compile(r"\s*(?:<!--\s*(?:paywall|more)\s*-->\s*|/{3,}\s*paywall.*|/{3,}\s*)?", re.IGNORECASE)


@given(
    st.lists(LINES | st.text(alphabet="/`~<!->paywl |\t\n", max_size=12), max_size=16),
    st.sampled_from([None, "pro", "course"]),
)
@example(["/// paywall | pro", "a", "///"], "course")
@example(["```", "/// paywall | pro", "````", "```"], None)
def test_any_text_is_refused_or_cut_without_loss(lines: list[str], value: str | None) -> None:
    body = "\n".join(lines)
    source = parse_source(PAGE, "---\ntitle: x\n---\n" + body)
    reader = Access() if value is None else access(value)
    try:
        segments = split(source, reader, OFFERS)
    except ContentError as error:
        assert error.place is not None and error.place.line is not None
        assert 4 <= error.place.line <= 4 + body.count("\n")
        return
    left = dict(enumerate(body.split("\n"), 4))
    last = 0
    for segment in segments:
        assert segment.line > last
        for last, line in enumerate(segment.text.split("\n"), segment.line):
            assert left.pop(last) == line
        assert bool(segment.number) == bool(segment.entitlements)
    assert [segment.number for segment in segments if segment.number] == list(
        range(1, 1 + sum(bool(s.number) for s in segments))
    )
    assert all(OWN_LINE.fullmatch(line) for line in left.values())
    if value is not None and len(segments) and not any(segment.number for segment in segments):
        assert re.fullmatch(r"\s*(#[^\n]*|[^\n]*\n=+\s*)\s*", body), (
            "a gated page is all public only if it is all title"
        )
