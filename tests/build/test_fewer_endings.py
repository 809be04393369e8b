"""A build in which fewer memberships have ended than in the published one: refused, and what its words advise works."""

from __future__ import annotations

from datetime import date

import pytest

from site_builder.errors import PublishError
from tests.sites import Blog

AFTER = date(2026, 11, 20)


@pytest.fixture
def blog(blog: Blog) -> Blog:
    """Published after the end of a membership has begun to count."""
    blog.post("a", "# A\n\nPublic.\n\n<!-- paywall -->\n\nSealed.\n", header="access: pro")
    add = ("members", "add", "--email", "ada@example.com", "--tier", "pro", "--expires", "2026-11-09")
    blog.run(*add, "--at", "2026-11-01T12:00:00Z")
    blog.build(today=AFTER)
    return blog


def test_a_rotation_that_was_raised_is_put_back(blog: Blog) -> None:
    before = blog.config.read_text()
    blog.write("mkdocs.yml", before.replace("site: test-blog", "site: test-blog\n      rotation: 365"))
    with pytest.raises(PublishError, match=r"epoch 1 of 'pro', this build only 0") as refused:
        blog.build(today=AFTER)
    assert "`rotation` was changed" in refused.value.hint
    blog.write("mkdocs.yml", before)
    blog.build(today=AFTER)


def test_a_renewal_that_a_merge_brought_is_entered_again(blog: Blog) -> None:
    roster = blog.settings.roster
    before_the_merge = roster.read_bytes()
    extend = ("members", "extend", "ada@example.com", "--expires", "2099-12-31")
    blog.run(*extend, "--at", "2026-11-09T12:00:00Z")
    with pytest.raises(PublishError, match="epoch 1") as refused:
        blog.build(today=AFTER)
    assert "members extend" in refused.value.hint
    roster.write_bytes(before_the_merge)
    blog.run(*extend, "--at", "2026-11-20T12:00:00Z")
    blog.build(today=AFTER)
