"""What a transport answers for one mail, and what all of them can do."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, Protocol

from site_builder.newsletter.message import Mail

Verdict = Literal["sent", "refused", "later", "unknown"]


@dataclass(frozen=True)
class Receipt:
    """What became of a mail.

    ``sent``: the server has taken it. ``refused``: it never will; ``bad_address`` if that is the address's fault. ``later``:
    it has not taken it, but may. ``unknown``: the answer got lost, so it may have taken it or not.
    """

    verdict: Verdict
    detail: str = ""
    bad_address: bool = False


class Unreachable(Exception):  # noqa: N818  (a state, passing most often)
    """The server can't be reached or does not let anybody in just now. The mail at hand was not taken."""


class Transport(Protocol):
    """Something that takes mails, one at a time."""

    kind: str
    """Its family: ``folder``, ``smtp``, ``listmonk``, ``buttondown``."""
    repeatable: bool
    """Whether giving it the same mail twice is the same as once."""

    def deliver(self, mail: Mail) -> Receipt:
        """Hand over one mail.

        Raises Unreachable, or SendingError when no mail can be sent at all, such as for a wrong password; in both cases the
        mail was not taken.
        """

    def close(self) -> None:
        """Let go of connections."""


def one_line(text: str | bytes) -> str:
    """A server's words as they may stand in a ledger and on a terminal: one printable line of at most 200 characters."""
    text = text.decode("utf-8", "replace") if isinstance(text, bytes) else text
    return " ".join("".join(letter if letter.isprintable() else " " for letter in text).split())[:200]
