"""What a writer's demo is once it has been read, and what came of running it. Everything in this room speaks of these."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Literal

from site_builder.errors import Place


class Language(StrEnum):
    """In which a demo is written."""

    PYTHON = "python"
    JS = "js"
    HTML = "html"
    SQL = "sql"


@dataclass(frozen=True)
class DataFile:
    """A file beside the page that a demo reads: as the fence names it, and where it is. Code opens it by its ``name``."""

    name: str
    """The file's own name, without folders."""
    address: str
    """As written in the fence: the path from the page's file."""
    path: Path


@dataclass(frozen=True)
class Options:
    """What stands in a demo's fence behind its language; docs/demos.md tells writers of each."""

    packages: tuple[str, ...] = ()
    """Python packages, as requirements: ``numpy`` or ``leather==0.4``."""
    files: tuple[DataFile, ...] = ()
    database: DataFile | None = None
    """SQL: an SQLite file that each run begins with."""
    seed: DataFile | None = None
    """SQL: a script that is run before."""
    timeout: float = 10
    """Seconds, at build time and in the browser."""
    session: str = ""
    """Fences of a page and language with one session share their state, in the page's order."""
    hidden: bool = False
    expect: str | None = None
    """What it prints, to the letter but for white space at the ends; then nothing is committed for it."""
    raises: str = ""
    """The name of the exception that it must end with."""
    notest: bool = False
    """Not run at build time; its page shows no output until a reader runs it."""
    readonly: bool = False
    autorun: bool = False
    net: bool = False
    height: int = 0
    """Of the editor and of a live page, in lines; 0: as high as the code."""
    tries: int = 3
    """Exercises: after so many failed ones the solution may be looked at."""
    shown: Mapping[str, str] = field(default_factory=dict)
    """What Material shows a block of code with: ``title``, ``linenums``, ``hl_lines``."""


@dataclass(frozen=True)
class Exercise:
    """What belongs to an exercise beside its starter, which is the demo's own code."""

    tests: str
    solution: str
    setup: str = ""
    hints: tuple[str, ...] = ()
    """Markdown."""
    places: dict[str, Place] = field(default_factory=dict, compare=False)
    """Of ``tests``, ``solution`` and ``setup``."""


@dataclass(frozen=True)
class Demo:
    """One demo or exercise."""

    page: str
    """The page's path below the docs folder, as ``blog/posts/sorting.md``."""
    id: str
    """Unique on its page."""
    language: Language
    code: str
    """Without the fence; lines end in ``\\n``, none at the end."""
    options: Options
    place: Place
    """The line of its opening fence."""
    part: int = 0
    """The number of the gated segment that it stands in; 0: public."""
    exercise: Exercise | None = None
    style: str = ""
    """HTML: its ``css`` fence."""
    script: str = ""
    """HTML: its ``js`` fence."""
    script_place: Place | None = field(default=None, compare=False)
    """HTML: the line of that fence's opening."""

    @property
    def data_files(self) -> tuple[DataFile, ...]:
        """All files beside the page that it needs: its own, its database and its seed."""
        options = self.options
        return (*options.files, *(file for file in (options.database, options.seed) if file))


@dataclass(frozen=True)
class Output:
    """A piece of what a run put out; a run gives several, in order.

    ``kind`` and ``data``:
        ``stdout``, ``stderr``  text, as long as what follows is of the same kind
        ``value``    text: the last expression's value, if it is not None (Python)
        ``html``     text: a fragment such as a data frame's table, not yet cleaned
        ``table``    {"columns": [text], "rows": [[text | None]]}: what a query gave
        ``svg``      text: a picture
        ``png``      text: a picture in base64
        ``error``    {"type": text, "text": text, "line": int | None}: ``text`` is the traceback as a reader sees it, with lines
                     of the reader's code only; ``line`` is that of the demo's code at which it ended, from 1
    """

    kind: Literal["stdout", "stderr", "value", "html", "table", "svg", "png", "error"]
    data: str | dict[str, object]


@dataclass(frozen=True)
class TestResult:
    """Of one named test of an exercise."""

    name: str
    passed: bool
    message: str = ""
    """Why not: the assertion's words, or the exception."""

    __test__ = False  # for pytest, this is none


@dataclass(frozen=True)
class Run:
    """What came of one run."""

    outputs: tuple[Output, ...]
    tests: tuple[TestResult, ...] = ()

    @property
    def error(self) -> Output | None:
        """What it ended with, if not by itself."""
        return next((output for output in self.outputs if output.kind == "error"), None)
