"""`site-builder insights pull`: the file for the next build, from a store to the folder of a site."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import Result

from site_builder.engagement.insights import Insights
from site_builder.errors import AnalyticsError, ConfigError
from tests.cli import readers

CONFIG = "site_name: Made up\nsite_url: https://example.com/\nplugins: [paywall, engagement]\n"


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A collector's folder; nothing changes it."""
    return readers.collect(tmp_path_factory.mktemp("data"), 3000)


@pytest.fixture
def config(tmp_path: Path) -> Path:
    path = tmp_path / "mkdocs.yml"
    path.write_text(CONFIG, "utf-8")
    return path


def run(data: Path, *arguments: str) -> Result:
    return readers.run("insights", "pull", "--data", str(data), *arguments)


def test_the_file_is_written_beside_mkdocs_yml_and_is_the_same_the_next_time(data: Path, config: Path) -> None:
    result = run(data, "-f", str(config))
    path = config.with_name("insights.json")
    found = Insights.read(path, "made-up")
    assert result.exit_code == 0 and found and found.posts
    assert (found.since.isoformat(), found.until.isoformat()) == ("2026-08-25", "2026-11-22")
    assert (
        f"wrote {path}: readers from 2026-08-25 to 2026-11-22\nposts with readers: {len(found.posts)};" in result.output
    )
    before = path.read_bytes()
    assert run(data, "-f", str(config)).exit_code == 0 and path.read_bytes() == before


def test_it_can_be_printed_where_there_is_no_site(data: Path, tmp_path: Path) -> None:
    result = run(data, "--to", "-", "--days", "7", "--until", "2026-11-20", "-f", str(tmp_path / "mkdocs.yml"))
    found = Insights.model_validate_json(result.stdout)
    assert (found.site, found.since.isoformat()) == ("made-up", "2026-11-14")
    assert list(tmp_path.iterdir()) == []


def test_json_tells_what_was_found(data: Path, config: Path) -> None:
    told = json.loads(run(data, "-f", str(config), "--json").stdout)
    found = Insights.read(config.with_name("insights.json"), "made-up")
    assert found and (told["posts"], told["popular"]) == (len(found.posts), len(found.popular))
    assert told["leaving"] == sum(post.leaving is not None for post in found.posts) > 0


def test_another_sites_readers_are_refused(data: Path, config: Path) -> None:
    config.write_text(CONFIG.replace("Made up", "Other"), "utf-8")
    error = run(data, "-f", str(config)).exception
    assert isinstance(error, AnalyticsError) and "'made-up', and this site is 'other'" in str(error)
    assert not config.with_name("insights.json").exists()


def test_days_without_readers_leave_the_file_as_it_was(data: Path, config: Path) -> None:
    path = config.with_name("insights.json")
    path.write_text("as it was", "utf-8")
    error = run(data, "--until", "2025-01-31", "-f", str(config)).exception
    assert isinstance(error, AnalyticsError) and "no post had a reader" in str(error)
    assert path.read_text("utf-8") == "as it was"


def test_without_a_site_or_a_store_it_says_what_is_missing(data: Path, tmp_path: Path, config: Path) -> None:
    assert isinstance(run(data, "-f", str(tmp_path / "none.yml")).exception, ConfigError)
    assert isinstance(run(tmp_path / "none", "-f", str(config)).exception, AnalyticsError)
    assert not (tmp_path / "none").exists()
