"""Rotating the master key, when nothing goes wrong and when it may not be done."""

from __future__ import annotations

from pathlib import Path

import pytest

from site_builder.content.settings import Settings, load_settings
from site_builder.errors import MasterKeyError, RosterError
from site_builder.membership.keyfile import VARIABLE, create_key, load_keys
from site_builder.membership.roster import Roster
from site_builder.membership.rotation import rotate_key
from site_builder.membership.standing import read_standing
from tests.membership import lives

CONFIG = "site_name: A site\nplugins:\n  - paywall:\n      tiers:\n        - {id: pro, name: Pro}\n"


@pytest.fixture
def blog(tmp_path: Path) -> Settings:
    """A site with a key, a member, and one who was revoked."""
    (tmp_path / "mkdocs.yml").write_text(CONFIG)
    settings = load_settings(tmp_path / "mkdocs.yml")
    create_key(settings.key_file)
    joined = [lives.join(number, lives.at(0), lives.terms(pro=30)) for number in (1, 2)]
    Roster(settings.roster, settings.site, load_keys(settings.key_file)).append([*joined, lives.revoke(1, lives.at(2))])
    return settings


def test_tokens_and_epochs_survive_while_every_key_is_new(blog: Settings) -> None:
    keys = load_keys(blog.key_file)
    before, epochs_before = read_standing(blog, keys, lives.day(3))
    seen: list[tuple[int, int]] = []
    rotation = rotate_key(blog, lambda done, total: seen.append((done, total)))
    new = load_keys(blog.key_file)
    after, epochs_after = read_standing(blog, new, lives.day(3))
    assert (rotation.key_id, rotation.former_key_id, rotation.records) == (new.current.id, keys.current.id, 3)
    assert not rotation.resumed
    assert after == before
    assert epochs_after["pro"].number == epochs_before["pro"].number == 1
    assert epochs_after["pro"].key != epochs_before["pro"].key
    assert seen == [(1, 3), (2, 3), (3, 3)]
    with pytest.raises(RosterError, match="foreign"):
        read_standing(blog, keys, lives.day(3))


def test_a_site_without_members_gets_a_new_key_too(blog: Settings) -> None:
    blog.roster.unlink()
    before = load_keys(blog.key_file).current
    assert rotate_key(blog).records == 0
    assert load_keys(blog.key_file).current != before
    assert not blog.roster.exists()


def test_a_key_from_the_environment_is_not_rotated(blog: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    files = blog.key_file.read_bytes(), blog.roster.read_bytes()
    monkeypatch.setenv(VARIABLE, str(load_keys(blog.key_file).current))
    with pytest.raises(MasterKeyError, match=VARIABLE):
        rotate_key(blog)
    assert (blog.key_file.read_bytes(), blog.roster.read_bytes()) == files


def test_nothing_is_rotated_while_a_line_does_not_open(blog: Settings) -> None:
    blog.roster.write_bytes(blog.roster.read_bytes()[:-5])
    files = blog.key_file.read_bytes(), blog.roster.read_bytes()
    with pytest.raises(RosterError, match="truncated"):
        rotate_key(blog)
    assert (blog.key_file.read_bytes(), blog.roster.read_bytes()) == files
