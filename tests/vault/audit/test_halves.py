"""Two processes find what one finds."""

from __future__ import annotations

import os
import threading
from collections.abc import Sequence
from pathlib import Path

import pytest

from site_builder.vault.audit import search
from site_builder.vault.audit.halves import can_fork, in_halves
from tests.vault.audit.parts import ALT, CODE, HEADING, SENTENCE, audited

# A test runner may have threads of its own.
pytestmark = pytest.mark.filterwarnings("ignore:This process .* is multi-threaded:DeprecationWarning")


def test_each_half_is_worked_on_once() -> None:
    assert in_halves(lambda half: [item * item for item in half], range(7)) == [[0, 4, 16, 36], [1, 9, 25]]


def test_the_halves_have_processes_of_their_own() -> None:
    mine, other = in_halves(lambda half: os.getpid(), range(2))
    assert mine == os.getpid() != other


def test_a_half_whose_process_dies_is_done_again() -> None:
    def dies_elsewhere(half: Sequence[int]) -> int:
        if os.getpid() != here:
            os._exit(9)
        return sum(half)

    here = os.getpid()
    assert in_halves(dies_elsewhere, range(5)) == [6, 4]


@pytest.mark.parametrize("bad", [2, 3])
def test_an_error_in_either_half_is_seen(bad: int) -> None:
    def refuses(half: Sequence[int]) -> None:
        if bad in half:
            raise PermissionError(bad)

    with pytest.raises(PermissionError):
        in_halves(refuses, range(6))


def test_with_other_threads_there_is_no_second_process() -> None:
    ready = threading.Event()
    waiting = threading.Thread(target=ready.wait)
    waiting.start()
    try:
        assert not can_fork()
    finally:
        ready.set()
        waiting.join()


def test_a_large_site_is_audited_as_a_small_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    published: dict[str, str | bytes] = {
        f"{number}.html": f"<p>{number} {text}</p>" for number, text in enumerate((SENTENCE, CODE, ALT, HEADING) * 3)
    }
    published |= {"x.br": b"\xff", "y.br": b"\xff"}
    alone = audited(tmp_path, published)
    told: list[tuple[int, int]] = []
    monkeypatch.setattr(search, "LARGE", 0)
    monkeypatch.setattr(search, "can_fork", lambda: True)
    assert audited(tmp_path, published, progress=lambda done, total: told.append((done, total))) == alone
    assert len(alone.leaks) == 12
    assert len(alone.warnings) == 2
    assert told[-1] == (14, 14)
