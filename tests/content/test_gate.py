"""The gate, line by line: where the public part ends, what a gated block is, and what is refused."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from site_builder.content.access import Access
from site_builder.content.gate import find_stray_gate, split
from site_builder.content.source import parse_source
from site_builder.errors import ContentError, Place
from tests.content.pages import OFFERS, cut, refused

PRO, SUPPORTER = ("pro",), ("supporter",)


def test_a_page_is_public_down_to_the_marker() -> None:
    assert cut("Open\n\n<!-- paywall -->\n\nClosed\n", "pro") == [(1, (), "Open"), (5, PRO, "Closed")]


@pytest.mark.parametrize(
    "marker", ["<!--paywall-->", "<!-- Paywall -->", "   <!-- paywall --> \t", "<!--\tPAYWALL -->"]
)
def test_the_marker_may_be_spaced_and_cased_freely(marker: str) -> None:
    assert cut(f"Open\n{marker}\nClosed\n", "pro") == [(1, (), "Open"), (3, PRO, "Closed")]


def test_the_marker_may_stand_first() -> None:
    assert cut("<!-- paywall -->\nClosed\n", "pro") == [(2, PRO, "Closed")]


def test_without_a_marker_the_public_part_ends_at_more() -> None:
    assert cut("Open\n\n<!-- more -->\n\nClosed\n", "pro") == [(1, (), "Open"), (5, PRO, "Closed")]
    assert cut("Open\n<!-- more -->\nStill open\n<!-- paywall -->\nClosed", "pro")[0] == (
        1,
        (),
        "Open\n<!-- more -->\nStill open",
    )


@pytest.mark.parametrize(
    ("body", "title", "line"),
    [
        ("# Title\n\nClosed\n", "# Title", 3),
        ("# Title\nClosed\n", "# Title", 2),
        ("# Title #\n\n\n\nClosed\n", "# Title #", 5),
        ("Title\n=====\n\nClosed\n", "Title\n=====", 4),
        ("Title\n=====\nClosed\n", "Title\n=====", 3),
        ("  # Title\nClosed\n", "  # Title", 2),
    ],
)
def test_without_marker_and_more_only_the_title_is_public(body: str, title: str, line: int) -> None:
    assert cut(body, "pro") == [(1, (), title), (line, PRO, "Closed")]


@pytest.mark.parametrize(
    "body", ["Closed\n", "## No title\n\nClosed\n", "    # code\n", "Closed\n------\n", "\n\nClosed\n"]
)
def test_without_a_title_nothing_is_public(body: str) -> None:
    assert cut(body, "pro") == [(1 + len(body) - len(body.lstrip("\n")), PRO, body.strip("\n"))]


def test_blank_lines_above_a_title_do_not_matter() -> None:
    assert cut("\n \n# Title\n\nClosed\n\n", "pro") == [(3, (), "# Title"), (5, PRO, "Closed")]


def test_a_page_of_nothing_but_a_title_has_nothing_to_gate() -> None:
    assert cut("# Title\n", "pro") == [(1, (), "# Title")]
    assert cut("# Title", "pro") == [(1, (), "# Title")]
    assert cut("", "pro") == cut("\n \n", "pro") == []


@pytest.mark.parametrize("body", ["Open\n\n<!-- paywall -->\n\n", "Open\n<!-- paywall -->", "Open\n<!-- more -->\n \n"])
def test_a_marker_with_nothing_below_it_is_refused(body: str) -> None:
    refused(lambda: cut(body, "pro"), body.split("<!")[0].count("\n") + 1, "nothing stands below")


def test_on_a_page_that_its_day_has_opened_the_marker_ends_the_excerpt_and_blocks_stay_gated() -> None:
    opened = {"tiers": ["pro"], "public_from": date(2026, 1, 1)}
    assert cut("Open\n<!-- paywall -->\nOpened\n", opened) == [
        (1, (), "Open"),
        (2, (), "<!-- more -->"),
        (3, (), "Opened"),
    ]
    assert cut("Open\n<!-- more -->\nOpened\n", opened) == [(1, (), "Open\n<!-- more -->\nOpened")]
    assert cut("Open\n/// paywall | pro\nClosed\n///\nOpen", opened)[1] == (3, PRO, "Closed")
    assert cut("Open\n/// paywall\nClosed\n///\nOpen", opened)[1] == (3, SUPPORTER, "Closed")


def test_a_block_is_gated_by_itself() -> None:
    assert cut("Open\n\n/// paywall | pro\nClosed\n///\n\nOpen again\n") == [
        (1, (), "Open"),
        (4, PRO, "Closed"),
        (7, (), "Open again"),
    ]


def test_a_block_needs_no_blank_lines_around_it() -> None:
    assert cut("Open\n/// paywall | pro\nClosed\n///\nOpen\n/// paywall | pro\nClosed\n///") == [
        (1, (), "Open"),
        (3, PRO, "Closed"),
        (5, (), "Open"),
        (7, PRO, "Closed"),
    ]


@pytest.mark.parametrize(
    ("opening", "opens"),
    [
        ("///paywall|pro", PRO),
        ("/// Paywall | pro ", PRO),
        ("/// paywall |pro", PRO),
        ("///\tPAYWALL\t|\tpro\t", PRO),
        ("/// paywall", SUPPORTER),
        ("/// paywall | members", SUPPORTER),
        ("/// paywall | pro, course", ("course", "pro")),
        ("/// paywall | book,course", ("book", "course")),
        ("/// paywall | supporter, pro", SUPPORTER),
    ],
)
def test_a_block_names_who_may_read_it(opening: str, opens: tuple[str, ...]) -> None:
    assert cut(f"{opening}\nClosed\n///\n") == [(2, opens, "Closed")]


def test_a_block_without_a_name_on_a_gated_page_is_for_the_readers_of_the_page() -> None:
    body = "Open\n/// paywall\nInset\n///\nOpen\n<!-- paywall -->\nBelow\n/// paywall\nInset\n///\n"
    assert [segment for segment in cut(body, "pro, course") if segment[1]] == [
        (3, ("course", "pro"), "Inset"),
        (7, ("course", "pro"), "Below"),
        (9, ("course", "pro"), "Inset"),
    ]


def test_blocks_of_another_tier_stand_above_and_below_the_marker() -> None:
    body = (
        "Open\n/// paywall | course\nInset\n///\nOpen\n<!-- paywall -->\nBelow\n/// paywall | pro\nInset\n///\nBelow\n"
    )
    assert cut(body, "supporter") == [
        (1, (), "Open"),
        (3, ("course",), "Inset"),
        (5, (), "Open"),
        (7, SUPPORTER, "Below"),
        (9, PRO, "Inset"),
        (11, SUPPORTER, "Below"),
    ]


def test_a_block_at_the_very_top_of_a_page_without_marker_keeps_its_own_tier() -> None:
    assert cut("/// paywall | pro\nInset\n///\nBelow\n", "supporter") == [(2, PRO, "Inset"), (4, SUPPORTER, "Below")]
    assert cut("# T\n/// paywall | pro\nInset\n///\nBelow\n", "supporter")[1:] == [
        (3, PRO, "Inset"),
        (5, SUPPORTER, "Below"),
    ]


def test_a_block_ends_at_exactly_as_many_slashes_at_the_left_margin() -> None:
    inner = "/// note | Inner\nClosed\n///\n- list\n\n    ///\n    /// Adds two numbers.\n\n///// \ntext ///"
    assert cut(f"//// paywall | pro\n{inner}\n////\nOpen") == [(2, PRO, inner), (13, (), "Open")]


def test_other_blocks_may_stand_around_a_gated_one() -> None:
    body = "/// note\nOpen\n/// paywall | pro\nClosed\n///\n///\n\n/// details\nx\n///\n"
    assert [segment[2] for segment in cut(body)] == ["/// note\nOpen", "Closed", "///\n\n/// details\nx\n///"]


@pytest.mark.parametrize(
    "fence", ["```", "~~~", "````", "``` python", '```{ .rust title="x" }', "    ```", "> ```", "- ```"]
)
def test_slashes_in_code_end_nothing(fence: str) -> None:
    start = fence.replace("- ", "  ").partition(" p")[0].partition("{")[0]
    code = f"{fence}\n{start.replace('`', '').replace('~', '')}///\n{start}"
    assert cut(f"/// paywall | pro\n{code}\n///\nOpen") == [(2, PRO, code), (6, (), "Open")]


def test_gates_in_code_of_a_public_page_are_only_shown() -> None:
    body = "```markdown\n<!-- paywall -->\n/// paywall | gold\n///\n```\n\n- x\n\n    ~~~\n    /// paywall\n    ~~~\n"
    assert cut(body) == [(1, (), body.strip("\n"))]


def test_gates_between_backticks_are_only_shown() -> None:
    body = "Write `<!-- paywall -->` or ``/// paywall | `pro` ``.\n`/// paywall | pro`\n"
    assert cut(body) == [(1, (), body.strip("\n"))]
    assert cut(f"# T\n{body}", "pro") == [(1, (), "# T"), (2, PRO, body.strip("\n"))]


def test_code_ends_where_its_own_fence_does() -> None:
    body = "~~~\n```\n/// paywall | gold\n~~~\n/// paywall | pro\nClosed\n///\n"
    assert cut(body)[1] == (6, PRO, "Closed")
    body = "````\n```\n/// paywall | gold\n```\n````\n/// paywall | pro\nClosed\n///\n"
    assert cut(body)[1] == (7, PRO, "Closed")


@pytest.mark.parametrize(
    ("body", "line", "word"),
    [
        ("<!-- paywall -->\nx\n<!-- paywall -->\ny", 3, "a second time"),
        ("Open <!-- paywall -->\nx", 1, "does not stand alone"),
        ("<!-- paywall --> x", 1, "does not stand alone"),
        ("- <!-- paywall -->\nx", 1, "does not stand alone"),
        ("> <!-- paywall -->\nx", 1, "does not stand alone"),
        ("x\n\n    <!-- paywall -->\nx", 3, "does not stand alone"),
        ("\t<!-- paywall -->\nx", 1, "does not stand alone"),
        ("<!-- paywall | pro -->\nx", 1, "does not stand alone"),
        ("<!-- paywalled -->\nx", 1, "does not stand alone"),
        ("<!--- paywall -->\nx", 1, "does not stand alone"),
        ("```\n<!-- paywall -->\n```\nx", 2, "stands in a code block"),
        ("> ~~~\n> <!-- paywall -->\n> ~~~\nx", 2, "stands in a code block"),
        ("```\ncode\n<!-- paywall -->\nx", 3, "no clear end"),
        ("```\ncode\n````\n<!-- paywall -->\nx\n```\ncode\n```", 4, "no clear end"),
        ("> ```\n> code\n\n<!-- paywall -->\nx\n```\ny", 4, "no clear end"),
        ("<!--\n<!-- paywall -->\nx\n-->", 2, "an HTML comment that begins in line 1"),
        ("<!--\npaywall\n-->\nx", 2, "an HTML comment that begins in line 1"),
        ("x\n<!-- paywall\n-->\nx", 2, "an HTML comment that begins in line 2"),
        ("/// paywall | pro\n<!-- paywall -->\n///\nx", 2, "in a gated block"),
        ("/// paywall | pro\n<!-- more -->\n///\nx", 2, "in a gated block"),
        ("```\n<!-- more -->\n```\n\nx\n\n<!-- more -->\nx", 2, "stands in code"),
        ("x <!-- more --> x\n\n<!-- more -->\nx", 1, "does not stand alone"),
        ("    <!-- more -->\nx", 1, "does not stand alone"),
        ("/// paywall\n///\nx", 1, "empty"),
    ],
)
def test_a_gate_on_a_gated_page_that_can_be_misread_is_refused(body: str, line: int, word: str) -> None:
    refused(lambda: cut(body, "pro"), line, word)


@pytest.mark.parametrize(
    ("body", "line", "word"),
    [
        ("x\n<!-- paywall -->\nx", 2, "stands on a public page"),
        ("x\n<!-- paywall | pro -->\nx", 2, "does not stand alone"),
        ("/// paywall | pro\nx", 1, "never closed"),
        ("x\n\n/// paywall | pro\nx\n////\n ///\n", 3, "never closed"),
        ("/// paywall | pro\n```\n///\n", 1, "never closed"),
        ("/// paywall | pro\n<!--\n///\n", 1, "never closed"),
        ("/// paywall | pro\n\n \n///\nx", 1, "empty"),
        ("/// paywall | gold\nx\n///", 1, "'gold'"),
        ("/// paywall |\nx\n///", 1, "''"),
        ("/// paywall | pro,\nx\n///", 1, "''"),
        ("/// paywall | public\nx\n///", 1, "'public'"),
        ("/// paywall | `pro`\nx\n///", 1, "'`'"),
        ("/// paywall pro\nx\n///", 1, "may be meant as a gated block"),
        ("/// paywall: pro\nx\n///", 1, "may be meant as a gated block"),
        ("/// paywalled | pro\nx\n///", 1, "may be meant as a gated block"),
        ("/// paywal | pro\nx\n///", 1, "may be meant as a gated block"),
        ("/// pay-wall | pro\nx\n///", 1, "may be meant as a gated block"),
        ("// paywall | pro\nx\n//", 1, "may be meant as a gated block"),
        ("// paywall\nx\n//", 1, "may be meant as a gated block"),
        ("::: paywall\nx\n:::", 1, "may be meant as a gated block"),
        ("!!! paywall | pro\n    x", 1, "may be meant as a gated block"),
        ("///\u00a0paywall | pro\nx\n///", 1, "may be meant as a gated block"),
        ("///\u200bpaywall | pro\nx\n///", 1, "may be meant as a gated block"),
        (" /// paywall | pro\nx\n///", 1, "may be meant as a gated block"),
        ("- x\n\n    /// paywall | pro\n    x\n    ///", 3, "may be meant as a gated block"),
        ("> /// paywall | pro\n> x\n> ///", 1, "may be meant as a gated block"),
        ("1. /// paywall | pro\nx\n///", 1, "may be meant as a gated block"),
        ("!!! note\n    /// paywall | pro\n    x\n    ///", 2, "may be meant as a gated block"),
        ("- ```\n  code\n  ```\n- ```\n/// paywall | pro\nx\n///\n  ```", 5, "no clear end"),
        ("```\ncode\n/// paywall | pro\nx\n///", 3, "a code block that begins in line 1"),
        ("<!--\n/// paywall | pro\nx\n///\n-->", 2, "an HTML comment that begins in line 1"),
        ("/// paywall | pro\n/// paywall | pro\nx\n///\n///", 2, "in a gated block"),
        ("//// paywall | pro\n/// paywall | pro\nx\n///\n////", 2, "in a gated block"),
        ("/// paywall | pro\n/// note\nx\n///\n///", 2, "as many slashes"),
        ("/// paywall | pro\n    /// Adds.\n    fn x() {}\n///", 2, "as many slashes"),
        ("/// paywall | pro\nx\n///\nsecret after all?\n///\n", 5, "closes nothing"),
    ],
)
def test_a_gated_block_that_can_be_misread_is_refused(body: str, line: int, word: str) -> None:
    refused(lambda: cut(body), line, word)


@pytest.mark.parametrize(
    "body",
    [
        "# Paywalls\n\nA paywall | pro and con.\n",
        "/// note\nx\n///\n",
        "///\n",
        "https://paywall.example.com\n",
        "<!-- TODO: say more of the paywall -->\n",
        "- [ ] // check the payload | pro\n",
        "> // paywall logic lives here\n",
    ],
)
def test_words_that_are_no_gate_stay_words(body: str) -> None:
    assert cut(body) == [(1, (), body.strip("\n"))]


def test_lines_count_from_the_top_of_the_file() -> None:
    source = parse_source(Path("page.md"), "---\ntitle: x\n---\n\nOpen\n\n/// paywall | gold\nx\n///\n")
    refused(lambda: split(source, Access(), OFFERS), 7, "'gold'")


STRAY = [
    "<p>/// paywall | pro<br />secret</p>",
    "<ul>\n<li>/// paywall\nsecret</li></ul>",
    "<td>  ///paywall | pro</td>",
    "x\n/// Paywall | pro\n",
    "<p>x</p>\n<!-- paywall -->\n<p>secret</p>",
    "<p>&lt;!-- paywall --&gt;</p>",
    "<pre><code>x</code></pre><p>/// paywall</p><code>x</code>",
]


@pytest.mark.parametrize("html", STRAY)
def test_a_gate_in_rendered_text_is_found(html: str) -> None:
    with pytest.raises(ContentError, match="after it was cut"):
        find_stray_gate(html, Place("page.md"))


@pytest.mark.parametrize(
    "html",
    [
        "<p>The <code>/// paywall</code> block</p>",
        '<pre id="x"><code>/// paywall | pro\n&lt;!-- paywall --&gt;</code></pre>',
        "<p>See https://example.com/paywall and path///paywall</p>",
        "<p>paywall</p>",
    ],
)
def test_a_gate_in_rendered_code_is_none(html: str) -> None:
    find_stray_gate(html, Place("page.md"))
