"""`site-builder keys`: made once, replaced without losing a member, named without being told."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from site_builder.cli.dates import today
from site_builder.cli.main import cli
from site_builder.content.settings import Settings, load_settings
from site_builder.errors import MasterKeyError
from site_builder.membership.desk import open_desk
from site_builder.membership.keyfile import VARIABLE, load_keys, write_keys
from site_builder.membership.token import kek
from site_builder.vault.keys import MasterKey

CONFIG = "site_name: A blog\nplugins:\n  - paywall:\n      tiers:\n        - {id: pro, name: Pro}\n"
OTHER = MasterKey(bytes(range(32)))


@pytest.fixture
def blog(tmp_path: Path) -> Settings:
    """A blog without a key."""
    (tmp_path / "mkdocs.yml").write_text(CONFIG)
    return load_settings(tmp_path / "mkdocs.yml")


def run(blog: Settings, *arguments: str) -> Result:
    return CliRunner().invoke(cli, [*arguments, "-f", str(blog.root / "mkdocs.yml")])


def test_init_makes_a_key_tells_how_to_keep_it_and_does_not_show_it(blog: Settings) -> None:
    result = run(blog, "keys", "init")
    key = load_keys(blog.key_file).current
    assert result.exit_code == 0
    assert key.id in result.stdout
    assert str(key) not in result.output
    assert "Back it up" in result.stdout
    assert f"gh secret set {VARIABLE}" in result.stdout


def test_init_overwrites_no_key(blog: Settings) -> None:
    run(blog, "keys", "init")
    before = blog.key_file.read_bytes()
    assert isinstance(run(blog, "keys", "init").exception, MasterKeyError)
    assert blog.key_file.read_bytes() == before


def test_init_refuses_where_a_roster_needs_the_key_that_was_lost(blog: Settings) -> None:
    run(blog, "keys", "init")
    key_id = load_keys(blog.key_file).current.id
    run(blog, "members", "add", "--email", "ada@example.com", "--tier", "pro")
    blog.key_file.unlink()
    result = run(blog, "keys", "init")
    assert isinstance(result.exception, MasterKeyError)
    assert key_id in str(result.exception)
    assert not blog.key_file.exists()


def test_rotating_gives_a_new_key_and_tokens_stay(blog: Settings) -> None:
    old_id = json.loads(run(blog, "keys", "init", "--json").stdout)["key_id"]
    token = json.loads(run(blog, "members", "add", "--email", "ada@example.com", "--tier", "pro", "--json").stdout)[
        "token"
    ]
    rotated = json.loads(run(blog, "keys", "rotate", "--json").stdout)
    assert rotated == {"key_id": load_keys(blog.key_file).current.id, "former_key_id": old_id, "records": 1}
    assert rotated["key_id"] != old_id
    (member,) = open_desk(blog, today()).members.values()
    assert member.kek == kek(token)


def test_a_key_from_the_environment_is_not_rotated(blog: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    run(blog, "keys", "init")
    monkeypatch.setenv(VARIABLE, str(OTHER))
    result = run(blog, "keys", "rotate")
    assert isinstance(result.exception, MasterKeyError)
    assert f"Unset {VARIABLE}" in str(result.exception)


def test_show_id_tells_which_key_is_in_use_and_which_is_not(blog: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    run(blog, "keys", "init")
    in_file = load_keys(blog.key_file).current
    assert json.loads(run(blog, "keys", "show-id", "--json").stdout) == {"key_id": in_file.id, "source": "file"}
    monkeypatch.setenv(VARIABLE, str(OTHER))
    assert json.loads(run(blog, "keys", "show-id", "--json").stdout) == {"key_id": OTHER.id, "source": "environment"}
    words = run(blog, "keys", "show-id").stdout
    assert OTHER.id in words
    assert f"{in_file.id}, which is not used" in words
    assert str(OTHER) not in words


def test_show_id_tells_of_an_interrupted_rotation_and_rotate_finishes_it(blog: Settings) -> None:
    run(blog, "keys", "init")
    run(blog, "members", "add", "--email", "ada@example.com", "--tier", "pro")
    write_keys(blog.key_file, OTHER, load_keys(blog.key_file).current)
    assert "was interrupted" in run(blog, "keys", "show-id").stdout
    assert "was finished" in run(blog, "keys", "rotate").stdout
    assert load_keys(blog.key_file).current == OTHER
    assert "was interrupted" not in run(blog, "keys", "show-id").stdout


def test_without_a_key_show_id_says_what_to_run(blog: Settings) -> None:
    result = run(blog, "keys", "show-id")
    assert isinstance(result.exception, MasterKeyError)
    assert "keys init" in str(result.exception)


@pytest.mark.parametrize("command", ["init", "rotate", "show-id"])
def test_every_command_has_help_with_an_example(command: str) -> None:
    result = CliRunner().invoke(cli, ["keys", command, "--help"])
    assert result.exit_code == 0
    assert f"site-builder keys {command}" in result.output
