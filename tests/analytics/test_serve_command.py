"""`site-builder analytics serve`: what it is told wrongly is said before anything is made."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from site_builder.cli.analytics_serve import serve
from site_builder.errors import ConfigError, SiteError


def told(data: Path, *words: str) -> BaseException | None:
    site = () if "--site" in words else ("--site", "blog")
    told = CliRunner().invoke(serve, [*site, "--data", str(data), *words])
    assert not data.exists()
    return told.exception


@pytest.mark.parametrize("origin", ["example.com", "https://", "ftp://example.com", "http://example.com/blog/"])
def test_an_origin_that_is_none_is_named(tmp_path: Path, origin: str) -> None:
    error = told(tmp_path / "data", "--origin", origin)
    assert isinstance(error, ConfigError) and origin in str(error) and "https://example.com" in str(error)


def test_events_are_kept_for_longer_than_they_may_wait_in_a_browser(tmp_path: Path) -> None:
    error = told(tmp_path / "data", "--origin", "https://example.com", "--keep-days", "7")
    assert isinstance(error, ConfigError) and "8 days" in str(error)


def test_a_site_that_no_event_can_name_is_named(tmp_path: Path) -> None:
    error = told(tmp_path / "data", "--site", "My Blog", "--origin", "https://example.com")
    assert isinstance(error, ConfigError) and "My Blog is no id" in str(error)


def test_a_store_that_is_none_is_named(tmp_path: Path) -> None:
    error = told(tmp_path / "data", "--origin", "https://example.com", "--store", "postgres://db/x")
    assert isinstance(error, ConfigError) and "postgres://db/x is no store" in str(error)


def test_a_webhook_secret_that_can_be_none_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SITE_BUILDER_STRIPE_WEBHOOK_SECRET", "sk_live_0123456789")
    error = told(tmp_path / "data", "--origin", "https://example.com")
    assert isinstance(error, ConfigError) and "SITE_BUILDER_STRIPE_WEBHOOK_SECRET" in str(error)
    assert "0123456789" not in str(error)


@pytest.mark.parametrize("words", [[], ["--origin", "https://example.com", "--port", "0"]])
def test_wrong_usage_is_clicks_to_tell(tmp_path: Path, words: list[str]) -> None:
    assert not isinstance(told(tmp_path / "data", *words), SiteError)
