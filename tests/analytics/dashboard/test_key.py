"""The author's key and the sessions that it begins."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from site_builder.analytics.dashboard.key import (
    FILE,
    SESSION_SECONDS,
    Lock,
    begin_session,
    in_session,
    make_key,
    opens,
    read_lock,
)
from site_builder.cli.analytics_key import key as command
from site_builder.errors import AnalyticsError

NOW = 1_790_000_000


def lock_of(folder: Path) -> Lock:
    lock = read_lock(folder)
    assert lock
    return lock


def test_only_the_key_opens_and_the_file_does_not_have_it(tmp_path: Path) -> None:
    key = make_key(tmp_path / "new")
    lock = lock_of(tmp_path / "new")
    assert opens(lock, key) and opens(lock, f" {key}\n")
    assert not opens(lock, key[:-1]) and not opens(lock, "") and not opens(lock, "\ud800")
    file = tmp_path / "new" / FILE
    assert key not in file.read_text() and file.stat().st_mode & 0o777 == 0o600
    assert [path.name for path in file.parent.iterdir()] == [FILE]


def test_a_session_holds_until_its_time_is_over(tmp_path: Path) -> None:
    make_key(tmp_path)
    cookie = begin_session(lock_of(tmp_path), NOW)
    assert in_session(lock_of(tmp_path), cookie, NOW + SESSION_SECONDS - 1)
    assert not in_session(lock_of(tmp_path), cookie, NOW + SESSION_SECONDS)


def test_a_new_key_ends_the_old_one_and_its_sessions(tmp_path: Path) -> None:
    old = make_key(tmp_path)
    cookie = begin_session(lock_of(tmp_path), NOW)
    new = make_key(tmp_path)
    assert new != old and not opens(lock_of(tmp_path), old)
    assert not in_session(lock_of(tmp_path), cookie, NOW)


@pytest.mark.parametrize(
    "change", ["", ".", "x.y", "9999999999.{sign}", "{until}.", "{until}.{sign}0", "\ud800.\ud800"]
)
def test_a_cookie_that_was_made_up_is_no_session(tmp_path: Path, change: str) -> None:
    make_key(tmp_path)
    until, _, sign = begin_session(lock_of(tmp_path), NOW).partition(".")
    assert not in_session(lock_of(tmp_path), change.format(until=until, sign=sign), NOW)


def test_a_damaged_file_is_told_and_opens_to_nobody(tmp_path: Path) -> None:
    assert read_lock(tmp_path) is None
    (tmp_path / FILE).write_text('{"v":1}')
    with pytest.raises(AnalyticsError, match="damaged"):
        read_lock(tmp_path)


def test_the_command_prints_the_key_once(tmp_path: Path) -> None:
    run = CliRunner().invoke(command, ["--data", str(tmp_path)])
    assert run.exit_code == 0 and opens(lock_of(tmp_path), run.stdout.strip())
    run = CliRunner().invoke(command, ["--data", str(tmp_path), "--json"])
    assert opens(lock_of(tmp_path), json.loads(run.stdout)["key"])


def test_a_folder_that_can_not_be_written_is_an_error_with_its_place(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(AnalyticsError, match="can't be kept"):
        make_key(tmp_path / "file")
