"""Somebody's events in the spool: they go from the file, all others stay where they are, and the collector writes on."""

from __future__ import annotations

import asyncio
from pathlib import Path

from site_builder.analytics.loader import load
from site_builder.analytics.spool import START, Spool, frame, read, segment_path, segments
from site_builder.analytics.spool_forget import forget_in_spool
from site_builder.analytics.store import open_store
from tests.analytics.made_up import events
from tests.analytics.spooled import spool_of

MADE = list(events(300, days=2))
MEMBER = next(event.member for event in MADE if event.member)
OTHERS = [event for event in MADE if event.member != MEMBER]


def bytes_of(spool: Path) -> list[bytes]:
    return [segment_path(spool, number).read_bytes() for number in segments(spool)]


def test_a_members_lines_go_from_every_segment_and_no_other_line_moves(tmp_path: Path) -> None:
    spool = spool_of(tmp_path, MADE[:150], MADE[150:])
    before = bytes_of(spool)
    assert forget_in_spool(spool, member=MEMBER) == len(MADE) - len(OTHERS) > 0
    after = bytes_of(spool)
    assert MEMBER.encode() in b"".join(before) and MEMBER.encode() not in b"".join(after)
    assert [len(segment) for segment in before] == [len(segment) for segment in after]
    for event in OTHERS:
        line = frame(event)
        assert [segment.find(line) for segment in before] == [segment.find(line) for segment in after]
    first = read(spool, START)
    assert (first.records + read(spool, first.position).records, first.damage) == (OTHERS, ())


def test_a_visitors_lines_go_and_those_in_which_another_names_the_visitor_stay(tmp_path: Path) -> None:
    visitor = next(event.visitor for event in MADE if event.visitor)
    others = [event for event in MADE if event.visitor != visitor]
    said = others[0]._replace(name="feedback", props={"helpful": True, "text": f"I am {visitor}"})
    spool = spool_of(tmp_path, [*MADE, said])
    assert forget_in_spool(spool, visitor=visitor) == len(MADE) - len(others) > 0
    assert read(spool, START).records == [*others, said]


def test_the_collector_writes_on_and_loading_goes_on_where_it_was(tmp_path: Path) -> None:
    spool = Spool(tmp_path / "spool")

    async def collect() -> None:
        with open_store(tmp_path) as store:
            await spool.append(b"".join(map(frame, MADE[:200])))
            assert load(spool.folder, store).new == 200
            forget_in_spool(spool.folder, member=MEMBER)
            await spool.append(b"".join(map(frame, MADE[200:])))
            progress = load(spool.folder, store)
            assert (progress.new, progress.known, progress.damage) == (100, 0, ())
        await spool.close()

    asyncio.run(collect())
    assert len(segments(spool.folder)) == 1
    with open_store(tmp_path / "anew") as store:
        progress = load(spool.folder, store)
        theirs = sum(event.member == MEMBER for event in MADE[:200])
        assert (progress.new, progress.damage) == (300 - theirs, ()) and theirs


def test_half_a_line_and_one_that_is_damaged_are_left_as_they_are(tmp_path: Path) -> None:
    theirs = next(event for event in MADE if event.member == MEMBER)
    content = frame(theirs).replace(b"a", b"b", 1) + frame(theirs)[:-1]
    tmp_path.joinpath(segment_path(tmp_path, 1).name).write_bytes(content)
    assert forget_in_spool(tmp_path, member=MEMBER) == 0
    assert bytes_of(tmp_path) == [content]


def test_where_no_spool_is_or_nobody_is_named_nothing_is_forgotten(tmp_path: Path) -> None:
    assert forget_in_spool(tmp_path / "nowhere", member=MEMBER) == 0
    spool = spool_of(tmp_path, MADE)
    assert forget_in_spool(spool) == 0
    assert read(spool, START).records == MADE
