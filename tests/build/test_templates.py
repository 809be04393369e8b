"""The theme's templates are compiled once for all builds of a process, and a site's own as often as they are built."""

from __future__ import annotations

from pathlib import Path

from jinja2 import Environment, FileSystemLoader, pass_context
from jinja2.runtime import Context
from pytest import MonkeyPatch, fixture

from site_builder.build import templates
from site_builder.build.templates import CompiledTemplates
from tests.sites import Blog, tree


@fixture
def theme(tmp_path: Path, monkeypatch: MonkeyPatch) -> Path:
    """The folder of a theme with one template."""
    monkeypatch.setattr(templates, "theme_dir", lambda: tmp_path)
    return tmp_path


def rendered(cache: CompiledTemplates, folder: Path, text: str, **changes: object) -> str:
    """``a.html`` with this text, by an environment of its own with these changes."""
    (folder / "a.html").write_text(text)
    made = Environment(loader=FileSystemLoader(folder), bytecode_cache=cache)
    filters = {"loud": changes.pop("loud", str.upper)}
    made.filters |= filters
    return made.overlay(**changes).get_template("a.html").render(words="words")  # type: ignore[arg-type]


def test_a_template_that_changes_is_compiled_anew(theme: Path) -> None:
    cache = CompiledTemplates()
    for text in ("one", "two", "one"):
        assert rendered(cache, theme, text) == text


def test_a_filter_of_the_same_name_may_be_another(theme: Path) -> None:
    @pass_context
    def known(context: Context, words: str) -> str:
        return f"{words} of {len(context.get_all()) > 0}"

    cache = CompiledTemplates()
    for way, made in ((str.upper, "WORDS"), (str.title, "Words"), (known, "words of True"), (str.upper, "WORDS")):
        assert rendered(cache, theme, "{{ words | loud }}", loud=way) == made


def test_an_environment_may_read_the_same_text_in_another_way(theme: Path) -> None:
    cache = CompiledTemplates()
    for trims, made in ((True, "words"), (False, "\nwords"), (True, "words")):
        assert rendered(cache, theme, "{% if 1 %}\nwords{% endif %}", trim_blocks=trims) == made


def test_of_a_sites_own_templates_none_is_kept(tmp_path: Path) -> None:
    """What is constant in them goes through the site's filters when it is compiled."""
    cache = CompiledTemplates()
    assert rendered(cache, tmp_path, "{{ 'Words' | loud }}") == "WORDS"
    assert rendered(cache, tmp_path, "{{ 'Words' | loud }}", loud=str.lower) == "words"


def test_the_second_build_compiles_no_page_and_is_the_same(blog: Blog, monkeypatch: MonkeyPatch) -> None:
    blog.post("a", "# A\n\nPublic.\n\n<!-- paywall -->\n\nGated words.\n", header="access: pro")
    blog.build()
    first, compile, compiled = tree(blog.site), Environment.compile, list[str]()

    def told(self: Environment, source: str, name: str | None = None, *more: object) -> object:
        compiled.append(str(name))
        return compile(self, source, name, *more)  # type: ignore[call-overload]

    monkeypatch.setattr(Environment, "compile", told)
    blog.build()
    # Words that Material looks up before there is an environment for pages, and a template of MkDocs's own.
    assert {name for name in compiled if not name.startswith("partials/language")} == {"sitemap.xml"}
    assert tree(blog.site) == first


def test_a_sites_own_template_counts_at_the_next_build(blog: Blog) -> None:
    blog.write("mkdocs.yml", blog.config.read_text().replace("  name: material", "  name: material\n  custom_dir: own"))
    for words in ("First words", "Other words"):
        blog.write("own/main.html", f'{{% extends "base.html" %}}{{% block announce %}}{words}{{% endblock %}}')
        blog.build()
        assert words in blog.page("")
