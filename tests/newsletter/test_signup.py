"""Readers from the service where the form lives: all pages or nothing, and whoever left anywhere stays away."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from site_builder.errors import ConfigError, SendingError
from site_builder.newsletter.options import NewsletterOptions
from site_builder.newsletter.signup import SignedUp, fetch
from site_builder.newsletter.signup_options import SIGNUP_KINDS, ButtondownSignup, ListmonkSignup, read_signup
from site_builder.newsletter.signup_services import ButtondownNewsletter, open_signup
from site_builder.newsletter.subscribers import Subscribers
from tests.docs import DOCS, section
from tests.newsletter.sending_blog import Blog
from tests.newsletter.services import Service

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
LIST = 3
PAGES = "GET /api/subscribers"


def on_list(number: int, email: str, standing: str = "confirmed", **more: Any) -> dict[str, Any]:
    """A subscriber as listmonk shows one, who is on another list too."""
    times = {"created_at": "2020-01-01T00:00:00Z", "updated_at": "2026-10-01T08:00:00.49366+02:00"}
    elsewhere = {"id": 9, "subscription_status": "confirmed", "subscription_created_at": "2019-01-01T00:00:00Z"}
    here = {
        "id": LIST,
        "subscription_status": standing,
        "subscription_created_at": "2026-05-31T23:30:00.36636-02:00",
        "subscription_updated_at": "2026-09-01T10:00:00+02:00",
    }
    return {"id": number, "email": email, "name": "", "status": "enabled", "lists": [elsewhere, here], **times, **more}


class Listmonk(Service):
    """Two subscribers on a page, however many are asked for, and a total that is out of date."""

    def __init__(self, *found: Any) -> None:
        super().__init__("token bot:s3cret")
        self.found = list(found)
        self.before: Callable[[int], tuple[int, Any] | None] = lambda page: None

    def answer(self, method: str, path: str, query: dict[str, str], content: Any) -> tuple[int, Any]:
        if path == f"/api/lists/{LIST}":
            return 200, {"data": {"id": LIST}}
        if path != "/api/subscribers" or query["order"] != "asc":
            return 400, {"message": "not found"}
        page = int(query["page"])
        found = self.found if query["list_id"] == str(LIST) else []
        results = found[2 * page - 2 : 2 * page] or None
        return self.before(page) or (200, {"data": {"results": results, "total": 1, "per_page": 2, "page": page}})


@pytest.fixture(autouse=True)
def environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in (
        ("LISTMONK_API_USER", "bot"), ("LISTMONK_API_TOKEN", "s3cret"), ("BUTTONDOWN_API_KEY", "s3cret")
    ):  # fmt: skip
        monkeypatch.setenv(name, value)


@pytest.fixture
def listmonk() -> Iterator[Listmonk]:
    made = Listmonk(
        on_list(1, "Ada@Example.com", name="Ada Example"),
        on_list(2, "bob@example.com", name="bob"),
        on_list(3, "cy@example.com", "unconfirmed"),
        on_list(4, "dee@example.com", "unsubscribed"),
        on_list(5, "eve@example.com", status="blocklisted"),
        on_list(6, "finn@example.com", status="disabled"),
        on_list(7, "gus@example.com"),
    )
    with made as service:
        yield service


@pytest.fixture
def blog(tmp_path: Path, listmonk: Listmonk) -> Blog:
    return Blog(tmp_path / "blog", signup={"kind": "listmonk", "url": listmonk.url, "list": LIST, "timeout": 30})


def kept(blog: Blog) -> tuple[Any, Any]:
    return blog.data("subscribers", "list"), blog.data("subscribers", "list", "--withdrawn")


def test_readers_come_from_all_pages_with_the_day_on_which_they_signed_up(blog: Blog) -> None:
    said = blog.data("subscribers", "fetch")
    assert said == {"new": 3, "renewed": 0, "unsubscribed": 2, "waiting": 2, "withdrawn": [], "skipped": 0}
    readers, gone = kept(blog)
    assert [(one["email"], one["name"], one["consent_date"], one["source"]) for one in readers] == [
        ("Ada@example.com", "Ada Example", "2026-06-01", "listmonk, list 3"),
        ("bob@example.com", "", "2026-06-01", "listmonk, list 3"),
        ("gus@example.com", "", "2026-06-01", "listmonk, list 3"),
    ]
    assert [(one["email"], one["cause"], one["at"], one["detail"]) for one in gone] == [
        ("dee@example.com", "unsubscribed", "2026-09-01T08:00:00Z", "unsubscribed in listmonk, list 3"),
        ("eve@example.com", "unsubscribed", "2026-10-01T06:00:00Z", "blocklisted in listmonk"),
    ]


def test_the_same_again_changes_nothing(blog: Blog) -> None:
    blog.done("subscribers", "fetch")
    before = kept(blog)
    again = "0 new, 3 were there already. 0 more want no mail. 2 have not confirmed, and get none.\n"
    assert blog.done("subscribers", "fetch") == again
    assert kept(blog) == before


def test_a_dry_run_says_the_same_and_changes_nothing(blog: Blog) -> None:
    blog.readers("dee@example.com")
    before = kept(blog)
    said = blog.done("subscribers", "fetch", "--dry-run")
    assert said.startswith("3 new, 0 were there already. 2 more want no mail.") and said.endswith(
        "Nothing was changed.\n"
    )
    assert kept(blog) == before


def test_who_left_here_stays_away_whatever_the_service_says(blog: Blog) -> None:
    blog.done("subscribers", "unsubscribe", "ada@example.com", "--at", "2026-11-01T12:00:00Z")
    said = blog.data("subscribers", "fetch")
    assert (said["new"], said["withdrawn"]) == (2, ["Ada@example.com"])
    assert "1 withdrew here, and get none: Ada@example.com" in blog.done("subscribers", "fetch")
    readers, gone = kept(blog)
    assert "Ada@example.com" not in [one["email"] for one in readers]
    assert gone[0]["at"] == "2026-11-01T12:00:00Z"


def test_who_left_there_leaves_here_and_the_others_stay(blog: Blog) -> None:
    blog.readers("dee@example.com", "EVE@example.com", "own@example.com")
    assert blog.data("subscribers", "fetch")["unsubscribed"] == 2
    assert [one["email"] for one in kept(blog)[0]] == [
        "Ada@example.com", "bob@example.com", "gus@example.com", "own@example.com"
    ]  # fmt: skip


def test_the_first_consent_and_what_was_known_here_are_kept(blog: Blog) -> None:
    blog.done("subscribers", "add", "bob@example.com", "--name", "Bob", "--consent", "2026-01-02", "--interest", "sql")
    blog.done("subscribers", "fetch")
    bob = kept(blog)[0][1]
    assert (bob["name"], bob["consent_date"], bob["source"], bob["interests"]) == ("Bob", "2026-01-02", "", ["sql"])


def test_bad_entries_are_named_and_keep_nobody_else_from_coming_or_leaving(blog: Blog, listmonk: Listmonk) -> None:
    late = on_list(24, "late@example.com")
    late["lists"][1]["subscription_created_at"] = "2999-01-01T00:00:00Z"
    never = on_list(25, "never@example.com")
    del never["lists"][1]["subscription_created_at"]
    garbled = on_list(26, "garbled@example.com", "unsubscribed")
    garbled["lists"][1]["subscription_updated_at"] = ["yesterday"]
    listmonk.found += [
        on_list(21, "no address\x1b[2J"), on_list(22, "odd@example.com", "dancing"),
        on_list(23, "lost@example.com", lists=None), late, never, garbled, on_list(27, None),  # type: ignore[arg-type]
    ]  # fmt: skip
    result = blog.run("subscribers", "fetch")
    assert result.exit_code == 0 and result.stdout.startswith("3 new, 0 were there already. 3 more want no mail.")
    for number, why in (
        (21, "found 'no address [2J' as address"),
        (22, "found the status 'enabled', and 'dancing' on list 3"),
        (23, "found the status 'enabled', and 'None' on list 3"),
        (24, "found 2999-01-01 as consent_date, which is not yet over"),
        (25, "found no day on which they asked for mail"),
        (27, "found 'None' as address"),
    ):
        assert f"skipped listmonk, subscriber {number}: {why}" in result.stderr
    assert result.stderr.count("skipped") == 6 and "\x1b" not in result.output
    assert "garbled@example.com" in [one["email"] for one in kept(blog)[1]]


def on_page_two(answer: tuple[int, Any]) -> Callable[[int], tuple[int, Any] | None]:
    return lambda page: answer if page == 2 else None


@pytest.mark.parametrize(
    ("answer", "what"),
    [
        ((401, {"message": "invalid"}), "listmonk does not accept the key (401)"),
        ((403, {"message": "denied"}), "listmonk does not accept the key (403)"),
        ((302, b""), "listmonk refuses: 302"),
        ((400, {"message": "bad"}), 'listmonk refuses: 400 {"message": "bad"}'),
        ((429, b""), "listmonk is not well: 429, so nothing was changed"),
        ((502, b"<html>"), "listmonk is not well: 502, so nothing was changed"),
        ((200, b"<html>\xff"), "listmonk did not answer with JSON"),
        ((200, b""), "listmonk did not answer with JSON"),
        ((200, b"[" * 100_000), "listmonk did not answer with JSON"),
        ((200, []), "listmonk's answer is not as its documentation says"),
        ((200, {"data": {}}), "listmonk's answer is not a page of subscribers, so nothing was changed"),
        ((200, {"data": {"results": {}}}), "listmonk's answer is not a page of subscribers, so nothing was changed"),
        ((200, {"data": {"results": ["ada"]}}), "listmonk's answer is not a page of subscribers"),
        (
            (200, {"data": {"results": [{"email": "ada@example.com"}]}}),
            "listmonk's answer is not a page of subscribers",
        ),
    ],
)
def test_if_a_page_fails_nothing_is_changed(blog: Blog, listmonk: Listmonk, answer: tuple[int, Any], what: str) -> None:
    blog.readers("dee@example.com")
    before = kept(blog)
    listmonk.before = on_page_two(answer)
    error = blog.error("subscribers", "fetch")
    assert error.what.startswith(what) and error.exit_code == 1 and error.hint
    assert "s3cret" not in str(error)
    assert kept(blog) == before


def test_a_page_that_never_comes_is_not_waited_for(tmp_path: Path, listmonk: Listmonk) -> None:
    over = threading.Event()

    def stall(page: int) -> None:
        over.wait()

    listmonk.before = stall
    blog = Blog(tmp_path / "hasty", signup={"kind": "listmonk", "url": listmonk.url, "list": LIST, "timeout": 0.2})
    try:
        assert blog.error("subscribers", "fetch").what == (
            "listmonk can't be reached: ReadTimeout, so nothing was changed"
        )
    finally:
        listmonk.drop.add(PAGES)  # nobody is there any more to hear the answer
        over.set()


def test_a_connection_that_breaks_off_changes_nothing(blog: Blog, listmonk: Listmonk) -> None:
    listmonk.drop.add(PAGES)
    assert "can't be reached: RemoteProtocolError, so nothing was changed" in blog.error("subscribers", "fetch").what
    assert kept(blog) == ([], [])


def test_a_server_that_is_not_there_is_said_to_be_so(tmp_path: Path) -> None:
    with Listmonk() as gone:
        url = gone.url
    blog = Blog(tmp_path / "blog", signup={"kind": "listmonk", "url": url, "list": LIST})
    assert blog.error("subscribers", "fetch").what == "listmonk can't be reached: ConnectError, so nothing was changed"


def test_the_same_page_again_and_again_comes_to_an_end(blog: Blog, listmonk: Listmonk) -> None:
    same = {"data": {"results": listmonk.found[:2]}}
    listmonk.before = lambda page: (200, same)
    assert "answers with the same page again and again" in blog.error("subscribers", "fetch").what
    assert kept(blog) == ([], [])


def test_a_list_that_is_not_there_is_an_error_and_not_an_empty_list(tmp_path: Path, listmonk: Listmonk) -> None:
    blog = Blog(tmp_path / "other", signup={"kind": "listmonk", "url": listmonk.url, "list": 8})
    assert "listmonk refuses: 400" in blog.error("subscribers", "fetch").what


def test_a_missing_key_and_missing_options_are_asked_for(
    tmp_path: Path, blog: Blog, listmonk: Listmonk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("LISTMONK_API_TOKEN")
    assert "LISTMONK_API_TOKEN is not set" in blog.error("subscribers", "fetch").what
    assert "has no `signup`" in Blog(tmp_path / "without").error("subscribers", "fetch").what
    assert listmonk.heard == []


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"kind": "pigeon"}, "pigeon"),
        ({"kind": "listmonk", "url": "https://lists.example.com"}, r"signup\.list"),
        ({"kind": "listmonk", "url": "http://lists.example.com", "list": 1}, "https"),
        ({"kind": "listmonk", "url": "https://lists.example.com", "list": 1, "color": "hunter2"}, r"signup\.color"),
        ({"kind": "buttondown", "api_key": "hunter2"}, "signup.api_key: what opens a mail server does not belong"),
        ({"kind": "buttondown", "url": "https://evil.example.com"}, r"signup\.url"),
        ({"kind": "buttondown", "password_variable": "hunter2"}, r"signup\.password_variable"),
    ],
)
def test_options_that_can_not_work_are_told_by_name_and_secrets_never(options: dict[str, Any], message: str) -> None:
    with pytest.raises(ConfigError, match=message) as caught:
        read_signup(options)
    assert "hunter2" not in str(caught.value)
    with pytest.raises(ConfigError, match="newsletter option signup") as caught:
        NewsletterOptions.read({"signup": "https://bot:hunter2@lists.example.com"})
    assert "hunter2" not in str(caught.value)


class Buttondown(Service):
    """A page for each list of subscribers."""

    def __init__(self, *pages: list[dict[str, Any]]) -> None:
        super().__init__("Token s3cret")
        self.pages = pages

    def answer(self, method: str, path: str, query: dict[str, str], content: Any) -> tuple[int, Any]:
        if path != "/v1/subscribers":
            return 404, {"detail": "Not Found"}
        page = int(query["page"])
        after = f"https://elsewhere.example.com/v1/subscribers?page={page + 1}" if page < len(self.pages) else None
        return 200, {"count": 0, "next": after, "previous": None, "results": self.pages[page - 1]}


def one(name: str, kind: str, **more: Any) -> dict[str, Any]:
    made = {"id": f"sub_{name}", "email_address": f"{name}@example.com", "type": kind, "tags": []}
    return {**made, "creation_date": "2026-08-24T14:15:22.123456Z", "unsubscription_date": None, **more}


def from_buttondown(service: Buttondown) -> SignedUp:
    elsewhere: dict[str, Any] = {"url": service.url}  # which mkdocs.yml can't say
    options = ButtondownSignup(kind="buttondown", timeout=30).model_copy(update=elsewhere)
    return fetch(open_signup(options), NOW)


def test_in_buttondown_the_type_of_a_subscriber_says_where_they_stand() -> None:
    pages = (
        [one("ada", "regular"), one("bob", "unactivated"), one("cy", "premium")],
        [one("dee", "unsubscribed", unsubscription_date="2026-09-01T10:00:00Z"), one("eve", "complained")],
        [one("finn", "removed"), one("gus", "undeliverable", undeliverability_date="2026-09-02T10:00:00Z")],
        [{"id": "sub_old", "email": "old@example.com", "subscriber_type": "regular", "creation_date": "2020-02-03T04:05:06Z"}],
        [one("hal", "blocked"), one("ivy", "dancing")],
        [one("joe", "regular", creation_date="soon"), one("kim", "regular", type=["x"])],
    )  # fmt: skip
    with Buttondown(*pages) as service:
        found = from_buttondown(service)
        assert len(service.heard) == len(pages)
    assert [(reader.address, reader.consented, reader.source) for reader in found.readers] == [
        ("ada@example.com", date(2026, 8, 24), "Buttondown"),
        ("cy@example.com", date(2026, 8, 24), "Buttondown"),
        ("old@example.com", date(2020, 2, 3), "Buttondown"),
    ]
    assert [(gone.address, gone.cause, gone.at, gone.detail) for gone in found.gone] == [
        ("dee@example.com", "unsubscribed", datetime(2026, 9, 1, 10, tzinfo=UTC), "unsubscribed in Buttondown"),
        ("eve@example.com", "complained", NOW, "complained in Buttondown"),
        ("finn@example.com", "unsubscribed", NOW, "removed in Buttondown"),
        ("gus@example.com", "bounced", datetime(2026, 9, 2, 10, tzinfo=UTC), "undeliverable in Buttondown"),
    ]
    assert found.waiting == 2
    assert [str(error).partition("\n")[0] for error in found.bad] == [
        "Buttondown, subscriber sub_ivy: found 'dancing' as type",
        "Buttondown, subscriber sub_joe: found 'soon' as time",
        "Buttondown, subscriber sub_kim: found '['x']' as type",
    ]


def test_each_type_of_buttondown_means_one_thing() -> None:
    types = [*ButtondownNewsletter.CONFIRMED, *ButtondownNewsletter.WAITING, *ButtondownNewsletter.GONE]
    assert len(types) == len(set(types))


def test_buttondown_says_that_a_key_is_wrong_and_what_else_is(monkeypatch: pytest.MonkeyPatch) -> None:
    with Buttondown([one("ada", "regular")], {"detail": "odd"}) as service:  # type: ignore[arg-type]
        with pytest.raises(SendingError, match="Buttondown's answer is not a page of subscribers"):
            from_buttondown(service)
        monkeypatch.setenv("BUTTONDOWN_API_KEY", "an-0ld-key")
        with pytest.raises(SendingError, match="Buttondown does not accept the key") as caught:
            from_buttondown(service)
    assert caught.value.hint == "It comes from BUTTONDOWN_API_KEY." and "an-0ld-key" not in str(caught.value)


def test_one_person_who_is_there_twice_and_left_once_gets_no_mail(tmp_path: Path) -> None:
    with Buttondown([one("ada", "regular"), one("x", "unsubscribed", email_address="ADA@example.com")]) as service:
        found = from_buttondown(service)
    with Subscribers(tmp_path / "subscribers.db") as opened:
        added, news = opened.take(found.readers, found.gone)
        assert (added.new, added.withdrawn, news) == (0, ("ada@example.com",), 1)
        assert opened.readers() == []


def test_every_kind_and_option_is_documented() -> None:
    text = section(DOCS / "sending.md", "From the sign-up form")
    for kind in SIGNUP_KINDS:
        assert f"kind: {kind}" in text
    for model in (ListmonkSignup, ButtondownSignup):
        for name in model.model_fields:
            assert f"`{name}`" in text, name
