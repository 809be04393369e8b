"""An issue is read whole and as it was built, or not at all."""

from __future__ import annotations

import hashlib
import json
import shutil
from pathlib import Path

import pytest

from site_builder.errors import IssueError
from site_builder.newsletter.issue import load_issue
from tests.newsletter.posts import build, post
from tests.sites import tree

FILES = sorted(
    path for path in ("manifest.json", "preview.html", "pro/body.html", "public/body.txt", "public/message.eml")
)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return build(post(), tmp_path).folder


@pytest.mark.parametrize("name", FILES)
def test_a_file_that_changed_by_one_bit_is_named(folder: Path, name: str) -> None:
    raw = bytearray((folder / name).read_bytes())
    raw[len(raw) // 2] ^= 1
    (folder / name).write_bytes(raw)
    with pytest.raises(IssueError) as error:
        load_issue(folder)
    assert error.value.place and error.value.place.file == folder / name


@pytest.mark.parametrize("name", FILES)
def test_a_file_that_is_missing_is_named(folder: Path, name: str) -> None:
    (folder / name).unlink()
    with pytest.raises(IssueError, match="can't be read") as error:
        load_issue(folder)
    assert error.value.place and error.value.place.file == folder / name


@pytest.mark.parametrize(
    "content", [b"", b"{}", b"[]", b"\xff\xfe", b"null", b'{"sha256": "x"}', b'{"format": 2, "sha256": ""}']
)
def test_what_is_no_manifest_is_refused(folder: Path, content: bytes) -> None:
    (folder / "manifest.json").write_bytes(content)
    with pytest.raises(IssueError):
        load_issue(folder)


def test_a_manifest_of_a_later_format_says_what_to_do(folder: Path) -> None:
    (folder / "manifest.json").write_bytes(b'{"format": 2, "sha256": ""}')
    with pytest.raises(IssueError, match="has the format 2, and this version reads 1") as error:
        load_issue(folder)
    assert "build the issue again" in error.value.hint


def test_a_manifest_can_name_no_file_outside_of_its_folder(folder: Path) -> None:
    """Whoever writes a manifest can write its hashes too; but what is read is a part of the issue."""
    (folder.parent / "secret.txt").write_text("secret")
    data = json.loads((folder / "manifest.json").read_text("utf-8"))
    del data["sha256"]
    data["files"]["../secret.txt"] = hashlib.sha256(b"secret").hexdigest()
    canonical = json.dumps(data, ensure_ascii=False, indent=1, sort_keys=True) + "\n"
    data["sha256"] = hashlib.sha256(canonical.encode()).hexdigest()
    (folder / "manifest.json").write_text(json.dumps(data), "utf-8")
    with pytest.raises(IssueError, match="outside of the issue"):
        load_issue(folder)


def test_an_issue_goes_by_its_own_name(folder: Path) -> None:
    other = shutil.copytree(folder, folder.parent / "other")
    with pytest.raises(IssueError, match="is the issue 'why'"):
        load_issue(other)


def test_reading_changes_nothing(folder: Path) -> None:
    before = tree(folder)
    assert load_issue(folder) == load_issue(folder)
    assert tree(folder) == before


def test_there_is_no_issue_in_a_folder_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(IssueError, match="can't be read"):
        load_issue(tmp_path / "nothing")
