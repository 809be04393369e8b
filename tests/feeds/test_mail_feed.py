"""The feed for services that mail what is new: simple HTML no wider than a mail, each picture once, the address of the page."""

from __future__ import annotations

import re

from lxml import etree

from site_builder.content.items import Passage
from site_builder.feeds.clean import clean
from site_builder.feeds.entries import entry_of
from site_builder.feeds.mail_feed import mail_html
from site_builder.feeds.options import FeedsOptions
from tests.feeds.samples import FILM, PICTURE, SITE, feeds, item
from tests.feeds.validity import CONTENT, MEDIA, rss_faults

ON = FeedsOptions(email_feed=True)
PATH = "feeds/email/rss.xml"


def mail(html: str, **said: object) -> str:
    """What of an article is mailed, without the frame."""
    told = mail_html(entry_of(item(1, html=clean(html, SITE.url), **said)))
    framed = re.fullmatch(r'<div style="max-width:600px">(.*)</div>', told, re.DOTALL)
    assert framed
    return framed[1]


def test_a_picture_stands_once_and_is_no_wider_than_the_mail() -> None:
    style = 'style="max-width:100%;height:auto"'
    shown = f'<img src="{PICTURE.url}" alt="A chart" {style}>'
    assert mail("<p>Text.</p>", image=PICTURE) == f"<p>{shown}</p><p>Text.</p>"
    assert mail('<p><img src="/a.png" srcset="b.png 2x" alt="A chart"></p>', image=PICTURE) == f"<p>{shown}</p>"
    assert mail('<img src="/w.png" width="1200" height="900" alt="">') == (
        f'<img src="https://blog.example.com/w.png" alt="" {style}>'
    )
    assert "width=" not in mail(f'<img src="/w.png" width="{"9" * 5000}" alt="">')
    assert 'width="300"' in mail('<img src="/w.png" width="300" alt="">')


def test_nothing_is_shown_twice_by_services_that_show_media_and_enclosures() -> None:
    raw = feeds(item(1, image=PICTURE, enclosures=(FILM,)), options=ON)[PATH]
    assert list(rss_faults(raw, f"{SITE.url}{PATH}")) == []
    found = etree.fromstring(raw)[0].find("item")
    assert found.find("enclosure") is None and not found.findall(f"{MEDIA}content")
    assert found.findtext(f"{CONTENT}encoded").count(PICTURE.url) == 1


def test_of_a_picture_with_several_sources_one_remains() -> None:
    told = mail('<picture><source srcset="a.avif" type="image/avif"><img src="a.png" alt="A"></picture>')
    assert "<source" not in told and "<picture" not in told and told.count("<img") == 1


def test_a_picture_inside_the_html_which_mail_does_not_show_is_a_link_to_the_page() -> None:
    picture = '<img alt="{}" src="data:image/png;base64,AA">'
    page = "https://blog.example.com/blog/1/"
    assert mail(picture.format("Plot")) == f'<a href="{page}">Picture: Plot (see it on the web)</a>'
    assert mail(picture.format(""), language="zh") == f'<a href="{page}">图片：请在网页上查看</a>'
    assert mail(f'<a href="/x/"><b>{picture.format("Plot")}</b></a>') == (
        '<a href="https://blog.example.com/x/"><b>Picture: Plot (see it on the web)</b></a>'
    )


def test_what_plays_is_a_link() -> None:
    assert (
        mail('<video src="/talk.mp4" controls></video>') == '<a href="https://blog.example.com/talk.mp4">▶ talk.mp4</a>'
    )
    assert mail('<audio title="Part one"><source src="/one.mp3"></audio>') == (
        '<a href="https://blog.example.com/one.mp3">▶ Part one</a>'
    )


def test_what_unfolds_on_the_page_is_open_in_the_mail() -> None:
    assert mail("<details><summary>More</summary><p>There.</p></details>") == (
        "<blockquote><p><strong>More</strong></p><p>There.</p></blockquote>"
    )


def test_code_keeps_its_lines_and_wraps() -> None:
    told = mail("<pre><code>def f():\n    return 1 &lt; 2\n</code></pre>")
    assert (
        told.startswith('<pre style="white-space:pre-wrap;') and "<code>def f():\n    return 1 &lt; 2\n</code>" in told
    )


def test_an_article_too_long_for_a_mail_is_summed_up_and_linked() -> None:
    told = mail(f"<p>{'word ' * 20_000}</p>", description="In < short")
    assert told == '<p>In &lt; short</p><p><a href="https://blog.example.com/blog/1/">Read on</a></p>'


def test_a_members_article_goes_out_as_its_teaser() -> None:
    passages = (Passage("<p>Teaser.</p>"), Passage("<p>canary</p>", ("pro",)))
    told = feeds(item(1, passages=passages), options=ON)[PATH].decode()
    assert "Teaser." in told and "Read on (for members)" in told and "canary" not in told


def test_a_new_title_text_or_address_is_the_same_item() -> None:
    old = item(1)
    new = item(
        1, title="Another", html="<p>Another.</p>", url="https://elsewhere.example.com/1/", updated=item(9).updated
    )
    told = [etree.fromstring(feeds(one, options=ON)[PATH])[0].find("item") for one in (old, new)]
    assert told[0].findtext("guid") == told[1].findtext("guid")
    assert told[0].findtext("pubDate") == told[1].findtext("pubDate")
