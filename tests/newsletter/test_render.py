"""What a mail shows: to each reader what they may read, in their language, and no more than mail programs show."""

from __future__ import annotations

import re
from typing import Any

import pytest

from site_builder.content.items import Item, Media, Passage
from site_builder.newsletter.access_sets import access_sets
from site_builder.newsletter.drafts import digest_drafts
from site_builder.newsletter.render import Rendered, render
from tests.newsletter.posts import CANARIES, OFFERS, TODAY, draft_of, post, public, publication

PLACES = {"address": "a@recipient.invalid", "unsubscribe": "https://recipient.invalid/u"}


def rendered(item: Item, variant: str = "public", **options: Any) -> Rendered:
    [access] = [one for one in access_sets([item], OFFERS) if one.name == variant]
    return render(draft_of(item, **options), access, publication(**options), PLACES)


@pytest.mark.parametrize("variant", [one.name for one in access_sets([post()], OFFERS)])
def test_each_reader_gets_what_they_may_read_and_nothing_else(variant: str) -> None:
    [access] = [one for one in access_sets([post()], OFFERS) if one.name == variant]
    found = rendered(post(), variant).body
    for word, readable in zip(CANARIES.values(), access.readable[0], strict=True):
        for part in (found.html, found.text):
            assert (f"{word} heading" in part, f"{word} text" in part, f"{word} = code" in part) == (readable,) * 3


def test_a_gate_names_what_opens_it_and_leads_to_the_post() -> None:
    found = rendered(post()).body
    assert "What follows here is for Supporter, Pro, Async course." in found.html and ">Read on</a>" in found.html
    assert 'href="https://shop.example.com/async?from=why-00000000"' in found.html  # which post led there
    assert 'href="https://example.com/membership/"' in found.html
    assert "Get Supporter" in found.text and "($5 a month)" in found.text
    assert found.html.count('class="sb-gate"') == 1  # one for three passages in a row


def test_gates_apart_stay_apart() -> None:
    item = post("a", Passage("<p>x</p>", ("pro",)), Passage("<p>y</p>"), Passage("<p>z</p>", ("course",)))
    found = rendered(item).body.html
    assert (
        found.count('class="sb-gate"') == 2 and "Read on with Pro<" in found and "Read on with Async course<" in found
    )


def test_who_may_read_all_of_it_sees_no_gate() -> None:
    found = rendered(post(), "pro").body
    assert "sb-gate" not in found.html.split("</style>")[1] and "Read on" not in found.text


def test_a_mail_is_complete() -> None:
    found = rendered(public("<p>x</p>", image=Media("https://example.com/a.png", "image/png", 1, "Alt"))).body.html
    assert found.startswith('<!DOCTYPE html><html lang="en" dir="ltr"><head>\n<meta charset="utf-8">')
    for part in (
        '<meta name="color-scheme" content="light dark">',
        "@media (prefers-color-scheme: dark)",
        "max-width: 640px",
        "<title>Title of why</title>",
        "What why is about.",
        "Ada Example · 20 November 2026",
        '<img src="https://example.com/a.png" alt="Alt" style="max-width: 100%;',
        "You get this mail at a@recipient.invalid because you subscribed to Known Good or are a member.",
        'href="https://recipient.invalid/u"',
        "Example Press, 1 Example Street",
        '<a href="https://example.com/blog/why/"',
    ):
        assert part in found, part
    assert not re.search(r'(src|href)="(?!https?:|mailto:)', found) and "<script" not in found


def test_what_a_title_says_is_text() -> None:
    found = rendered(public("<p>x</p>", title="</title><b>&", newsletter={"send": True, "preview": "<i>"})).body
    assert "<title>&lt;/title&gt;&lt;b&gt;&amp;</title>" in found.html and "<b>" not in found.html
    assert found.text.startswith("</title><b>&\n============\n")


def test_a_chinese_mail_speaks_chinese() -> None:
    found = rendered(post(language="zh")).body
    for part in (found.html, found.text):
        assert "2026年11月20日" in part and "退订" in part and "Unsubscribe" not in part
    assert '<html lang="zh"' in found.html


def test_a_mail_from_right_to_left_says_so() -> None:
    assert '<html lang="ar" dir="rtl">' in rendered(public("<p>مرحبا</p>", language="ar")).body.html


def test_a_short_digest_has_descriptions_and_one_with_full_has_all_that_may_be_read() -> None:
    items = [post("a", day="2026-11-10"), public("<p>first</p><p>second</p>", "b", day="2026-11-11", description="")]
    for full in (False, True):
        of = publication(digests=[{"id": "weekly", "every": "week", "full": full}])
        [draft] = digest_drafts(items, of, TODAY)
        by_name = {one.name: one for one in access_sets(draft.items, OFFERS)}
        nobody = render(draft, by_name["public"], of, PLACES).body.html
        member = render(draft, by_name["pro"], of, PLACES).body.html
        assert "first" in nobody and ("second" in nobody) == full
        assert ("What a is about." in nobody) != full
        assert "canary-for-pro" not in nobody and ("canary-for-pro" in member) == full
        assert "for Supporter" in nobody or not full
        assert ("Read on" in member) != full


def long_post(blocks: int) -> Item:
    return public("".join(f"<p>Paragraph {at}. {'words ' * 40}</p>" for at in range(blocks)))


def test_a_mail_below_the_limit_is_whole() -> None:
    found = rendered(long_post(50), clip_limit=60)
    assert not found.clipped and found.kilobytes == found.whole <= 60 and "Paragraph 49." in found.body.html


def test_a_longer_mail_is_cut_between_blocks_and_ends_with_a_button() -> None:
    found = rendered(long_post(500), clip_limit=60)
    assert found.clipped and len(found.body.html.encode()) <= 60 * 1024 < found.whole * 1024
    last = max(int(number) for number in re.findall(r"Paragraph (\d+)\.", found.body.html))
    assert last > 100
    assert f"Paragraph {last}. {'words ' * 40}".strip() in found.body.html.replace("\n", "")
    assert re.search(r'<a class="sb-button" href="https://example.com/blog/why/"[^>]*>Read on</a>', found.body.html)
    assert "too long for mail programs" in found.body.html
    assert f"Paragraph {last}." in found.body.text and f"Paragraph {last + 1}." not in found.body.text


def test_as_much_as_fits_is_kept() -> None:
    found = rendered(long_post(500), clip_limit=60)
    assert len(found.body.html.encode()) > 60 * 1024 - 1500


def test_a_single_block_that_is_too_long_leaves_a_button() -> None:
    found = rendered(public(f"<pre><code>{'x = 1; ' * 20_000}</code></pre>"), clip_limit=20)
    assert found.clipped and found.kilobytes <= 20 and "Read on</a>" in found.body.html


def test_the_links_of_a_real_reader_fit_below_the_limit_too() -> None:
    found = rendered(long_post(500), clip_limit=60).body.html
    for place in PLACES.values():
        found = found.replace(place, "https://lists.example.com/" + "x" * 200)
    assert len(found.encode()) <= 60 * 1024
