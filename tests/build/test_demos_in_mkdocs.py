"""A blog with a demo of each kind through the whole build: what the public gets, and what a member's part holds."""

from __future__ import annotations

import html
import json
import shutil
from pathlib import Path

import pytest

from site_builder.build.inputs import Audience
from site_builder.vault.payload import PartBody
from tests.build.demo_blog import (
    PLUGINS,
    PREMIUM_FILES,
    PREMIUM_URL,
    PUBLIC_URL,
    demo_html,
    demos_in,
    fill,
    installed,
    mkdocs_build,
)
from tests.members import open_parts
from tests.sites import Blog, make_blog, tree


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Blog:
    """Its output accepted, built so that a warning would stop it."""
    blog = fill(make_blog(tmp_path_factory.mktemp("demos") / "blog", plugins=PLUGINS))
    blog.run("demos", "update")
    assert blog.build(strict=True).warnings == ()
    return blog


@pytest.fixture(scope="module")
def part(built: Blog) -> PartBody:
    return open_parts(built)["blog/posts/yours#1"]


def test_a_page_shows_code_and_output_of_each_language(built: Blog) -> None:
    page = built.page(PUBLIC_URL)
    mean, goes_on, query = (demo_html(page, name) for name in ("mean", "goes-on", "query"))
    assert '<span class="filename">mean.py</span>' in mean
    assert '<pre class="code-demo__stdout">prices: 3\n</pre><pre class="code-demo__value">6.0</pre>' in mean
    assert '<pre class="code-demo__stdout">42 7 apples\n</pre>' in goes_on
    assert '<pre class="code-demo__stdout">[ 1, { a: 2 } ]\n</pre>' in demo_html(page, "console")
    assert '<td>pear</td><td class="code-demo__null">NULL</td></tr><tr><td>apple</td><td>2.5</td></tr>' in query
    assert "code-demo__output" not in demo_html(page, "box") + demo_html(page, "double")


def test_a_demo_in_a_list_stays_in_it(built: Blog) -> None:
    page = built.page(PUBLIC_URL)
    item = page[page.index("<li>\n<p>In a list:</p>") :]
    assert "demo-console" in item[: item.index("</li>")]


def test_the_pages_script_is_told_what_running_needs(built: Blog) -> None:
    demos = demos_in(built.page(PUBLIC_URL))
    assert list(demos) == [
        f"demo-{one}" for one in ("mean", "t-1", "t-2", "base", "goes-on", "console", "query", "box", "double")
    ]
    mean, base, query, box = (demos[f"demo-{name}"] for name in ("mean", "base", "query", "box"))
    assert mean["page"] == "blog/posts/sums.md" and mean["timeout"] == 20
    assert mean["code"].startswith("prices = [3, 5, 10]\n")
    assert (built.site / mean["runtime"] / "pyodide.asm.wasm").is_file()
    assert base["hidden"] and base["session"] == "a"
    assert (query["database"], query["seed"]) == ("shop.sqlite", "shop.sql")
    assert (built.site / query["runtime"] / "sql-wasm.wasm").is_file()
    assert (box["css"], box["script"][:8], box["height"]) == (".box { color: red }", "document", 9)
    exercise = demos["demo-double"]["exercise"]
    assert exercise["tests"].startswith("def test_two") and exercise["tries"] == 2
    assert "return 2 * x" in exercise["solution"]


def test_a_demos_data_files_are_linked_from_it_even_if_it_is_hidden(built: Blog) -> None:
    page = built.page(PUBLIC_URL)
    for name, file in (
        ("goes-on", "data.csv"),
        ("base", "hidden.csv"),
        ("query", "shop.sqlite"),
        ("query", "shop.sql"),
    ):
        assert f'<a href="../../../../{file}" download>{file}</a>' in demo_html(page, name)
        assert (built.site / "blog" / file).is_file()


def test_what_is_closed_or_hidden_is_not_searched(built: Blog) -> None:
    exercise = demo_html(built.page(PUBLIC_URL), "double")
    assert exercise.count("<details ") == 2 and "<details open" not in exercise
    index = (built.site / "search" / "search_index.json").read_text("utf-8")
    assert "only shown" in index and "return x" in index
    assert not any(word in index for word in ("return 2 * x", "Hint 1", "hidden.csv"))


def test_lists_of_posts_show_code_and_output_that_can_not_be_run(built: Blog) -> None:
    lists = built.page("blog")
    assert '<pre class="code-demo__value">6.0</pre>' in lists
    assert lists.count("the total of all") == 1  # of the two fences that are alike, that of the post itself
    assert "code-demo id" not in lists and "data-demo" not in lists


def test_feeds_show_code_and_output_and_neither_hints_nor_solutions(built: Blog) -> None:
    items = json.loads((built.site / "feed.json").read_text("utf-8"))["items"]
    shown = next(item["content_html"] for item in items if item["title"] == "Sums")
    assert "<blockquote><pre><code>prices: 3\n</code></pre><pre><code>6.0</code></pre></blockquote>" in shown
    assert '<a href="https://blog.example.com/blog/data.csv">data.csv</a>' in shown
    assert "def double(x):\n    return x\n" in shown
    assert not any(
        word in shown for word in ("return 2 * x", "Hint", "base = 40", "hidden.csv", "code-demo", "<div></div>")
    )


def test_a_block_of_code_without_demo_stays_one(built: Blog) -> None:
    page = built.page(PUBLIC_URL)
    rest = page[page.index("</code-demo>", page.index('id="demo-double"')) :]
    assert "only shown" in rest and 'class="highlight"' in rest


def test_nothing_of_a_premium_demo_is_in_any_public_file(built: Blog) -> None:
    for path in built.site.rglob("*"):
        if path.is_file():
            content = path.read_bytes()
            assert b"eiled" not in content, path
            assert not any(name.encode() in content or name == path.name for name in PREMIUM_FILES), path


def test_what_the_writer_accepted_is_not_published(built: Blog) -> None:
    assert "veiled sum" in (built.root / "content/.demos/blog/posts/yours.json").read_text("utf-8")
    assert not list(built.site.rglob(".demos*"))


def test_the_part_has_its_demos_with_their_output(part: PartBody) -> None:
    demos = demos_in(part.html)
    assert list(demos) == ["demo-secret", "demo-t-1", "demo-t-2", "demo-silent", "demo-rows", "demo-task"]
    assert demos["demo-secret"]["page"] == "blog/posts/yours.md"
    secret = html.unescape(demo_html(part.html, "secret"))
    assert "The veiled sum is  9\n" in secret and "KeyError: 'the veiled key'" in secret
    assert "<td>veiled row</td>" in demo_html(part.html, "rows")
    assert "the veiled solution" in demos["demo-task"]["exercise"]["solution"]


def test_data_files_of_premium_demos_are_sealed_with_the_part(part: PartBody) -> None:
    assert {asset.file for asset in part.assets.values()} == set(PREMIUM_FILES)
    named = {asset.file: label for label, asset in part.assets.items()}
    for name, file in (("secret", "numbers.csv"), ("silent", "silent.csv"), ("rows", "rows.sql"), ("task", "task.csv")):
        assert f'<a data-sealed-href="{named[file]}" download>{file}</a>' in demo_html(part.html, name)


def test_the_site_gets_all_scripts_that_its_demos_need_and_no_others(built: Blog) -> None:
    names = installed(built)
    assert {"pyodide/", "sql.js/", "element.js", "ui.js", "runtime.js", "editor.js", "sandbox.html"} <= names
    assert {f"sandbox/{one}.js" for one in ("frame", "python", "javascript", "sql", "live", "inmate")} <= names
    assert "sandbox-net.html" not in names and "LICENSES.txt" in names
    assert "assets/demos" not in built.page("membership")


def test_two_builds_give_the_same_bytes(built: Blog, tmp_path: Path) -> None:
    shutil.copytree(built.root, tmp_path / "again", ignore=shutil.ignore_patterns("site"))
    again = Blog(tmp_path / "again")
    again.build()
    before, after = tree(built.site), tree(again.site)
    assert before.keys() == after.keys()
    assert [name for name in before if before[name] != after[name]] == []


def test_the_authors_preview_has_premium_demos_and_their_files(built: Blog, tmp_path: Path) -> None:
    shutil.copytree(built.root, tmp_path / "preview", ignore=shutil.ignore_patterns("site"))
    preview = Blog(tmp_path / "preview")
    fence = '```python demo id="later"\nprint(1 + 1)\n```\n'
    preview.post("later", f"# Later\n\n{fence}", day="2027-01-01")
    preview.post("draft", f"# Draft\n\n{fence}", header="draft: true")
    warnings = preview.build(audience=Audience.AUTHOR).warnings
    assert len(warnings) == 2 and all("'later' is not accepted yet" in warning for warning in warnings)
    assert "demo-secret" in demos_in(preview.page(PREMIUM_URL))
    assert "demo-later" in demos_in(preview.page("blog/2027/01/01/later"))
    assert (preview.site / "blog/numbers.csv").is_file()


def test_mkdocs_itself_builds_it_too(built: Blog, tmp_path: Path) -> None:
    shutil.copytree(built.root, tmp_path / "mkdocs", ignore=shutil.ignore_patterns("site"))
    blog = Blog(tmp_path / "mkdocs")
    config = blog.config.read_text("utf-8").replace(
        "site: test-blog\n", 'site: test-blog\n      build_date: "2026-11-20"\n'
    )
    blog.write("mkdocs.yml", config)
    done = mkdocs_build(blog)
    assert done.returncode == 0, done.stderr
    assert "demo-mean" in demos_in(blog.page(PUBLIC_URL))
    assert json.loads((blog.site / "vault/manifest.json").read_text("utf-8"))
