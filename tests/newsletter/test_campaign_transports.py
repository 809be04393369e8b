"""Services that have the lists themselves: each variant for the lists whose people may read it, and for no others."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from site_builder.errors import SendingError
from site_builder.newsletter.audience import Person
from site_builder.newsletter.issue import load_issue
from site_builder.newsletter.message import Mail
from site_builder.newsletter.transport_options import ButtondownOptions
from site_builder.newsletter.transports.buttondown import Buttondown as ButtondownTransport
from site_builder.newsletter.transports.campaigns import campaigns
from tests.newsletter.sendable import LINK, OFFERS, TEXTS, an_issue, write_issue
from tests.newsletter.sending_blog import ISSUE, Blog
from tests.newsletter.services import Buttondown, Listmonk

LISTS: list[dict[str, Any]] = [
    {"id": 1, "holds": []}, {"id": 2, "holds": ["supporter"]}, {"id": 3, "holds": ["pro"]}, {"id": 4, "holds": ["course"]}
]  # fmt: skip


@pytest.fixture
def listmonk(monkeypatch: pytest.MonkeyPatch) -> Iterator[Listmonk]:
    monkeypatch.setenv("LISTMONK_API_USER", "bot")
    monkeypatch.setenv("LISTMONK_API_TOKEN", "s3cret")
    with Listmonk(1, 2, 3, 4) as service:
        yield service


def blog_with(folder: Path, service: Listmonk, **more: Any) -> Blog:
    transport = {"kind": "listmonk", "url": service.url, "template": 7, "lists": LISTS, **more}
    blog = Blog(folder / "blog", transport)
    blog.member("pia@example.com", "--tier", "pro")
    return blog


@pytest.fixture
def blog(tmp_path: Path, listmonk: Listmonk) -> Blog:
    return blog_with(tmp_path, listmonk)


def test_each_variant_is_a_draft_for_the_lists_that_may_read_it(blog: Blog, listmonk: Listmonk) -> None:
    said = blog.data("send", ISSUE)
    assert said["mails"]["sent"] == 3
    made = {tuple(one["id"] for one in campaign["lists"]): campaign for campaign in listmonk.made}
    assert set(made) == {(1, 4), (2,), (3,)}
    for lists, canary in (((1, 4), False), ((2,), False), ((3,), True)):
        for part in ("body", "altbody"):
            assert ("Pro alone" in made[lists][part]) == canary
    draft = made[(3,)]
    assert (draft["status"], draft["template_id"], draft["content_type"]) == ("draft", 7, "html")
    assert draft["from_email"] == "Mara <mara@example.com>" and draft["subject"] == "About floats"
    for part in ("body", "altbody"):
        assert "{{ UnsubscribeURL }}" in draft[part] and LINK not in draft[part]


def test_campaigns_are_started_only_if_the_writer_says_so(tmp_path: Path, listmonk: Listmonk) -> None:
    blog_with(tmp_path, listmonk, start=True).data("send", ISSUE)
    assert {campaign["status"] for campaign in listmonk.made} == {"running"}


def test_an_issue_is_made_into_campaigns_once(blog: Blog, listmonk: Listmonk) -> None:
    blog.data("send", ISSUE)
    assert "was sent before" in blog.error("send", ISSUE).what
    blog.data("send", ISSUE, "--resume")
    assert len(listmonk.made) == 3


def test_a_list_that_the_service_does_not_have_stops_it(tmp_path: Path) -> None:
    with Listmonk(1, 2, 3) as service, pytest.MonkeyPatch.context() as environment:
        environment.setenv("LISTMONK_API_USER", "bot")
        environment.setenv("LISTMONK_API_TOKEN", "s3cret")
        error = blog_with(tmp_path, service).error("send", ISSUE)
        assert "list not found" in error.what
        assert all(4 not in campaign["lists"] for campaign in service.made)


def test_members_without_a_list_for_them_stop_it_before_anything_is_made(tmp_path: Path, listmonk: Listmonk) -> None:
    blog = blog_with(tmp_path, listmonk, lists=LISTS[:2])
    assert "may read the variant 'pro' of the issue floats, and no list is for them" in blog.error("send", ISSUE).what
    assert listmonk.heard == []


def test_a_mapping_that_can_not_be_right_is_refused(tmp_path: Path) -> None:
    issue = an_issue(tmp_path / "floats")

    def lists(*entries: tuple[str, tuple[str, ...]]) -> ButtondownOptions:
        given = [{"id": name, "holds": holds} for name, holds in entries]
        return ButtondownOptions.model_validate({"kind": "buttondown", "lists": given})

    with pytest.raises(SendingError, match="list a holds 'gold', which is not on offer"):
        campaigns(issue, lists(("a", ("gold",))), (), OFFERS)
    with pytest.raises(SendingError, match="list a stands there twice"):
        campaigns(issue, lists(("a", ()), ("a", ("pro",))), (), OFFERS)
    everybody = [Person("pia@example.com", held=frozenset({"pro"}))]
    assert len(campaigns(issue, lists(("a", ()), ("b", ("pro", "course"))), everybody, OFFERS)) == 2


def test_a_wrong_key_is_told_without_the_key(blog: Blog, listmonk: Listmonk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LISTMONK_API_TOKEN", "an-0ld-key")
    error = blog.error("send", ISSUE)
    assert error.what == "listmonk does not accept the key (403)"
    assert error.hint == "It comes from LISTMONK_API_USER and LISTMONK_API_TOKEN." and "an-0ld-key" not in repr(
        vars(error)
    )
    assert listmonk.made == []


@pytest.mark.parametrize("trouble", ["drop", "500"])
def test_a_lost_answer_leaves_doubt_and_no_second_campaign_is_made(
    blog: Blog, listmonk: Listmonk, trouble: str
) -> None:
    step = "POST /api/campaigns"
    if trouble == "drop":
        listmonk.drop.add(step)
    else:
        listmonk.status[step] = 502
    assert "0 failed, 3 are in doubt" in blog.error("send", ISSUE).what
    assert len(listmonk.made) == 3
    listmonk.drop.clear()
    listmonk.status.clear()
    blog.done("resolve", ISSUE, "--retry")
    blog.error("send", ISSUE, "--resume")
    details = [one["detail"] for one in blog.data("status", ISSUE)["open"]]
    assert len(listmonk.made) == 3 and all("has this campaign already" in detail for detail in details)


def test_what_goes_to_people_does_not_go_to_lists(blog: Blog, listmonk: Listmonk) -> None:
    assert "--to does not work with listmonk" in blog.error("send", ISSUE, "--to", "pro").what
    assert "--canary does not work with listmonk" in blog.error("send", ISSUE, "--canary", "1").what
    assert blog.data("send", ISSUE, "--dry-run")["variants"] == {"pro": 1, "public": 1, "supporter": 1}
    assert listmonk.heard == []


def test_code_that_looks_like_a_template_is_not_run(tmp_path: Path, listmonk: Listmonk) -> None:
    blog = blog_with(tmp_path, listmonk)
    code = "{{{ .Subscriber.Email }}} {% if x %} {# note #} https://example.com@TrackLink"
    for file in blog.issue.rglob("*"):
        if file.is_file():
            file.unlink()
    write_issue(blog.issue, {name: f"{text}\n{code}\n" for name, text in TEXTS.items()})
    blog.data("send", ISSUE)
    body, text = (listmonk.made[0][part].replace("{{ UnsubscribeURL }}", "") for part in ("body", "altbody"))
    assert "{{" not in body and "{%" not in body and "{#" not in body and "@TrackLink" not in body
    assert "&#123;&#123;{ .Subscriber.Email }}} &#123;% if x %}" in body
    assert '{{ "{{" }}{ .Subscriber.Email }}}' in text and "@TrackLink" not in text


@pytest.fixture
def buttondown() -> Iterator[Buttondown]:
    with Buttondown("tag_free", "tag_pro") as service:
        yield service


def by_buttondown(folder: Path, service: Buttondown, *tags: tuple[str, list[str]], **more: Any) -> ButtondownTransport:
    issue = load_issue(write_issue(folder / "floats"))
    lists = [{"id": tag, "holds": holds} for tag, holds in tags]
    options = ButtondownOptions.model_validate({"kind": "buttondown", "lists": lists, **more})
    # The service's address is fixed in the options: here stands another in its place.
    here = options.model_copy(update={"url": service.url})
    return ButtondownTransport(here, "s3cret", issue, campaigns(issue, options, (), OFFERS))


def deliver_all(transport: ButtondownTransport) -> list[str]:
    verdicts = [transport.deliver(Mail("m@example.com", name, "", b"")).verdict for name in transport.campaigns]
    transport.close()
    return verdicts


TAGS: tuple[tuple[str, list[str]], ...] = (("tag_free", []), ("tag_pro", ["pro"]))


def test_buttondown_gets_a_draft_for_each_variant_and_only_its_tags(tmp_path: Path, buttondown: Buttondown) -> None:
    assert deliver_all(by_buttondown(tmp_path, buttondown, *TAGS)) == ["sent", "sent"]
    made = {email["filters"]["filters"][0]["value"]: email for email in buttondown.made}
    assert set(made) == {"tag_free", "tag_pro"}
    for tag, email in made.items():
        assert email["filters"] == {
            "filters": [{"field": "subscriber.tags", "operator": "contains", "value": tag}], "groups": [], "predicate": "or",
        }  # fmt: skip
        assert ("Pro alone" in email["body"]) == (tag == "tag_pro")
        assert (email["status"], email["archival_mode"]) == ("draft", "disabled")
        assert "{{ unsubscribe_url }}" in email["body"]


def test_buttondown_sends_at_once_only_if_the_writer_says_so(tmp_path: Path, buttondown: Buttondown) -> None:
    deliver_all(by_buttondown(tmp_path, buttondown, *TAGS, start=True))
    assert {email["status"] for email in buttondown.made} == {"about_to_send"}


def test_a_tag_that_is_not_there_never_comes_to_mean_everybody(tmp_path: Path, buttondown: Buttondown) -> None:
    with pytest.raises(SendingError, match="Buttondown refuses: 404"):
        deliver_all(by_buttondown(tmp_path, buttondown, ("tag_free", []), ("tag_gone", ["pro"])))
    assert all("Pro alone" not in email["body"] for email in buttondown.made)


def test_a_service_that_drops_the_filter_is_noticed(tmp_path: Path, buttondown: Buttondown) -> None:
    def forgetful(method: str, path: str, query: dict[str, str], content: Any) -> tuple[int, Any]:
        code, said = Buttondown.answer(buttondown, method, path, query, content)
        return code, {name: value for name, value in said.items() if name != "filters"}

    buttondown.answer = forgetful  # type: ignore[method-assign]
    assert deliver_all(by_buttondown(tmp_path, buttondown, *TAGS)) == ["unknown", "unknown"]
