"""Gated parts, rendered by MkDocs: with the public page they are an ungated page's, and no part has another's."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from site_builder.content.library import Document
from site_builder.content.markup import names_in
from site_builder.content.rendered import Heading
from tests.content.conftest import Rendered
from tests.content.pages import document, refused

Render = Callable[[Document], Rendered]

BLOCKS = [
    "Text with *emphasis*, `code`, ==marks==, ++ctrl+c++, :material-feather:, [a link](other.md) and <b>HTML</b>.",
    "## Heading `code` <b>x</b>",
    "## Setup",
    "Setext\n------",
    "- item\n- item\n\n    more of it\n\n    ```python\n    x = 1\n    ```\n\nEnd of the list.",
    "1. a\n2. b\n\nEnd of the list.",
    "- [x] done\n- [ ] to do\n\nEnd of the list.",
    "> quoted\n> text\n\nEnd of the quotation.",
    '```python title="a.py" linenums="1" hl_lines="2"\nx = 1\ny = 2  # (1)!\n```',
    "Code:\n\n    indented code\n\nEnd of the code.",
    "```mermaid\ngraph LR\n  a --> b\n```",
    '!!! note "Title"\n\n    Text\n\n    - item\n\nEnd of the note.',
    "??? tip\n    Text\n\nEnd of the tip.",
    '=== "A"\n\n    Tab\n\n=== "B"\n\n    ```js\n    x\n    ```\n\nEnd of the tabs.',
    "| a | b |\n|---|---|\n| 1 | 2 |\n\nEnd of the table.",
    "Term\n: Definition\n\nEnd of the list.",
    "$$\nx^2\n$$\n\nand $y$.",
    "/// note | Title\nText\n///",
    '<div class="x" markdown>\n\n*Text*\n\n</div>',
    "<details><summary>S</summary>*raw*</details>",
    "Paragraph\n{ .class #anchor }",
    "[one][ref] and [ref], HTML\n\n[ref]: https://example.com/ref",
    "***",
]


def without_counts(html: str) -> str:
    """Ids that count over a page, or of which a second one gets another name, are not compared."""
    html = re.sub(r'((?:id|name|for|href)="#?(?:__\w+?[_-]))\d+', r"\1N", html)
    html = re.sub(r"(setup|setext|heading-code-x|anchor|title)(?:[-_]\d+)+", r"\1", html)
    return re.sub(r'data-tabs="\d+', 'data-tabs="N', html)


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_the_pieces_of_a_page_are_what_an_ungated_page_would_be(render: Render, data: st.DataObject) -> None:
    blocks = st.lists(st.sampled_from(BLOCKS), min_size=1, max_size=4).map("\n\n".join)
    page = "\n\n".join(
        f"///// paywall | {data.draw(st.sampled_from(['pro', 'course']))}\n{data.draw(blocks)}\n/////"
        if data.draw(st.booleans())
        else data.draw(blocks)
        for _ in range(data.draw(st.integers(1, 4)))
    )
    rendered = render(document(f"Begin.\n\n{page}\n\n<!-- paywall -->\n\nBelow.\n\n{data.draw(blocks)}\n", "supporter"))
    assert without_counts(rendered.unlocked) == without_counts(rendered.ungated)
    ids = re.findall(r'\bid="([^"]*)"', re.sub(r'id="anchor[-\d]*"', "", rendered.unlocked))
    assert len(ids) == len(set(ids)), (
        "no two elements of the unlocked page have the same id, but for those that the writer gave twice"
    )
    for part in rendered.parts:
        assert {heading.id for heading in part.toc} <= names_in(part.html)


def test_a_heading_of_the_public_page_keeps_its_id_and_a_gated_one_gives_way(render: Render) -> None:
    page = render(document("/// paywall | pro\n## Setup\n\n[here](#setup)\n///\n\n## Setup\n\n[there](#setup)\n"))
    assert [(entry.id, entry.title) for entry in page.page.toc] == [("setup", "Setup")]
    assert page.parts[0].toc == (Heading("setup-1", "Setup", 2),)
    assert '<h2 id="setup-1">' in page.parts[0].html and '<a href="#setup-1">here</a>' in page.parts[0].html
    assert page.page.present_anchor_ids is not None and "setup-1" in page.page.present_anchor_ids


def test_tabs_and_code_lines_of_a_part_do_not_meet_those_of_the_page(render: Render) -> None:
    tabs = '=== "A"\n\n    a\n\n=== "B"\n\n    b\n\n```py linenums="1"\nx\ny\n```\n\ntext\n'
    page = render(document(f"{tabs}\n/// paywall | pro\n{tabs}\n///\n\n{tabs}"))
    names = re.findall(r'name="(__\w+?\d+)"', page.unlocked)
    assert len(set(names)) == 3 and all(names.count(name) == 2 for name in names)
    ids = re.findall(r'\bid="([^"]*)"', page.unlocked)
    assert len(ids) == len(set(ids)) == 12
    assert re.findall(r'\bfor="([^"]*)"', page.unlocked) == [name for name in ids if name.startswith("__tabbed")]
    assert set(re.findall(r'href="#([^"]*)"', page.unlocked)) <= set(ids)


def test_the_public_table_of_contents_knows_no_gated_heading(render: Render) -> None:
    page = render(
        document("[TOC]\n\n## Open\n\n<!-- paywall -->\n\n## Closed\n\n### Deeper <i>one</i> & `two`\n", "pro")
    )
    assert "losed" not in page.public
    assert page.parts[0].toc == (Heading("closed", "Closed", 2), Heading("deeper-one-two", "Deeper one & two", 3))


def test_a_table_of_contents_in_a_gated_part_lists_no_heading_of_other_readers(render: Render) -> None:
    body = "## Open\n\n/// paywall | {}\n## Closed\n///\n\n<!-- paywall -->\n\nBelow\n\n[TOC]\n"
    refused(lambda: render(document(body.format("pro"), "supporter")), 12, "table of contents")
    assert '<a href="#closed">' in render(document(body.format("supporter"), "supporter")).parts[1].html


NOTES = (
    "Open[^all]\n\n/// paywall | supporter\nS[^sup] [^both]\n///\n\n/// paywall | pro\nP[^pro] [^both] [^all]\n///\n\nEnd.\n\n"
    "[^all]: Note for all.\n[^sup]: Note for supporters[^nested].\n[^both]: Note for both.\n\n    Second paragraph.\n\n"
    "[^pro]: Note for pros.\n\n    ```\n    pro code\n    ```\n\n[^nested]: Nested note.\n"
)


@pytest.mark.parametrize("gathered", ["in public", "behind the gate"])
def test_a_footnote_is_where_it_is_referred_to_and_nowhere_else(render: Render, gathered: str) -> None:
    body = NOTES if gathered == "in public" else NOTES.replace("End.", "End.\n\n<!-- paywall -->\n\nBelow.")
    page = render(document(body, None if gathered == "in public" else "course"))
    seen = {
        where: set(re.findall(r"(?:Note for [a-z]+|Second|pro code|Nested)", re.sub("<[^>]*>", "", html)))
        for where, html in (("public", page.public), ("supporter", page.parts[0].html), ("pro", page.parts[1].html))
    }
    assert seen == {
        "public": {"Note for all"},
        "supporter": {"Note for supporters", "Nested", "Note for both", "Second"},
        "pro": {"Note for pros", "pro code", "Note for both", "Second", "Note for all"},
    }
    if gathered != "in public":
        assert page.parts[2].html == "<p>Below.</p>"


LABELS = "abcd"
RUNS = st.fixed_dictionaries(
    {
        "gated": st.sampled_from(["", " | pro", " | course"]),
        "refers": st.sets(st.sampled_from(LABELS), max_size=3),
        "defines": st.sets(st.sampled_from(LABELS), max_size=3),
    }
)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(RUNS, min_size=1, max_size=4), st.fixed_dictionaries({label: st.sampled_from(" abcd") for label in LABELS})
)
def test_footnotes_follow_their_references_through_any_page(
    render: Render, runs: list[dict[str, Any]], onward: dict[str, str]
) -> None:
    homes: dict[str, int] = {}
    for number, run in enumerate(runs):
        for label in run["defines"]:
            homes.setdefault(label, number)
    texts = []
    for number, run in enumerate(runs):
        own = [label for label in sorted(homes) if homes[label] == number]
        notes = "\n".join(
            f"[^{label}]: Note-{label}" + (f" [^{onward[label]}]" if onward[label] != " " else "") for label in own
        )
        text = f"Run {number} " + " ".join(f"[^{label}]" for label in sorted(run["refers"])) + f"\n\n{notes}\n"
        texts.append(f"/// paywall{run['gated']}\n{text}///\n" if run["gated"] else text)
    page = render(document("Begin.\n\n" + "\n".join(texts)))

    def reached(start: set[str]) -> set[str]:
        found = start & homes.keys()
        while more := {onward[label] for label in found} & homes.keys() - found:
            found |= more
        return found

    gated = [run for run in runs if run["gated"]]
    public = reached({label for run in runs if not run["gated"] for label in run["refers"]})
    closed = {label for run in gated for label in reached(run["refers"])}
    unused = {label for label in homes if label not in closed and not runs[homes[label]]["gated"]}
    assert set(re.findall(r"Note-(\w)", page.public)) == public | reached(unused)
    for run, part in zip(gated, page.parts, strict=True):
        assert set(re.findall(r"Note-(\w)", part.html)) == reached(run["refers"])
        called = re.findall(r'class="footnote-ref" href="#([^"]*)"', part.html)
        assert set(called) <= names_in(part.html)


def test_footnotes_of_a_part_keep_their_numbers_and_their_links_work(render: Render) -> None:
    page = render(document(NOTES))
    assert re.findall(r'class="footnote-ref" href="#([^"]*)">(\d+)', page.parts[1].html) == [
        ("fn:pro", "4"),
        ("fn:both-2", "3"),
        ("fn:all-2", "1"),
    ]
    assert re.findall(r'<li value="(\d+)" id="([^"]*)"', page.parts[1].html) == [
        ("1", "fn:all-2"),
        ("3", "fn:both-2"),
        ("4", "fn:pro"),
    ]
    ids = re.findall(r'\bid="([^"]*)"', page.unlocked)
    assert len(ids) == len(set(ids))
    assert set(re.findall(r'href="#([^"]*)"', page.unlocked)) <= set(ids)


@pytest.mark.parametrize("label", ["a.b", "日本", "a&b", "A", "x y", "<i>", "$1"])
def test_footnotes_may_have_any_label(render: Render, label: str) -> None:
    page = render(document(f"Open\n\n<!-- paywall -->\n\nClosed[^{label}]\n\n[^{label}]: Note.\n", "pro"))
    assert "Note." in page.parts[0].html and "Note." not in page.public
    [link] = re.findall(r'class="footnote-ref" href="#([^"]*)"', page.parts[0].html)
    assert f'<li value="1" id="{link}"' in page.parts[0].html


def test_code_that_shows_a_footnote_link_calls_no_footnote(render: Render) -> None:
    shown = '`<a class="footnote-ref" href="#fn:p">`'
    page = render(document(f"/// paywall | supporter\n{shown}\n///\n\n/// paywall | pro\nP[^p]\n\n[^p]: Note.\n///\n"))
    assert "Note." not in page.parts[0].html and "Note." in page.parts[1].html


def test_the_list_of_footnotes_may_be_placed_in_public_only(render: Render) -> None:
    body = "Open[^a]\n\n{}\n\n<!-- paywall -->\n\nClosed[^b]\n\n{}\n\n[^a]: Note a.\n[^b]: Note b.\n"
    page = render(document(body.format("///Footnotes Go Here///", ""), "pro"))
    assert "Note a" in page.public and "Note b" not in page.public and "Note b" in page.parts[0].html
    refused(lambda: render(document(body.format("", "///Footnotes Go Here///"), "pro")), 10, "list of all footnotes")


@pytest.mark.parametrize("use", ["[text][far]", "[far]", "[far][]", "![image][far]"])
def test_a_reference_works_from_either_side_of_the_gate(render: Render, use: str) -> None:
    far = "[far]: https://example.com/far"
    for body in (
        f"{use}\n\n<!-- paywall -->\n\nClosed {use}\n\n{far}\n",
        f"{use}\n\n{far}\n\n<!-- paywall -->\n\nClosed {use}\n",
    ):
        page = render(document(body, "pro"))
        assert "https://example.com/far" in page.public and "https://example.com/far" in page.parts[0].html
        assert page.unlocked == page.ungated


def test_an_abbreviation_defined_below_the_gate_works_only_there(render: Render) -> None:
    page = render(document("HTML\n\n<!-- paywall -->\n\nHTML\n\n*[HTML]: Hypertext\n", "pro"))
    assert "Hypertext" not in page.public and '<abbr title="Hypertext">' in page.parts[0].html


@pytest.mark.parametrize(
    "typed",
    [
        "<!-- sealed-part 1 -->",
        "<!-- sealed-end -->",
        "<!-- sealed-part 0123456789abcdef 0 -->",
        "&lt;!-- x",
        "<!-- more -->",
    ],
)
def test_comments_that_a_writer_types_cut_nothing(render: Render, typed: str) -> None:
    page = render(document(f"Open\n\n{typed}\n\n<!-- paywall -->\n\nClosed\n\n{typed}\n\nto the end\n", "pro"))
    assert page.parts[0].html.startswith("<p>Closed</p>") and page.parts[0].html.endswith("<p>to the end</p>")


@pytest.mark.parametrize(
    ("above", "below"),
    [
        ("<div markdown>\n\nOpen", "Closed\n\n</div>"),
        ("<details><summary>x</summary>\nOpen", "Closed\n</details>"),
        ("<pre>\nOpen", "Closed\n</pre>"),
        ("/// note\nOpen", "Closed\n///"),
        ("Open", "Closed\n\n</div>"),
        ("Open", "Closed\n\n<!-- never closed"),
        ("Open", "<section>\n\nClosed"),
    ],
)
def test_a_gate_inside_another_block_is_refused(render: Render, above: str, below: str) -> None:
    body = f"{above}\n\n<!-- paywall -->\n\n{below}\n"
    refused(lambda: render(document(body, "pro")), 4 + above.count("\n") + 4, "inside another block")


def test_a_block_may_be_gated_inside_an_element_that_is_public(render: Render) -> None:
    page = render(document("<div markdown>\n\nOpen\n\n/// paywall | pro\n*Closed*\n///\n\nOpen\n\n</div>\n"))
    assert page.parts[0].html == "<p><em>Closed</em></p>"
    assert page.unlocked == page.ungated


def test_macros_are_left_to_the_plugins_that_read_the_public_text(render: Render) -> None:
    page = render(document("{{ open }}\n\n<!-- paywall -->\n\n{{ closed }}\n", "pro"))
    assert "{{ open }}" in page.public and "{{ closed }}" in page.parts[0].html
