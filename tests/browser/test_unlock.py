"""Readers of every kind at the paywall, in a real browser: who gets in, who does not, and what each is told."""

from __future__ import annotations

import json
import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, Route, expect

from tests.browser.blog import CHINESE, FREE, MEMBERS, MIXED, URLS, flipped
from tests.browser.conftest import INSECURE, Reader

PART = "premium-content"

# Everything that this browser keeps, as text: what a thief with the profile, or injected script, could read.
KEPT = """async () => {
  const found = [JSON.stringify(localStorage), JSON.stringify(sessionStorage), document.cookie, location.href,
                 JSON.stringify(history.state)];
  for (const { name } of await indexedDB.databases()) {
    const db = await new Promise((done) => { const r = indexedDB.open(name); r.onsuccess = () => done(r.result); });
    for (const store of db.objectStoreNames) {
      const all = await new Promise((done) => {
        const r = db.transaction(store).objectStore(store).getAll(); r.onsuccess = () => done(r.result); });
      for (const value of all) for (const [key, field] of Object.entries(value)) {
        found.push(field instanceof CryptoKey
          ? `key:${key}:${field.type}:${field.algorithm.name}:${field.extractable}:${field.usages}`
          : `${key}:${field instanceof Uint8Array ? String.fromCharCode(...field) : JSON.stringify(field)}`);
      }
    }
    db.close();
  }
  return found;
}"""


def part(page: Page, index: int = 0) -> object:
    return page.locator(PART).nth(index)


def expect_open(page: Page, text: str) -> None:
    expect(page.locator(PART).first).to_have_attribute("state", "open")
    expect(page.get_by_text(text).first).to_be_visible()


def expect_refused(page: Page, code: str, *words: str) -> None:
    element = page.locator(PART).first
    expect(element).to_have_attribute("state", "refused")
    expect(element).to_have_attribute("data-refusal", code)
    for word in words:
        expect(element).to_contain_text(word)
    assert "Sealed" not in page.locator("article").inner_text()


@pytest.mark.parametrize(
    ("member", "slug"),
    [
        ("pro", "pro"),
        ("pro", "members"),
        ("supporter", "members"),
        ("course", "course"),
        ("both", "members"),
        ("both", "course"),
    ],
)
def test_who_may_read_reads_by_a_magic_link(reader: Reader, member: str, slug: str) -> None:
    page = reader.open(URLS[slug], member=member)
    expect_open(page, f"Sealed words for {slug}")
    assert "mbr_" not in page.url
    assert reader.troubles == []


@pytest.mark.parametrize(
    ("member", "slug", "offer"),
    [("supporter", "pro", "Pro"), ("pro", "course", "Async course"), ("course", "members", "Supporter")],
)
def test_who_has_something_else_is_told_what_would_do(reader: Reader, member: str, slug: str, offer: str) -> None:
    page = reader.open(URLS[slug], member=member)
    expect_refused(page, "tier-too-low", offer)
    page.locator(PART).get_by_role("link", name="See what is on offer").first.click()
    expect(page).to_have_url(f"{reader.address}membership/")


def test_who_was_revoked_is_told_so(reader: Reader) -> None:
    expect_refused(reader.open(URLS["pro"], member="revoked"), "unknown")


def test_who_has_expired_is_told_the_day(reader: Reader) -> None:
    expect_refused(reader.open(URLS["pro"], member="expired"), "expired", "Pro", "10")


def test_a_mistyped_token_is_never_kept(reader: Reader) -> None:
    token = reader.library.tokens["pro"]
    wrong = token[:-9] + ("a" if token[-9] != "a" else "b") + token[-8:]
    page = reader.tab()
    page.goto(f"{reader.address}{URLS['pro']}#{wrong}")
    form = page.locator("unlock-form")
    expect(form).to_have_attribute("data-refusal", "mistyped")
    expect(form).to_contain_text("typo")
    assert "mbr_" not in page.url
    assert wrong[:-1] not in "".join(page.evaluate(KEPT))


def test_nothing_that_is_kept_gives_the_token_or_a_key_away(reader: Reader) -> None:
    page = reader.open(URLS["pro"], member="pro")
    expect_open(page, "Sealed words for pro")
    kept = page.evaluate(KEPT)
    token = reader.library.tokens["pro"]
    assert not any(token[4:20] in text for text in kept)
    keys = [text for text in kept if text.startswith("key:")]
    assert keys == ["key:kek:secret:HKDF:false:deriveKey"]
    assert page.evaluate("history.length") <= 3


def test_a_pasted_token_says_who_one_is_and_leads_back(reader: Reader) -> None:
    page = reader.open(URLS["pro"])
    expect(page.locator(PART)).to_have_attribute("state", "locked")
    page.get_by_role("link", name="I am a member: unlock").click()
    page.get_by_label("Your membership token").fill(f"  Here it is: {reader.library.tokens['pro']}\n")
    page.keyboard.press("Enter")
    form = page.locator("unlock-form")
    expect(form).to_have_attribute("state", "open")
    expect(form).to_contain_text("Ada <b>Example</b>")
    expect(form).to_contain_text(re.compile(r"Pro until .*2027"))
    page.get_by_role("link", name="Back to where you were").click()
    expect_open(page, "Sealed words for pro")
    assert reader.troubles == []


def test_other_peoples_words_enter_as_text(reader: Reader) -> None:
    page = reader.open("account/", member="pro")
    account = page.locator("membership-account")
    expect(account).to_contain_text("Ada <b>Example</b>")
    assert account.locator("b").count() == 0


@pytest.mark.parametrize(
    "elsewhere", ["https://evil.example.com/", "//evil.example.com/", "/\\evil.example.com", "javascript:alert(1)"]
)
def test_the_way_back_never_leaves_the_site(reader: Reader, elsewhere: str) -> None:
    page = reader.tab()
    page.goto(f"{reader.address}unlock/?next={elsewhere}#{reader.library.tokens['pro']}")
    expect(page.locator("unlock-form")).to_have_attribute("state", "open")
    hosts = page.locator("unlock-form a").evaluate_all("links => links.map(link => new URL(link.href).host)")
    assert set(hosts) <= {reader.address.split("/")[2]}


def test_a_page_opens_again_later_without_the_token(reader: Reader) -> None:
    expect_open(reader.open(URLS["pro"], member="pro"), "Sealed words for pro")
    expect_open(reader.open(URLS["members"]), "Sealed words for members")


def test_unlocking_and_signing_out_reach_other_tabs(reader: Reader) -> None:
    waiting = reader.open(URLS["pro"])
    expect(waiting.locator(PART)).to_have_attribute("state", "locked")
    account = reader.open("account/", member="pro")
    expect_open(waiting, "Sealed words for pro")
    account.get_by_role("button", name="Sign out").click()
    expect(account.locator("membership-account")).to_have_attribute("state", "signed-out")
    expect(waiting.locator(PART)).to_have_attribute("state", "locked")
    assert "Sealed words" not in waiting.content()
    assert not any(text.startswith("key:") for text in waiting.evaluate(KEPT))
    waiting.reload()
    expect(waiting.locator(PART)).to_have_attribute("state", "locked")


def test_two_parts_of_a_page_open_each_for_its_own(new_reader: Callable[..., Reader]) -> None:
    supporter = new_reader().open(MIXED, member="supporter")
    expect(supporter.locator(PART).nth(0)).to_have_attribute("state", "open")
    expect(supporter.locator(PART).nth(1)).to_have_attribute("data-refusal", "tier-too-low")
    pro = new_reader().open(MIXED, member="pro")
    for index in range(2):
        expect(pro.locator(PART).nth(index)).to_have_attribute("state", "open")
    contents = pro.locator(".md-sidebar--secondary [data-md-component=toc] .md-nav__link").all_inner_texts()
    assert [text.strip() for text in contents] == ["For members", "For pro", "After"]


def test_a_chinese_page_speaks_chinese(reader: Reader) -> None:
    page = reader.open(CHINESE, member="supporter")
    expect(page.locator(PART)).to_have_attribute("data-refusal", "tier-too-low")
    expect(page.locator(PART)).to_contain_text("您的会员资格不包含这一部分")
    assert page.locator("html").get_attribute("lang") == "zh"


def test_without_script_the_page_and_the_card_are_there(new_reader: Callable[..., Reader]) -> None:
    page = new_reader(java_script_enabled=False).open(URLS["pro"])
    expect(page.get_by_text("Public words for everybody")).to_be_visible()
    expect(page.get_by_role("link", name="I am a member: unlock")).to_be_visible()
    # Switched off in this way, Chromium still takes what is in <noscript> for text.
    assert "needs JavaScript" in (page.locator(".paywall-card noscript").text_content() or "")


def test_without_a_secure_connection_nothing_is_opened(new_reader: Callable[..., Reader], address: str) -> None:
    insecure = new_reader(at=address.replace("127.0.0.1", INSECURE))
    page = insecure.open(URLS["pro"], member="pro")
    expect(page.locator("unlock-form")).to_have_attribute("data-refusal", "no-webcrypto")
    expect(page.locator("unlock-form")).to_contain_text("secure connection")
    assert "mbr_" not in page.url


def test_where_a_browser_keeps_nothing_that_is_said(reader: Reader) -> None:
    """As Firefox with site data switched off: these throw as soon as they are touched."""
    page = reader.tab()
    page.add_init_script("""
        const refuse = { get() { throw new DOMException("switched off", "SecurityError"); } };
        for (const name of ["indexedDB", "BroadcastChannel"]) Object.defineProperty(globalThis, name, refuse);
    """)
    page.goto(f"{reader.address}{URLS['pro']}#{reader.library.tokens['pro']}")
    form = page.locator("unlock-form")
    expect(form).to_have_attribute("data-refusal", "no-storage")
    expect(form.get_by_role("textbox")).to_be_visible()
    page.goto(f"{reader.address}{URLS['pro']}")
    expect(page.locator(PART).first).to_have_attribute("state", "locked")


def test_inside_a_frame_nothing_is_opened(reader: Reader) -> None:
    expect_open(reader.open(URLS["pro"], member="pro"), "Sealed words for pro")
    page = reader.tab()
    page.goto(f"{reader.address}{FREE}")
    page.evaluate(
        "url => { const f = document.createElement('iframe'); f.src = url; document.body.append(f) }", f"/{URLS['pro']}"
    )
    framed = page.frame_locator("iframe").locator(PART)
    expect(framed).to_have_attribute("data-refusal", "framed")
    assert "Sealed words" not in page.frames[-1].content()


def tamper(page: Page, pattern: str, change: Callable[[bytes], bytes]) -> None:
    """The host gives something else than was published."""

    def answer(route: Route) -> None:
        body = route.fetch().body()
        route.fulfill(body=change(body), content_type="application/octet-stream")

    page.route(pattern, answer)


@pytest.mark.parametrize(
    ("pattern", "change"),
    [
        ("**/vault/payloads/*", flipped),
        ("**/vault/payloads/*", lambda body: flipped(body, 5)),
        ("**/vault/payloads/*", lambda body: body[:-64]),
        ("**/vault/payloads/*", lambda body: b""),
        ("**/vault/keyrings/**", flipped),
    ],
    ids=["a bit", "a bit of the seal", "cut short", "empty", "the keyring"],
)
def test_what_was_tampered_with_is_refused_in_clear_words(
    reader: Reader, pattern: str, change: Callable[[bytes], bytes]
) -> None:
    page = reader.tab()
    tamper(page, pattern, change)
    page.goto(f"{reader.address}{URLS['pro']}#{reader.library.tokens['pro']}")
    expect_refused(page, "damaged", "could not be opened")
    page.unroute(pattern)
    page.locator(PART).get_by_role("button", name="Try again").click()
    expect_open(page, "Sealed words for pro")


def test_a_payload_of_another_page_is_refused(reader: Reader) -> None:
    page = reader.tab()
    payloads = sorted((reader.library.blog.site / "vault/payloads").iterdir())
    others = {path.name: payloads[index - 1].read_bytes() for index, path in enumerate(payloads)}
    page.route("**/vault/payloads/*", lambda route: route.fulfill(body=others[route.request.url.rsplit("/", 1)[1]]))
    page.goto(f"{reader.address}{URLS['pro']}#{reader.library.tokens['pro']}")
    expect_refused(page, "damaged")


def test_a_lockbox_of_another_site_is_refused(reader: Reader, new_reader: Callable[..., Reader]) -> None:
    """The same token and slot sealed for a site of another name: the seal is bound to the site."""
    from site_builder.membership.token import kek, locator
    from site_builder.vault.lockbox import Entry, Epoch, Holder
    from site_builder.vault.shards import lay_out, seal_shards

    token = reader.library.tokens["pro"]
    holder = Holder(locator(token), kek(token), "Ada", (Entry("pro", True, None),))
    epochs = {"pro": Epoch(0, bytes(32))}
    [shard] = seal_shards(bytes(32), "another-site", lay_out("another-site", [holder], epochs), epochs)
    page = reader.tab()
    page.route("**/vault/lockboxes/*", lambda route: route.fulfill(body=shard))
    page.goto(f"{reader.address}{URLS['pro']}#{token}")
    expect_refused(page, "unknown")


def test_a_host_that_cannot_be_reached_can_be_tried_again(reader: Reader) -> None:
    page = reader.tab()
    page.route("**/vault/*/**", lambda route: route.abort())
    page.goto(f"{reader.address}{URLS['pro']}#{reader.library.tokens['pro']}")
    expect_refused(page, "network", "could not be reached")
    page.unroute("**/vault/*/**")
    page.locator(PART).get_by_role("button", name="Try again").click()
    expect_open(page, "Sealed words for pro")


def test_an_older_copy_of_the_site_is_noticed(reader: Reader) -> None:
    """The browser has seen epoch 1 of pro (somebody was revoked); a host that serves an older one is told of."""
    page = reader.open(URLS["pro"], member="pro")
    expect_open(page, "Sealed words for pro")
    # What it has seen is kept by now.
    page.wait_for_function("() => siteBuilder.exchange().then((session) => session.hints)")
    raised = "siteBuilder.exchange((session) => ({ ...session, epochs: { pro: session.epochs.pro + 1 } }))"
    page.evaluate(raised)
    again = reader.open(URLS["pro"])
    expect_refused(again, "older-copy", "older copy")


def test_every_kind_of_member_was_tried() -> None:
    assert set(MEMBERS) == {"pro", "supporter", "course", "both", "expired", "revoked"}


def test_search_engines_are_told_what_is_not_free(reader: Reader) -> None:
    page = reader.open(URLS["pro"])
    data = json.loads(page.locator('script[type="application/ld+json"]').inner_text())
    assert data["isAccessibleForFree"] is False
    assert page.locator(data["hasPart"]["cssSelector"]).count() == 1
