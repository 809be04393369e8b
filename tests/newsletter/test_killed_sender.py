"""The sender is killed at random, twenty times over 5,000 recipients: nobody gets a mail twice, nobody is skipped."""

from __future__ import annotations

import os
import random
import shlex
import signal
import subprocess
import sys
from pathlib import Path
from typing import Self

from tests.newsletter.post_office import PostOffice
from tests.newsletter.sending_blog import CHECKOUT, ISSUE, Blog

READERS = 5_000
KILLS = 20
STAGES = ("MAIL", "RCPT", "BEFORE", "AFTER")


class Killer:
    """Kills the sender when the server hears of a certain mail, at a certain stage of it."""

    def __init__(self, chance: random.Random) -> None:
        at = sorted(chance.sample(range(50, READERS - 50), KILLS))
        self.plan = [(mails, chance.choice(STAGES)) for mails in at]
        self.sender: int | None = None
        self.heard = 0

    def __call__(self, stage: str, address: str) -> None:
        self.heard += stage == "MAIL"
        if self.sender and self.plan and self.heard >= self.plan[0][0] and stage == self.plan[0][1]:
            self.plan.pop(0)
            os.kill(self.sender, signal.SIGKILL)
            self.sender = None


class Senders:
    """Starts senders one after another; each is a process of its own."""

    def __init__(self, folder: Path) -> None:
        self.printed = folder / "printed.txt"
        self._forks = subprocess.Popen(
            [sys.executable, "-m", "tests.newsletter.senders", str(self.printed)],
            cwd=CHECKOUT, text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
        )  # fmt: skip

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._forks.communicate()

    def run(self, killer: Killer, *words: str) -> int:
        """Run `site-builder newsletter WORDS` under the killer's eyes; its exit code, negative if it was killed."""
        assert self._forks.stdin and self._forks.stdout
        self._forks.stdin.write(shlex.join(["newsletter", *words]) + "\n")
        self._forks.stdin.flush()
        killer.sender = int(self._forks.stdout.readline())
        return int(self._forks.stdout.readline())


def test_killed_again_and_again_nobody_gets_it_twice_and_nobody_is_skipped(tmp_path: Path) -> None:
    readers = [f"reader{number:04}@example.com" for number in range(READERS)]
    killer, killed = Killer(random.Random(20)), 0
    with PostOffice() as office, Senders(tmp_path) as senders:
        office.watch = killer
        blog = Blog(tmp_path / "blog", {"kind": "smtp", "host": "127.0.0.1", "port": office.port, "security": "none"})
        blog.readers(*readers)
        command = ["send", ISSUE, "--json", "-f", str(blog.config)]
        while (code := senders.run(killer, *command, *(["--resume"] if killed else []))) == -signal.SIGKILL:
            killed += 1
            assert set(office.received().values()) == {1}
        assert killed == KILLS and not killer.plan

        state = blog.data("status", ISSUE)
        doubtful = {one["address"] for one in state["open"]}
        got = office.received()
        assert code == 1 and f"0 failed, {len(doubtful)} are in doubt" in senders.printed.read_text()
        assert state["mails"] == {
            "pending": 0, "claimed": 0, "sent": READERS - len(doubtful), "failed": 0, "uncertain": len(doubtful), "withdrawn": 0
        }  # fmt: skip
        assert 0 < len(doubtful) <= KILLS and set(got.values()) == {1}
        # All that the server has not got is named, and of what it has got, only what a kill had come between.
        assert set(readers) - got.keys() <= doubtful
        arrived, lost = sorted(doubtful & got.keys()), sorted(doubtful - got.keys())
        assert arrived and lost

        blog.data("resolve", ISSUE, "--sent", *arrived)
        blog.data("resolve", ISSUE, "--retry", *lost)
        assert blog.data("send", ISSUE, "--resume")["mails"]["sent"] == READERS
        assert sorted(office.received()) == readers and len(office.mails) == READERS
