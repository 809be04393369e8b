"""Replacing files, when something is in the way."""

from __future__ import annotations

from pathlib import Path

import pytest

from site_builder.errors import SiteError
from site_builder.membership.durable import create_file, replace_file, writing


def test_who_waits_too_long_for_another_writer_is_told(tmp_path: Path) -> None:
    roster = tmp_path / "members.roster"
    with writing(roster), pytest.raises(SiteError, match="another command"), writing(roster, patience=0):
        pass
    with writing(roster, patience=0):
        pass


def test_the_lock_comes_free_when_the_work_fails(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="broken"), writing(tmp_path / "file"):
        raise ValueError("broken")
    with writing(tmp_path / "file", patience=0):
        pass


def test_a_link_and_its_target_have_one_lock(tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "folder" / "file")
    with writing(tmp_path / "link"), pytest.raises(SiteError), writing(tmp_path / "folder" / "file", patience=0):
        pass


def test_a_place_that_can_not_be_written_is_an_error_in_words(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(SiteError, match="can't be written"):
        replace_file(tmp_path / "file" / "below", b"new")
    with pytest.raises(SiteError, match="can't be changed"), writing(tmp_path / "file" / "below"):
        pass
    with pytest.raises(SiteError, match="can't be written"):
        create_file(tmp_path / "missing" / "file", "new")


def test_what_a_killed_writer_left_beside_is_in_nobodys_way(tmp_path: Path) -> None:
    (tmp_path / "file.new").write_bytes(b"half")
    replace_file(tmp_path / "file", b"whole")
    assert (tmp_path / "file").read_bytes() == b"whole"
    assert not (tmp_path / "file.new").exists()


def test_a_file_that_is_there_is_not_created_again(tmp_path: Path) -> None:
    create_file(tmp_path / "tokens.csv", "first")
    with pytest.raises(SiteError, match="left as it is"):
        create_file(tmp_path / "tokens.csv", "second")
    assert (tmp_path / "tokens.csv").read_text() == "first"
