"""The theme's scripts as readers get them."""

from __future__ import annotations

import gzip
import re

from site_builder.build.inputs import Audience
from site_builder.build.theme import first_script, theme_dir
from tests.sites import Blog

PLAIN = re.compile(r"/\*|@param|//# sourceMappingURL")


def test_what_stands_in_every_page_is_small() -> None:
    assert len(gzip.compress(first_script().encode())) <= 2_048


def test_what_a_page_needs_is_in_one_small_module_and_a_worker_without_comments() -> None:
    sizes = {}
    for module in (theme_dir() / "assets/js").iterdir():
        code = module.read_text("utf-8")
        assert not PLAIN.search(code) and not code.startswith("import")
        # What only pages with demos or hooks need is fetched by their elements, all in one way.
        assert code.count("import(") == (module.name == "main.js")
        sizes[module.name] = len(gzip.compress(code.encode()))
    assert sizes.keys() == {"main.js", "worker.js"}
    assert sizes["main.js"] <= 12_288 and sizes["worker.js"] <= 6_144


def test_no_page_has_the_next_one_fetched_ahead_against_the_policy(blog: Blog) -> None:
    for name in ("a", "b", "c"):
        blog.post(name, f"# {name}\n\nFor all.")
    blog.build()
    pages = [path.read_text("utf-8") for path in blog.site.rglob("index.html")]
    assert len(pages) > 3 and not [
        page for page in pages if re.search(r"rel=\"(?:next|prev)\"", page.partition("</head>")[0])
    ]


def test_only_pages_with_gated_parts_ask_for_the_vault_ahead(blog: Blog) -> None:
    blog.post("open", "# Open\n\nFor all.")
    blog.post("closed", "# Closed\n\nFor all.\n\n<!-- paywall -->\n\nFor members.", header="access: members")
    blog.build()
    gated = {path.parent.name: " data-gated>" in path.read_text("utf-8") for path in blog.site.rglob("index.html")}
    assert gated["closed"] and not gated["open"]


def test_the_authors_preview_asks_for_no_vault(blog: Blog) -> None:
    blog.post("closed", "# Closed\n\nFor all.\n\n<!-- paywall -->\n\nFor members.", header="access: members")
    blog.build(audience=Audience.AUTHOR)
    [page] = [path.read_text("utf-8") for path in blog.site.rglob("closed/index.html")]
    assert "<premium-content" in page and " data-gated>" not in page
