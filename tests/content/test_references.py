"""Definitions across the gate: a footnote and a link's address are as public as the sentences that use them."""

from __future__ import annotations

import pytest

from site_builder.content.references import settled


def test_what_public_text_refers_to_comes_over_and_nothing_else() -> None:
    gated = "Closed[^b] [b][]\n\n[a]: https://a.example.com\n[b]: https://b.example.com\n\n[^a]: For all.\n[^b]: For members.\n"
    assert settled(["Open[^a] [text][A]"], gated) == (
        ["Open[^a] [text][A]"],
        ["[^a]: For all.", "[a]: https://a.example.com"],
    )


def test_footnotes_that_only_gated_text_refers_to_leave_the_public_text() -> None:
    public = [
        "Open[^a]",
        "End\n\n[^a]: For all.\n[^b]: For members.\n    Indented.\n\n    Another paragraph.\n\n[^c]: For nobody.",
    ]
    runs, borrowed = settled(public, "Closed[^a] [^b]")
    assert runs == ["Open[^a]", "End\n\n[^a]: For all.\n\n[^c]: For nobody."]
    assert borrowed == []


def test_a_footnote_takes_along_what_it_refers_to_itself() -> None:
    gated = "Closed[^d]\n\n[^a]: See[^b] and [l].\n[^b]: Further.\n[^d]: Not[^a] [m].\n\n[l]: /l\n[m]: /m"
    assert settled(["Open[^a]"], gated)[1] == ["[^a]: See[^b] and [l].", "[^b]: Further.", "[l]: /l"]
    public = "Open\n\n[^x]: See[^y].\n[^y]: Further.\n[^z]: Nobody's."
    assert settled([public], "Closed[^x]")[0] == ["Open\n\n[^z]: Nobody's."]


def test_a_footnote_used_on_both_sides_is_public() -> None:
    assert settled(["Open[^a]"], "Closed[^a]\n\n[^a]: Note.")[1] == ["[^a]: Note."]
    assert settled(["Open[^a]\n\n[^a]: Note."], "Closed[^a]") == (["Open[^a]\n\n[^a]: Note."], [])


def test_a_definition_of_the_public_part_goes_before_a_gated_one() -> None:
    assert settled(["[a] [^a]\n\n[A]: /open\n[^a]: Open."], "[a]: /closed\n[^a]: Closed.")[1] == []


@pytest.mark.parametrize(
    "public",
    ["`regex [^a]`", "```\nx[^a] = y[a]\n```", "~~~\n[^a]\n~~~", "``[^a] ` [a]``", "[^A]", "[^a ]", "[a b]", "^a [b]"],
)
def test_code_and_other_labels_refer_to_nothing(public: str) -> None:
    assert settled([public], "Closed\n\n[^a]: A secret.\n[a]: /secret")[1] == []


def test_definitions_in_code_are_none() -> None:
    assert settled(["Open[^a] [a]"], "```\n[^a]: A secret.\n[a]: /secret\n```")[1] == []
    assert settled(["Open\n\n```\n[^a]: Shown.\n```"], "Closed[^a]")[0] == ["Open\n\n```\n[^a]: Shown.\n```"]


@pytest.mark.parametrize(
    "footnote",
    [
        "[^a]: Note.\n    Indented.",
        "[^a]: Note\nthat goes on.\n*Emphasised*, too, and `code`.",
        "[^a]: Note.\n\n    Second paragraph.\n\n\n    Third paragraph.",
        "[^a]:\n    Only indented.",
        "[^a]: Note.\n\n    ```\n    code\n\n    more\n    ```\n\n    End.",
        "[^a]: Note.\n\n\tWith a tab.",
        "  [^a]: Slightly indented.",
        "[^a]: - list\n    - item",
    ],
)
@pytest.mark.parametrize(
    "after",
    ["", "\n\nClosed.", "\n## Closed", "\n- Closed", "\n[^z]: Closed.", "\n\n   Closed", "\n***", "\n| Closed |"],
)
def test_a_footnote_ends_where_its_own_text_does(footnote: str, after: str) -> None:
    if after in ("\n- Closed",) and footnote.endswith("item"):
        after = "\n\nClosed"
    assert settled(["Open[^a]"], f"Closed\n\n{footnote}{after}")[1] == [footnote]


@pytest.mark.parametrize(
    "definition",
    [
        "[a b]: /x",
        "  [a b]:    /x",
        '[a b]: /x "Title"',
        "[a b]: <https://example.com> 'Title'",
        "[a b]: /x (Title)",
        '[a b]: /x\n    "Title"',
        "[a b]:\n  /x",
        "[A  B]: /x",
    ],
)
@pytest.mark.parametrize("use", ["[text][a b]", "[A b][]", "[a\nB]", "![image][a b]", "[text] [a  b]", "[text][ a b]"])
def test_links_are_found_by_their_label_however_it_is_spaced(definition: str, use: str) -> None:
    assert settled([f"Open {use}"], f"Closed\n\n{definition}\nClosed.")[1] == [definition]


@pytest.mark.parametrize("label", ["a.b", "a+b", "a*", "日本", "a&b", 'a"b', "$", "a(b", "\\d"])
def test_labels_may_have_any_letters(label: str) -> None:
    gated = f"[^{label}]: Note.\n\n[{label}]: /x"
    assert settled([f"[^{label}] [{label}]"], gated)[1] == [f"[^{label}]: Note.", f"[{label}]: /x"]


def test_a_page_without_gated_text_stays_as_it_is() -> None:
    assert settled(["Open\n\n[^a]: Note."], "") == (["Open\n\n[^a]: Note."], [])
