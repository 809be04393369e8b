"""Bounces and complaints as each mail service tells them, and returned mail: who is not mailed again, and what is refused."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from site_builder.errors import Place, SendingError, SeveralErrors
from site_builder.newsletter.bounce_formats import read_event
from site_builder.newsletter.bounces import Told, apply, read_events
from site_builder.newsletter.returned_mail import read_returned
from site_builder.newsletter.subscribers import Subscribers

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
ADA = "ada@example.com"


def ses_bounce(kind: str = "Permanent", *who: str) -> dict[str, Any]:
    recipients = [
        {"emailAddress": one, "status": "5.1.1", "action": "failed", "diagnosticCode": "smtp; 550 5.1.1 no such user"}
        for one in who or (ADA,)
    ]
    bounce = {"bounceType": kind, "bounceSubType": "General", "bouncedRecipients": recipients, "feedbackId": "f1"}
    return {"notificationType": "Bounce", "bounce": bounce, "mail": {"messageId": "m1", "destination": [ADA]}}


def ses_complaint(kind: str) -> dict[str, Any]:
    complaint = {
        "complainedRecipients": [{"emailAddress": ADA}],
        "complaintFeedbackType": kind,
        "feedbackId": "f2",
    }
    return {"eventType": "Complaint", "complaint": complaint, "mail": {"messageId": "m1"}}


def sns(message: object) -> dict[str, Any]:
    return {
        "Type": "Notification", "TopicArn": "arn:aws:sns:eu-west-1:1:t", "MessageId": "1", "Message": json.dumps(message)
    }  # fmt: skip


def postmark(kind: str, record: str = "Bounce", **more: object) -> dict[str, Any]:
    return {"RecordType": record, "Type": kind, "ID": 42, "Email": ADA, "Details": "said so", **more}


def mailgun(event: str, **more: object) -> dict[str, Any]:
    return {
        "signature": {"timestamp": "1", "token": "t", "signature": "s"},
        "event-data": {"event": event, "id": "e1", "timestamp": 1.5, "recipient": ADA, **more},
    }


def resend(event: str, **more: object) -> dict[str, Any]:
    return {"type": event, "created_at": "2026-11-22T12:00:00Z", "data": {"email_id": "e1", "to": [ADA], **more}}


def brevo(event: str) -> dict[str, Any]:
    return {"event": event, "email": ADA, "message-id": "<1@x>", "id": 9, "ts_epoch": 1, "reason": "said so"}


def resend_bounce(kind: str) -> dict[str, Any]:
    return resend("email.bounced", bounce={"type": kind, "subType": "General", "message": "no such user"})


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        ("bounced", ses_bounce()),
        ("bounced", sns(ses_bounce())),
        ("soft", ses_bounce("Transient")),
        ("soft", ses_bounce("Undetermined")),
        ("complained", ses_complaint("abuse")),
        ("other", ses_complaint("not-spam")),
        ("other", {"notificationType": "Delivery", "mail": {}, "delivery": {}}),
        ("other", {"Type": "SubscriptionConfirmation", "TopicArn": "arn", "Message": "You have chosen …"}),
        (
            "unsubscribed",
            {
                "eventType": "Subscription", "mail": {"destination": [ADA]},
                "subscription": {"newTopicPreferences": {"unsubscribeAll": True}},
            },
        ),
        ("bounced", postmark("HardBounce")),
        ("soft", postmark("SoftBounce")),
        ("other", postmark("AutoResponder")),
        ("complained", postmark("SpamComplaint", "SpamComplaint")),
        ("other", {"RecordType": "Delivery", "Recipient": ADA}),
        (
            "unsubscribed",
            {
                "RecordType": "SubscriptionChange", "Recipient": ADA, "SuppressSending": True,
                "SuppressionReason": "ManualSuppression",
            },
        ),
        ("other", {"RecordType": "SubscriptionChange", "Recipient": ADA, "SuppressSending": False}),
        ("bounced", mailgun("failed", severity="permanent", reason="bounce", **{"delivery-status": {"message": "550"}})),
        ("soft", mailgun("failed", severity="permanent", reason="old")),
        ("other", mailgun("failed", severity="temporary", reason="generic")),
        ("unsubscribed", mailgun("failed", severity="permanent", reason="suppress-unsubscribe")),
        ("complained", mailgun("complained")),
        ("unsubscribed", mailgun("unsubscribed")),
        ("other", mailgun("opened")),
        ("bounced", resend_bounce("Permanent")),
        ("soft", resend_bounce("Transient")),
        ("complained", resend("email.complained")),
        ("other", resend("email.delivery_delayed")),
        ("bounced", brevo("hard_bounce")),
        ("bounced", brevo("invalid_email")),
        ("soft", brevo("soft_bounce")),
        ("complained", brevo("spam")),
        ("unsubscribed", brevo("unsubscribed")),
        ("other", brevo("deferred")),
    ],
)  # fmt: skip
def test_each_service_is_understood(kind: str, value: dict[str, Any]) -> None:
    (event,) = read_event(value)
    assert event.kind == kind
    assert event.address == ("" if event.id == "" else ADA)


def test_one_notification_may_name_several_people() -> None:
    events = read_event(ses_bounce("Permanent", ADA, "Bob@EXAMPLE.com"))
    assert [event.address for event in events] == [ADA, "Bob@example.com"]


@pytest.mark.parametrize(
    ("value", "what"),
    [
        ({}, "found an event with nothing"),
        ([], "found list instead of an event"),
        ({"hello": 1}, "found an event with 'hello'"),
        ({"notificationType": "Bounce"}, "found no 'bounce'"),
        ({"notificationType": "Pigeon"}, "found the SES event 'Pigeon'"),
        (ses_bounce("Odd"), "found 'Odd' as bounceType"),
        ({"notificationType": "Bounce", "bounce": {"bounceType": "Permanent"}}, "found no list of 'bouncedRecipients'"),
        (ses_bounce("Permanent", "ada\nBcc: x"), "as emailAddress"),
        (sns("text"), "found str instead of an event"),
        ({**sns({}), "Message": "{"}, "whose Message is not JSON"),
        (postmark("Odd"), "found 'Odd' as Type"),
        ({"RecordType": "Odd"}, "found the Postmark record 'Odd'"),
        (mailgun("odd"), "found the Mailgun event 'odd'"),
        ({"event-data": "text"}, "found no 'event-data'"),
        (resend("email.bounced"), "found no 'bounce'"),
        (resend("odd.thing"), "found the Resend event 'odd.thing'"),
        (brevo("odd"), "found 'odd' as event"),
        ({**brevo("spam"), "email": None}, "found 'None' as email"),
    ],
)
def test_what_is_not_understood_is_never_passed_over(value: object, what: str) -> None:
    with pytest.raises(SendingError) as caught:
        read_event(value)
    assert what in caught.value.what and caught.value.hint


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8) | st.sampled_from([ADA, "Bounce", "failed", "HardBounce"]),
    lambda inner: st.lists(inner, max_size=3)
    | st.dictionaries(
        st.sampled_from(
            ["event", "email", "type", "data", "created_at", "RecordType", "Type", "notificationType", "bounce", "mail",
             "event-data", "recipient", "timestamp", "to", "Message", "TopicArn", "bouncedRecipients"]
        ),
        inner,
        max_size=5,
    ),
    max_leaves=12,
)  # fmt: skip


@given(JSON)
def test_whatever_json_comes_it_is_understood_or_refused_in_words(value: object) -> None:
    try:
        events = read_event(value)
    except SendingError:
        return
    assert all(event.kind == "other" or event.address for event in events)


@pytest.fixture
def subscribers(tmp_path: Path) -> Iterator[Subscribers]:
    with Subscribers(tmp_path / "subscribers.db") as opened:
        yield opened


def written(folder: Path, text: str | bytes, name: str = "events.json") -> Path:
    file = folder / name
    file.write_bytes(text if isinstance(text, bytes) else text.encode())
    return file


@pytest.mark.parametrize("form", ["one", "lines", "list", "pretty list"])
def test_events_may_stand_alone_in_lines_or_in_a_list(tmp_path: Path, form: str) -> None:
    values = [brevo("spam"), ses_bounce("Permanent", "bob@example.com"), brevo("delivered")]
    text = {
        "one": json.dumps(values[0]),
        "lines": "\n".join(map(json.dumps, values)) + "\n",
        "list": json.dumps(values),
        "pretty list": json.dumps(values, indent=2),
    }[form]
    events = read_events(written(tmp_path, text))
    assert [event.kind for event in events] == ["complained", "bounced", "other"][: 1 if form == "one" else 3]


def test_each_event_that_is_not_understood_is_named_with_its_line(tmp_path: Path) -> None:
    file = written(tmp_path, f'{json.dumps(brevo("spam"))}\n\n{{"odd": 1}}\n{json.dumps(brevo("what"))}\n')
    with pytest.raises(SeveralErrors) as caught:
        read_events(file)
    assert [error.place for error in caught.value.errors] == [Place(file, 3), Place(file, 4)]


@pytest.mark.parametrize(
    ("text", "what", "line"),
    [
        ("", "found no event", None),
        ("[]", "found no event", None),
        ('{"event": "spam", ', "this is not JSON", 1),
        (f"{json.dumps(brevo('spam'))}\nnot json", "this is not JSON", 2),
        (b"\xff\xfe", "this is not UTF-8 text", None),
        ("[" * 100_000, "this is not JSON", 1),
    ],
)
def test_a_file_that_is_none_of_these_is_refused(
    tmp_path: Path, text: str | bytes, what: str, line: int | None
) -> None:
    file = written(tmp_path, text)
    with pytest.raises(SendingError, match=what) as caught:
        read_events(file)
    assert caught.value.place == Place(file, line)


def test_hard_bounces_and_complaints_end_it_soft_ones_after_some(tmp_path: Path, subscribers: Subscribers) -> None:
    values = [
        ses_bounce("Permanent", "bob@example.com"),
        brevo("spam"),
        *({**brevo("soft_bounce"), "email": "cy@example.com", "message-id": str(number)} for number in range(3)),
        *({**brevo("soft_bounce"), "email": "di@example.com", "message-id": str(number)} for number in range(2)),
        brevo("delivered"),
    ]
    events = read_events(written(tmp_path, json.dumps(values)))
    assert apply(events, subscribers, NOON) == Told(bounced=1, complained=1, soft=5, given_up=1, other=1)
    causes = {one.address: one.cause for one in subscribers.withdrawals()}
    assert causes == {"bob@example.com": "bounced", ADA: "complained", "cy@example.com": "bounced"}
    again = apply(events, subscribers, NOON)
    assert again == Told(soft=5, other=1)
    assert subscribers.cause("di@example.com") is None


RETURNED = """\
From: MAILER-DAEMON@mx.example.net
To: mara@example.com
Subject: Undelivered Mail Returned to Sender
Message-ID: <back-1@mx.example.net>
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="b"

--b
Content-Type: text/plain

It did not work.
--b
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example.net

%s
--b
Content-Type: message/rfc822

From: mara@example.com
To: ada@example.com
Subject: About floats

Text with Final-Recipient: rfc822; nobody@example.com in it.
--b--
"""


@pytest.mark.parametrize(
    ("fields", "kind", "address"),
    [
        ("Final-Recipient: rfc822; ada@example.com\nAction: failed\nStatus: 5.1.1", "bounced", ADA),
        (
            "Original-Recipient: rfc822;ada@example.com\nFinal-Recipient: rfc822; forwarded@example.net\nAction: failed\n"
            "Status: 5.0.0\nDiagnostic-Code: smtp; 550 5.1.1 <x>: Recipient address rejected",
            "bounced",
            ADA,
        ),
        ("Final-Recipient: rfc822; <ADA@Example.com>\nAction: failed\nStatus: 5.2.2", "soft", "ADA@example.com"),
        ("Final-Recipient: rfc822; ada@example.com\nAction: failed\nStatus: 4.4.7", "soft", ADA),
        ("Final-Recipient: rfc822; ada@example.com\nAction: failed\nStatus: 5.7.1", "soft", ADA),
        ("Final-Recipient: rfc822; ada@example.com\nAction: delayed\nStatus: 4.4.1", "other", ADA),
    ],
)
def test_returned_mail_is_read(tmp_path: Path, fields: str, kind: str, address: str) -> None:
    (event,) = read_events(written(tmp_path, RETURNED % fields, "back.eml"))
    assert (event.kind, event.address) == (kind, address)


def test_returned_mail_may_name_several_people(tmp_path: Path) -> None:
    fields = "\n\n".join(
        f"Final-Recipient: rfc822; {one}@example.com\nAction: failed\nStatus: 5.1.1" for one in ("ada", "bob")
    )
    events = read_events(written(tmp_path, RETURNED % fields, "back.eml"))
    assert [event.address for event in events] == [ADA, "bob@example.com"]


def test_an_abuse_report_is_a_complaint() -> None:
    raw = b"""\
Content-Type: multipart/report; report-type=feedback-report; boundary="b"

--b
Content-Type: message/feedback-report

Feedback-Type: abuse
User-Agent: SomeGenerator/1.0
Version: 1
Original-Rcpt-To: <ada@example.com>

--b--
"""
    (event,) = read_returned(raw, Place("report.eml"))
    assert (event.kind, event.address) == ("complained", ADA)


@pytest.mark.parametrize(
    ("raw", "what"),
    [
        (b"", "this is no returned mail"),
        (b"Subject: hello\n\nFinal-Recipient: rfc822; ada@example.com\n", "this is no returned mail"),
        ((RETURNED % "Final-Recipient: rfc822; nobody\nAction: failed").encode(), "found 'nobody' as the recipient"),
        (
            (RETURNED % "Final-Recipient: rfc822; ada@example.com\nAction: vanished").encode(),
            "found 'vanished' as Action",
        ),
    ],
)
def test_mail_that_did_not_come_back_is_refused(tmp_path: Path, raw: bytes, what: str) -> None:
    file = written(tmp_path, raw, "back.eml")
    with pytest.raises(SendingError, match=what) as caught:
        read_events(file)
    assert caught.value.place == Place(file)
