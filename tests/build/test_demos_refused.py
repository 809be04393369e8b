"""What stops a build with demos, or is warned of; and what a site gets whose demos need little."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest

from site_builder.errors import ConfigError, ContentError, SeveralErrors, SiteError
from tests.build.demo_blog import demos_in, installed, mkdocs_build
from tests.sites import MATERIAL, Blog

URL = "blog/2026/11/01/a"
NewBlog = Callable[..., Blog]


def fence(code: str, info: str = 'js demo id="one"') -> str:
    return f"\n```{info}\n{code}\n```\n"


@pytest.fixture
def blog(new_blog: NewBlog) -> Blog:
    return new_blog("blog", plugins=("blog", "demos"))


def refusal(blog: Blog, *, strict: bool = False) -> SiteError:
    with pytest.raises(SiteError) as caught:
        blog.build(strict=strict)
    assert not blog.site.exists()
    return caught.value


def test_a_site_without_demos_gets_nothing_for_them(blog: Blog) -> None:
    blog.post("a", "# A\n" + fence("print(1)", "python"))
    blog.build(strict=True)
    assert not (blog.site / "assets/demos").exists()


def test_a_site_gets_only_what_its_languages_need(blog: Blog) -> None:
    blog.post("a", "# A\n" + fence("let a = 1", "js demo readonly net"))
    blog.build(strict=True)
    names = installed(blog)
    assert "sandbox/javascript.js" in names and "sandbox-net.html" in names
    assert not {"editor.js", "sandbox.html", "pyodide/", "sql.js/", "sandbox/python.js", "sandbox/live.js"} & names


def test_a_live_page_needs_no_runtime(blog: Blog) -> None:
    blog.post("a", "# A\n" + fence("<p>Box</p>", "html demo"))
    blog.build(strict=True)
    names = installed(blog)
    assert {"editor.js", "sandbox.html", "sandbox/live.js"} <= names
    assert not {"pyodide/", "sql.js/", "sandbox/javascript.js"} & names


def test_output_that_is_not_accepted_is_warned_of_and_stops_a_strict_build(blog: Blog) -> None:
    path = blog.post("a", "# A\n" + fence("console.log(1)"))
    (warning,) = blog.build().warnings
    assert f"{path}:6: the output of the demo 'one' is not accepted yet" in warning
    assert "site-builder demos update" in warning
    assert '<pre class="code-demo__stdout">1\n</pre>' in blog.page(URL)
    shown = (blog.site / URL / "index.html").read_bytes()
    with pytest.raises(ContentError, match="not accepted yet"):
        blog.build(strict=True)
    assert (blog.site / URL / "index.html").read_bytes() == shown


def test_output_that_changed_is_warned_of_with_what_differs(blog: Blog) -> None:
    blog.post("a", "# A\n" + fence("console.log('old')"))
    blog.run("demos", "update")
    blog.build(strict=True)
    blog.post("a", "# A\n" + fence("console.log('new')"))
    (warning,) = blog.build().warnings
    assert "-old" in warning and "+new" in warning
    with pytest.raises(ContentError, match="is not what was accepted"):
        blog.build(strict=True)


def test_a_demo_that_ends_with_an_error_is_shown_with_it_and_warned_of(blog: Blog) -> None:
    path = blog.post("a", "# A\n" + fence("let a = 1;\nnull.b", "js demo"))
    (warning,) = blog.build().warnings
    assert f"{path}:8:" in warning and "TypeError" in warning
    assert '<pre class="code-demo__error">' in blog.page(URL)


def test_a_strict_build_names_all_that_is_wrong(blog: Blog) -> None:
    blog.post("a", "# A\n" + fence("console.log(1)") + fence("throw new Error('no')", "js demo id='two'"))
    error = refusal(blog, strict=True)
    assert isinstance(error, SeveralErrors)
    assert [one.place and one.place.line for one in error.errors] == [6, 11]


def test_a_solution_that_fails_stops_any_build(blog: Blog) -> None:
    info = 'id="task"'
    tests = fence('test("nine", () => assert.equal(f(), 9));', f"js tests {info}")
    solution = fence("const f = () => 8;", f"js solution {info}")
    blog.post("a", "# A\n" + fence("const f = () => 0;", f"js exercise {info}") + tests + solution)
    error = refusal(blog)
    assert isinstance(error, ContentError) and "solution" in error.what
    assert error.place and error.place.line == 14


def test_a_hint_that_leads_to_another_file_is_refused(blog: Blog) -> None:
    info = 'id="task"'
    tests = fence('test("nine", () => assert.equal(f(), 9));', f"js tests {info}")
    solution = fence("const f = () => 9;", f"js solution {info}")
    exercise = fence("const f = () => 0;", f"js exercise {info}") + tests + solution
    path = blog.post("a", "# A\n" + exercise + fence("See [home](../../index.md).", f"markdown hint {info}"))
    error = refusal(blog)
    assert "leads to '../../index.md'" in error.what
    assert error.place and (error.place.file, error.place.line) == (path, 6)
    blog.post("a", "# A\n" + exercise + fence("See [it](https://example.com/) and `a`.", f"text hint {info}"))
    blog.build(strict=True)
    assert 'See <a href="https://example.com/">it</a> and <code>a</code>.' in blog.page(URL)


def test_mistakes_of_all_pages_are_told_with_file_and_line(blog: Blog) -> None:
    one = blog.post("a", "# A\n" + fence("", 'js demo id="x" hieght=3'))
    two = blog.post("b", "# B\n" + fence("", 'python demo id="x" files="gone.csv"'))
    error = refusal(blog)
    assert isinstance(error, SeveralErrors)
    assert {(found.place.file, found.place.line) for found in error.errors if found.place} == {(one, 6), (two, 6)}


def test_a_demo_from_a_snippet_is_refused(blog: Blog) -> None:
    blog.write("snippets/demo.md", fence("console.log(1)"))
    blog.post("a", '# A\n\n--8<-- "demo.md"\n')
    error = refusal(blog)
    assert "from somewhere else than its source" in error.what
    assert error.place and str(error.place.file).endswith("blog/posts/a.md")


def test_a_demo_from_a_snippet_is_refused_even_where_the_page_has_one_too(blog: Blog) -> None:
    blog.write("snippets/demo.md", fence("console.log(2)"))
    blog.post("a", '# A\n\n--8<-- "demo.md"\n' + fence("console.log(1)"))
    assert "from somewhere else than its source" in refusal(blog).what


def test_a_demo_that_something_takes_off_its_page_is_refused(blog: Blog) -> None:
    path = blog.post("a", "# A\n" + fence("console.log(1)"))
    blog.write("drop.py", "def on_page_markdown(markdown, **_):\n    return markdown.split('```')[0]\n")
    blog.write("mkdocs.yml", blog.config.read_text("utf-8") + "\nhooks: [drop.py]\n")
    error = refusal(blog)
    assert "did not get onto its page" in error.what
    assert error.place and (error.place.file, error.place.line) == (path, 6)


def test_a_data_file_that_is_kept_out_of_the_site_is_refused(blog: Blog) -> None:
    blog.write("content/blog/posts/data.csv", "1")
    blog.write("mkdocs.yml", blog.config.read_text("utf-8") + "\nexclude_docs: '*.csv'\n")
    path = blog.post("a", "# A\n" + fence("let a = 1", 'js demo files="data.csv"'))
    error = refusal(blog)
    assert "'data.csv' is not published" in error.what
    assert error.place and (error.place.file, error.place.line) == (path, 6)


def test_demos_without_the_paywall_plugin_are_refused(blog: Blog) -> None:
    blog.post("a", "# A\n" + fence("let a = 1"))
    config = re.sub(r"  - paywall:\n(?:      .*\n)+", "", blog.config.read_text("utf-8"))
    blog.write("mkdocs.yml", config)
    assert "paywall" not in config
    done = mkdocs_build(blog)
    assert done.returncode and "the paywall plugin is not among `plugins`" in done.stderr
    assert "Traceback" not in done.stderr


def test_demos_without_superfences_are_refused(blog: Blog) -> None:
    blog.post("a", "# A\n" + fence("let a = 1"))
    config = re.sub(r"  - pymdownx.superfences:\n(?:      .*\n)+", "", blog.config.read_text("utf-8"))
    blog.write("mkdocs.yml", config)
    assert isinstance(refusal(blog), ConfigError)
    done = mkdocs_build(blog)
    assert done.returncode and "demos need pymdownx.superfences" in done.stderr
    assert "Traceback" not in done.stderr


def test_an_option_of_the_plugin_that_is_unknown_is_refused(new_blog: NewBlog) -> None:
    blog = new_blog("blog", plugins=(*MATERIAL, "demos: {pyhton: native}"))
    assert "demos option pyhton" in str(refusal(blog))


def test_the_plugins_order_does_not_matter(new_blog: NewBlog) -> None:
    blog = new_blog("blog", plugins=MATERIAL, options="  - demos\n")
    blog.post(
        "a", "# A\n" + fence("let a = 1") + "\n<!-- paywall -->\n" + fence("let b = 2", "js demo"), header="access: pro"
    )
    blog.build(strict=True)
    assert list(demos_in(blog.page(URL))) == ["demo-one"]


def test_data_files_of_drafts_and_future_posts_are_not_published(blog: Blog) -> None:
    for name in ("draft.csv", "future.csv", "shared.csv"):
        blog.write(f"content/blog/posts/{name}", name)
    blog.post("a", "# A\n" + fence("let a = 1", 'js demo files="draft.csv"'), header="draft: true")
    blog.post("b", "# B\n" + fence("let a = 1", 'js demo files="future.csv shared.csv"'), day="2027-01-01")
    blog.post("c", "# C\n" + fence("let a = 1", 'js demo files="shared.csv"'))
    blog.build(strict=True)
    assert [path.name for path in blog.site.rglob("*.csv")] == ["shared.csv"]


def test_no_network_and_an_empty_cache_are_told_at_a_fence_that_needs_them(
    blog: Blog, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = blog.post("a", "# A\n" + fence("select 1;", "sql demo"))
    monkeypatch.setenv("SITE_BUILDER_CACHE", str(blog.root / "cache"))
    monkeypatch.setenv("npm_config_registry", "http://127.0.0.1:9/")
    message = str(refusal(blog))
    assert f"{path}:6: sql.js" in message and "could not be fetched: " in message and "ECONNREFUSED" in message
