"""Snippets: no gated page and no gate comes in by them, by whatever way the file is named."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from site_builder.content.library import Document, read_document
from site_builder.content.settings import Settings, load_settings
from site_builder.content.snippets import check_snippets
from site_builder.errors import ContentError
from tests.content.pages import TODAY, refused


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "mkdocs.yml").write_text("site_name: x\nplugins: [{paywall: {tiers: [{id: pro, name: P}]}}]\n", "utf-8")
    for name, text in {
        "docs/gated.md": "---\naccess: pro\n---\nOpen\n<!-- paywall -->\nClosed\n",
        "docs/draft.md": "---\naccess: pro\ndraft: true\n---\nClosed\n",
        "docs/open.md": "# Open\n",
        "shared/plain.md": "Shared\n",
        "shared/gate.md": "Shared\n\n/// paywall | pro\nClosed\n///\n",
        "shared/slip.md": "> /// paywal | pro\n",
        "shared/deep.md": "Shared\n\n--8<-- 'shared/deeper.md'\n",
        "shared/deeper.md": "--8<--\nplain.md\nshared/gate.md\n--8<--\n",
        "shared/loop.md": '--8<-- "shared/loop.md"\n',
        "shared/shown.md": "```\n/// paywall | pro\n///\n```\n\n`<!-- paywall -->`\n",
        "shared/rule.yml": "---\naccess: pro\n---\nother: x\n",
        "shared/code.rs": "/// Adds two numbers.\nfn add() {}\n",
    }.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text, "utf-8")
    return tmp_path


def page(root: Path, body: str, name: str = "page.md") -> Document:
    settings: Settings = load_settings(root / "mkdocs.yml")
    file = root / "docs" / name
    if body:
        file.write_text(f"---\ntitle: x\n---\n{body}", "utf-8")
    return read_document(file, name, settings, TODAY)


def check(root: Path, body: str, **options: Any) -> None:
    check_snippets([page(root, body), page(root, "", "gated.md"), page(root, "", "open.md")], options)


@pytest.mark.parametrize(
    ("body", "line"),
    [
        ('--8<-- "docs/gated.md"\n', 4),
        ("Text\n\n-8<- 'docs/gated.md'\n", 6),
        ('    --8<--  "docs/gated.md"  \n', 4),
        ('---8<--- "docs/../docs/gated.md"\n', 4),
        ('--8<-- "docs/gated.md:2:5"\n', 4),
        ('--8<-- "docs/gated.md:-3:"\n', 4),
        ('--8<-- "docs/gated.md:1:2,4:5"\n', 4),
        ('--8<-- "docs/gated.md:section"\n', 4),
        ("--8<--\ndocs/open.md\n\n  docs/gated.md\n--8<--\n", 7),
        ("--8<--\ndocs/gated.md\n", 5),
        ('```\n--8<-- "docs/gated.md"\n```\n', 5),
        ('/// paywall | pro\n--8<-- "docs/gated.md"\n///\n', 5),
        ('--8<-- "docs/draft.md"\n', 4),
    ],
)
def test_a_gated_page_is_not_included(root: Path, body: str, line: int) -> None:
    refused(lambda: check(root, body), line, "gated parts", "Link to it")


@pytest.mark.parametrize(
    ("body", "line"),
    [
        ('--8<-- "shared/gate.md"\n', 4),
        ('x\n\n--8<-- "shared/deep.md"\n', 6),
        ('--8<-- "shared/slip.md"\n', 4),
    ],
)
def test_a_file_with_a_gate_is_not_included_at_any_depth(root: Path, body: str, line: int) -> None:
    (root / "plain.md").write_text("x", "utf-8")
    refused(lambda: check(root, body), line, "has a gate in it")


@pytest.mark.parametrize(
    "body",
    [
        '--8<-- "shared/plain.md"\n',
        '--8<-- "docs/open.md"\n',
        '--8<-- "nowhere.md"\n',
        '--8<-- "shared/loop.md"\n',
        '--8<-- "shared/shown.md"\n',
        '```yaml\n--8<-- "shared/rule.yml"\n```\n',
        '```rust\n--8<-- "shared/code.rs"\n```\n',
        ';--8<-- "docs/gated.md"\n',
        "--8<--\n; docs/gated.md\n--8<--\n",
        "See docs/gated.md and --8<-- there.\n",
        "--8<--\nshared/plain.md\n--8<--\ndocs/gated.md\n",
        '--8<-- "shared"\n',
        "x 8< y\n",
    ],
)
def test_other_files_are_included_freely(root: Path, body: str) -> None:
    check(root, body)


def test_files_are_looked_for_where_the_extension_looks(root: Path) -> None:
    body = '--8<-- "gated.md"\n'
    check(root, body)
    refused(lambda: check(root, body, base_path=["docs"]), 4, "gated parts")
    refused(lambda: check(root, body, base_path=root / "docs"), 4, "gated parts")
    refused(lambda: check(root, body, base_path=["shared", str(root / "docs")]), 4, "gated parts")

    class Relative:
        """As MkDocs's `!relative`, which knows the page only while it is rendered."""

        def __fspath__(self) -> str:
            raise ContentError("no page is being rendered")

    refused(lambda: check(root, body, base_path=[Relative()]), 4, "gated parts")


def test_a_base_path_may_be_a_single_file(root: Path) -> None:
    refused(lambda: check(root, '--8<-- "gated.md"\n', base_path=["docs/gated.md"]), 4, "gated parts")


def test_what_is_appended_to_every_page_is_looked_at_too(root: Path) -> None:
    check(root, "Text\n", auto_append=["shared/plain.md"])
    refused(lambda: check(root, "Text\n", auto_append=["shared/gate.md"]), None, "has a gate in it")
