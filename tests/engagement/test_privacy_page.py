"""The page on privacy of a new blog tells its writer when its words stop being true, and the documentation has others."""

from __future__ import annotations

import re
from datetime import date

import pytest

from site_builder.scaffold.blog import describe
from site_builder.scaffold.templates import rendered
from tests.docs import DOCS, blocks


@pytest.mark.parametrize(("lang", "uncounted", "counted"), [
    ("en", "counts no visits", "It counts what is read"),
    ("zh", "也不统计访问", "本站会统计页面的阅读"),
])  # fmt: skip
def test_words_that_an_endpoint_makes_untrue_say_so_and_others_can_be_pasted(
    lang: str, uncounted: str, counted: str
) -> None:
    blog = describe("My Blog", "Ada Example", "https://example.com/", lang, date(2026, 11, 22))
    page = rendered(blog)["content/privacy.md"]
    comment = re.search(r"<!--(.*?)-->\s*(.*)", page)
    assert comment and "`endpoint`" in comment[1] and uncounted in comment[2]
    assert any(counted in block.text for block in blocks("text") if block.page == DOCS / "engagement.md")
