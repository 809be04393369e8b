"""Of members and their tokens nothing is told but that a part was opened, and that only of the page it stands in."""

from __future__ import annotations

import re

from playwright.sync_api import expect

from tests.browser.engagement.conftest import Visitor
from tests.browser.engagement.reported_blog import LONG, SEALED


def test_a_part_that_opens_is_told_and_its_paywall_was_never_seen(visitor: Visitor) -> None:
    page = visitor.open(f"{SEALED}#{visitor.blog.token}")
    expect(page.locator("premium-content")).to_have_attribute("state", "open")
    visitor.wait_for("unlock")
    page.keyboard.press("End")
    (seen,) = visitor.wait_for("x_inside_seen")
    assert seen.props == {"place": "sealed"}
    page.goto("about:blank")
    visitor.wait_for("engagement")
    assert sorted(one.name for one in visitor.kept() if one.name != "engagement") == [
        "pageview",
        "unlock",
        "x_inside_seen",
    ]
    assert len({one.pv for one in visitor.kept()}) == 1


def test_no_token_is_told_whichever_way_it_comes(visitor: Visitor) -> None:
    token = visitor.blog.token
    page = visitor.open(f"{LONG}?utm_source={token}&mbr={token}#{token}")
    page.wait_for_url(re.compile("[^#]*$"))
    page.get_by_role("button", name="No", exact=True).click()
    page.get_by_label("What was good").fill(f"My token is {token}.")
    page.get_by_role("button", name="Send").click()
    visitor.wait_for("feedback")
    page.goto("about:blank")
    visitor.wait_for("engagement")
    assert [one.props["text"] for one in visitor.kept("feedback")] == ["My token is ."]
    for told in visitor.told:
        assert token[4:] not in f"{told.path} {told.headers} {told.body!r}"


def test_the_unlock_page_tells_nothing(visitor: Visitor) -> None:
    page = visitor.open(f"unlock/#{visitor.blog.token}")
    expect(page.locator("unlock-form")).to_have_attribute("state", "open")
    page.wait_for_load_state("networkidle")
    page.goto("about:blank")
    page.goto(f"{visitor.blog.address}{LONG}")
    visitor.wait_for("pageview")
    assert {one.url for one in visitor.kept()} == {f"/{LONG}"}
