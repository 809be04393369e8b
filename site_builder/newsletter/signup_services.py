"""listmonk and Buttondown as places where readers sign up: their pages of subscribers, and what each entry says."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal, Protocol

from site_builder.errors import SendingError
from site_builder.newsletter.signup_options import ButtondownSignup, ListmonkSignup, SignupOptions
from site_builder.newsletter.subscribers import Cause
from site_builder.newsletter.transport_options import secret
from site_builder.newsletter.transports.buttondown import connect as connect_buttondown
from site_builder.newsletter.transports.listmonk import connect as connect_listmonk
from site_builder.newsletter.transports.listmonk import data_of
from site_builder.newsletter.transports.receipt import one_line

PAGE = 50
"""Subscribers on a page of listmonk, which gives no more than that."""


@dataclass(frozen=True)
class Entry:
    """One subscriber, as a service has it: where they stand, and since when. What came over the wire is not checked yet."""

    email: object
    standing: Cause | Literal["confirmed", "waiting"]
    since: object
    source: str
    name: object = ""
    detail: str = ""


class SignupService(Protocol):
    """Where a sign-up form lives."""

    name: str

    def pages(self) -> Iterator[object]:
        """The subscribers in every standing, page by page. Raises Unreachable or SendingError."""

    def entry(self, found: Mapping[str, Any]) -> Entry:
        """What the service says of one of them. Raises SendingError if that is not understood."""

    def close(self) -> None:
        """Let go of connections."""


class ListmonkList:
    """One list. Who is blocklisted, or unsubscribed from it, wants no mail; who has confirmed does."""

    name = "listmonk"

    def __init__(self, options: ListmonkSignup) -> None:
        self._list = options.list
        self._service = connect_listmonk(options, secret(options.user_variable), secret(options.password_variable))

    def pages(self) -> Iterator[object]:
        self._service.ask(f"/api/lists/{self._list}")  # one that is not there has no subscribers, without a word
        page, results = 0, None
        while page == 0 or results:
            page += 1
            # In the order in which they came, so that who signs up meanwhile moves nobody to another page. The total is
            # not asked for: listmonk may have it from yesterday.
            answer = data_of(
                self._service.ask("/api/subscribers", list_id=self._list, order="asc", page=page, per_page=PAGE)
            )
            results = answer.get("results", "")
            yield [] if results is None else results  # as Go writes an empty list

    def entry(self, found: Mapping[str, Any]) -> Entry:
        source = f"listmonk, list {self._list}"
        if found.get("status") == "blocklisted":
            when = found.get("updated_at")
            return Entry(found.get("email"), "unsubscribed", when, source, detail="blocklisted in listmonk")
        lists = found.get("lists")
        here: dict[str, Any] = next(
            (
                one
                for one in (lists if isinstance(lists, list) else ())
                if isinstance(one, dict) and one.get("id") == self._list
            ),
            {},
        )
        match found.get("status"), here.get("subscription_status"):
            case _, "unsubscribed":
                when = here.get("subscription_updated_at")
                return Entry(found.get("email"), "unsubscribed", when, source, detail=f"unsubscribed in {source}")
            case "enabled", "confirmed":
                when = here.get("subscription_created_at")
                return Entry(found.get("email"), "confirmed", when, source, found.get("name"))
            case (("enabled" | "disabled"), ("confirmed" | "unconfirmed")):
                return Entry(found.get("email"), "waiting", None, source)
            case status, subscription:
                raise SendingError(
                    f"found the status '{one_line(str(status))}', and '{one_line(str(subscription))}' on list {self._list}",
                    hint="Expected enabled, disabled or blocklisted, and unconfirmed, confirmed or unsubscribed.",
                )

    def close(self) -> None:
        self._service.close()


class ButtondownNewsletter:
    """All subscribers of a newsletter; ``type`` says where each stands."""

    name = "Buttondown"
    CONFIRMED = ("regular", "premium", "gifted", "trialed", "churning", "churned", "paused", "past_due")
    WAITING = ("unactivated", "unpaid", "upcoming", "blocked", "disposable", "spammy", "malformed", "disabled")
    """Those who have not confirmed, whom Buttondown's filter holds back, and who never paid for a paid newsletter."""
    GONE: Mapping[str, tuple[Cause, str]] = {
        "unsubscribed": ("unsubscribed", "unsubscription_date"),
        "removed": ("unsubscribed", "unsubscription_date"),
        "complained": ("complained", "unsubscription_date"),
        "undeliverable": ("bounced", "undeliverability_date"),
    }

    def __init__(self, options: ButtondownSignup) -> None:
        self._service = connect_buttondown(options, secret(options.password_variable))

    def pages(self) -> Iterator[object]:
        page, more = 0, True
        while more:
            page += 1
            answer = self._service.ask("/v1/subscribers", page=page, ordering="creation_date")
            found = answer if isinstance(answer, dict) else {}
            more = bool(found.get("next"))  # an address, which is not followed: the key goes to Buttondown alone
            yield found.get("results")

    def entry(self, found: Mapping[str, Any]) -> Entry:
        # Accounts that are set to an older version of the interface get the second names.
        email, kind = (
            found.get(new, found.get(old)) for new, old in (("email_address", "email"), ("type", "subscriber_type"))
        )
        if kind in self.CONFIRMED:
            return Entry(email, "confirmed", found.get("creation_date"), self.name)
        if kind in self.WAITING:
            return Entry(email, "waiting", None, self.name)
        if isinstance(kind, str) and kind in self.GONE:
            cause, when = self.GONE[kind]
            return Entry(email, cause, found.get(when), self.name, detail=f"{kind} in Buttondown")
        raise SendingError(
            f"found '{one_line(str(kind))}' as type",
            hint=f"Expected one of: {', '.join((*self.CONFIRMED, *self.WAITING, *self.GONE))}.",
        )

    def close(self) -> None:
        self._service.close()


def open_signup(options: SignupOptions) -> SignupService:
    """Raises SendingError that names the environment variable which is missing. Connects to nobody yet."""
    return ListmonkList(options) if isinstance(options, ListmonkSignup) else ButtondownNewsletter(options)
