"""What may come between while a page opens: other tabs, the back button, a thread that does not start, odd addresses."""

from __future__ import annotations

import pytest
from playwright.sync_api import BrowserContext, Page, Route, expect

from site_builder.build.theme import theme_dir
from tests.browser.blog import MIXED, URLS
from tests.browser.conftest import Reader

PART = "premium-content"
COUNTS_STARTS = "let n = 0; document.addEventListener('DOMContentLoaded', () => { globalThis.starts = ++n; });"
# Material is told after a minute at the earliest, if the text does not come.
HOLDS_LONG = "const later = setTimeout; globalThis.setTimeout = (act, ms) => later(act, ms === 500 ? 60_000 : ms);"
COUNTS_MOUNTS = "() => { globalThis.mounts = 0; document$.subscribe(() => { globalThis.mounts += 1; }); }"


class Held:
    """Requests that wait until they are let go."""

    def __init__(self, where: Page | BrowserContext, pattern: str) -> None:
        self.waiting: list[Route] | None = []
        where.route(pattern, self._take)

    def _take(self, route: Route) -> None:
        if self.waiting is None:
            route.continue_()
        else:
            self.waiting.append(route)

    def let_go(self) -> None:
        waiting, self.waiting = self.waiting or [], None
        for route in waiting:
            route.continue_()

    def fail(self) -> None:
        waiting, self.waiting = self.waiting or [], None
        for route in waiting:
            route.abort()


def signed_in(reader: Reader, kind: str = "pro") -> Page:
    """A tab in which a member has unlocked: on the account page, from where it can sign out."""
    page = reader.open("account/", member=kind)
    expect(page.locator("membership-account")).to_have_attribute("state", "signed-in")
    return page


def sign_out(account: Page) -> None:
    account.get_by_role("button", name="Sign out").click()
    expect(account.locator("membership-account")).to_have_attribute("state", "signed-out")


def expect_locked(page: Page) -> None:
    expect(page.locator(PART)).to_have_attribute("state", "locked")
    assert "Sealed words" not in page.content()


@pytest.mark.parametrize("slow", ["**/bundle.*.js", "**/main.js"], ids=["the page", "the scripts"])
def test_who_signs_out_while_a_page_is_coming_finds_it_locked(reader: Reader, slow: str) -> None:
    account, page = signed_in(reader), reader.tab()
    rest = Held(page, slow)
    with page.expect_request(slow):
        page.goto(f"{reader.address}{URLS['pro']}", wait_until="commit")
    # The page has read whose it is.
    assert page.evaluate("siteBuilder.session.then((session) => session.kek instanceof CryptoKey)")
    sign_out(account)
    rest.let_go()
    expect_locked(page)


def test_who_signs_out_before_the_text_is_there_finds_the_page_locked_and_working(reader: Reader) -> None:
    account, page = signed_in(reader), reader.tab()
    page.add_init_script(HOLDS_LONG)
    payload = Held(page, "**/vault/payloads/*")
    page.goto(f"{reader.address}{URLS['pro']}")
    expect(page.locator(PART)).to_have_attribute("state", "opening")
    page.evaluate(COUNTS_MOUNTS)
    sign_out(account)
    expect_locked(page)
    assert page.evaluate("mounts") == 1
    payload.let_go()
    expect_locked(page)


def test_text_that_comes_late_finds_a_page_that_works(reader: Reader) -> None:
    signed_in(reader)
    page = reader.tab()
    page.add_init_script(COUNTS_STARTS)
    payload = Held(page, "**/vault/payloads/*")
    page.goto(f"{reader.address}{URLS['pro']}")
    page.wait_for_function("() => globalThis.starts")
    payload.let_go()
    expect(page.locator(PART)).to_have_attribute("state", "open")
    expect(page.locator(f"{PART} :is(.md-clipboard, [data-md-type=copy])")).to_have_count(1)
    assert page.evaluate("starts") == 1


def test_text_that_comes_late_leaves_the_keyboards_focus_where_it_was(reader: Reader) -> None:
    signed_in(reader)
    page = reader.tab()
    page.add_init_script(COUNTS_STARTS)
    payload = Held(page, "**/vault/payloads/*")
    page.goto(f"{reader.address}{MIXED}")
    page.wait_for_function("() => globalThis.starts")
    link = page.locator("#after .headerlink")
    link.focus()
    page.evaluate("globalThis.old = document.activeElement")
    payload.let_go()
    page.wait_for_function("() => !old.isConnected")
    expect(link).to_be_focused()


def test_the_unlock_page_says_who_it_is_now_if_that_changes_while_it_looks(reader: Reader) -> None:
    signed_in(reader)
    form = reader.tab()
    vault = Held(form, "**/vault/**")
    with form.expect_request("**/vault/**"):
        form.goto(f"{reader.address}unlock/")
    with form.expect_event("worker"):
        reader.open("account/", member="supporter")
    vault.let_go()
    expect(form.locator("unlock-form")).to_have_attribute("state", "open")
    expect(form.locator("unlock-form")).to_contain_text("Grace")


def test_the_unlock_page_asks_the_site_again_when_it_is_told_to(reader: Reader) -> None:
    page = reader.open("unlock/", member="revoked")
    form = page.locator("unlock-form")
    expect(form).to_have_attribute("data-refusal", "unknown")
    with page.expect_request("**/vault/lockboxes/*"):
        form.get_by_role("button", name="Try again").click()
    expect(form).to_have_attribute("data-refusal", "unknown")
    expect(form.locator(".unlock-form__said")).to_be_focused()


def test_a_page_that_was_put_aside_is_not_another_members(reader: Reader) -> None:
    page = reader.tab()
    page.add_init_script("Object.defineProperty(BroadcastChannel.prototype, 'onmessage', { set() {} });")
    page.goto(f"{reader.address}{URLS['pro']}#{reader.library.tokens['pro']}")
    expect(page.locator(PART)).to_have_attribute("state", "open")
    other = reader.open("account/", member="supporter")
    expect(other.locator("membership-account")).to_contain_text("Grace")
    expect(page.locator(PART)).to_have_attribute("state", "open")
    # As when the back button brings it back.
    page.evaluate("dispatchEvent(new PageTransitionEvent('pageshow', { persisted: true }))")
    expect(page.locator(PART)).to_have_attribute("data-refusal", "tier-too-low")
    assert "Sealed words" not in page.content()


@pytest.mark.parametrize("late", [False, True], ids=["at once", "late"])
def test_a_thread_that_does_not_start_is_a_refusal_that_can_be_tried_again(reader: Reader, late: bool) -> None:
    signed_in(reader)
    page = reader.tab()
    page.add_init_script(COUNTS_STARTS)
    thread = Held(page, "**/worker.js")
    if not late:
        page.route("**/worker.js", lambda route: route.fulfill(status=404))
    page.goto(f"{reader.address}{URLS['pro']}")
    page.wait_for_function("() => globalThis.starts")
    thread.fail()
    expect(page.locator(PART)).to_have_attribute("data-refusal", "network")
    page.unroute("**/worker.js")
    page.locator(PART).get_by_role("button", name="Try again").click()
    expect(page.locator(PART)).to_have_attribute("state", "open")
    assert page.evaluate("starts") == 1


def test_a_browser_that_gives_no_thread_is_a_refusal(reader: Reader) -> None:
    signed_in(reader)
    page = reader.tab()
    page.add_init_script("globalThis.Worker = class { constructor() { throw new DOMException('none'); } };")
    page.goto(f"{reader.address}{URLS['pro']}")
    expect(page.locator(PART)).to_have_attribute("data-refusal", "network")
    page.goto(f"{reader.address}unlock/")
    expect(page.locator("unlock-form")).to_have_attribute("data-refusal", "network")


def test_a_thread_that_cannot_answer_is_a_refusal(reader: Reader) -> None:
    """As one that a cache has kept from before the theme was renewed."""
    signed_in(reader)
    page = reader.tab()
    older = (theme_dir() / "assets/js/worker.js").read_text("utf-8").replace("openParts", "openPages")
    page.route("**/worker.js", lambda route: route.fulfill(body=older, content_type="text/javascript"))
    page.goto(f"{reader.address}{URLS['pro']}")
    expect(page.locator(PART)).to_have_attribute("data-refusal", "network")


def test_an_address_that_no_browser_would_write_opens_too(reader: Reader) -> None:
    signed_in(reader)
    page = reader.open(f"{URLS['pro']}#100%")
    expect(page.locator(f"{PART} :is(.md-clipboard, [data-md-type=copy])")).to_have_count(1)
    assert reader.troubles == []


def test_what_one_tab_has_seen_is_not_forgotten_by_another(reader: Reader) -> None:
    """A page whose look at an older copy ends after another tab has seen a newer one."""
    page = reader.tab()
    lockbox = Held(page, "**/vault/lockboxes/*")
    with page.expect_request("**/vault/lockboxes/*"):
        page.goto(f"{reader.address}{URLS['pro']}#{reader.library.tokens['pro']}", wait_until="commit")
    newer = reader.tab()
    newer.goto(f"{reader.address}membership/")
    newer.evaluate("siteBuilder.exchange((session) => ({ ...session, epochs: { pro: 1000 } }))")
    lockbox.let_go()
    expect(page.locator(PART)).to_have_attribute("state", "open")
    # What it has found is kept by now.
    newer.wait_for_function("() => siteBuilder.exchange().then((session) => session.hints)")
    assert newer.evaluate("siteBuilder.exchange().then((session) => session.epochs.pro)") == 1000


def test_the_account_page_says_that_one_has_signed_out_while_it_looked(reader: Reader) -> None:
    account, page = signed_in(reader), reader.tab()
    vault = Held(page, "**/vault/**")
    with page.expect_request("**/vault/**"):
        page.goto(f"{reader.address}account/")
    sign_out(account)
    expect(page.locator("membership-account")).to_have_attribute("state", "signed-out")
    vault.let_go()
    expect(page.locator("membership-account")).to_have_attribute("state", "signed-out")
