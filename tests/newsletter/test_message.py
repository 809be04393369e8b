"""One recipient's mail: what its headers say in any language, and what never gets into them."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.header import decode_header, make_header
from email.message import EmailMessage
from email.utils import getaddresses
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from site_builder.errors import IssueError
from site_builder.newsletter.headers import mailbox, uri, words
from site_builder.newsletter.issue import Issue, load_issue
from site_builder.newsletter.message import Recipient, compose
from tests.newsletter.posts import NOON, build, public, publication

ONE_CLICK = {"one_click_url": "https://lists.example.com/o/{recipient}"}
WORD = st.text(st.characters(exclude_categories=["Cs", "Cc", "Zl", "Zp"]), max_size=80)


def issue(tmp_path: Path, html: str = "<p>Hello</p>", *, facts: dict[str, Any] | None = None, **options: Any) -> Issue:
    return load_issue(build(public(html, **(facts or {})), tmp_path, **options).folder)


def recipient(address: str = "bob@example.com", name: str = "Bob", **options: Any) -> Recipient:
    return Recipient(address, name, publication(**options).options.links("token-1"))


def parsed(raw: bytes) -> EmailMessage:
    found = message_from_bytes(raw, policy=policy.default)
    assert isinstance(found, EmailMessage)
    return found


def said(raw: bytes, name: str) -> str:
    """A header as mail programs show it. Python's own parser of names puts a space between two encoded words."""
    return str(make_header(decode_header(str(message_from_bytes(raw)[name]))))


def test_a_mail_has_what_it_should_have(tmp_path: Path) -> None:
    found = compose(issue(tmp_path, reply_to="list@example.com"), "public", recipient(), NOON)
    mail = parsed(found.raw)
    assert {name: str(value) for name, value in mail.items() if name not in ("Message-ID", "Content-Type")} == {
        "From": "Ada Example <ada@example.com>",
        "To": "Bob <bob@example.com>",
        "Reply-To": "list@example.com",
        "Subject": "Title of why",
        "Date": "Sun, 22 Nov 2026 12:00:00 +0000",
        "List-Id": "<newsletter.example.com>",
        "List-Unsubscribe": "<https://lists.example.com/u/token-1>",
        "Content-Language": "en",
        "MIME-Version": "1.0",
    }
    assert mail["Message-ID"] == found.message_id and found.sender == "ada@example.com"
    text, html = (mail.get_body((kind,)) for kind in ("plain", "html"))
    assert text and html
    for part in (text.get_content(), html.get_content()):
        assert "Hello" in part and "bob@example.com" in part and "https://lists.example.com/u/token-1" in part
        assert "recipient.invalid" not in part
    assert [part.get_content_type() for part in mail.iter_parts()] == ["text/plain", "text/html"]


def test_one_click_is_offered_only_where_an_endpoint_is_configured(tmp_path: Path) -> None:
    mail = parsed(compose(issue(tmp_path, **ONE_CLICK), "public", recipient(**ONE_CLICK), NOON).raw)
    assert mail["List-Unsubscribe"] == "<https://lists.example.com/o/token-1>"
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    plain = parsed(compose(issue(tmp_path / "b"), "public", recipient(), NOON).raw)
    assert plain["List-Unsubscribe-Post"] is None


def test_a_long_link_stands_in_its_header_unbroken_and_in_clear(tmp_path: Path) -> None:
    to = replace(recipient(), links={**recipient().links, "unsubscribe": "https://example.com/" + "u" * 400})
    raw = compose(issue(tmp_path), "public", to, NOON).raw
    assert b"\r\nList-Unsubscribe: <https://example.com/" + b"u" * 400 + b">\r\n" in raw
    with pytest.raises(IssueError, match="900"):
        uri("https://example.com/" + "u" * 1000)


def test_a_mail_that_lacks_a_link_is_not_made(tmp_path: Path) -> None:
    for links in ({}, {"unsubscribe": "https://example.com/u"}):
        with pytest.raises(IssueError, match="no link 'preferences'"):
            compose(issue(tmp_path), "public", Recipient("a@example.com", "", links), NOON)


def test_the_same_issue_recipient_and_date_give_the_same_bytes_and_another_attempt_the_same_id(tmp_path: Path) -> None:
    of = issue(tmp_path)
    first, again = (compose(of, "public", recipient(), NOON) for _ in range(2))
    assert first == again
    later = compose(of, "public", recipient(), datetime(2026, 11, 23, tzinfo=UTC))
    assert later.message_id == first.message_id and later.raw != first.raw
    assert compose(of, "public", recipient("eve@example.com"), NOON).message_id != first.message_id


@pytest.mark.parametrize("bad", ["\r\nBcc: all@example.com", "\n", "\r", "\x00", "\x1b[0m", "\u2028", "\x85", "\ud800"])
def test_nothing_that_could_become_a_header_gets_into_one(tmp_path: Path, bad: str) -> None:
    of = issue(tmp_path)
    for to in (
        recipient(name=f"Bob{bad}"),
        recipient(f"bob{bad}@example.com"),
        replace(recipient(), links={**recipient().links, "unsubscribe": f"https://example.com/{bad}"}),
    ):
        with pytest.raises(IssueError):
            compose(of, "public", to, NOON)
    forged = replace(of, manifest=of.manifest.model_copy(update={"subject": f"Hi{bad}"}))
    with pytest.raises(IssueError, match="control character"):
        compose(forged, "public", recipient(), NOON)


@pytest.mark.parametrize(
    "address", ["", "bob", "@example.com", "bob@", "bob@-example.com", "a b@example.com", "a<b>@example.com",
                "bob@exa_mple.com", "böb@example.com", "a@b@example.com", "bob@example..com", '"b"@example.com'],
)  # fmt: skip
def test_what_is_no_address_is_refused(address: str) -> None:
    with pytest.raises(IssueError, match="no mail address"):
        mailbox("Bob", address)


def test_a_host_in_another_script_is_written_as_dns_has_it() -> None:
    assert mailbox("", "ada@bücher.example") == "ada@xn--bcher-kva.example"


@pytest.mark.parametrize(
    ("name", "written"),
    [
        ("", "a@example.com"),
        ("Ada Example", "Ada Example <a@example.com>"),
        ("Example, Ada", '"Example, Ada" <a@example.com>'),
        ('Ada "the" \\ Example', '"Ada \\"the\\" \\\\ Example" <a@example.com>'),
        ("ada@example.org", '"ada@example.org" <a@example.com>'),
    ],
)
def test_a_plain_name_is_written_so(name: str, written: str) -> None:
    assert mailbox(name, "a@example.com") == written
    assert getaddresses([written]) == [(name, "a@example.com")]


@given(WORD)
def test_any_subject_comes_back_as_it_was(subject: str) -> None:
    written = words(subject, "Subject")
    assert written.isascii() and all(len(line) <= 76 or " " not in line[1:] for line in written.split("\r\n"))
    assert not re.search(r"\r\n(?! )|[^\r]\n", written)
    assert all(len(word) <= 75 for word in re.findall(r"=\?\S+\?=", written))
    assert said(f"Subject: {written}\r\n\r\n".encode(), "Subject").strip() == subject.strip()


@given(WORD)
def test_any_name_comes_back_as_it_was_with_one_address(name: str) -> None:
    written = mailbox(name, "a@example.com")
    assert written.isascii() and not re.search(r"\r\n(?! )|[^\r]\n", written)
    [(shown, address)] = getaddresses([written.replace("\r\n", "")])
    assert address == "a@example.com"
    assert str(make_header(decode_header(shown))).strip() == name.strip()


@pytest.mark.parametrize(
    "text",
    [
        "为什么缓存会说谎？" * 300,
        "مرحبا بالعالم " * 200,
        "plain words. " * 400,
        ".\nFrom here\n..\n" * 50,
        "tab\tand trailing \n" * 20,
        "🚀 ]]> =3D =\n" * 60,
    ],
    ids=["Chinese", "Arabic", "English", "dots", "spaces", "signs"],
)
def test_a_body_of_any_script_comes_back_as_it_was(tmp_path: Path, text: str) -> None:
    of = issue(tmp_path, f"<pre><code>{text.replace('>', '&gt;')}</code></pre>", facts={"language": "zh"})
    raw = compose(of, "public", recipient(), NOON).raw
    assert raw.isascii() and max(map(len, raw.split(b"\r\n"))) <= 76 + 130  # headers with links are not folded
    assert not re.search(rb"[^\r]\n|\r[^\n]", raw)
    mail = parsed(raw)
    body, html = mail.get_body(("plain",)), mail.get_body(("html",))
    assert body and html
    personal = dict(zip(of.manifest.placeholders.values(), of.manifest.placeholders, strict=True))
    for found, written in ((body, of.bodies["public"].text), (html, of.bodies["public"].html)):
        for place, name in personal.items():
            written = written.replace(place, {**recipient().links, "address": "bob@example.com"}[name])
        assert found.get_content().replace("\r\n", "\n").rstrip("\n") == written.rstrip("\n")


def test_an_address_with_signs_of_html_stays_text(tmp_path: Path) -> None:
    raw = compose(issue(tmp_path), "public", recipient("a&b'c@example.com"), NOON).raw
    html = parsed(raw).get_body(("html",))
    assert html and "a&amp;b&#x27;c@example.com" in html.get_content()


def test_an_issue_has_no_variant_of_another_name(tmp_path: Path) -> None:
    with pytest.raises(IssueError, match="no variant 'pro'"):
        compose(issue(tmp_path), "pro", recipient(), NOON)


def test_a_word_too_long_for_a_line_is_encoded_in_several() -> None:
    written = words("x" * 1500, "Subject")
    assert max(map(len, written.split("\r\n"))) <= 76 and str(make_header(decode_header(written))) == "x" * 1500
