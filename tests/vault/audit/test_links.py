"""Links to the source of a gated page are found at any host, and those to other files are left alone."""

from __future__ import annotations

from pathlib import Path

import pytest

from site_builder.errors import LeakError, Place
from site_builder.vault.audit import require_clean
from tests.vault.audit.parts import SENTENCE, audited

SOURCES = {
    "blog/posts/ledger.md": Place("content/blog/posts/ledger.md"),
    "blog/posts/对账 é.md": Place("content/blog/posts/对账 é.md"),
    "index.md": Place("content/index.md"),
    "ledgers.markdown": Place("content/ledgers.markdown"),
}


@pytest.mark.parametrize(
    "link",
    [
        '<a href="https://github.com/me/blog/edit/main/content/blog/posts/ledger.md" title="Edit this page">',
        "<a title=Edit href=https://git.example.com/me/blog/raw/content/blog/posts/ledger.md>",
        "<a HREF = '//example.com/blog/posts/ledger.md?plain=1#L20'>",
        '<a href="https://example.com/a-href/href=/blog/posts/ledger.md">',
        '<a href="/edit?file=content/blog/posts/ledger.md">',
        '<a href="https:&#47;&#47;example.com&#x2F;blog/posts/ledger.md">',
        '<a href="https://example.com/blog/posts/%E5%AF%B9%E8%B4%A6%20%C3%A9.md">',
        '<link rel="alternate" href="../../src/blog/posts/ledger.md">',
    ],
)
def test_a_link_to_a_gated_source_is_refused(link: str, tmp_path: Path) -> None:
    report = audited(tmp_path, {"blog/ledger/index.html": f"<p>Text.</p>\n{link}x</a>\n"}, sources=SOURCES)
    with pytest.raises(LeakError, match="links to the source of a gated page: ") as refused:
        require_clean(report)
    assert str(refused.value.place) == "blog/ledger/index.html"
    assert {leak.place for leak in report.leaks} < set(SOURCES.values())


@pytest.mark.parametrize(
    "link",
    [
        '<a href="https://github.com/me/blog/edit/main/content/blog/posts/other.md">',
        '<a href="https://github.com/me/blog/edit/main/content/blog/posts/big-ledger.md">',
        '<a href="https://github.com/me/blog/edit/main/content/blog/posts/ledger.mdx">',
        '<a href="https://github.com/someone/else/blob/main/docs/index.md">',
        '<a href="../posts/ledger/">',
        "<code>https://example.com/blog/posts/ledger.md</code>",
        '<premium-content part="blog/posts/ledger#1">',
    ],
)
def test_other_links_pass(link: str, tmp_path: Path) -> None:
    require_clean(audited(tmp_path, {"blog/ledger/index.html": link}, sources=SOURCES))


@pytest.mark.parametrize(
    ("page", "source"),
    [("index.html", "index.md"), ("ledgers/index.html", "ledgers.markdown"), ("ledgers.html", "ledgers.markdown")],
)
def test_a_path_without_a_folder_counts_on_the_page_that_is_made_of_it(page: str, source: str, tmp_path: Path) -> None:
    link = f'<a href="https://example.com/docs/{source}">'
    report = audited(tmp_path, {"about/index.html": link, page: link, "z.html": link}, sources=SOURCES)
    assert [str(leak.file) for leak in report.leaks] == [page]


def test_leaked_text_goes_before_links(tmp_path: Path) -> None:
    page = f'<a href="https://example.com/blog/posts/ledger.md">x</a>\n<p>{SENTENCE}</p>\n'
    report = audited(tmp_path, {"a.html": page}, sources=SOURCES)
    assert len(report.leaks) == 2
    with pytest.raises(LeakError, match="premium content or a secret"):
        require_clean(report)
