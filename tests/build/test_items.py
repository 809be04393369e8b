"""Posts and chapters as items: what each holds, who may read which of it, and that gathering them writes nothing."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from site_builder.build.inputs import BuildInputs
from site_builder.build.items import gather
from site_builder.content.items import Author, Episode, Item, Media
from site_builder.errors import ConfigError, ContentError, SiteError
from tests.sites import TODAY, Blog, tree

SITE = "https://blog.example.com/"


def items(blog: Blog, today: date = TODAY) -> dict[str, Item]:
    """By the names of their files."""
    return {Path(item.uri).stem: item for item in gather(blog.config, BuildInputs(today))}


def refused(blog: Blog) -> SiteError:
    with pytest.raises(ContentError) as caught:
        gather(blog.config, BuildInputs(TODAY))
    return caught.value


def test_a_post_is_an_item_with_all_that_its_front_matter_says(blog: Blog) -> None:
    blog.post(
        "a",
        "# A &amp; *B*\n\nText.\n",
        header="""
        slug: a
        description: What it is about.
        authors: [ada]
        categories: [News, Tools]
        tags: [c++, "a & b", 中文]
        """,
        day="{created: 2026-11-01, updated: 2026-11-02T10:00:00+02:00}",
    )
    found = items(blog)["a"]
    assert found.uri == "blog/posts/a.md"
    assert found.url == f"{SITE}blog/2026/11/01/a/"
    assert found.title == "A & B"
    assert found.description == "What it is about."
    assert (found.language, found.course) == ("en", "")
    assert found.published == datetime(2026, 11, 1, tzinfo=UTC)
    assert found.updated == datetime(2026, 11, 2, 8, tzinfo=UTC)
    assert found.authors == (Author("Ada Example"),)
    assert (found.categories, found.tags) == (("News", "Tools"), ("c++", "a & b", "中文"))
    assert found.public_html == "<p>Text.</p>"
    assert not found.premium and found.newsletter == {} and found.episode is None


def test_other_pages_are_no_items_and_a_page_that_names_its_course_is(blog: Blog) -> None:
    blog.write("content/course/one.md", "---\ncourse: Async\ndate: 2026-11-02\nauthors: [ada]\n---\n# One\n\nText.\n")
    blog.write("content/other.md", "---\ndate: 2026-11-02\n---\n# Other\n")
    found = items(blog)
    assert set(found) == {"one"}
    assert found["one"].course == "Async" and found["one"].authors == (Author("Ada Example"),)


def test_items_come_newest_first_whatever_their_files_are_called(blog: Blog) -> None:
    for name, day in (("b", "2026-11-02"), ("a", "2026-11-01"), ("c", "2026-11-03"), ("d", "2026-11-01")):
        blog.post(name, f"# {name}\n", day=day)
    assert list(items(blog)) == ["c", "b", "a", "d"]


def test_folder_files_speak_for_their_pages(blog: Blog) -> None:
    blog.write("content/blog/posts/zh/.meta.yml", "lang: zh\ntags: [all]\nnewsletter: {segments: [chinese]}\n")
    blog.post("zh/a", "# 一\n\n字。\n", header="tags: [own]")
    found = items(blog)["a"]
    assert found.language == "zh" and set(found.tags) == {"all", "own"}
    assert found.newsletter == {"segments": ["chinese"]}


GATED = """\
# {title}

Everybody reads this.

/// paywall | supporter
For supporters.
///

And this.

<!-- paywall -->

## For pros

![A picture](only.png) and ![another](shown.png), [data](only.csv), [elsewhere](https://example.com/).
"""


def gated(blog: Blog, **options: str) -> Item:
    blog.post("p", GATED.format(title="P"), header="access: pro")
    blog.post("q", "# Q\n\n![shown](shown.png)\n")
    for name in ("only.png", "shown.png", "only.csv"):
        blog.write(f"content/blog/posts/{name}", b"bytes of " + name.encode())
    return items(blog)["p"]


def test_passages_are_the_whole_page_in_order_each_for_those_who_may_read_it(blog: Blog) -> None:
    found = gated(blog)
    assert found.premium
    assert [passage.entitlements for passage in found.passages] == [(), ("supporter",), (), ("pro",)]
    offers = blog.settings.offers
    assert found.public_html == "<p>Everybody reads this.</p>\n<p>And this.</p>"
    assert "For supporters." in found.html_for(["supporter"], offers)
    assert "For pros" not in found.html_for(["supporter"], offers)
    assert "For pros" in found.html_for(["pro"], offers)


def test_a_heading_that_begins_a_gated_part_is_no_title_of_the_article(blog: Blog) -> None:
    blog.post("p", "# P\n\nOpen.\n\n<!-- paywall -->\n\n# Part two\n\nGated.\n", header="access: pro")
    found = items(blog)["p"]
    assert found.html_for(["pro"], blog.settings.offers) == "<p>Open.</p>\n<h1>Part two</h1>\n<p>Gated.</p>"


def test_a_gated_part_that_feeds_can_not_show_is_gated_all_the_same(blog: Blog) -> None:
    blog.write("content/blog/posts/only.png", b"a picture")
    blog.post("p", "# P\n\nOpen.\n\n<!-- paywall -->\n\n![](only.png)\n", header="access: pro")
    found = items(blog)["p"]
    assert found.premium and found.public_html == "<p>Open.</p>"


def test_sealed_files_leave_their_words_and_no_broken_address(blog: Blog) -> None:
    text = gated(blog).passages[-1].html
    assert "only" not in text
    assert "<em>A picture</em>" in text
    assert f'src="{SITE}blog/shown.png"' in text
    assert f'<a href="{SITE}blog/2026/11/01/p/">data</a>' in text
    assert 'href="https://example.com/"' in text


def test_a_page_that_its_day_has_opened_is_public_as_a_whole(blog: Blog) -> None:
    blog.post("p", GATED.format(title="P").replace("![A picture](only.png) and ![another](shown.png), [data](only.csv), ", ""),
              header="access: {tiers: [pro], public_from: 2026-11-10}")  # fmt: skip
    before, after = items(blog, date(2026, 11, 9))["p"], items(blog)["p"]
    assert "For pros" not in before.public_html and "For pros" in after.public_html


def test_drafts_and_future_posts_are_no_items(blog: Blog) -> None:
    blog.post("draft", "# D\n", header="draft: true")
    blog.post("future", "# F\n", day="2026-11-21")
    assert items(blog) == {}
    assert set(items(blog, date(2026, 11, 21))) == {"future"}


def test_what_an_item_brings_along_is_measured_where_it_lies(blog: Blog) -> None:
    blog.write("content/blog/posts/a/talk.mp3", b"x" * 1234)
    blog.write("content/blog/posts/a/cover.png", b"png")
    blog.write("content/assets/talk.vtt", b"WEBVTT")
    blog.post(
        "a/index",
        "# A\n",
        header="""
        audio: talk.mp3
        image: {url: cover.png, alt: A cover}
        enclosures:
          - {url: "https://example.com/slides.pdf", type: application/pdf, length: 99}
        podcast: {duration: 1:02:03, season: 2, episode: 7, explicit: true, image: cover.png, transcript: /assets/talk.vtt}
        """,
    )
    found = items(blog)["index"]
    assert found.image == Media(f"{SITE}blog/a/cover.png", "image/png", 3, "A cover")
    assert found.enclosures == (
        Media(f"{SITE}blog/a/talk.mp3", "audio/mpeg", 1234),
        Media("https://example.com/slides.pdf", "application/pdf", 99),
    )
    transcript = Media(f"{SITE}assets/talk.vtt", "text/vtt", 6)
    assert found.episode == Episode(3723, 2, 7, "full", True, f"{SITE}blog/a/cover.png", transcript)


@pytest.mark.parametrize(
    ("header", "what"),
    [
        ("audio: talk.mp3", "`audio` names 'talk.mp3', and there is no such file"),
        ("image: ../index.md", "`image` names '../index.md', and there is no such file"),
        ("podcast: {transcript: t.vtt}", "`podcast` names 't.vtt', and there is no such file"),
        ("video: https://example.com/v.mp4", "`video` names 'https://example.com/v.mp4', whose type or length"),
        ("enclosures: [data.xyz]", "`enclosures` names 'data.xyz', whose type or length"),
        ("tags: {a: b}", "`tags` is {'a': 'b'}"),
    ],
)
def test_a_file_that_is_missing_or_unknown_stops_with_its_line(blog: Blog, header: str, what: str) -> None:
    blog.write("content/blog/posts/data.xyz", b"what is this")
    blog.write("content/course/a.md", f"---\ncourse: C\ndate: 2026-11-01\n{header}\n---\n# A\n")
    blog.write("content/course/data.xyz", b"what is this")
    error = refused(blog)
    assert error.what.startswith(what)
    assert str(error.place).endswith("content/course/a.md:4")
    assert error.hint


def test_a_post_without_a_date_is_told_as_such_with_its_file(blog: Blog) -> None:
    blog.write("content/blog/posts/a.md", "---\ntitle: A\n---\nText.\n")
    error = refused(blog)
    assert error.what == "has no `date`, and a post or chapter needs one"
    assert str(error.place).endswith("content/blog/posts/a.md")


def test_an_author_whom_nobody_knows_is_told_with_those_who_are_known(blog: Blog) -> None:
    blog.write("content/course/a.md", "---\ncourse: C\ndate: 2026-11-01\nauthors: [bob]\n---\n# A\n")
    error = refused(blog)
    assert "'bob'" in error.what and "ada" in error.hint and str(error.place).endswith("a.md:4")


def test_an_author_with_a_mail_address_for_a_page_has_no_page(blog: Blog) -> None:
    authors = "authors:\n  ada: {name: Ada, description: Author, avatar: /a.png, url: 'mailto:ada@example.com'}\n"
    blog.write("content/blog/.authors.yml", authors)
    blog.post("a", "# A\n", header="authors: [ada]")
    assert items(blog)["a"].authors == (Author("Ada"),)


def test_a_file_that_is_kept_from_the_site_is_none_to_name(new_blog: Callable[..., Blog]) -> None:
    blog = new_blog("kept", extra="exclude_docs: '*.mp3'")
    blog.write("content/blog/posts/talk.mp3", b"ID3")
    blog.post("a", "# A\n", header="audio: talk.mp3")
    assert "`audio` names 'talk.mp3', and there is no such file" in str(refused(blog))


def test_ids_survive_a_new_slug_title_address_and_language_and_an_own_id_a_move(new_blog: Callable[..., Blog]) -> None:
    before, after = new_blog("before"), new_blog("after", url="https://other.example.org/below/")
    before.post("a", "# Old\n", header="slug: old")
    after.post("a", "# New\n", header="slug: new\nlang: zh\ntitle: New")
    before.post("b", "# B\n", header="id: fixed")
    after.post("moved", "# B\n", header="id: fixed")
    one, two = items(before), items(after)
    assert one["a"].id == two["a"].id and one["a"].url != two["a"].url
    assert one["b"].id == two["moved"].id
    assert one["a"].id != one["b"].id


def test_items_need_an_address_of_the_site(new_blog: Callable[..., Blog]) -> None:
    blog = new_blog("nowhere", url="''")
    blog.post("a", "# A\n")
    with pytest.raises(ConfigError, match="site_url"):
        gather(blog.config, BuildInputs(TODAY))


def test_gathering_needs_no_key_and_leaves_no_trace(
    blog: Blog, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    blog.settings.key_file.unlink()
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(scratch))
    gated(blog)
    before = tree(blog.root)
    assert "For pros" in items(blog)["p"].passages[-1].html
    assert tree(blog.root) == before
    assert not [name for name, content in tree(scratch).items() if b"For pros" in content]


def test_what_only_front_matter_of_a_draft_names_waits_with_it(blog: Blog) -> None:
    blog.write("content/blog/posts/talk.mp3", b"not yet to be heard")
    blog.post("a", "# A\n", header="draft: true\naudio: talk.mp3")
    blog.build()
    assert not [name for name in tree(blog.site) if name.endswith(".mp3")]
    blog.post("a", "# A\n", header="audio: talk.mp3")
    blog.build()
    assert tree(blog.site)["blog/talk.mp3"] == b"not yet to be heard"


def test_a_file_that_front_matter_names_is_public_though_a_gated_part_uses_it_too(blog: Blog) -> None:
    blog.write("content/blog/posts/cover.png", b"a cover")
    text = "# A\n\nPublic.\n\n<!-- paywall -->\n\n![cover](cover.png)\n"
    blog.post("a", text, header="access: pro\nimage: {url: cover.png}")
    blog.build()
    assert tree(blog.site)["blog/cover.png"] == b"a cover"
    assert "cover.png" in items(blog)["a"].passages[-1].html
