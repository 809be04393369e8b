"""Killed at every step of a change, roster and key file are as they were before or as they should be after."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from site_builder.content.settings import Settings, load_settings
from site_builder.membership.keyfile import create_key, load_keys
from site_builder.membership.records import Record
from site_builder.membership.roster import Roster
from site_builder.membership.rotation import rotate_key
from tests.membership import lives

CONFIG = "site_name: A site\nplugins:\n  - paywall:\n      tiers:\n        - {id: pro, name: Pro}\n"
RECORDS = [lives.join(1, lives.at(0), lives.terms(pro=30)), lives.revoke(1, lives.at(2))]


@pytest.fixture
def blog(tmp_path: Path) -> Settings:
    """A site with a key and two records."""
    folder = tmp_path / "blog"
    folder.mkdir()
    (folder / "mkdocs.yml").write_text(CONFIG)
    settings = load_settings(folder / "mkdocs.yml")
    create_key(settings.key_file)
    Roster(settings.roster, settings.site, load_keys(settings.key_file, {})).append(RECORDS)
    return settings


def killed(what: str, blog: Settings, copies: Path) -> list[Settings]:
    """What is left of the blog after each kill, and at last without one."""
    checkout = Path(__file__).parents[2]
    done = subprocess.run(
        [sys.executable, "-m", "tests.membership.killed", what, str(blog.root), str(copies)],
        cwd=checkout,
        capture_output=True,
        text=True,
        check=True,
    )
    return [load_settings(copies / str(number) / "mkdocs.yml") for number in range(int(done.stdout))]


def records(blog: Settings) -> dict[str, Record]:
    return Roster(blog.roster, blog.site, load_keys(blog.key_file, {})).read()


def test_an_append_is_there_as_a_whole_or_not_at_all(blog: Settings, tmp_path: Path) -> None:
    before = records(blog)
    left = killed("append", blog, tmp_path / "copies")
    sizes = []
    for copy in left:
        after = records(copy)
        assert before.items() <= after.items()
        sizes.append(len(after))
    assert sizes == sorted(sizes)
    assert set(sizes) == {2, 4}
    assert sizes[-1] == 4
    for copy in left:
        Roster(copy.roster, copy.site, load_keys(copy.key_file, {})).append(RECORDS[:0])
        assert len(records(copy)) in (2, 4)


def test_a_rotation_loses_no_record_and_no_key_and_can_be_finished(blog: Settings, tmp_path: Path) -> None:
    before, key = records(blog), load_keys(blog.key_file, {}).current
    left = killed("rotate", blog, tmp_path / "copies")
    stages = set()
    for copy in left:
        assert records(copy) == before
        keys = load_keys(copy.key_file, {})
        stages.add((keys.current == key, keys.former is not None))
        rotation = rotate_key(copy)
        assert rotation.resumed == (keys.former is not None)
        assert records(copy) == before
        assert load_keys(copy.key_file, {}).former is None
        assert load_keys(copy.key_file, {}).current != key
    assert stages == {(True, False), (False, True), (False, False)}


def test_a_key_file_is_made_whole_or_not_at_all(blog: Settings, tmp_path: Path) -> None:
    blog.key_file.unlink()
    blog.roster.unlink()
    left = killed("create", blog, tmp_path / "copies")
    made = [copy for copy in left if copy.key_file.exists()]
    assert 0 < len(made) < len(left)
    for copy in made:
        assert load_keys(copy.key_file, {}).former is None
    for copy in left:
        if copy not in made:
            create_key(copy.key_file)
