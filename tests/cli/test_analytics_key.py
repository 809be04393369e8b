"""`site-builder analytics key`: a key for the folder of a collector, and a word if there is none yet."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from site_builder.analytics.dashboard.key import opens, read_lock
from site_builder.cli.main import cli


def made(data: Path, *more: str) -> Result:
    result = CliRunner().invoke(cli, ["analytics", "key", "--data", str(data), *more])
    assert result.exit_code == 0
    return result


def is_the_key(data: Path, key: str) -> bool:
    lock = read_lock(data)
    return lock is not None and opens(lock, key)


@pytest.mark.parametrize("more", [(), ("--json",)])
def test_a_key_for_a_collectors_folder_is_made_without_a_warning(tmp_path: Path, more: tuple[str, ...]) -> None:
    (tmp_path / "spool").mkdir()
    result = made(tmp_path, *more)
    assert is_the_key(tmp_path, json.loads(result.stdout)["key"] if more else result.stdout.strip())
    assert "no collector's folder" not in result.stderr


@pytest.mark.parametrize("more", [(), ("--json",)])
def test_a_key_for_a_folder_that_no_collector_has_is_made_and_told_to_open_nothing_yet(
    tmp_path: Path, more: tuple[str, ...]
) -> None:
    data = tmp_path / "typo"
    result = made(data, *more)
    assert is_the_key(data, json.loads(result.stdout)["key"] if more else result.stdout.strip())
    assert f"{data} is no collector's folder yet" in result.stderr
    assert f"`site-builder analytics serve` is started with --data {data}" in result.stderr
