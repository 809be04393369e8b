"""What is known of who sent an event, where the request says little of it."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.analytics.collecting import body, event, send


@pytest.mark.parametrize(
    ("header", "said", "language"),
    [
        ("zh-CN,zh;q=0.8", "en-US", "zh-CN"),
        (None, "en-US", "en-US"),
        ("*", "en-US", "en-US"),
        ("", None, ""),
    ],
)
def test_the_language_is_the_headers_or_what_the_page_view_says(
    tmp_path: Path, header: str | None, said: str | None, language: str
) -> None:
    """Proxies and some browsers leave Accept-Language out."""
    seen = event(1, "pageview", props={"lang": said} if said else {})
    own = event(2, "x_player_opened", props={"lang": "of the player"})
    _, kept = send(tmp_path, body(own, seen, event(3)), accept_language=header)
    assert [record.lang for record in kept] == [language] * 3
