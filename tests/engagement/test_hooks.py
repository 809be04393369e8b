"""Which hooks a page has: the site's word, then the folder's and the page's."""

from __future__ import annotations

from typing import Any

import pytest

from site_builder.engagement.events import EVENT_NAMES
from site_builder.engagement.hooks import OF_ITEMS, hooks_of
from site_builder.engagement.options import EngagementOptions
from site_builder.errors import ContentError, Place

HERE = Place("post.md", 3)


def hooks(meta: Any = ..., item: bool = True, **options: Any) -> tuple[str, ...]:
    said = {} if meta is ... else {"hooks": meta}
    return hooks_of(EngagementOptions.read(options), said, HERE, item=item)


def test_a_post_has_all_of_them_with_no_work_by_its_writer() -> None:
    assert hooks() == EVENT_NAMES


def test_a_page_that_is_no_post_has_nothing_to_react_to() -> None:
    assert hooks(item=False) == tuple(name for name in EVENT_NAMES if name not in OF_ITEMS)


def test_a_page_has_the_last_word() -> None:
    assert hooks(False) == ()
    assert "share" not in hooks({"share": False}) and "reaction" in hooks({"share": False})
    assert hooks({"pageview": True}, hooks=False) == ("pageview",)
    assert hooks(True, hooks=False) == EVENT_NAMES
    assert hooks(None, hooks={"feedback": False}) == tuple(name for name in EVENT_NAMES if name != "feedback")


def test_without_anybody_to_tell_only_sharing_is_left() -> None:
    assert hooks(endpoint="") == ("share",)
    assert hooks(endpoint="", adapters=[{"kind": "plausible", "domain": "example.com"}]) == EVENT_NAMES


def test_a_row_with_nothing_in_it_is_no_hook() -> None:
    assert "reaction" not in hooks(reactions=[]) and "share" not in hooks(share=[])


@pytest.mark.parametrize(
    ("value", "hint"),
    [
        ("no", "It must be true, false, or a mapping such as {share: false}."),
        ({"share": 0}, "It must be true, false, or a mapping such as {share: false}."),
        ({"sharing": False}, "There is no hook 'sharing'; there are pageview, "),
    ],
)
def test_what_is_not_understood_stops_with_file_and_line(value: Any, hint: str) -> None:
    with pytest.raises(ContentError) as refused:
        hooks(value)
    assert refused.value.what.startswith("`hooks` is ") and refused.value.place == HERE
    assert refused.value.hint.startswith(hint)
