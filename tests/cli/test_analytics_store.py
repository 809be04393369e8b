"""`site-builder analytics load`, `forget` and `prune`: what is in the store by hand."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import time_machine
from click.testing import CliRunner, Result

from site_builder.analytics import questions
from site_builder.analytics.period import Period
from site_builder.analytics.spool import segment_path
from site_builder.analytics.store import open_store
from site_builder.cli.main import cli
from site_builder.errors import AnalyticsError, ConfigError
from tests.analytics.files import serving
from tests.analytics.made_up import LAST_DAY, SITE, events, manifest
from tests.analytics.spooled import spool_of

MADE = list(events(1200, days=12))
MEMBER = next(event.member for event in MADE if event.member)


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """A collector's folder, with events in its spool."""
    spool_of(tmp_path / "spool", MADE[:700], MADE[700:])
    return tmp_path


def run(data: Path, *arguments: str) -> Result:
    with time_machine.travel(datetime.combine(LAST_DAY, datetime.min.time(), UTC) + timedelta(hours=9)):
        return CliRunner().invoke(cli, ["analytics", *arguments, "--data", str(data)])


def test_load_tells_what_is_new_and_counts(data: Path) -> None:
    (data / "manifest.json").write_bytes(manifest().to_json())
    result = run(data, "load", "--manifest", str(data / "manifest.json"))
    assert result.output == "1200 events are new, 0 were there already; 13 days were counted anew.\n"
    with open_store(data) as store:
        assert questions.posts(store, Period.last(12, LAST_DAY)).rows[0][1].startswith("Post ")
    assert json.loads(run(data, "load", "--json").stdout) == {"new": 0, "known": 0, "days": 0, "damage": []}


def test_load_takes_a_manifest_from_an_address(data: Path) -> None:
    (data / "manifest.json").write_bytes(manifest().to_json())
    with serving(data) as address:
        result = run(data, "load", "--manifest", f"{address}/manifest.json")
    assert result.exception is None
    with open_store(data) as store:
        assert store.manifest() == manifest()


@pytest.mark.parametrize("known", ["events in the spool", "events in the store", "manifest"])
def test_another_sites_manifest_is_refused(data: Path, known: str) -> None:
    if known == "events in the store":
        run(data, "load")
    elif known == "manifest":
        segment_path(data / "spool", 1).unlink()
        segment_path(data / "spool", 2).unlink()
        with open_store(data) as store:
            store.load_manifest(manifest())
    (data / "other.json").write_bytes(manifest().model_copy(update={"site": "other-blog"}).to_json())
    refused = run(data, "load", "--manifest", str(data / "other.json")).exception
    assert isinstance(refused, AnalyticsError)
    assert f"other.json is the manifest of 'other-blog', and the store is of '{SITE}'" in refused.what
    assert refused.hint == f"Name the manifest of {SITE}, or with --data and --store the store of other-blog."
    with open_store(data) as store:
        assert store.manifest() == (manifest() if known == "manifest" else None)


def test_the_sites_own_manifest_takes_the_place_of_one_that_should_never_have_been_there(data: Path) -> None:
    run(data, "load")
    with open_store(data) as store:
        store.load_manifest(manifest().model_copy(update={"site": "other-blog"}))
    (data / "manifest.json").write_bytes(manifest().to_json())
    assert run(data, "load", "--manifest", str(data / "manifest.json")).exception is None
    with open_store(data) as store:
        assert store.manifest() == manifest()


def test_load_tells_of_damage_and_takes_the_rest(data: Path) -> None:
    path = segment_path(data / "spool", 1)
    path.write_bytes(path.read_bytes().replace(b"pageview", b"pageVIEW", 1))
    result = run(data, "load")
    assert "segment 1, byte 0" in result.stderr
    assert result.stdout.startswith("1199 events are new")


def test_forget_takes_what_waits_in_the_spool_too(data: Path) -> None:
    theirs = sum(event.member == MEMBER for event in MADE)
    assert run(data, "forget", "--member", MEMBER).output == f"{theirs} events were deleted.\n"
    with open_store(data) as store:
        assert store.rows("SELECT count(*) FROM {events}") == [(1200 - theirs,)]
        assert store.due() == []
    assert json.loads(run(data, "forget", "--visitor", MADE[0].visitor, "--json").stdout)["deleted"] > 0


@pytest.mark.parametrize("who", [("--member", MEMBER), ("--visitor", MADE[-1].visitor)], ids=["member", "visitor"])
def test_what_was_forgotten_does_not_come_back_when_the_store_or_the_id_of_the_spool_is_removed(
    data: Path, who: tuple[str, str]
) -> None:
    theirs = sum(who[1] in (event.member, event.visitor) for event in MADE[700:])
    assert json.loads(run(data, "forget", *who, "--json").stdout)["deleted"] >= theirs > 0
    (data / "spool" / "id").unlink()
    assert json.loads(run(data, "load", "--json").stdout) == {"new": 0, "known": 500 - theirs, "days": 0, "damage": []}
    for path in data.glob("events.sqlite*"):
        path.unlink()
    assert json.loads(run(data, "load", "--json").stdout)["new"] == 500 - theirs
    with open_store(data) as store:
        column = who[0].removeprefix("--")
        assert store.rows(f"SELECT count(*) FROM {{events}} WHERE {column} = :who", who=who[1]) == [(0,)]


def test_forget_needs_to_know_whom(data: Path) -> None:
    assert isinstance(run(data, "forget").exception, ConfigError)
    assert isinstance(run(data, "forget", "--visitor", "ada@example.com").exception, AnalyticsError)


def test_prune_deletes_events_and_keeps_what_was_counted(data: Path) -> None:
    first_kept = datetime.combine(LAST_DAY - timedelta(8), datetime.min.time(), UTC).timestamp() * 1000
    old = sum(event.t < first_kept for event in MADE)
    assert json.loads(run(data, "prune", "--keep-days", "8", "--json").stdout) == {"deleted": old}
    assert 0 < old < 1200
    with open_store(data) as store:
        views = sum(questions.over_time(store, Period.last(12, LAST_DAY)).column("views"))
    assert views == len({event.pv for event in MADE if event.bot < 50 and event.name == "pageview"})
    assert run(data, "prune", "--keep-days", "7").exit_code == 2


@pytest.mark.parametrize("command", [["load"], ["forget", "--member", MEMBER], ["prune", "--keep-days", "30"]])
def test_a_folder_that_is_no_collectors_is_told_of_and_left_as_it_is(tmp_path: Path, command: list[str]) -> None:
    (tmp_path / "empty").mkdir()
    for name, store in (("nowhere", "sqlite"), ("empty", "sqlite"), ("empty", "clickhouse://127.0.0.1:9/readers")):
        result = run(tmp_path / name, *command, "--store", store)
        assert isinstance(result.exception, AnalyticsError)
        assert "no collector has kept events in this folder" in str(result.exception)
    assert [*tmp_path.iterdir(), *(tmp_path / "empty").iterdir()] == [tmp_path / "empty"]


def test_what_is_no_store_is_not_made_one(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A slip of the pen would take the events out of the spool to where nobody looks for them."""
    monkeypatch.chdir(data)
    before = sorted(data.rglob("*"))
    for command in (["analytics", "load"], ["report"]):
        result = CliRunner().invoke(cli, [*command, "--data", str(data), "--store", "sqlit"])
        assert isinstance(result.exception, ConfigError)
    assert sorted(data.rglob("*")) == before


def test_a_wrong_manifest_is_refused_before_anything_is_loaded(data: Path) -> None:
    (data / "manifest.json").write_text("{}")
    for file in ("manifest.json", "missing.json"):
        assert isinstance(run(data, "load", "--manifest", str(data / file)).exception, AnalyticsError)
    with open_store(data) as store:
        assert store.rows("SELECT count(*) FROM {events}") == [(0,)]
