"""The documentation is true: its links lead somewhere, its examples work, its options and messages are those of the source."""

from __future__ import annotations

import ast
import re
from datetime import date
from pathlib import Path

import pytest
import yaml
from pydantic import BaseModel

from site_builder.content.access import page_access
from site_builder.content.facts import ItemFacts, PodcastFacts, read_facts
from site_builder.content.gate import MARKER, MORE, split
from site_builder.content.offers import Offer, Offers
from site_builder.content.settings import PaywallOptions, load_settings
from site_builder.content.source import parse_source, read_source
from site_builder.feeds.options import FeedsOptions, PodcastOptions
from site_builder.newsletter.options import Digest, NewsletterOptions
from tests.docs import CHECKOUT, DOCS, PAGES, Block, anchors, blocks, prose, section

LINK = re.compile(r"\]\(([^)\s]+)\)")
SOURCES = ("site_builder", "plugins", "theme", "tests", "docs", "content")
TODAY = date(2026, 11, 22)
OFFERS = Offers(
    tiers=(Offer(id="supporter", name="Supporter"), Offer(id="pro", name="Pro")),
    products=(Offer(id="async-course", name="Async in Practice"),),
)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_lead_to_files_and_headings_that_are_there(page: Path) -> None:
    for target in LINK.findall(re.sub(r"`[^`]*`", "", prose(page))):
        if re.match(r"[a-z]+:", target):
            continue
        file, _, anchor = target.partition("#")
        there = (page.parent / file).resolve() if file else page
        assert there.exists(), target
        assert not anchor or anchor in anchors(there), target


def test_every_page_of_the_documentation_is_linked_from_the_readme() -> None:
    linked = set(LINK.findall((CHECKOUT / "README.md").read_text("utf-8")))
    assert {f"docs/{page.name}" for page in DOCS.glob("*.md")} <= linked


def test_files_that_the_architecture_names_are_there() -> None:
    known = [f"/{path.relative_to(CHECKOUT).as_posix()}" for top in SOURCES for path in (CHECKOUT / top).rglob("*")]
    known += [f"/{path.name}" for path in CHECKOUT.iterdir()] + ["/site"]  # made by a build
    named = re.findall(r"`([\w./-]+(?:/|\.(?:py|js|md|html|yml)))`", prose(DOCS / "architecture.md"))
    assert len(named) > 40
    for name in named:
        assert any(path.endswith(f"/{name.rstrip('/')}") for path in known), name


@pytest.mark.parametrize("model", [PaywallOptions, Offer], ids=lambda model: model.__name__)
def test_every_option_is_documented_with_its_default(model: type[PaywallOptions] | type[Offer]) -> None:
    text = (DOCS / "configuration.md").read_text("utf-8")
    for name, field in model.model_fields.items():
        row = re.search(rf"^\| `{name}` \| (.*?) \|", text, re.MULTILINE)
        assert row, name
        if field.is_required():
            assert row[1] == "required"
        elif isinstance(field.default, int) or (isinstance(field.default, str) and field.default):
            assert row[1] == f"`{str(field.default).lower() if isinstance(field.default, bool) else field.default}`"


def test_every_documented_option_exists() -> None:
    for title, model in (("Options of the paywall plugin", PaywallOptions), ("Offers", Offer)):
        named = set(re.findall(r"^\| `(\w+)` \|", section(DOCS / "configuration.md", title), re.MULTILINE))
        assert named == set(model.model_fields)


@pytest.mark.parametrize(
    ("title", "model"),
    [("Options", FeedsOptions), ("A podcast", PodcastOptions)],
    ids=lambda value: value.__name__ if isinstance(value, type) else "",
)
def test_the_options_of_feeds_are_those_of_the_source(title: str, model: type[BaseModel]) -> None:
    table = section(DOCS / "feeds.md", title).rpartition("| option")[2]
    rows = dict(re.findall(r"^\| `(\w+)` \| (.*?) \|", table, re.MULTILINE))
    assert set(rows) == set(model.model_fields)
    for name, field in model.model_fields.items():
        default = field.default
        if field.is_required():
            assert rows[name] == "required", name
        elif isinstance(default, tuple) and default:
            assert rows[name] == f"`[{', '.join(default)}]`", name
        elif isinstance(default, int) or (isinstance(default, str) and default):
            assert rows[name] == f"`{str(default).lower() if isinstance(default, bool) else default}`", name


@pytest.mark.parametrize(("title", "model"), [("Options", NewsletterOptions), ("Digests", Digest)], ids=str)
def test_the_options_of_the_newsletter_are_those_of_the_source(title: str, model: type[BaseModel]) -> None:
    rows = dict(re.findall(r"^\| `(\w+)` \| (.*?) \|", section(DOCS / "newsletter.md", title), re.MULTILINE))
    assert set(rows) == set(model.model_fields)
    for name, field in model.model_fields.items():
        default = field.default
        if field.is_required():
            assert rows[name] == "required", name
        elif isinstance(default, int) or (isinstance(default, str) and default):
            assert rows[name] == f"`{str(default).lower() if isinstance(default, bool) else default}`", name


def test_the_newsletters_configurations_and_messages_are_those_of_the_source() -> None:
    page = DOCS / "newsletter.md"
    shown = [yaml.safe_load(block.text) for block in blocks("yaml") if block.page == page]
    options = [entry["newsletter"] for one in shown for entry in one.get("plugins", []) if "newsletter" in entry]
    assert len(options) > 2
    offers = OFFERS.model_copy(update={"products": (*OFFERS.products, Offer(id="sql-course", name="SQL"))})
    for one in options:
        assert NewsletterOptions.read(one).all_segments(offers)
    quoted = [
        found[2] for found in re.finditer(r"^\| (`+) ?(.*?) ?\1 \|", section(page, "What may be wrong"), re.MULTILINE)
    ]
    said = messages("ContentError", "IssueError", "ConfigError", below="newsletter")
    assert len(quoted) > 10 and [message for message in quoted if message not in said] == []


def test_all_that_feeds_read_of_front_matter_is_documented_and_the_examples_are_read() -> None:
    tables = section(DOCS / "feeds.md", "Front matter") + section(DOCS / "feeds.md", "A podcast").split("| option")[0]
    rows = re.findall(r"^\| (`.*?`) \|", tables, re.MULTILINE)
    named = {name for row in rows for name in re.findall(r"`(\w+)`", row)}
    elsewhere = {"title", "tags", "categories", "newsletter"}  # in writing.md and newsletter.md
    assert named == (set(ItemFacts.model_fields) | set(PodcastFacts.model_fields)) - elsewhere
    source = parse_source(Path("post.md"), "---\ndate: 2027-01-15\n---\n")
    shown = [yaml.safe_load(block.text) for block in blocks("yaml") if block.page.name == "feeds.md"]
    matter = [one for one in shown if not {"plugins", "nav"} & set(one)]
    assert len(matter) == 3
    for one in matter:
        assert read_facts({**source.meta, **one}, source)


@pytest.mark.parametrize("block", [one for one in blocks("yaml") if "paywall:" in one.text], ids=lambda block: block.id)
def test_configurations_shown_are_valid(block: Block, tmp_path: Path) -> None:
    file = tmp_path / "mkdocs.yml"
    file.write_text(block.text, "utf-8")
    assert load_settings(file).options != PaywallOptions()


GATED = [one for one in blocks("markdown") if "paywall" in one.text or "access:" in one.text]


@pytest.mark.parametrize("block", GATED, ids=lambda block: block.id)
def test_gated_examples_are_cut_without_error(block: Block, tmp_path: Path) -> None:
    file = tmp_path / "page.md"
    file.write_text(block.text, "utf-8")
    source = read_source(file)
    segments = split(source, page_access(source, tmp_path, OFFERS, TODAY), OFFERS)
    gated = [segment for segment in segments if segment.number]
    assert gated and all(segment.text.strip() for segment in gated)


def test_every_form_of_access_in_the_table_is_accepted(tmp_path: Path) -> None:
    forms = re.findall(r"^\| `([^`]+)` \|", section(DOCS / "writing.md", "Who may read a page"), re.MULTILINE)
    assert len(forms) > 5
    for form in forms[1:]:
        file = tmp_path / "page.md"
        file.write_text(f"---\naccess: {form}\n---\n\nText.\n", "utf-8")
        access = page_access(read_source(file), tmp_path, OFFERS, TODAY)
        assert access.public == (form == "public"), form


def messages(*kinds: str, below: str = "") -> set[str]:
    """What errors say in the source: constants as they are, and ``…`` for what is filled in."""
    found = set()
    for path in (CHECKOUT / "site_builder" / below).rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name | ast.Attribute) and node.args:
                name = node.func.id if isinstance(node.func, ast.Name) else node.func.attr
                if name in kinds:
                    found.add(_template(node.args[0]))
    return found


def _template(node: ast.expr) -> str:
    if isinstance(node, ast.Constant):
        return str(node.value).replace("\n", " ")
    if isinstance(node, ast.JoinedStr):
        return re.sub("…+", "…", "".join(map(_template, node.values)))
    if isinstance(node, ast.FormattedValue) and isinstance(node.value, ast.Name):
        return {"MARKER": MARKER, "MORE": MORE}.get(node.value.id, "…")
    return "…"


def documented_messages() -> list[str]:
    """The first cells of the tables of errors in docs/writing.md."""
    text = (DOCS / "writing.md").read_text("utf-8").split("## Errors and their cures")[1]
    return [found[2] for found in re.finditer(r"^\| (`+) ?(.*?) ?\1 \|", text, re.MULTILINE)]


ERRORS = ("ContentError", "LeakError", "PublishError", "MasterKeyError", "RosterError", "ConfigError", "_error")


def test_messages_quoted_in_the_writers_guide_are_those_of_the_source() -> None:
    quoted = documented_messages()
    assert len(quoted) > 20
    said = messages(*ERRORS)
    assert [message for message in quoted if message not in said] == []


def test_every_error_of_a_page_has_its_cure() -> None:
    said = {
        message
        for below in ("content", "demos", "build")
        for message in messages("ContentError", "_error", below=below)
    }
    assert sorted(said - set(documented_messages()) - {"…"}) == []


def test_no_message_names_a_file_that_only_this_checkout_has() -> None:
    """Who installed the package has no docs/."""
    for path in [*(CHECKOUT / "site_builder").rglob("*.py"), *(CHECKOUT / "plugins").rglob("*.py")]:
        module = ast.parse(path.read_text("utf-8"))
        texts = {node for node in ast.walk(module) if isinstance(node, ast.Constant) and isinstance(node.value, str)}
        texts -= {node.value for node in ast.walk(module) if isinstance(node, ast.Expr)}  # docstrings
        assert not [text.value for text in texts if "docs/" in str(text.value)], path
