"""E-mails in Buttondown, one for each variant of an issue, over its HTTP interface. It has the subscribers itself."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from site_builder.newsletter.issue import Issue
from site_builder.newsletter.message import Mail
from site_builder.newsletter.transport_options import ButtondownAccount, ButtondownOptions
from site_builder.newsletter.transports.campaigns import Campaign, template_safe_html
from site_builder.newsletter.transports.receipt import Receipt
from site_builder.newsletter.transports.web import Service

LINKS = {
    "unsubscribe": "{{ unsubscribe_url }}",
    "preferences": "{{ manage_subscription_url }}",
    "one_click": "{{ unsubscribe_url }}",
    "address": "{{ subscriber.email }}",
}
"""What Buttondown's templates fill in for a reader."""
_BODY = re.compile(r"<body\b[^>]*>(.*)</body>", re.DOTALL | re.IGNORECASE)


class Buttondown:
    """Makes a draft that goes to the subscribers with the campaign's tags alone, or sends it at once if ``start`` is set."""

    kind = "buttondown"
    repeatable = False

    def __init__(self, options: ButtondownOptions, key: str, issue: Issue, campaigns: Mapping[str, Campaign]) -> None:
        self.options, self.issue, self.campaigns = options, issue, campaigns
        self._service = connect(options, key)

    def deliver(self, mail: Mail) -> Receipt:
        """Make the e-mail whose name is the mail's recipient. Raises as ``Transport.deliver`` says."""
        campaign = self.campaigns[mail.recipient]
        for tag in campaign.lists:  # a filter by what is not there must not come to mean everybody
            self._service.ask(f"/v1/tags/{tag}")
        answer = self._service.tell("POST", "/v1/emails", self._content(campaign))
        if isinstance(answer, Receipt):
            return answer
        made = answer if isinstance(answer, dict) else {}
        if made.get("filters", {}).get("filters") != _only(campaign)["filters"]:
            return Receipt("unknown", f"Buttondown made e-mail {made.get('id')} without the tags: look at it there")
        done = "sending" if self.options.start else "draft"
        return Receipt("sent", f"{done} {made.get('id')} for tags {', '.join(map(str, campaign.lists))}")

    def _content(self, campaign: Campaign) -> dict[str, Any]:
        page = template_safe_html(self.issue, campaign.variant, LINKS)
        found = _BODY.search(page)
        return {
            "subject": re.sub(r"\{(?=[{%#])", "{ ", campaign.subject),
            "body": f"<!-- buttondown-editor-mode: fancy -->{found[1] if found else page}",
            "status": "about_to_send" if self.options.start else "draft",
            "filters": _only(campaign),
            "metadata": {"issue": self.issue.id, "variant": campaign.variant, "digest": self.issue.digest},
            # Its public archive would show what is for members.
            "archival_mode": "disabled",
        }

    def close(self) -> None:
        self._service.close()


def connect(options: ButtondownAccount, key: str) -> Service:
    """Buttondown's interface. Asks for nothing yet."""
    return Service("Buttondown", options.url, f"Token {key}", options.password_variable, options.timeout)


def _only(campaign: Campaign) -> dict[str, Any]:
    """Subscribers who have one of the campaign's tags."""
    tags = [{"field": "subscriber.tags", "operator": "contains", "value": str(tag)} for tag in campaign.lists]
    return {"filters": tags, "groups": [], "predicate": "or"}
