"""Where a demo's output goes: joined to lines, counted, and sent on."""

from __future__ import annotations

import codecs
import io
import time
from collections.abc import Callable
from typing import Any

Emit = Callable[[str, object], None]
"""Takes the kind of an output and its data, as `model.Output` says. While code runs `sys.stdout` is the code's."""

CHARACTERS = 100_000
"""So much text may be put out by one run."""
PICTURES = 50
PICTURE_CHARACTERS = 5_000_000
"""Of all pictures of one run."""


class OutputLimit(BaseException):
    """The code put out too much. Not an Exception, lest the code's own `except Exception` go on printing."""


class Sink:
    """Where output goes: joined to lines, counted, and sent on. A program that prints little is followed line by line."""

    def __init__(self, emit: Emit) -> None:
        self._emit = emit
        self.printed: list[str] = []
        self.full = False
        self._kind, self._text = "", [""]
        self._characters = self._pictures = self._picture_characters = 0
        self._sent, self._since = 0, 0.0

    def text(self, kind: str, text: str) -> None:
        if kind != self._kind:
            self.flush()
        piece = text[: CHARACTERS - self._characters]
        self._characters += len(piece)
        self._kind = kind
        self._text.append(piece)
        if kind == "stdout":
            self.printed.append(piece)
        if len(piece) < len(text):
            self.flush()
            self._overflow(f"more than {CHARACTERS:,} characters of output")
        now = time.monotonic()
        if now - self._since > 0.1:
            self._sent, self._since = 0, now
        if self._sent < 20 and text.endswith("\n"):
            self.flush()

    def flush(self) -> None:
        text, kind = "".join(self._text), self._kind
        self._text, self._kind = [], ""
        if text:
            self._sent += 1
            self._emit(kind, _printable(text))

    def whole(self, kind: str, text: str) -> None:
        """A value or a fragment of HTML: all of it or nothing."""
        self.flush()
        self._characters += len(text)
        if self._characters > CHARACTERS:
            self._overflow(f"more than {CHARACTERS:,} characters of output")
        self._emit(kind, _printable(text))

    def picture(self, kind: str, text: str) -> None:
        self.flush()
        self._pictures += 1
        self._picture_characters += len(text)
        if self._pictures > PICTURES:
            self._overflow(f"more than {PICTURES} pictures")
        if self._picture_characters > PICTURE_CHARACTERS:
            self._overflow(f"pictures of more than {PICTURE_CHARACTERS:,} characters")
        self._emit(kind, _printable(text))

    def fail(self, kind: str, text: str, line: int | None) -> None:
        self.flush()
        if len(text) > CHARACTERS // 10:
            text = f"{text[: CHARACTERS // 10]}…"
        self._emit("error", {"type": kind, "text": _printable(text), "line": line})

    def _overflow(self, what: str) -> None:
        self.full = True
        raise OutputLimit(f"stopped: {what}")


def _printable(text: str) -> str:
    """Half a surrogate pair, which no file can hold, becomes a question mark."""
    return text.encode("utf-8", "replace").decode("utf-8")


class Raw(io.RawIOBase):
    """The bytes' side of `sys.stdout`, so that it has all that a text file has."""

    def __init__(self, sink: Sink, kind: str) -> None:
        self._sink, self._stream = sink, kind
        self._decoder = codecs.getincrementaldecoder("utf-8")("replace")

    def writable(self) -> bool:
        return True

    def write(self, data: Any) -> int:
        self._sink.text(self._stream, self._decoder.decode(bytes(data)))
        return len(data)

    def flush(self) -> None:
        if not self.closed:
            self._sink.flush()
