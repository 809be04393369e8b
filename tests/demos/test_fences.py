"""A page's demos."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from site_builder.demos.fences import demos_of, read_page, with_keys
from site_builder.demos.model import Language
from site_builder.errors import ContentError, Place, SeveralErrors, SiteError
from tests.demos.pages import URI, demos, written


def fence(info: str, code: str = "1") -> str:
    return f"```{info}\n{code}\n```\n"


def refused(root: Path, body: str, line: int, *words: str, access: str | None = None) -> None:
    with pytest.raises(ContentError) as caught:
        demos(root, body, access)
    assert caught.value.place == Place(root / URI, line), str(caught.value)
    assert caught.value.hint
    for word in words:
        assert word in str(caught.value)


def test_a_page_without_demos_has_none(tmp_path: Path) -> None:
    page = read_page(written(tmp_path, "# Title\n\n```python\nx\n```\n"))
    assert page.demos == () and page.by_key == {}


def test_demos_come_in_the_pages_order_with_file_line_and_part(tmp_path: Path) -> None:
    body = (
        "---\naccess: pro\n---\n\n"
        + fence("python demo id=a")
        + "\n- list\n\n    ```js demo id=b\n    2\n    ```\n\n<!-- paywall -->\n\n"
        + fence("sql demo id=c")
        + "\n"
        + fence("html demo id=d")
    )
    found = demos(tmp_path, body, "pro")
    assert [(demo.id, demo.language, demo.place.line, demo.part) for demo in found] == [
        ("a", Language.PYTHON, 5, 0),
        ("b", Language.JS, 11, 0),
        ("c", Language.SQL, 17, 1),
        ("d", Language.HTML, 21, 1),
    ]
    assert {demo.place.file for demo in found} == {tmp_path / URI} and {demo.page for demo in found} == {URI}


def test_each_fence_is_known_again_when_the_page_is_rendered(tmp_path: Path) -> None:
    body = "\n".join(
        [
            fence("python demo\tid=a", "if x:\n\ty"),
            "> ```python demo\n> 2\n> ```\n",
            fence("python exercise id=e"),
            fence("python tests id=e", "def test_a(): ..."),
            fence("python solution id=e"),
            fence("html demo id=h"),
            fence("css demo for=h"),
            fence("python"),
            f"<!--\n{fence('python demo id=away')}-->\n",
            f"/// paywall | pro\n{fence('js demo')}///\n",
        ]
    )
    document = written(tmp_path, body)
    page = read_page(document)
    lines = with_keys(document.whole_markdown().split("\n"), "code-demo")
    keys = [line.split('"')[1] for line in lines if "code-demo" in line]
    assert list(page.by_key) and set(keys) == set(page.by_key)
    shown = [page.by_key[key] for key in keys]
    assert [demo.id for demo in shown if demo] == [demo.id for demo in page.demos]
    assert [demo is not None for demo in shown] == [True, True, True, False, False, True, False, False, True]
    assert demos_of(document) == page.demos


def test_a_demo_without_an_id_is_named_by_its_words_and_code(tmp_path: Path) -> None:
    (one,) = demos(tmp_path, fence("python demo"))
    (same,) = demos(tmp_path, f"More text\n\n{fence('python demo')}")
    (other,) = demos(tmp_path, fence("python demo", "2"))
    assert one.id == same.id != other.id
    assert one.id.startswith("demo-") and len(one.id) == 13


def test_two_demos_of_one_id_are_refused(tmp_path: Path) -> None:
    words = ["a second demo of the page has the id 'a'", "line 1"]
    refused(tmp_path, fence("python demo id=a") + fence("js demo id=a"), 4, *words)
    refused(tmp_path, fence("python demo") + fence("python demo"), 4, "a second demo")
    refused(tmp_path, f"{fence('js demo id=a')}\n/// paywall | pro\n{fence('js demo id=a')}///\n", 6, *words)


def test_what_is_wrong_with_several_fences_is_told_together(tmp_path: Path) -> None:
    with pytest.raises(SeveralErrors) as caught:
        demos(tmp_path, fence("python demmo") + fence("python demo timeut=1") + fence("js demo"))
    assert [error.place for error in caught.value.errors] == [Place(tmp_path / URI, 1), Place(tmp_path / URI, 4)]
    with pytest.raises(SeveralErrors) as caught:
        demos(tmp_path, fence("python demo timeout=0") + fence("python demo height=0"))
    assert len(caught.value.errors) == 2


def test_a_demo_in_a_comment_is_none_whatever_is_wrong_with_it(tmp_path: Path) -> None:
    assert demos(tmp_path, f"<!--\n{fence('python demmo')}{fence('python setup id=a')}-->\n") == ()


def test_a_snippet_in_a_demo_is_refused(tmp_path: Path) -> None:
    refused(tmp_path, fence("python demo", 'a = 1\n--8<-- "code.py"'), 3, "includes a snippet", "`files`")


SESSION = fence("python demo id=a session=s")


def test_a_session_goes_on_below_the_gate_and_through_blocks_for_the_same_readers(tmp_path: Path) -> None:
    block = "/// paywall | {}\n" + fence("python demo id={} session=s") + "///\n\n"
    found = demos(tmp_path, SESSION + "\n" + block.format("pro", "b") + block.format("pro", "c"))
    assert [demo.part for demo in found] == [0, 1, 2]


@pytest.mark.parametrize(
    ("body", "line", "why"),
    [
        (f"/// paywall | pro\n{SESSION}///\n\n{fence('python demo session=s')}", 7, "not all who read this"),
        (
            f"/// paywall | pro\n{SESSION}///\n\n/// paywall | supporter\n{fence('python demo session=s')}///\n",
            8,
            "not all who read this",
        ),
        (SESSION + fence("python demo session=s net"), 4, "`net` stands in some"),
        (
            SESSION + fence("python demo session=s notest") + fence("python demo session=s"),
            7,
            "`notest`, and this is not",
        ),
        (fence("sql demo session=s") + fence("sql demo session=s seed=x.sql"), 4, "belong into its first fence"),
        (
            fence("python demo session=s files=x.sql") + SESSION + fence("python demo session=s files=y/x.sql"),
            7,
            "x.sql is another file before",
        ),
    ],
)
def test_a_session_that_can_not_go_on_is_refused(tmp_path: Path, body: str, line: int, why: str) -> None:
    for name in ("x.sql", "y/x.sql"):
        path = tmp_path / "blog/posts" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("select 1", "utf-8")
    refused(tmp_path, body, line, "the session 's' can't go on here", why)


def test_demos_of_a_session_may_name_the_same_file(tmp_path: Path) -> None:
    written(tmp_path, "")
    (tmp_path / "blog/posts/x.csv").write_text("1", "utf-8")
    body = "".join(fence("python demo session=s files=x.csv", code) for code in "ab")
    assert len(demos(tmp_path, body)) == 2


def test_sessions_of_different_languages_have_nothing_to_do_with_each_other(tmp_path: Path) -> None:
    assert len(demos(tmp_path, SESSION + fence("js demo session=s net"))) == 2


ROLES = ["demo", "exercise", "setup", "tests", "hint", "solution", "demmo"]
ATTRIBUTES = [
    "id=a",
    "id=b",
    "for=a",
    "session=s",
    "net",
    "hidden",
    "expect='1'",
    "files=x",
    "packages='a,b'",
    "timeout=1",
]
WORDS = st.sampled_from(["python", "js", "html", "sql", "css", "text", *ROLES, *ATTRIBUTES])
INFOS = st.lists(WORDS, min_size=1, max_size=4).map(" ".join)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(INFOS, st.sampled_from(["1", "def test_a(): ...", "", "test()"])), max_size=6), st.booleans())
def test_no_page_whatever_raises_anything_but_a_site_error(
    tmp_path: Path, fences: list[tuple[str, str]], gated: bool
) -> None:
    blocks = [fence(info, code) for info, code in fences]
    body = "\n".join(
        f"/// paywall | pro\n{one}///\n" if gated and number % 2 else one for number, one in enumerate(blocks)
    )
    try:
        page = read_page(written(tmp_path, body))
    except SiteError:
        return
    assert [demo for demo in page.by_key.values() if demo] == list(page.demos)
