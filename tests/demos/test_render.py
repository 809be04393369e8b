"""A demo's HTML: what readers see without script, what the page's script is told, and nothing that acts by itself."""

from __future__ import annotations

import json
from base64 import b64decode
from html import escape
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from site_builder.content.markup import Markup
from site_builder.demos.model import DataFile, Demo, Exercise, Output
from site_builder.demos.render import Formats, Links, element, static
from site_builder.errors import Place
from tests.demos.demos import demo

FORMATS = Formats(
    highlight=lambda code, language, shown: f"<pre class={language}>{escape(code)}</pre>",
    clean=lambda text: f"<i>{len(text)} cleaned</i>",
    markdown=lambda text: f"<p>{escape(text)}</p>",
)
TEXT = st.text(st.characters(codec="utf-8", exclude_characters="\x00\r"))


def shown(one: Demo, *outputs: Output, language: str = "en", **links: Any) -> str:
    return element(one, outputs, Links(language=language, **links), FORMATS)


def told(html: str) -> dict[str, Any]:
    (tag,) = [tag for tag in Markup(html).tags if tag.name == "code-demo"]
    found = json.loads(tag.attributes["data-demo"])
    assert isinstance(found, dict)
    return found


@pytest.mark.parametrize(
    ("output", "html"),
    [
        (Output("stdout", "a < b\n"), '<pre class="code-demo__stdout">a &lt; b\n</pre>'),
        (Output("stderr", "oh"), '<pre class="code-demo__stderr">oh</pre>'),
        (Output("value", "'x'"), '<pre class="code-demo__value">&#x27;x&#x27;</pre>'),
        (Output("html", "<b>x"), '<div class="code-demo__table" tabindex="0"><i>4 cleaned</i></div>'),
        (Output("png", "QUE="), '<img class="code-demo__picture" alt="Plot" src="data:image/png;base64,QUE=">'),
        (
            Output("error", {"type": "E", "text": "E: <no>", "line": None}),
            '<pre class="code-demo__error">E: &lt;no&gt;</pre>',
        ),
        (
            Output("table", {"columns": ["a<"], "rows": [["1>"], [None]]}),
            '<div class="code-demo__table" tabindex="0"><table><thead><tr><th>a&lt;</th></tr></thead>'
            '<tbody><tr><td>1&gt;</td></tr><tr><td class="code-demo__null">NULL</td></tr></tbody></table></div>',
        ),
    ],
    ids=lambda value: value.kind if isinstance(value, Output) else "",
)
def test_each_kind_of_output_is_shown(output: Output, html: str) -> None:
    whole = f'<div class="code-demo__output">{html}</div>'
    assert whole in shown(demo("1"), output)
    assert static(demo("1"), [output], "en", FORMATS) == f'<div class="demo"><pre class=python>1</pre>{whole}</div>'


def test_a_plot_is_a_picture_in_which_nothing_runs() -> None:
    svg = '<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
    html = shown(demo("1"), Output("svg", svg), language="zh-Hans")
    assert "<script" not in html and 'alt="图"' in html
    (source,) = [tag.attributes["src"] for tag in Markup(html).tags if tag.name == "img"]
    assert b64decode(source.removeprefix("data:image/svg+xml;base64,")).decode() == svg


def test_of_a_long_table_the_first_rows_are_shown_and_the_others_counted() -> None:
    html = shown(demo("1", "sql"), Output("table", {"columns": ["a"], "rows": [["1"]] * 1_003}))
    assert html.count("<td>") == 1_000 and "<p>… 3 more rows</p>" in html


def test_signs_that_no_page_may_hold_are_replaced() -> None:
    table = {"columns": ["a\0"], "rows": [["\x08b", "c\uffff"]]}
    outputs = Output("stdout", "a\0b\x1b[31m\tred\n"), Output("value", "\ufffe 😀"), Output("table", table)
    html = shown(demo("1"), *outputs, Output("error", {"type": "E", "text": "E: \0", "line": 1}))
    for text in ("a\ufffdb\ufffd[31m\tred\n<", ">\ufffd 😀<", ">a\ufffd<", ">\ufffdb<", ">c\ufffd<", ">E: \ufffd<"):
        assert text in html


def test_output_stands_in_the_order_in_which_it_came() -> None:
    html = shown(demo("1"), Output("stdout", "one"), Output("stderr", "two"), Output("stdout", "three"))
    assert html.index("one") < html.index("two") < html.index("three")


def test_without_output_there_is_no_box_for_it() -> None:
    assert "code-demo__output" not in shown(demo("1")) + static(demo("1"), [], "en", FORMATS)


def test_an_exercise_has_closed_hints_in_order_and_its_solution_last() -> None:
    exercise = Exercise("def test_a(): pass", "f = 2", hints=("First.", "Then."))
    html = shown(demo("f = 1", exercise=exercise, tries=5), language="zh")
    assert (
        '<details class="code-demo__hint" data-search-exclude><summary>提示 1</summary><p>First.</p></details>'
        '<details class="code-demo__hint" data-search-exclude><summary>提示 2</summary><p>Then.</p></details>'
        '<details class="code-demo__solution" data-search-exclude><summary>参考答案</summary>'
        "<pre class=python>f = 2</pre></details>"
    ) in html
    assert told(html)["exercise"] == {
        "tests": "def test_a(): pass", "setup": "", "solution": "f = 2", "hints": ["<p>First.</p>", "<p>Then.</p>"],
        "tries": 5,
    }  # fmt: skip
    assert (
        static(demo("f = 1", exercise=exercise), [], "zh", FORMATS)
        == '<div class="demo"><pre class=python>f = 1</pre></div>'
    )


def test_a_live_page_shows_all_its_parts() -> None:
    box = Demo(
        "page.md",
        "box",
        demo("", "html").language,
        "<p>",
        demo("").options,
        Place("page.md", 1),
        style="p{}",
        script="1",
    )
    html = shown(box)
    assert "<pre class=html>&lt;p&gt;</pre><pre class=css>p{}</pre><pre class=js>1</pre>" in html
    assert (told(html)["css"], told(html)["script"]) == ("p{}", "1")


def test_a_hidden_demo_has_its_data_and_files_and_shows_nothing() -> None:
    file = DataFile("a&b.csv", "a&b.csv", Path("a&b.csv"))
    html = shown(demo("x = 1", hidden=True, files=(file,)), Output("stdout", "said"), files={"a&b.csv": "../a&b.csv"})
    assert (
        html.startswith('<div class="demo" hidden data-search-exclude>') and "<pre" not in html and "said" not in html
    )
    assert '<a href="../a&amp;b.csv" download>a&amp;b.csv</a>' in html
    assert told(html)["files"] == ["a&b.csv"]
    assert static(demo("x = 1", hidden=True), [Output("stdout", "said")], "en", FORMATS) == ""


def test_the_script_is_told_where_things_lie() -> None:
    html = shown(demo("1"), wheels=("assets/demos/wheels/a.whl",), runtime="assets/demos/pyodide-1/")
    assert told(html)["wheels"] == ["assets/demos/wheels/a.whl"]
    assert told(html)["runtime"] == "assets/demos/pyodide-1/"


@given(code=TEXT, output=TEXT, tests=TEXT, address=TEXT)
def test_no_text_gets_out_of_its_place(code: str, output: str, tests: str, address: str) -> None:
    one = demo(code, exercise=Exercise(tests, code, hints=(output,)))
    html = shown(one, Output("stdout", output), Output("svg", output), Output("png", output), files={address: address})
    markup = Markup(html)
    assert markup.balanced
    assert [tag.name for tag in markup.tags] == (
        "div code-demo pre div pre img img p a details summary p details summary pre".split()  # noqa: SIM905
    )
    assert told(html)["code"] == code and told(html)["exercise"]["tests"] == tests
