"""The same sources and build date give the same bytes: on another day, in another folder, whatever was built before."""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import UTC, date, datetime

import pytest
import time_machine

from tests.members import add_member
from tests.sites import TODAY, Blog, tree

POSTS = 4


def write_posts(blog: Blog) -> None:
    for number in range(POSTS):
        blog.post(
            f"p{number}",
            f"# Post {number}\n\nPublic {number}.\n\n<!-- paywall -->\n\nGated {number}. ![x](i{number}.png)\n",
            header=f"access: {('members', 'pro', 'async-course')[number % 3]}\ntags: [a, b]",
        )
        blog.write(f"content/blog/posts/i{number}.png", b"\x89PNG" + bytes([number]) * 500)


def test_another_day_and_another_folder_give_the_same_bytes(
    new_blog: Callable[..., Blog], monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = new_blog("one"), new_blog("a/longer/path/two")
    for blog in (first, second):
        write_posts(blog)
    add_member(first, "--tier", "pro")
    second.settings.roster.write_bytes(first.settings.roster.read_bytes())
    first.build()
    monkeypatch.setenv("TZ", "Asia/Shanghai")
    monkeypatch.setenv("LANG", "C")
    with time_machine.travel(datetime(2031, 2, 3, 23, 59, tzinfo=UTC)):
        second.build()
    one, two = tree(first.site), tree(second.site)
    assert one.keys() == two.keys()
    assert [name for name in one if one[name] != two[name]] == []


def test_building_again_over_the_published_site_changes_nothing(blog: Blog) -> None:
    write_posts(blog)
    add_member(blog, "--tier", "supporter")
    blog.build()
    before = tree(blog.site)
    blog.build()
    assert tree(blog.site) == before


def test_a_new_member_changes_at_most_three_files(blog: Blog) -> None:
    write_posts(blog)
    add_member(blog, "--tier", "pro")
    blog.build()
    before = tree(blog.site)
    add_member(blog, "--tier", "supporter", email="grace@example.com")
    blog.build()
    after = tree(blog.site)
    assert before.keys() == after.keys()
    changed = [name for name in after if after[name] != before[name]]
    assert changed == ["vault/lockboxes/0.bin"]


def test_a_revoked_member_changes_no_page_and_no_payload(blog: Blog) -> None:
    write_posts(blog)
    add_member(blog, "--tier", "pro")
    add_member(blog, "--tier", "pro", email="grace@example.com")
    blog.build()
    before = tree(blog.site)
    blog.run("members", "revoke", "grace@example.com", "--at", f"{TODAY}T09:00:00Z")
    blog.build()
    after = tree(blog.site)
    assert before.keys() == after.keys()
    assert {name for name in after if after[name] != before[name]} == {
        "vault/keyrings/pro/0.bin",
        "vault/lockboxes/0.bin",
        "vault/manifest.json",
    }


def test_the_build_date_is_recorded_and_the_only_difference_of_two_days(blog: Blog) -> None:
    write_posts(blog)
    blog.build()
    before = tree(blog.site)
    blog.build(today=date(2026, 11, 21))
    after = tree(blog.site)
    changed = {name for name in after if after[name] != before[name]}
    assert changed == {"sitemap.xml", "sitemap.xml.gz", "vault/manifest.json"}
    assert b'"date":"2026-11-21"' in after["vault/manifest.json"]


def test_the_environment_of_the_caller_is_left_as_it_was(blog: Blog, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1")
    blog.build()
    assert os.environ["SOURCE_DATE_EPOCH"] == "1"
