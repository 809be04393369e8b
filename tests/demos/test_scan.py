"""Finding the fences of demos, where pymdownx.superfences finds them."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from markdown import Extension, Markdown
from markdown.preprocessors import Preprocessor

from site_builder.demos.info import read_info
from site_builder.demos.scan import Fence, fences_in, with_keys
from site_builder.errors import ContentError, Place


def place(index: int) -> Place:
    return Place("page.md", index + 1)


def codes(text: str) -> list[str]:
    found = fences_in(text, place)
    assert not [fence.error for fence in found if fence.error]
    return [fence.code for fence in found]


class Superfences:
    """Python-Markdown with superfences and a fence for demos, as the plugin has it; ``seen`` is what reaches the formatter."""

    def __init__(self) -> None:
        self.seen: list[tuple[str, str]] = []
        fence = {"name": "code-demo", "class": "demo", "validator": self._valid, "format": self._format}
        self.markdown = Markdown(
            extensions=["admonition", "pymdownx.superfences", "pymdownx.tabbed", _Keys()],
            extension_configs={
                "pymdownx.superfences": {"custom_fences": [fence]},
                "pymdownx.tabbed": {"alternate_style": True},
            },
        )

    def _valid(
        self, language: str, inputs: dict[str, str], options: dict[str, str], attrs: object, md: Markdown
    ) -> bool:
        options.update(inputs)
        return True

    def _format(self, source: str, language: str, css: str, options: dict[str, str], md: Markdown, **_: object) -> str:
        self.seen.append((options["key"], source))
        return f"<p>{options['key']}</p>"

    def convert(self, text: str) -> str:
        self.seen.clear()
        return self.markdown.reset().convert(text)


class _Keys(Extension):
    def extendMarkdown(self, md: Markdown) -> None:
        md.preprocessors.register(_Rewrite(md), "demos", 26)


class _Rewrite(Preprocessor):
    """As ``with_keys``, but for texts with errors too."""

    def run(self, lines: list[str]) -> list[str]:
        for fence in fences_in("\n".join(lines), place):
            if fence.info:
                lines[fence.first] = f'{fence.prefix}{fence.sign}code-demo key="{fence.key}"'
        return lines


SUPERFENCES = Superfences()


def reached(text: str) -> list[tuple[str, str]]:
    SUPERFENCES.convert(text)
    return [(key, "\n".join(source.rstrip("\n").split("\n"))) for key, source in SUPERFENCES.seen]


def found(text: str) -> list[tuple[str, str]]:
    return [(fence.key, fence.code) for fence in fences_in(text, place) if fence.info and not fence.error]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("```python demo\nx\n```", "x"),
        ("~~~~ python demo\nx\n~~~\n~~~~", "x\n~~~"),
        ("```python demo\n\n  x\n\n\ty\n\n```", "\n  x\n\n    y"),
        ("- list\n\n    ```python demo\n    if x:\n        y\n\n    z\n    ```", "if x:\n    y\n\nz"),
        ("1.  list\n\n\t```python demo\n\tx\n\t```", "x"),
        ("!!! note\n    ```python demo\n    x\n    ```", "x"),
        ('=== "Tab"\n\n    ```python demo\n    x\n    ```', "x"),
        ("> quoted\n>\n> ```python demo\n> x\n>\n>  y\n> ```", "x\n\n y"),
        ("> - both\n>\n>     ```python demo\n>     x\n>     ```", "x"),
        ("```python demo\n```", ""),
        ("```python demo\n> x\n```", "> x"),
        ("```python demo\n ```\n```", " ```"),
        ("`````python demo\n```\n`````", "```"),
    ],
)
def test_the_code_of_a_demo_is_what_superfences_takes_for_it(text: str, code: str) -> None:
    assert codes(text) == [code]
    assert reached(text) == found(text)


@pytest.mark.parametrize(
    "text",
    [
        "````markdown\n```python demo\nx\n```\n````",
        "~~~\n```python demo\nx\n```\n~~~",
        "Write ```python demo``` and so on",
        "```python demo``` stands at the margin",
        '``` { .markdown title="x" }\n~~~python demo\nx\n~~~\n```',
        "text with no fence",
    ],
)
def test_what_is_only_shown_is_no_demo(text: str) -> None:
    assert fences_in(text, place) == [] == reached(text)


@pytest.mark.parametrize(
    ("text", "line", "word"),
    [
        ("text\n\n```python demo\nx\n", 3, "nothing closes it"),
        ("text\n\n```python demo\nx\n````\n", 3, "nothing closes it"),
        ("- list\n\n    ```python demo\n    x\n  y\n    ```\n", 3, "line 5"),
        ("> ```python demo\n> x\ny\n> ```\n", 1, "line 3"),
        ("- ```python demo\n  x\n  ```\n", 1, "behind the sign of a list"),
        ("1. ~~~js demo\n   x\n   ~~~\n", 1, "behind the sign of a list"),
        ("```python demo expect='`'\nx\n```\n", 1, "~~~"),
    ],
)
def test_a_demo_that_superfences_would_not_see_is_an_error(text: str, line: int, word: str) -> None:
    errors = [fence.error for fence in fences_in(text, place) if fence.error]
    assert reached(text) == []
    (error,) = errors
    assert word in str(error) and error.place == Place("page.md", line)


SHOWN = "    ```python demo\n    x\n    ```\n"


@pytest.mark.parametrize(
    "above", ["", "Text\nand more\n\n", "# Title\n\n", "- list\n\nText\n\n", "Text\n\n    code\n\n"]
)
def test_code_that_is_only_indented_is_shown_as_it_is_written(above: str) -> None:
    assert fences_in(above + SHOWN, place) == []
    assert "```python demo\nx\n```\n</code></pre>" in SUPERFENCES.convert(above + SHOWN) and not SUPERFENCES.seen


HOLDING = ["- list\n\n", "- list\n\n    text\n\n", "Text\n1. list\n", "- a\n    - b\n\n  text\n\n"]
BLOCKS = ["!!! note\n", "??? note\n\n", '=== "Tab"\n\n', "/// note\n\n", "<div markdown>\n\n"]
NOTES = ["Term\n:   Meaning\n\n", "[^1]: Note\n\n"]


@pytest.mark.parametrize("above", [*HOLDING, *BLOCKS, *NOTES])
def test_what_may_be_part_of_a_list_or_another_block_is_a_demo(above: str) -> None:
    assert codes(above + SHOWN) == ["x"]


def test_a_demo_in_a_comment_is_told_from_one_that_is_shown() -> None:
    text = "<!--\n```python demo\nx\n```\n-->\n\n```python demo\ny\n```\n<!-- one line -->\n\n```js demo\nz\n```\n"
    assert [fence.in_comment for fence in fences_in(text, place)] == [True, False, False]


def test_fences_get_their_keys_in_place_of_their_words_and_nothing_else_changes() -> None:
    text = "# A\n\n- b\n\n    ```python demo id=x timeout=10\n    x\n    ```\n\n```python title='x'\ny\n```\n"
    (fence,) = fences_in(text, place)
    lines = text.split("\n")
    changed = with_keys(lines, "code-demo")
    assert changed[4] == f'    ```code-demo key="{fence.key}"'
    assert [*changed[:4], *changed[5:]] == [*lines[:4], *lines[5:]] and lines[4] != changed[4]
    assert "<code" in SUPERFENCES.convert(text) and fence.key in SUPERFENCES.convert(text)


def test_words_that_are_nearly_a_demos_are_refused_on_pages_that_nobody_has_read_but_not_in_comments() -> None:
    with pytest.raises(ContentError, match="demmo"):
        with_keys(["```python demmo", "```"], "code-demo")
    lines = ["<!--", "```python demmo", "```", "-->"]
    assert with_keys(lines, "code-demo") == lines


DEMOS = ["python demo", "python demo timeout=10", 'js demo id="a"', "sql exercise id=b", ".python  demo"]
OTHERS = [
    "",
    "python",
    'python title="a b"',
    "text hint",
    "{ .python }",
    "python { #x }",
    "what is this?",
    "x, y",
    "`x` y",
]
HEADS = st.sampled_from([*DEMOS, *OTHERS])
PREFIXES = st.sampled_from(["", "", "", "  ", "    ", "\t", "> ", ">", "> > ", ">     ", "   > ", "        "])
SIGNS = st.sampled_from(["```", "```", "````", "~~~", "~~~~"])
CODE = st.sampled_from(
    ["", "x = 1", "    y", "- item", "    ", "\t", "``", "text ``` text", "<div>", "!!! note", "[^1]: x"]
)
LINES = st.one_of(
    st.tuples(PREFIXES, SIGNS, HEADS).map("".join),
    st.tuples(PREFIXES, SIGNS, st.sampled_from(["", "", " ", "\t"])).map("".join),
    st.tuples(PREFIXES, CODE).map("".join),
)


@given(st.lists(LINES, max_size=14).map("\n".join))
@example("    ```python demo\n    x\n   \n    ```")
@example("> ```python demo\n>\n x\n> ```")
@example("> ```python demo\n\n> x\n> ```")
@example("> ```python demo\n    x\n> ```")
@example(">```python demo\n>> x\n>```")
@example("  ```python demo\n  x\n```\n  ```")
@example("```python demo\n\x02```\n```")
def test_superfences_sees_the_same_demos(text: str) -> None:
    assert reached(text) == found(text)


@given(st.text(alphabet=st.sampled_from("`~> \t\nxd-.=\"'{}demopython "), max_size=200) | st.text(max_size=200))
def test_no_text_whatever_makes_it_fail(text: str) -> None:
    for fence in fences_in(text, place):
        assert isinstance(fence, Fence) and (fence.error or fence.info)


def test_a_plain_fence_of_a_demos_language_is_highlighted_as_ever() -> None:
    html = SUPERFENCES.convert('```python title="x.py" linenums="1" hl_lines="1"\nx = 1\n```\n')
    assert 'class="highlight' in html and "x.py" in html and not SUPERFENCES.seen


def test_superfences_itself_takes_a_value_without_quotes_for_no_fence() -> None:
    """Why its own reading of attributes is not relied upon."""
    assert read_info("python demo timeout=10")
    plain = Markdown(extensions=["pymdownx.superfences"])
    assert "highlight" not in plain.convert("```python demo timeout=10\nx\n```\n")
