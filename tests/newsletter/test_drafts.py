"""Which issues posts and digests make."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from site_builder.errors import ContentError, IssueError
from site_builder.newsletter.drafts import digest_drafts, find_draft, post_drafts
from tests.newsletter.posts import TODAY, post, public, publication

WEEKLY = [{"id": "weekly", "every": "week"}]


def test_only_posts_that_ask_for_it_are_issues() -> None:
    items = [post("a"), post("b", newsletter={})]
    assert [draft.id for draft in post_drafts(items, publication())] == ["a"]


def test_a_post_says_its_subject_preview_and_segments() -> None:
    [draft] = post_drafts([post(newsletter={"subject": "Hi", "preview": "Look", "segments": ["pro"]})], publication())
    assert (draft.subject, draft.preview, draft.segments) == ("Hi", "Look", ("pro",))
    [plain] = post_drafts([post()], publication())
    assert (plain.subject, plain.preview, plain.segments) == ("Title of why", "What why is about.", ("everyone",))


def test_a_title_of_several_lines_becomes_one_line() -> None:
    [draft] = post_drafts([post(title="Two\nlines\x00 and\u2028more")], publication())
    assert draft.subject == "Two lines and more"


@pytest.mark.parametrize(
    ("said", "message"),
    [
        ({"segments": ["gold"]}, "the segment 'gold', which is not known"),
        ({"segments": []}, "no segment"),
        ({"segments": "pro"}, "newsletter.segments"),
        ({"subject": "a\r\nBcc: all@example.com"}, "newsletter.subject"),
        ({"preview": "a\u2028b"}, "newsletter.preview"),
        ({"topic": "x"}, "newsletter.topic"),
        ({"send": False}, "newsletter.send"),
    ],
    ids=str,
)
def test_what_is_not_understood_is_an_error_at_the_post(said: dict[str, Any], message: str) -> None:
    with pytest.raises(ContentError) as error:
        list(post_drafts([post(newsletter=said)], publication()))
    assert message in error.value.what and str(error.value.place) == "content/blog/posts/why.md:1"


def test_two_posts_of_the_same_file_name_have_ids_that_differ() -> None:
    one = public("<p>a</p>", "x", uri="blog/posts/2025/notes.md", id="urn:uuid:11111111")
    other = public("<p>b</p>", "y", uri="blog/posts/2026/Notes.md", id="urn:uuid:22222222")
    assert [draft.id for draft in post_drafts([one, other], publication())] == ["notes-11111111", "Notes-22222222"]


@pytest.mark.parametrize(
    ("uri", "name"),
    [
        ("blog/posts/why.md", "why"),
        ("blog/posts/why/index.md", "why"),
        ("blog/posts/为什么.md", "为什么"),
        ("blog/posts/a b..c.md", "a-b-c"),
        ("blog/posts/...md", "00000000-000"),
    ],
)
def test_an_issue_is_named_after_its_file_and_is_one_step_of_a_path(uri: str, name: str) -> None:
    [draft] = post_drafts([post(uri=uri, id="urn:uuid:00000000-000")], publication())
    assert draft.id == name and "/" not in draft.id and not draft.id.startswith(".")


def test_a_post_that_is_called_like_a_digests_week_gets_another_id() -> None:
    [draft] = post_drafts([post("weekly-2026-W46")], publication(digests=WEEKLY))
    assert draft.id != "weekly-2026-W46"


def test_a_digest_has_the_posts_of_its_week_newest_first_whether_they_are_issues_or_not() -> None:
    items = [
        post("sunday", day="2026-11-15T23:59:59"),
        post("monday", day="2026-11-09", newsletter={}),
        post("before", day="2026-11-08T23:59:59"),
        post("after", day="2026-11-16"),
    ]
    drafts = list(digest_drafts(items, publication(digests=WEEKLY), TODAY))
    assert [(draft.id, [item.uri for item in draft.items]) for draft in drafts] == [
        ("weekly-2026-W46", ["blog/posts/sunday.md", "blog/posts/monday.md"]),
        ("weekly-2026-W45", ["blog/posts/before.md"]),
    ]


def test_a_week_is_over_on_the_monday_after_it() -> None:
    items, weekly = [post(day="2026-11-20")], publication(digests=WEEKLY)
    assert not list(digest_drafts(items, weekly, date(2026, 11, 22)))
    assert [draft.id for draft in digest_drafts(items, weekly, date(2026, 11, 23))] == ["weekly-2026-W47"]
    with pytest.raises(IssueError, match="is not over before 2026-11-23"):
        find_draft("weekly-2026-W47", items, weekly, date(2026, 11, 22))


def test_the_week_around_new_year_is_counted_as_iso_8601_does() -> None:
    [draft] = digest_drafts([post(day="2027-01-02")], publication(digests=WEEKLY), date(2027, 1, 10))
    assert (draft.id, draft.subject) == ("weekly-2026-W53", "Known Good: week 53 of 2026")


def test_a_digest_by_tag_and_month_has_only_posts_with_the_tag() -> None:
    digests = [{"id": "rust", "every": "month", "tag": "rust", "subject": "Rust, {period}: {title}"}]
    items = [post("a", tags=("rust",), day="2026-10-05"), post("b", tags=("go",), day="2026-10-06")]
    [draft] = digest_drafts(items, publication(digests=digests), TODAY)
    assert (draft.id, draft.subject) == ("rust-2026-10", "Rust, October 2026: Title of a")
    assert [item.uri for item in draft.items] == ["blog/posts/a.md"]


def test_a_window_without_posts_is_a_clear_error() -> None:
    with pytest.raises(IssueError, match="weekly-2026-W40 would be empty: no post has a date from 2026-09-28"):
        find_draft("weekly-2026-W40", [post()], publication(digests=WEEKLY), TODAY)


def test_an_issue_is_found_by_its_id_or_its_posts_path() -> None:
    for name in ("why", "blog/posts/why.md", "content/blog/posts/why.md", "./content/blog/posts/why.md"):
        assert find_draft(name, [post("a"), post()], publication(), TODAY).id == "why"
    for name in ("nope", "weekly-2026-W99", "weekly-", "", "../why"):
        with pytest.raises(IssueError, match="there is no issue"):
            find_draft(name, [post()], publication(digests=WEEKLY), TODAY)


def test_a_chinese_newsletter_speaks_chinese_and_a_chinese_post_does_in_an_english_one() -> None:
    [draft] = digest_drafts([post(day="2026-10-05")], publication("zh", digests=[{"id": "m", "every": "month"}]), TODAY)
    assert (draft.subject, draft.language) == ("Known Good：2026年10月", "zh")
    [single] = post_drafts([post(language="zh")], publication())
    assert single.language == "zh"
