"""A member reads the address of their feed off the account page, and a feed reader finds the full text there."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import expect

from tests.browser.blog import Library
from tests.browser.conftest import Reader
from tests.sites import MATERIAL, TODAY, make_blog

POST = "# A post for {who}\n\nPublic words.\n\n<!-- paywall -->\n\nSealed words that only {who} can read.\n"
MEMBERS = {
    "pro": ("--tier", "pro"),
    "both": ("--tier", "supporter", "--product", "async-course"),
    "expired": ("--tier", "pro", "--expires", "2026-11-10"),
    "leaving": ("--tier", "supporter"),
}
ADDRESS = ".membership__address"
MakeReader = Callable[..., Reader]


def build(root: Path, serve: Callable[[Path], str], kind: str) -> Library:
    """A served blog whose members have feeds of the ``kind``."""
    blog = make_blog(root, plugins=(*MATERIAL, f"feeds: {{members: {kind}}}"), url=serve(root / "site"))
    for who in ("supporter", "pro", "async-course"):
        blog.post(who, POST.format(who=who), header=f"access: {who}")
    tokens = {}
    for name, arguments in MEMBERS.items():
        mail = f"{name}@example.com"
        done = blog.run("members", "add", "--email", mail, *arguments, "--at", "2026-11-01T08:00:00Z", "--json")
        tokens[name] = json.loads(done.stdout)["token"]
    blog.build(today=TODAY)
    return Library(blog, tokens)


@pytest.fixture(scope="module")
def tiers(tmp_path_factory: pytest.TempPathFactory, serve: Callable[[Path], str]) -> Library:
    return build(tmp_path_factory.mktemp("tiers") / "blog", serve, "tier")


@pytest.fixture(scope="module")
def members(tmp_path_factory: pytest.TempPathFactory, serve: Callable[[Path], str]) -> Library:
    return build(tmp_path_factory.mktemp("members") / "blog", serve, "member")


def visit(new_reader: MakeReader, library: Library) -> Reader:
    reader = new_reader(at=library.blog.settings.site_url)
    reader.library = library
    return reader


def fetched(address: str) -> httpx.Response:
    """What a feed reader gets, which knows the address alone."""
    return httpx.get(address, trust_env=False)


def test_the_account_page_shows_an_address_at_which_the_full_text_is(new_reader: MakeReader, tiers: Library) -> None:
    reader = visit(new_reader, tiers)
    page = reader.open("account/", member="pro")
    address = page.locator(ADDRESS)
    expect(address).to_have_value(re.compile(rf"^{re.escape(reader.address)}feeds/m/[0-9a-f]{{40}}/rss\.xml$"))
    expect(page.get_by_text("keep it to yourself")).to_be_visible()
    response = fetched(address.input_value())
    assert response.status_code == 200
    for who in ("supporter", "pro"):
        assert f"Sealed words that only {who} can read." in response.text
    assert "only async-course can" not in response.text
    assert reader.troubles == []


def test_who_holds_several_things_gets_an_address_for_each(new_reader: MakeReader, tiers: Library) -> None:
    page = visit(new_reader, tiers).open("account/", member="both")
    expect(page.locator(ADDRESS)).to_have_count(2)
    supporter = page.get_by_label("Supporter", exact=False).input_value()
    course = page.get_by_label("Async course", exact=False).input_value()
    assert "only supporter can" in fetched(supporter).text and "only pro can" not in fetched(supporter).text
    assert "only async-course can" in fetched(course).text


def test_an_address_of_ones_own_has_all_that_one_holds(new_reader: MakeReader, members: Library) -> None:
    page = visit(new_reader, members).open("account/", member="both")
    address = page.locator(ADDRESS)
    expect(address).to_have_count(1)
    text = fetched(address.input_value()).text
    assert "only supporter can" in text and "only async-course can" in text and "only pro can" not in text
    expect(page.get_by_text("It is yours alone")).to_be_visible()


@pytest.mark.parametrize("kind", ["tiers", "members"])
def test_who_has_expired_is_shown_none(new_reader: MakeReader, kind: str, request: pytest.FixtureRequest) -> None:
    page = visit(new_reader, request.getfixturevalue(kind)).open("account/", member="expired")
    expect(page.locator("membership-account")).to_have_attribute("state", "signed-in")
    expect(page.locator(ADDRESS)).to_have_count(0)


def test_a_site_without_members_feeds_shows_none(reader: Reader) -> None:
    page = reader.open("account/", member="pro")
    expect(page.locator("membership-account")).to_have_attribute("state", "signed-in")
    expect(page.locator(ADDRESS)).to_have_count(0)


def test_the_button_copies_and_signing_out_takes_the_address_away(new_reader: MakeReader, tiers: Library) -> None:
    reader = visit(new_reader, tiers)
    reader.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page = reader.open("account/", member="pro")
    address = page.locator(ADDRESS).input_value()
    page.get_by_role("button", name="Copy the address").click()
    expect(page.get_by_role("button", name="Copied")).to_be_visible()
    assert page.evaluate("navigator.clipboard.readText()") == address
    page.get_by_role("button", name="Sign out").click()
    expect(page.locator("membership-account")).to_have_attribute("state", "signed-out")
    expect(page.locator(ADDRESS)).to_have_count(0)
    assert address not in page.content()


def test_who_signs_out_while_an_address_is_worked_out_is_shown_none(new_reader: MakeReader, tiers: Library) -> None:
    reader = visit(new_reader, tiers)
    reader.open("account/", member="pro")
    page = reader.tab()
    page.add_init_script("""
        const { exportKey } = SubtleCrypto.prototype;
        globalThis.asked = new Promise((ask) => {
          globalThis.answer = new Promise((go) => (globalThis.goOn = go));
          SubtleCrypto.prototype.exportKey = async function (...given) {
            ask(); await answer; return exportKey.apply(this, given); };
        });
    """)
    page.goto(f"{reader.address}account/")
    page.evaluate("asked")
    page.evaluate("siteBuilder.exchange(() => undefined)")
    page.evaluate(f"new BroadcastChannel('site-builder:{tiers.blog.settings.site}').postMessage('signed-out')")
    expect(page.locator("membership-account")).to_have_attribute("state", "signed-out")
    page.evaluate("goOn(); new Promise((settled) => setTimeout(settled, 100))")
    expect(page.locator("membership-account")).to_have_attribute("state", "signed-out")
    expect(page.locator(ADDRESS)).to_have_count(0)


def test_an_address_is_gone_with_the_next_build_and_others_find_the_new_one(
    new_reader: MakeReader, tmp_path: Path, serve: Callable[[Path], str]
) -> None:
    library = build(tmp_path / "blog", serve, "tier")
    leaving = visit(new_reader, library).open("account/", member="leaving").locator(ADDRESS).input_value()
    assert fetched(leaving).status_code == 200
    staying = visit(new_reader, library)
    library.blog.run("members", "revoke", "leaving@example.com", "--at", f"{TODAY}T09:00:00Z")
    library.blog.build(today=TODAY)
    assert fetched(leaving).status_code == 404
    page = staying.open("account/", member="both")
    new = page.get_by_label("Supporter", exact=False).input_value()
    assert new != leaving and "only supporter can" in fetched(new).text
