"""What mkdocs.yml may say about the newsletter."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from site_builder.errors import ConfigError, Place
from site_builder.newsletter.options import NewsletterOptions
from tests.newsletter.posts import OFFERS, OPTIONS


def read(**options: Any) -> NewsletterOptions:
    return NewsletterOptions.read({**OPTIONS, **options}, Place("mkdocs.yml"))


def test_a_newsletter_without_options_has_an_archive_and_the_usual_segments() -> None:
    options = NewsletterOptions.read(None)
    assert options.archive and options.archive_page == "newsletter/" and options.clip_limit == 102
    assert list(options.all_segments(OFFERS)) == ["everyone", "free", "members", "supporter", "pro", "course"]


def test_a_segment_is_a_name_a_list_or_a_mapping() -> None:
    options = read(segments={"a": "pro", "b": ["free", "course"], "c": {"who": "members", "interest": "rust"}})
    segments = options.all_segments(OFFERS)
    assert segments["a"].who == ("pro",) and segments["b"].who == ("free", "course")
    assert (segments["c"].who, segments["c"].interest) == (("members",), "rust")


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"sender": {"name": "A\nBcc: x@example.com", "address": "a@example.com"}}, "sender.name"),
        ({"sender": {"name": "A", "address": "a@example.com\nBcc: x"}}, "sender.address"),
        ({"sender": {"name": "A", "address": "nobody"}}, "sender.address"),
        ({"unsubscribe_url": "http://lists.example.com/{recipient}"}, "unsubscribe_url"),
        ({"unsubscribe_url": "https://lists.example.com/"}, "{recipient}"),
        ({"one_click_url": "https://lists.example.com/{recipient}>, <x"}, "one_click_url"),
        ({"one_click_url": "https://bücher.example/{recipient}"}, "its host in ASCII"),
        ({"digests": [{"id": "w", "every": "day"}]}, "digests.0.every"),
        ({"digests": [{"id": "w", "every": "week"}, {"id": "w", "every": "month"}]}, "two digests"),
        ({"segments": {"everyone": "pro"}}, "'everyone' is there already"),
        ({"archive_page": "../elsewhere/"}, "archive_page"),
        ({"clip_limit": 5}, "clip_limit"),
        ({"postal_adress": "x"}, "postal_adress"),
    ],
    ids=str,
)
def test_a_bad_option_is_named_with_its_place(options: dict[str, Any], said: str) -> None:
    with pytest.raises(ConfigError) as error:
        read(**options)
    assert said in str(error.value) and str(error.value).startswith("mkdocs.yml: ")


@pytest.mark.parametrize(
    "options",
    [
        {"smtp_password": "hunter2"},
        {"transport": "smtp://ada:hunter2@mail.example.com"},
        {"transport": {"kind": "smtp", "password": "hunter2"}, "segments": {"everyone": "pro"}},
    ],
    ids=str,
)
def test_what_may_be_a_secret_is_never_repeated(options: dict[str, Any]) -> None:
    with pytest.raises(ConfigError) as error:
        read(**options)
    assert "hunter2" not in str(error.value)


def test_an_unknown_segment_is_an_error_wherever_it_is_named() -> None:
    with pytest.raises(ConfigError, match="there is no 'gold'"):
        read(segments={"rich": "gold"}).all_segments(OFFERS)
    with pytest.raises(ConfigError, match="weekly goes to the segment 'rich'"):
        read(digests=[{"id": "weekly", "every": "week", "segments": ["rich"]}]).all_segments(OFFERS)
    with pytest.raises(ConfigError, match="an offer has this id"):
        read(segments={"pro": "free"}).all_segments(OFFERS)


def test_without_addresses_of_its_own_a_newsletter_is_unsubscribed_from_by_mail() -> None:
    options = NewsletterOptions.read({"sender": OPTIONS["sender"], "reply_to": "list@example.com"})
    assert options.links("token 1") == {"unsubscribe": "mailto:list@example.com?subject=unsubscribe%20token%201"}


@given(st.text())
def test_whatever_names_a_reader_stays_inside_the_link(name: str) -> None:
    name = name.encode("utf-8", "replace").decode()
    links = read(one_click_url="https://lists.example.com/o/{recipient}").links(name)
    assert set(links) == {"unsubscribe", "one_click", "preferences"}
    for link in links.values():
        assert link.isascii() and not set(link.removeprefix("https://lists.example.com/")[2:]) & set("/<>?# \r\n")
