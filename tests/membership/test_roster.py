"""The roster file: nothing wrong with a line goes unnoticed, and nothing that was in it is lost."""

from __future__ import annotations

import random
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from site_builder.errors import RosterError
from site_builder.membership.keyfile import MasterKeys
from site_builder.membership.records import Record
from site_builder.membership.roster import LINE_LENGTH, Roster, roster_key_id
from site_builder.vault.encoding import b64u, from_b64u, lp
from site_builder.vault.keys import MasterKey
from site_builder.vault.seal import seal, unseal
from tests.membership import lives

MASTER, OTHER = MasterKey(bytes(range(32))), MasterKey(bytes(32))
SITE = "a-site"
RECORDS = [
    lives.join(1, lives.at(0), lives.terms(pro=30)),
    lives.join(2, lives.at(1), lives.terms(supporter=None, book=None)),
    lives.revoke(1, lives.at(2)),
]
SAME_FILE = settings(suppress_health_check=[HealthCheck.function_scoped_fixture])


def open_roster(path: Path, site: str = SITE, *keys: MasterKey) -> Roster:
    return Roster(path, site, MasterKeys(*(keys or (MASTER,))))


@pytest.fixture
def roster(tmp_path: Path) -> Roster:
    """A roster with three lines."""
    roster = open_roster(tmp_path / "members.roster")
    roster.append(RECORDS)
    return roster


def refused(roster: Roster, content: bytes) -> RosterError:
    """The error that reading ``content`` gives; the file stays as it is."""
    roster.path.write_bytes(content)
    with pytest.raises(RosterError) as caught:
        roster.read()
    assert roster.path.read_bytes() == content
    assert caught.value.place is not None
    assert caught.value.place.file == roster.path
    return caught.value


def line_of(error: RosterError) -> int | None:
    assert error.place is not None
    return error.place.line


def test_records_come_back_in_any_number_of_steps(tmp_path: Path) -> None:
    roster = open_roster(tmp_path / "members.roster")
    assert roster.read() == {}
    for count, record in enumerate(RECORDS, 1):
        roster.append([record])
        assert list(roster.read().values()) == RECORDS[:count]


def test_a_line_is_what_the_format_document_says(roster: Roster) -> None:
    raw = roster.path.read_bytes()
    assert len(raw) == 3 * (LINE_LENGTH + 1)
    mark, key_id, record_id, sealed = raw.decode("ascii").split("\n")[0].split(" ")
    assert (mark, key_id, len(record_id)) == ("sbr1", MASTER.id, 16)
    text = unseal(MASTER.roster_key(SITE), "roster", lp(SITE, record_id), from_b64u(sealed))
    assert len(text) == 512
    assert b"reader1@example.com" in text
    assert b"reader1" not in raw


def test_a_new_roster_is_for_its_owner_alone_and_keeps_the_mode_it_is_given(roster: Roster) -> None:
    assert roster.path.stat().st_mode & 0o777 == 0o600
    roster.path.chmod(0o640)
    roster.append(RECORDS[:1])
    assert roster.path.stat().st_mode & 0o777 == 0o640


def test_a_roster_behind_a_link_is_changed_where_it_is(tmp_path: Path) -> None:
    private = tmp_path / "private" / "members.roster"
    private.parent.mkdir()
    private.touch()
    link = tmp_path / "members.roster"
    link.symlink_to(private)
    open_roster(link).append(RECORDS)
    assert link.is_symlink()
    assert list(open_roster(private).read().values()) == RECORDS


@SAME_FILE
@given(st.integers(0, 3 * (LINE_LENGTH + 1) - 1), st.integers(0, 7))
def test_any_flipped_bit_is_noticed_on_its_line(roster: Roster, place: int, bit: int) -> None:
    good = good_lines(roster)
    content = bytearray(good)
    content[place] ^= 1 << bit
    error = refused(roster, bytes(content))
    assert line_of(error) == place // (LINE_LENGTH + 1) + 1
    roster.path.write_bytes(good)


@pytest.mark.parametrize("bit", range(8))
def test_a_flipped_bit_in_the_last_letter_is_noticed_though_two_of_its_bits_are_spare(roster: Roster, bit: int) -> None:
    content = bytearray(roster.path.read_bytes())
    content[LINE_LENGTH - 1] ^= 1 << bit
    assert line_of(refused(roster, bytes(content))) == 1


@SAME_FILE
@given(st.integers(1, 3 * (LINE_LENGTH + 1) - 1).filter(lambda end: end % (LINE_LENGTH + 1) not in (0, LINE_LENGTH)))
def test_a_file_that_was_cut_short_is_noticed_on_its_last_line(roster: Roster, end: int) -> None:
    good = good_lines(roster)
    error = refused(roster, good[:end])
    assert "truncated" in str(error)
    assert line_of(error) == end // (LINE_LENGTH + 1) + 1
    roster.path.write_bytes(good)


def good_lines(roster: Roster) -> bytes:
    raw = roster.path.read_bytes()
    assert len(roster.read()) == 3
    return raw


@given(st.binary(min_size=1, max_size=2000).filter(lambda raw: raw.strip(b"\r\n")))
@SAME_FILE
def test_bytes_that_are_no_roster_are_refused(tmp_path: Path, raw: bytes) -> None:
    refused(open_roster(tmp_path / "any.roster"), raw)


def test_a_line_of_another_master_key_is_foreign(roster: Roster, tmp_path: Path) -> None:
    other = open_roster(tmp_path / "other.roster", SITE, OTHER)
    other.append(RECORDS[:1])
    error = refused(roster, roster.path.read_bytes() + other.path.read_bytes())
    assert line_of(error) == 4
    assert f"foreign: sealed under the master key {OTHER.id}, while yours is {MASTER.id}" in str(error)


def test_a_line_of_another_site_is_foreign(roster: Roster, tmp_path: Path) -> None:
    other = open_roster(tmp_path / "other.roster", "another-site")
    other.append(RECORDS[:1])
    error = refused(roster, roster.path.read_bytes() + other.path.read_bytes())
    assert line_of(error) == 4
    assert "foreign: sealed for another site than 'a-site'" in str(error)


def test_a_line_can_not_take_the_id_of_another(roster: Roster) -> None:
    one, two, *rest = roster.path.read_bytes().split(b"\n")
    swapped = b" ".join([*one.split(b" ")[:2], two.split(b" ")[2], one.split(b" ")[3]])
    assert line_of(refused(roster, b"\n".join([swapped, two, *rest]))) == 1


def test_one_id_for_two_records_is_refused(roster: Roster) -> None:
    lines = roster.path.read_bytes()
    record_id = next(iter(roster.read()))
    roster.rewrite({record_id: RECORDS[1]})
    error = refused(roster, lines + roster.path.read_bytes())
    assert line_of(error) == 4
    assert "line 1" in str(error)


def test_a_conflict_that_git_left_is_named_as_such(roster: Roster) -> None:
    error = refused(roster, b"<<<<<<< HEAD\n" + roster.path.read_bytes())
    assert "conflict" in str(error)
    assert line_of(error) == 1


def test_a_record_without_its_member_is_refused(roster: Roster) -> None:
    lines = roster.path.read_bytes().splitlines(keepends=True)
    error = refused(roster, b"".join(lines[1:]))
    assert line_of(error) == 2
    assert lives.member_id(1) in str(error)


def test_joining_twice_is_refused(roster: Roster) -> None:
    roster.append([lives.join(1, lives.at(9), lives.terms(pro=30))])
    error = refused(roster, roster.path.read_bytes())
    assert line_of(error) == 4


def test_a_record_of_a_later_version_is_not_taken_for_damage(roster: Roster) -> None:
    text = lp(b'{"kind":"gift"}').ljust(512, b"\0")
    sealed = b64u(seal(MASTER.roster_key(SITE), "roster", lp(SITE, "A" * 16), text))
    error = refused(roster, f"sbr1 {MASTER.id} {'A' * 16} {sealed}\n".encode())
    assert "this version does not know" in str(error)


def test_merging_two_branches_keeps_the_lines_of_both(roster: Roster) -> None:
    base = roster.path.read_bytes()
    roster.append([lives.grant(2, lives.at(3), lives.terms(pro=40))])
    ours = roster.path.read_bytes()
    roster.path.write_bytes(base)
    roster.append([lives.revoke(2, lives.at(4))])
    theirs = roster.path.read_bytes()
    merged = ours.splitlines(keepends=True) + theirs.splitlines(keepends=True)
    random.Random(1).shuffle(merged)  # order and repetition say nothing
    roster.path.write_bytes(b"".join(merged))
    records: list[Record] = list(roster.read().values())
    assert sorted(records, key=str) == sorted(
        [*RECORDS, lives.grant(2, lives.at(3), lives.terms(pro=40)), lives.revoke(2, lives.at(4))], key=str
    )


@pytest.mark.parametrize(
    "change", [lambda raw: raw.replace(b"\n", b"\r\n"), lambda raw: raw.rstrip(b"\n"), lambda raw: b"\n" + raw]
)
def test_what_editors_and_git_do_to_line_ends_does_no_harm(roster: Roster, change: object) -> None:
    assert callable(change)
    roster.path.write_bytes(change(roster.path.read_bytes()))
    roster.append([lives.revoke(2, lives.at(5))])
    assert list(roster.read().values()) == [*RECORDS, lives.revoke(2, lives.at(5))]


def test_lines_under_a_former_key_are_read_and_new_ones_get_the_current_key(roster: Roster) -> None:
    rotating = open_roster(roster.path, SITE, OTHER, MASTER)
    rotating.append([lives.revoke(2, lives.at(5))])
    assert len(rotating.read()) == 4
    key_ids = [line.split(b" ")[1].decode() for line in roster.path.read_bytes().splitlines()]
    assert key_ids == [MASTER.id] * 3 + [OTHER.id]


def test_sealing_again_keeps_every_record_under_its_id(roster: Roster) -> None:
    before = roster.read()
    again = open_roster(roster.path, SITE, OTHER)
    again.rewrite(before)
    assert again.read() == before
    assert roster_key_id(roster.path) == OTHER.id


def test_a_record_that_does_not_fit_changes_nothing(roster: Roster) -> None:
    before = roster.path.read_bytes()
    long = lives.join(3, lives.at(0), lives.terms(pro=30)).model_copy(update={"name": "名" * 200})
    with pytest.raises(RosterError, match="too long"):
        roster.append([RECORDS[0], long])
    assert roster.path.read_bytes() == before


def test_a_roster_that_can_not_be_read_is_an_error_and_not_an_empty_one(tmp_path: Path) -> None:
    with pytest.raises(RosterError, match="can't be read"):
        open_roster(tmp_path).read()
