"""One event of a mail service's webhook: whom it is about, and whether they are to be mailed again.

Fields as the services document them in 2026: Amazon SES (through SNS or bare), Postmark, Mailgun, Resend, Brevo. An event that
says nothing about that, such as a delivery, is kept as ``other``; one that is not known is an error, never ignored.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from site_builder.errors import SendingError
from site_builder.newsletter.addresses import normal_address
from site_builder.newsletter.transports.receipt import one_line

Kind = Literal["bounced", "complained", "unsubscribed", "soft", "other"]


@dataclass(frozen=True)
class Event:
    """``id`` names the event, so that one that is told twice counts once."""

    kind: Kind
    address: str = ""
    id: str = ""
    detail: str = ""


OTHER = Event("other")


def read_event(value: object) -> list[Event]:
    """The events of one JSON value of any of the services. Raises SendingError if it is none of theirs."""
    if not isinstance(value, dict):
        raise SendingError(f"found {type(value).__name__} instead of an event", hint=_KNOWN)
    if isinstance(value.get("Message"), str) and "Type" in value and "TopicArn" in value:
        return _sns(value)
    if "notificationType" in value or ("eventType" in value and "mail" in value):
        return list(_ses(value))
    if "RecordType" in value:
        return [_postmark(value)]
    if "event-data" in value or ("event" in value and "recipient" in value and "timestamp" in value):
        return [_mailgun(_part(value, "event-data") if "event-data" in value else value)]
    if "type" in value and "data" in value and "created_at" in value:
        return list(_resend(value))
    if "event" in value and "email" in value:
        return [_brevo(value)]
    raise SendingError(f"found an event with {', '.join(map(repr, list(value)[:4])) or 'nothing'}", hint=_KNOWN)


_KNOWN = "Expected what SES, Postmark, Mailgun, Resend or Brevo send to a webhook."


def _sns(value: Mapping[str, Any]) -> list[Event]:
    if value["Type"] != "Notification":
        return [OTHER]
    try:
        return read_event(json.loads(value["Message"]))
    except (ValueError, RecursionError):
        raise SendingError("found an SNS notification whose Message is not JSON", hint=_KNOWN) from None


def _ses(value: Mapping[str, Any]) -> Iterator[Event]:
    what = str(value.get("notificationType") or value.get("eventType"))
    if what == "Bounce":
        bounce = _part(value, "bounce")
        kind = _choose(bounce, "bounceType", {"Permanent": "bounced", "Transient": "soft", "Undetermined": "soft"})
        for who in _list(bounce, "bouncedRecipients"):
            yield _event(kind, who, "emailAddress", bounce.get("feedbackId"), who.get("diagnosticCode"))
    elif what == "Complaint":
        complaint = _part(value, "complaint")
        kind = "other" if complaint.get("complaintFeedbackType") == "not-spam" else "complained"
        for who in _list(complaint, "complainedRecipients"):
            yield _event(kind, who, "emailAddress", complaint.get("feedbackId"), complaint.get("complaintFeedbackType"))
    elif what == "Subscription":
        chosen = _part(_part(value, "subscription"), "newTopicPreferences")
        kind = "unsubscribed" if chosen.get("unsubscribeAll") is True else "other"
        for to in _list(_part(value, "mail"), "destination", str):
            yield _event(kind, {"to": to}, "to", "", "")
    elif what in {"Delivery", "Send", "Open", "Click", "Reject", "Rendering Failure", "DeliveryDelay"}:
        yield OTHER
    else:
        raise SendingError(f"found the SES event {what!r}", hint=_KNOWN)


_POSTMARK: dict[str, Kind] = {
    "HardBounce": "bounced", "BadEmailAddress": "bounced", "ManuallyDeactivated": "bounced",
    "SpamComplaint": "complained", "SpamNotification": "soft", "Unsubscribe": "unsubscribed",
    "SoftBounce": "soft", "Transient": "soft", "DnsError": "soft", "Blocked": "soft", "DMARCPolicy": "soft",
    "SMTPApiError": "soft", "InboundError": "other", "AutoResponder": "other", "AddressChange": "other",
    "Subscribe": "other", "OpenRelayTest": "other", "ChallengeVerification": "other", "VirusNotification": "other",
    "TemplateRenderingFailed": "other", "Unknown": "soft",
}  # fmt: skip


def _postmark(value: Mapping[str, Any]) -> Event:
    what = str(value["RecordType"])
    if what in ("Bounce", "SpamComplaint"):
        kind = "complained" if what == "SpamComplaint" else _choose(value, "Type", _POSTMARK)
        return _event(kind, value, "Email", value.get("ID"), value.get("Details") or value.get("Description"))
    if what == "SubscriptionChange":
        reasons: dict[str, Kind] = {
            "HardBounce": "bounced", "SpamComplaint": "complained", "ManualSuppression": "unsubscribed"
        }  # fmt: skip
        if value.get("SuppressSending") is not True:
            return OTHER
        kind = _choose(value, "SuppressionReason", reasons)
        return _event(kind, value, "Recipient", value.get("MessageID"), value.get("SuppressionReason"))
    if what in ("Delivery", "Open", "Click", "SMTPApiError"):
        return OTHER
    raise SendingError(f"found the Postmark record {what!r}", hint=_KNOWN)


_MAILGUN_REASONS: dict[str, Kind] = {
    "bounce": "bounced", "suppress-bounce": "bounced", "suppress-unsubscribe": "unsubscribed", "suppress-complaint": "complained",
}  # fmt: skip


def _mailgun(value: Mapping[str, Any]) -> Event:
    what = str(value.get("event"))
    kinds: dict[str, Kind] = {"complained": "complained", "unsubscribed": "unsubscribed"}
    if what == "failed":
        if value.get("severity") != "permanent":  # Mailgun tries again by itself
            return OTHER
        status = value["delivery-status"] if isinstance(value.get("delivery-status"), dict) else {}
        kind = _MAILGUN_REASONS.get(str(value.get("reason")), "soft")
        return _event(kind, value, "recipient", value.get("id"), status.get("message") or status.get("description"))
    if what in kinds:
        return _event(kinds[what], value, "recipient", value.get("id"), what)
    if what in {"accepted", "rejected", "delivered", "opened", "clicked", "stored"}:
        return OTHER
    raise SendingError(f"found the Mailgun event {what!r}", hint=_KNOWN)


def _resend(value: Mapping[str, Any]) -> Iterator[Event]:
    what, data = str(value["type"]), _part(value, "data")
    if what in ("email.bounced", "email.complained", "email.suppressed"):
        detail, kind = what, "complained" if what == "email.complained" else "bounced"
        if what == "email.bounced":
            bounce = _part(data, "bounce")
            kind = _choose(bounce, "type", {"Permanent": "bounced", "Transient": "soft", "Undetermined": "soft"})
            detail = bounce.get("message") or detail
        for to in _list(data, "to", str):
            yield _event(kind, {"to": to}, "to", data.get("email_id"), detail)
    elif what.partition(".")[0] in {"email", "contact", "domain"}:
        yield OTHER
    else:
        raise SendingError(f"found the Resend event {what!r}", hint=_KNOWN)


_BREVO: dict[str, Kind] = {
    "hard_bounce": "bounced", "hardBounce": "bounced", "invalid_email": "bounced", "soft_bounce": "soft", "softBounce": "soft",
    "blocked": "soft", "error": "soft", "spam": "complained", "complaint": "complained", "unsubscribed": "unsubscribed",
    "unsubscribe": "unsubscribed", "request": "other", "sent": "other", "delivered": "other", "deferred": "other",
    "opened": "other", "unique_opened": "other", "uniqueOpened": "other", "click": "other", "proxy_open": "other",
    "unique_proxy_open": "other", "loadedByProxy": "other",
}  # fmt: skip


def _brevo(value: Mapping[str, Any]) -> Event:
    kind = _choose(value, "event", _BREVO)
    return _event(kind, value, "email", value.get("message-id"), value.get("reason") or value["event"])


def _event(kind: str, holder: Mapping[str, Any], key: str, event: object, detail: object) -> Event:
    found = holder.get(key)
    try:
        address = normal_address(found if isinstance(found, str) else "")
    except ValueError as error:
        raise SendingError(f"found {one_line(str(found))!r} as {key}", hint=f"Expected {error}.") from None
    return Event(kind, address, f"{event or ''}/{kind}/{address}", one_line(str(detail or "")))  # type: ignore[arg-type]


def _choose(holder: Mapping[str, Any], key: str, known: Mapping[str, Kind]) -> Kind:
    found = holder.get(key)
    if not isinstance(found, str) or found not in known:
        raise SendingError(f"found {one_line(str(found))!r} as {key}", hint=f"Expected one of: {', '.join(known)}.")
    return known[found]


def _part(holder: Mapping[str, Any], key: str) -> Mapping[str, Any]:
    found = holder.get(key)
    if not isinstance(found, dict):
        raise SendingError(f"found no {key!r} in the event", hint=_KNOWN)
    return found


def _list(holder: Mapping[str, Any], key: str, of: type = dict) -> list[Any]:
    found = holder.get(key)
    if not isinstance(found, list) or not found or not all(isinstance(one, of) for one in found):
        raise SendingError(f"found no list of {key!r} in the event", hint=_KNOWN)
    return found
