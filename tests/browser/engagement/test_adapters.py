"""Other services are told the same, each in its own words."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qs, urlsplit

from tests.browser.engagement.conftest import ADAPTERS, AGREED, Reported, Visitor, until
from tests.browser.engagement.front import Told
from tests.browser.engagement.reported_blog import LONG, SEALED


def of(visitor: Visitor, kind: str) -> list[Told]:
    told = visitor.blog.told[visitor.first :]
    return [one for one in told if one.method == "POST" and urlsplit(one.path).path == f"/{kind}"]


def all_of(visitor: Visitor) -> list[Told]:
    return [told for kind in ADAPTERS for told in of(visitor, kind)]


def query(text: str) -> dict[str, str]:
    return {name: values[0] for name, values in parse_qs(text).items()}


def test_every_service_hears_of_a_page_view_and_of_what_came_after(
    new_visitor: Callable[..., Visitor], asking: Reported
) -> None:
    visitor = new_visitor(blog=asking, script=AGREED)
    page = visitor.open(f"{LONG}?utm_source=letter&secret=1#part")
    page.get_by_role("button", name="Calculate").scroll_into_view_if_needed()
    visitor.wait_for("x_calculator_seen")
    page.get_by_role("button", name="Useful").click()
    page.get_by_role("button", name="Yes", exact=True).click()
    page.get_by_label("What was good").fill("Words for the author.")
    page.get_by_role("button", name="Send").click()
    address = f"{asking.address}{LONG}"

    def bodies(kind: str) -> list[Any]:
        return [json.loads(told.body) for told in of(visitor, kind)]

    # One request for each event, except where they go together.
    until(lambda: len(bodies("plausible")) >= 4 and len(bodies("umami")) >= 4 and len(bodies("ga4")) >= 1)
    page.goto("about:blank")
    until(lambda: len(bodies("plausible")) >= 5 and len(bodies("umami")) >= 5 and len(bodies("ga4")) >= 2)
    plausible = {one["name"]: one for one in bodies("plausible")}
    assert plausible["pageview"]["url"] == f"{address}?utm_source=letter"
    assert plausible["reaction"]["props"] == {"kind": "like"} and plausible["feedback"]["props"] == {"helpful": "true"}
    assert plausible["engagement"]["sd"] == 100 and plausible["engagement"]["e"] > 0
    assert {one["domain"] for one in plausible.values()} == {"blog.example.com"}

    umami = [one["payload"] for one in bodies("umami")]
    assert [one.get("name") for one in umami].count(None) == 1
    assert {one["website"] for one in umami} == {"b59e9c65-ae32-47f1-8400-119fcf4861c4"}
    assert {one["title"] for one in umami} == {"A long post - Test Blog"}

    counted = [query(urlsplit(told.path).query) for told in of(visitor, "goatcounter")]
    assert {one["p"] for one in counted} == {f"/{LONG}", "reaction-like", "feedback-true", "x_calculator_seen"}
    assert next(one for one in counted if "e" not in one)["q"] == "?utm_source=letter"

    hits = [query(hit.lstrip("?")) for one in bodies("matomo") for hit in one["requests"]]
    assert {hit["idsite"] for hit in hits} == {"3"} and len({hit["pv_id"] for hit in hits}) == 1
    assert {hit["e_a"] for hit in hits if "e_a" in hit} == {"reaction", "x_calculator_seen", "feedback"}
    assert [hit["action_name"] for hit in hits if "action_name" in hit] == ["A long post - Test Blog"]
    assert sum("ping" in hit for hit in hits) == 1

    google = bodies("ga4")
    assert {told.path.split("?")[1] for told in of(visitor, "ga4")} == {"measurement_id=G-ABC123&api_secret=published"}
    assert len({one["client_id"] for one in google}) == 1
    events = {event["name"]: event["params"] for one in google for event in one["events"]}
    assert set(events) == {"page_view", "reaction", "x_calculator_seen", "feedback", "engagement"}
    assert events["engagement"]["engagement_time_msec"] > 0

    for told in all_of(visitor):
        assert b"secret=1" not in told.body and b"Words for" not in told.body and "cookie" not in told.headers
    assert visitor.troubles == []


def test_a_heading_of_a_part_that_a_member_opened_is_told_to_the_collector_alone(
    new_visitor: Callable[..., Visitor], asking: Reported
) -> None:
    visitor = new_visitor(blog=asking, script=AGREED)
    page = visitor.open(f"{SEALED}#{asking.token}")
    visitor.wait_for("unlock")
    page.keyboard.press("End")
    visitor.wait_for("x_inside_seen")
    page.goto("about:blank")
    (reading,) = visitor.wait_for("engagement")
    assert reading.props["heading"] == "behind-the-gate"
    until(lambda: any(json.loads(told.body)["name"] == "engagement" for told in of(visitor, "plausible")))
    until(lambda: sum(b"scroll" in told.body for told in all_of(visitor)) >= 2)
    for told in all_of(visitor):
        assert "behind" not in told.path and b"behind" not in told.body
        # Nor who it was, nor a word of the part.
        assert reading.member.encode() not in told.body and b"Words that take" not in told.body


def test_what_the_collector_is_told_again_other_services_hear_once(
    new_visitor: Callable[..., Visitor], asking: Reported
) -> None:
    visitor = new_visitor(blog=asking, script=AGREED)
    visitor.context.route(asking.collecting.endpoint, lambda route: route.abort())
    page = visitor.open(LONG)

    def heard() -> list[tuple[str, str]]:
        told = [json.loads(one.body) for one in of(visitor, "plausible")]
        return [(one["name"], urlsplit(one["url"]).path) for one in told if one["name"] in ("pageview", "reaction")]

    page.get_by_role("button", name="Useful").click()
    until(lambda: len(heard()) == 2)
    visitor.context.unroute(asking.collecting.endpoint)
    page.goto(f"{asking.address}{SEALED}")
    visitor.wait_for("pageview", times=2)
    visitor.wait_for("reaction")
    until(lambda: len(heard()) == 3)
    page.goto("about:blank")
    until(
        lambda: any(
            told for told in of(visitor, "plausible") if b'"engagement"' in told.body and SEALED.encode() in told.body
        )
    )
    assert sorted(heard()) == [("pageview", f"/{LONG}"), ("pageview", f"/{SEALED}"), ("reaction", f"/{LONG}")]
