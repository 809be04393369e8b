"""The process that runs demos' Python and SQL when the site is built: started by its path, fed with jobs by `processes`.

It stays warm and forks a child for each job, with limits, in a folder of its own. Where there is no fork it does one job and
ends. A job comes as a line of JSON on stdin; what its code puts out goes as lines of JSON to what was stdout. Needs the standard
library only; the packages that a demo may import are in the folders that the job names.
"""

from __future__ import annotations

import contextlib
import json
import os
import signal
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

_HERE = str(Path(__file__).parent)
sys.path.insert(0, _HERE)
import harness  # type: ignore[import-not-found,unused-ignore]  # noqa: E402
import sql  # type: ignore[import-not-found,unused-ignore]  # noqa: E402

sys.path.remove(_HERE)
# The demos' own modules may be called so.
for _name in [name for name in sys.modules if name.split(".")[0] in ("harness", "sql")]:
    del sys.modules[_name]

_MIB = 1 << 20
_WRITES = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND
_CHANGES = frozenset(
    f"os.{name}" for name in ("remove", "rename", "rmdir", "mkdir", "chmod", "chown", "link", "symlink", "truncate")
)
# What a system has for all who use it: time zones, fonts, libraries. A project may lie elsewhere below /usr.
_FOR_ALL = (
    *("/usr/share", "/usr/lib", "/usr/lib64", "/usr/local/share", "/usr/local/lib", "/etc", "/dev"),
    *("/Library/Fonts", "/System/Library", "/nix/store", "/gnu/store", f"{sys.base_prefix}/share"),
)
_PROGRAMS = (
    *("subprocess.", "os.exec", "os.posix_spawn", "os.spawn", "os.fork", "os.system", "os.startfile", "pty."),
    "_winapi.CreateProcess",
)
_NO_PROGRAMS = "a demo can't start other programs: a browser has none"


def main() -> None:
    wire = os.dup(1)
    nowhere = os.open(os.devnull, os.O_RDWR)
    os.dup2(nowhere, 1)
    os.dup2(nowhere, 2)
    for line in sys.stdin.buffer:
        job = json.loads(line)
        if not hasattr(os, "fork"):
            _work(job, wire)
            return
        if pid := os.fork():
            _send(wire, {"pid": pid})
            _, status = os.waitpid(pid, 0)
            # What the code may have left running.
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(pid, 9)
            _send(wire, {"exit": os.waitstatus_to_exitcode(status)})
        else:
            os.setsid()
            os.dup2(nowhere, 0)
            _work(job, wire)
            os._exit(0)


def _work(job: dict[str, Any], wire: int) -> None:
    _limit(job)
    os.chdir(job["folder"])
    os.environ["HOME"] = os.environ["TMPDIR"] = job["folder"]
    sys.path[:0] = [job["folder"], *job["paths"]]
    sys.argv = ["demo.py"]
    if job["paths"]:
        sys.pycache_prefix = str(
            Path(job["scratch"], "pycache")
        )  # packages are read-only, and large ones compile for long
    else:
        sys.dont_write_bytecode = True
    _send(wire, {"ready": True})

    def emit(kind: str, data: object) -> None:
        _send(wire, {"kind": kind, "data": data})

    exercise = job["exercise"]
    if job["language"] == "sql":
        base = sql.connect(job["database"])
        seed = Path(job["seed"]).read_text("utf-8-sig") if job["seed"] else ""
        if not sql.run(seed, base, emit, name="seed.sql"):
            for _ in job["pieces"] or [""]:
                _send(wire, {"done": False})
            return
        if exercise:
            _send(wire, {"tests": sql.check(*exercise, base, emit)})
        for code in job["pieces"]:
            _send(wire, {"done": sql.run(code, base, emit)})
        return
    _guard(job)
    namespace: dict[str, Any] = {}
    if exercise:
        _send(wire, {"tests": harness.check(*exercise, emit)})
    for code in job["pieces"]:
        _send(wire, {"done": harness.run(code, namespace, emit)})


def _send(wire: int, message: dict[str, object]) -> None:
    data = json.dumps(message).encode() + b"\n"
    while data:
        data = data[os.write(wire, data) :]


def _limit(job: dict[str, Any]) -> None:
    """Memory, processor time, the size of files. The clock is watched from outside, by a builder that may be killed."""
    if hasattr(signal, "alarm"):
        signal.alarm(job["seconds"] + 60)
    try:
        import resource
    except ImportError:  # Windows
        return
    for what, most in (
        (resource.RLIMIT_AS, job["memory"] * _MIB),
        (resource.RLIMIT_CPU, job["seconds"]),
        (resource.RLIMIT_FSIZE, 64 * _MIB),
        (resource.RLIMIT_CORE, 0),
    ):
        _, hard = resource.getrlimit(what)
        most = most if hard == resource.RLIM_INFINITY else min(most, hard)
        with contextlib.suppress(ValueError, OSError):  # macOS knows some of them by name only
            resource.setrlimit(what, (most, most))


def _guard(job: dict[str, Any]) -> None:
    """Refuse what a browser would: other programs, the network unless the fence says so, and files elsewhere.

    It keeps writers from surprises, such as a key in the output, not an attacker out: the code of a demo is the site's own.
    """
    own = _roots([job["folder"], job["scratch"]])
    readable = own + _roots(
        [*sys.path, *_linked(job["paths"]), sys.executable, *_FOR_ALL, os.environ.get("SYSTEMROOT", "")]
    )

    def inside(path: object, roots: tuple[str, ...] = own) -> bool:
        if not isinstance(path, str | bytes | os.PathLike):
            return True
        real = os.path.realpath(os.fsdecode(path))
        return real == os.devnull or f"{real}{os.sep}".startswith(roots)

    def refuse(event: str, values: tuple[Any, ...]) -> None:
        if event == "open":
            path, mode, flags = (*values, None, None)[:3]
            writes = bool(set(mode or "") & set("wax+")) if mode else bool((flags or 0) & _WRITES)
            if writes and not inside(path):
                raise PermissionError("a demo may write files in its own folder only")
            if not inside(path, readable):
                raise PermissionError("a demo may read its own files only: those that its fence names in `files`")
        elif event == "sqlite3.connect":
            if values[0] not in ("", ":memory:") and not inside(values[0]):
                raise PermissionError("a demo may open databases in its own folder only")
        elif event in _CHANGES:
            if not all(inside(path) for path in values):
                raise PermissionError("a demo may change files in its own folder only")
        elif event.startswith("socket.") and event not in ("socket.__new__", "socket.gethostname"):
            if not job["net"]:
                raise PermissionError("this demo has no network: its fence does not say `net`")
        elif event.startswith(_PROGRAMS):
            raise PermissionError(_NO_PROGRAMS)

    def begin(*_: object) -> int:
        raise PermissionError(_NO_PROGRAMS)

    sys.addaudithook(refuse)
    with contextlib.suppress(ImportError):  # Windows
        # What multiprocessing starts others by; it is no event of its own.
        import _posixsubprocess

        _posixsubprocess.fork_exec = begin


def _roots(paths: Iterable[str]) -> tuple[str, ...]:
    return tuple(os.path.realpath(path) + os.sep for path in paths if path)


def _linked(folders: Iterable[str]) -> Iterator[str]:
    """Where the packages are that a folder has only links to."""
    for folder in folders:
        if os.path.isdir(folder):  # noqa: PTH112  (as all here: a process that begins quickly)
            yield from (entry.path for entry in os.scandir(folder) if entry.is_symlink())


if __name__ == "__main__":
    main()
