"""Campaigns in listmonk, one for each variant of an issue, over its HTTP interface. It has the lists and sends by itself."""

from __future__ import annotations

from collections.abc import Mapping
from email.utils import formataddr
from typing import Any

from site_builder.errors import SendingError
from site_builder.newsletter.issue import Issue
from site_builder.newsletter.message import Mail
from site_builder.newsletter.transport_options import ListmonkOptions, ListmonkServer
from site_builder.newsletter.transports.campaigns import Campaign, template_safe_html, template_safe_text
from site_builder.newsletter.transports.receipt import Receipt, Unreachable
from site_builder.newsletter.transports.web import Service

LINKS = {
    "unsubscribe": "{{ UnsubscribeURL }}",
    "preferences": "{{ UnsubscribeURL }}",
    "one_click": "{{ UnsubscribeURL }}",
    "address": "{{ .Subscriber.Email }}",
}
"""What listmonk's templates fill in for a reader."""


class Listmonk:
    """Makes a draft of a campaign and, if ``start`` is set, starts it. Never makes a second one of the same name."""

    kind = "listmonk"
    repeatable = False

    def __init__(
        self, options: ListmonkOptions, user: str, token: str, issue: Issue, campaigns: Mapping[str, Campaign]
    ) -> None:
        self.options, self.issue, self.campaigns = options, issue, campaigns
        self._service = connect(options, user, token)

    def deliver(self, mail: Mail) -> Receipt:
        """Make the campaign whose name is the mail's recipient. Raises as ``Transport.deliver`` says."""
        campaign = self.campaigns[mail.recipient]
        if there := self._named(campaign.name):
            return Receipt("refused", f"listmonk has this campaign already: number {there['id']}, {there['status']}")
        for one in campaign.lists:  # one that is not there would be left out without a word
            self._service.ask(f"/api/lists/{one}")
        answer = self._service.tell("POST", "/api/campaigns", self._content(campaign))
        if isinstance(answer, Receipt):
            return answer
        made = data_of(answer)
        if sorted(one["id"] for one in made.get("lists", [])) != sorted(campaign.lists):
            return Receipt("refused", f"listmonk made campaign {made['id']} for other lists: delete it there")
        if not self.options.start:
            return Receipt("sent", f"draft {made['id']} for lists {', '.join(map(str, campaign.lists))}")
        try:
            started = self._service.tell("PUT", f"/api/campaigns/{made['id']}/status", {"status": "running"})
        except Unreachable as error:
            started = Receipt("unknown", str(error))
        if isinstance(started, Receipt):
            return Receipt("unknown", f"campaign {made['id']} was made, and starting it failed: {started.detail}")
        return Receipt("sent", f"campaign {made['id']} for lists {', '.join(map(str, campaign.lists))} started")

    def _content(self, campaign: Campaign) -> dict[str, Any]:
        sender = self.issue.manifest.sender
        text = self.issue.bodies[campaign.variant].text
        return {
            "name": campaign.name,
            "subject": template_safe_text(campaign.subject, self.issue, LINKS),
            "lists": list(campaign.lists),
            "from_email": formataddr((sender.name, sender.address)),
            "type": "regular",
            "content_type": "html",
            "messenger": "email",
            "body": template_safe_html(self.issue, campaign.variant, LINKS),
            "altbody": template_safe_text(text, self.issue, LINKS),
            "template_id": self.options.template,
            "tags": [self.issue.id],
        }

    def _named(self, name: str) -> dict[str, Any] | None:
        found = data_of(self._service.ask("/api/campaigns", query=name, per_page="all", no_body="true"))
        return next((one for one in found.get("results") or [] if one.get("name") == name), None)

    def close(self) -> None:
        self._service.close()


def connect(options: ListmonkServer, user: str, token: str) -> Service:
    """listmonk's interface. Asks for nothing yet."""
    variables = f"{options.user_variable} and {options.password_variable}"
    return Service("listmonk", options.url, f"token {user}:{token}", variables, options.timeout)


def data_of(answer: Any) -> dict[str, Any]:
    """What is in the envelope of each answer of listmonk. Raises SendingError if it has none."""
    data = answer.get("data") if isinstance(answer, dict) else None
    if not isinstance(data, dict):
        raise SendingError(
            "listmonk's answer is not as its documentation says", hint="Is it listmonk, of version 4 or later?"
        )
    return data
