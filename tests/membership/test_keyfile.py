"""Where the master key comes from, and how its file is written."""

from __future__ import annotations

from pathlib import Path

import pytest

from site_builder.errors import MasterKeyError
from site_builder.membership.keyfile import VARIABLE, create_key, load_keys, write_keys
from site_builder.vault.keys import MasterKey

KEY, OTHER = MasterKey(bytes(range(32))), MasterKey(bytes(32))


@pytest.fixture
def key_file(tmp_path: Path) -> Path:
    return tmp_path / ".site-builder" / "master.key"


def test_a_new_key_is_for_its_owner_alone_and_hidden_from_git(key_file: Path) -> None:
    key = create_key(key_file)
    assert load_keys(key_file, {}).current == key
    assert key_file.stat().st_mode & 0o777 == 0o600
    assert key_file.parent.stat().st_mode & 0o777 == 0o700
    assert (key_file.parent / ".gitignore").read_text() == "*\n"


@pytest.mark.parametrize("content", ["", "damaged", f"{KEY}\n"])
def test_a_key_file_is_never_overwritten(key_file: Path, content: str) -> None:
    key_file.parent.mkdir()
    key_file.write_text(content)
    with pytest.raises(MasterKeyError, match="already"):
        create_key(key_file)
    assert key_file.read_text() == content


def test_without_a_key_the_error_says_what_to_run(key_file: Path) -> None:
    with pytest.raises(MasterKeyError, match="keys init"):
        load_keys(key_file, {})


def test_the_environment_goes_before_the_file(key_file: Path) -> None:
    create_key(key_file)
    keys = load_keys(key_file, {VARIABLE: f" {KEY}\n"})
    assert (keys.current, keys.source) == (KEY, "environment")


def test_an_empty_variable_is_none_as_workflows_give_it_to_forks(key_file: Path) -> None:
    key = create_key(key_file)
    assert load_keys(key_file, {VARIABLE: " "}).current == key


def test_while_keys_are_rotated_the_file_has_two_and_the_first_is_in_use(key_file: Path) -> None:
    create_key(key_file)
    write_keys(key_file, OTHER, KEY)
    keys = load_keys(key_file, {})
    assert (keys.current, keys.former) == (OTHER, KEY)


@pytest.mark.parametrize(
    ("content", "line", "words"),
    [
        (f"{KEY}\n{str(OTHER)[:-1]}\n", 2, "not a master key"),
        (f"\n{str(KEY)[:-1]}0\n", 2, "checksum"),
        (f"{KEY}\n" * 3, None, "3 keys"),
        ("\n", None, "0 keys"),
    ],
)
def test_a_damaged_key_file_is_refused_by_line_without_repeating_it(
    key_file: Path, content: str, line: int | None, words: str
) -> None:
    create_key(key_file)
    key_file.write_text(content)
    with pytest.raises(MasterKeyError, match=words) as caught:
        load_keys(key_file, {})
    assert caught.value.place is not None
    assert caught.value.place.line == line
    assert "sbk1_0" not in str(caught.value)


def test_a_damaged_variable_is_named_and_not_repeated(key_file: Path) -> None:
    with pytest.raises(MasterKeyError, match=VARIABLE) as caught:
        load_keys(key_file, {VARIABLE: str(KEY)[:-1]})
    assert str(KEY)[5:20] not in str(caught.value)


def test_bytes_that_are_no_text_are_no_key(key_file: Path) -> None:
    create_key(key_file)
    key_file.write_bytes(b"\xff\xfe")
    with pytest.raises(MasterKeyError, match="can't be read"):
        load_keys(key_file, {})
