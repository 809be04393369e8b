"""Who comes in, and how."""

from __future__ import annotations

from pathlib import Path

import pytest

from site_builder.analytics.dashboard.door import ATTEMPTS, COOKIE, safe_next
from site_builder.analytics.dashboard.key import FILE, make_key
from site_builder.analytics.dashboard.views import VIEWS
from tests.analytics.dashboard.asking import Author, make_app, signed_in


def test_nothing_but_the_form_is_shown_before(tmp_path: Path, store_path: Path) -> None:
    make_key(tmp_path)
    reader = Author(make_app(tmp_path, store_path))
    for view in ("", *VIEWS):
        answer = reader.ask(f"{view}?days=7")
        assert answer.status_code == 303 and answer.headers["location"].startswith("/dashboard/sign-in"), view
    assert reader.ask("data/posts.csv").status_code == 401
    assert reader.ask("sign-in").status_code == 200


def test_the_key_leads_to_where_the_reader_wanted_to_go(tmp_path: Path, store_path: Path) -> None:
    key = make_key(tmp_path)
    author = Author(make_app(tmp_path, store_path))
    form = author.ask("posts?days=7&tag=a%26b&lang=zh")
    assert form.headers["location"] == "/dashboard/sign-in?next=posts%3Fdays%3D7%26tag%3Da%2526b%26lang%3Dzh&lang=zh"
    page = author.ask(form.headers["location"].removeprefix("/dashboard/"))
    assert 'name="next" value="posts?days=7&amp;tag=a%26b&amp;lang=zh"' in page.text and "登录" in page.text
    answer = author.sign_in(key, "posts?days=7&tag=a%26b&lang=zh")
    assert answer.status_code == 303 and answer.headers["location"] == "/dashboard/posts?days=7&tag=a%26b&lang=zh"
    assert author.ask("posts").status_code == 200


def test_the_cookie_is_for_this_server_alone(tmp_path: Path, store_path: Path) -> None:
    key = make_key(tmp_path)
    app = make_app(tmp_path, store_path, behind_proxy=True)
    here = Author(app).sign_in(key).headers["set-cookie"]
    assert "HttpOnly" in here and "SameSite=lax" in here and "Path=/dashboard/" in here and "Secure" not in here
    outside = Author(app, "http://blog.example.com", x_forwarded_proto="https")
    assert "; Secure" in outside.sign_in(key).headers["set-cookie"]


@pytest.mark.parametrize("behind_proxy", [True, False])
def test_nobody_sends_the_key_over_plain_http(tmp_path: Path, store_path: Path, behind_proxy: bool) -> None:
    key = make_key(tmp_path)
    said = {} if behind_proxy else {"x_forwarded_proto": "https"}  # anybody may say so where no proxy is
    reader = Author(make_app(tmp_path, store_path, behind_proxy=behind_proxy), "http://blog.example.com", **said)
    form = reader.ask("sign-in")
    assert form.status_code == 403 and "HTTPS" in form.text and "<input" not in form.text
    assert "set-cookie" not in reader.sign_in(key).headers


def test_a_wrong_key_is_told_and_guessing_is_slowed(tmp_path: Path, store_path: Path) -> None:
    key = make_key(tmp_path)
    reader = Author(make_app(tmp_path, store_path))
    for _ in range(ATTEMPTS):
        answer = reader.sign_in("sbd_wrong")
        assert answer.status_code == 403 and "not the key" in answer.text and "set-cookie" not in answer.headers
    answer = reader.sign_in(key)
    assert answer.status_code == 429 and 0 < int(answer.headers["retry-after"]) <= 20


def test_behind_a_proxy_each_reader_has_own_attempts(tmp_path: Path, store_path: Path) -> None:
    key = make_key(tmp_path)
    reader = Author(make_app(tmp_path, store_path, behind_proxy=True), x_forwarded_proto="https")
    for _ in range(ATTEMPTS + 1):
        guessing = reader.sign_in("sbd_wrong", x_forwarded_for="198.51.100.7")
    assert guessing.status_code == 429
    assert reader.sign_in(key, x_forwarded_for="198.51.100.7, 203.0.113.9").status_code == 303


def test_a_form_on_another_site_signs_nobody_in_or_out(tmp_path: Path, store_path: Path) -> None:
    author = signed_in(tmp_path, store_path)
    for said in ({"sec-fetch-site": "cross-site"}, {"origin": "https://evil.example.com"}, {"origin": "null"}):
        assert author.ask("sign-in", "POST", data={"key": make_key(tmp_path)}, headers=said).status_code == 403
        assert author.ask("sign-out", "POST", headers=said).status_code == 403


def test_signing_out_ends_it_here(tmp_path: Path, store_path: Path) -> None:
    author = signed_in(tmp_path, store_path)
    assert author.ask("posts").status_code == 200
    assert author.ask("sign-out", "POST").status_code == 303
    assert COOKIE not in author.cookies and author.ask("posts").status_code == 303


def test_without_a_key_the_form_says_how_to_make_one(tmp_path: Path, store_path: Path) -> None:
    reader = Author(make_app(tmp_path, store_path))
    form = reader.ask("sign-in")
    assert form.status_code == 503 and "site-builder analytics key" in form.text and "<input" not in form.text
    assert reader.sign_in("").status_code == 503


def test_a_damaged_key_lets_nobody_in(tmp_path: Path, store_path: Path) -> None:
    author = signed_in(tmp_path, store_path)
    (tmp_path / FILE).write_text("{")
    answer = author.ask("posts")
    assert answer.status_code == 503 and str(tmp_path) not in answer.text


def test_a_form_that_is_too_large_is_not_read(author: Author) -> None:
    assert author.ask("sign-in", "POST", content=b"key=" + b"x" * 100_000).status_code == 403


@pytest.mark.parametrize(
    "wanted",
    [
        "//evil.example.com",
        "https://evil.example.com",
        "\\evil",
        "posts\r\nset-cookie: a=b",
        "posts?a=\nb",
        "../e",
        "posts/x",
    ],
)
def test_the_key_leads_nowhere_else(wanted: str) -> None:
    assert safe_next(wanted) == ""
