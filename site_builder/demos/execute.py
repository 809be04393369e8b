"""Runs a site's demos when it is built: what the cache does not know, twice, and refuses what comes out another way each time."""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from itertools import zip_longest
from pathlib import Path

from site_builder.demos import runcache
from site_builder.demos.model import Demo, Exercise, Language, Output, Run
from site_builder.demos.processes import Job, halt_all
from site_builder.demos.runners import Runner, Surroundings
from site_builder.errors import ConfigError, ContentError, SeveralErrors, SiteError

Progress = Callable[[str, int, int], None]
"""What is being done, how much of it is done, of how much."""
Key = tuple[str, str]
"""The page and the id of a demo."""

_SEEDS = (1, 2)
_STOPPED = ("Timeout", "Crash", "OutputLimit", "MemoryError")


@dataclass(frozen=True)
class _Task:
    """A session, a demo by itself, or an exercise's solution or starter."""

    demos: tuple[Demo, ...]
    job: Job
    starter: bool = False


def run_all(demos: Sequence[Demo], surroundings: Surroundings, progress: Progress) -> dict[Key, Run]:
    """What came of each demo that is run at build time; of an exercise, what its solution did with the tests.

    Raises:
        ConfigError: there are JavaScript demos, and no Node.
        ContentError, or SeveralErrors: a demo's output differs from run to run, a solution fails its tests, or a starter
            passes them. All other failures stand in the runs; `outcomes.judge` tells of them.
    """
    tasks = list(_tasks(demos, surroundings))
    _need_node(tasks, surroundings)
    folder = surroundings.cache / "runs"
    versions = [str(surroundings.node.version)] if surroundings.node else []
    names = [runcache.key(task.job, _versions(task, versions, surroundings)) for task in tasks]
    known = {name: runs for name in names if (runs := runcache.read(folder, name)) is not None}
    fresh = {name: task for name, task in zip(names, tasks, strict=True) if name not in known}
    twice = _run_twice(fresh, surroundings, progress)
    errors: list[SiteError] = []
    for name, (first, second) in twice.items():
        if _stopped(first) or _stopped(second):
            known[name] = tuple(second if _stopped(second) else first)
        elif first == second:
            known[name] = tuple(first)
            runcache.write(folder, name, first)
    result: dict[Key, Run] = {}
    for name, task in zip(names, tasks, strict=True):
        if (runs_of := known.get(name)) is None:
            errors += _differences(task, *twice[name])
            continue
        errors += _exercise_faults(task, runs_of)
        if not task.starter:
            result |= {(demo.page, demo.id): run for demo, run in zip(task.demos, runs_of, strict=False)}
    if errors:
        errors.sort(key=lambda error: (str(error.place and error.place.file), (error.place and error.place.line) or 0))
        raise errors[0] if len(errors) == 1 else SeveralErrors(errors)
    return result


def _tasks(demos: Sequence[Demo], surroundings: Surroundings) -> Iterator[_Task]:
    sessions: dict[tuple[str, Language, str], list[Demo]] = {}
    for demo in demos:
        if demo.options.notest:
            continue
        if demo.exercise:
            yield from _exercise_tasks(demo, demo.exercise, surroundings)
        elif demo.language is Language.HTML:
            if demo.script and surroundings.node:
                yield _Task((demo,), Job(Language.HTML, syntax=(demo.script,)))
        else:
            alone = "" if demo.options.session else f" {demo.id}"
            sessions.setdefault((demo.page, demo.language, demo.options.session or alone), []).append(demo)
    for together in sessions.values():
        yield _Task(tuple(together), _job(together, surroundings, pieces=tuple(demo.code for demo in together)))


def _exercise_tasks(demo: Demo, exercise: Exercise, surroundings: Surroundings) -> Iterator[_Task]:
    for code, starter in ((exercise.solution, False), (demo.code, True)):
        job = _job([demo], surroundings, exercise=(code, exercise.setup, exercise.tests))
        yield _Task((demo,), job, starter)


def _job(
    demos: Sequence[Demo],
    surroundings: Surroundings,
    pieces: tuple[str, ...] = (),
    exercise: tuple[str, str, str] | None = None,
) -> Job:
    options = [demo.options for demo in demos]
    databases = [one.database for one in options if one.database]
    seeds = [one.seed for one in options if one.seed]
    paths = dict.fromkeys(path for one in options for path in surroundings.paths.get(one.packages, ()))
    files = {file.name: _read(file.path, demo) for demo in demos for file in demo.data_files}
    if seeds:
        _refuse_other_text(seeds[0].name, files[seeds[0].name], demos[0])
    return Job(
        demos[0].language,
        pieces=pieces,
        exercise=exercise,
        timeouts=tuple(one.timeout for one in options),
        files=files,
        database=databases[0].name if databases else None,
        seed=seeds[0].name if seeds else None,
        paths=tuple(paths),
        net=any(one.net for one in options),
    )


def _read(path: Path, demo: Demo) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise ContentError(f"the data file {path.name!r} can't be read: {error.strerror}", place=demo.place) from None


def _refuse_other_text(name: str, data: bytes, demo: Demo) -> None:
    try:
        data.decode()
    except UnicodeDecodeError as error:
        raise ContentError(
            f"the seed {name!r} is not UTF-8 text (byte {error.start})", place=demo.place, hint="Save it as UTF-8."
        ) from None


def _need_node(tasks: Sequence[_Task], surroundings: Surroundings) -> None:
    for_node = {Language.JS, Language.PYTHON} if surroundings.pyodide else {Language.JS}
    task = next((task for task in tasks if task.job.language in for_node), None)
    if task and not surroundings.node:
        raise ConfigError(
            f"a demo is in {'JavaScript' if task.job.language is Language.JS else 'Python for Pyodide'},"
            " and there is no Node to run it",
            place=task.demos[0].place,
            hint='Install it with pip install "site-builder[demos]", or put Node on the PATH; '
            "or write `notest` into the fence.",
        )


def _versions(task: _Task, node: Sequence[str], surroundings: Surroundings) -> list[str]:
    if task.job.language in (Language.JS, Language.HTML):
        return [*node, runcache.digest(surroundings.script), str(surroundings.memory)]
    if surroundings.pyodide and task.job.language is Language.PYTHON:
        return [*node, runcache.digest(surroundings.script), surroundings.pyodide.name]
    return [str(surroundings.memory)]


def _run_twice(
    tasks: Mapping[str, _Task], surroundings: Surroundings, progress: Progress
) -> dict[str, tuple[list[Run], list[Run]]]:
    """Two processes at a time, each of which runs all tasks, with another order of sets."""
    if not tasks:
        return {}
    done: queue.Queue[tuple[int, str, list[Run] | BaseException]] = queue.Queue()
    stop = threading.Event()

    def work(seed: int) -> None:
        with closing(Runner(seed, surroundings)) as runner:
            # Those with the same packages after one another: Pyodide begins anew for others.
            for name, task in sorted(tasks.items(), key=lambda one: (one[1].job.paths, one[1].job.net)):
                if stop.is_set():
                    return
                try:
                    done.put((seed, name, runner.run(task.job)))
                except BaseException as error:
                    done.put((seed, name, error))
                    return

    threads = [threading.Thread(target=work, args=(seed,)) for seed in _SEEDS]
    for thread in threads:
        thread.start()
    found: dict[tuple[int, str], list[Run]] = {}
    total = len(tasks) * len(_SEEDS)
    try:
        while len(found) < total:
            progress("running demos", len(found), total)
            seed, name, runs = done.get()
            if isinstance(runs, BaseException):
                raise runs
            found[seed, name] = runs
    finally:
        stop.set()
        while any(thread.is_alive() for thread in threads):
            if len(found) < total:  # Ctrl-C, or an error that no build goes on with
                halt_all()
            threads[0].join(0.05)
            threads[1].join(0.05)
    progress("running demos", total, total)
    return {name: (found[1, name], found[2, name]) for name in tasks}


def _stopped(runs: Sequence[Run]) -> bool:
    """Whether something ended a run from outside: when, is chance."""
    errors = [run.error.data for run in runs if run.error]
    return any(isinstance(data, dict) and data["type"] in _STOPPED for data in errors)


def _differences(task: _Task, first: Sequence[Run], second: Sequence[Run]) -> Iterator[ContentError]:
    for demo, one, other in zip(task.demos, first, second, strict=False):
        if one != other:
            yield ContentError(
                f"the output of the demo {demo.id!r} is not deterministic: it ran twice, and these lines differ:"
                f"{differing(one, other, 'then')}",
                place=demo.place,
                hint="Seed what is random, sort sets, leave out times and addresses in memory; or write `notest` into"
                " the fence.",
            )


def differing(one: Run, other: Run, then: str) -> str:
    """The first lines in which two runs differ; ``then`` names the second."""
    pairs = zip_longest(_lines(one), _lines(other), fillvalue="nothing")
    differ = [(number, *pair) for number, pair in enumerate(pairs, 1) if pair[0] != pair[1]]
    shown = "".join(f"\n  line {number}: {left}\n    {then}: {right}" for number, left, right in differ[:3])
    return shown + (f"\n  and {len(differ) - 3} more" if len(differ) > 3 else "")


def _lines(run: Run) -> list[str]:
    """What a run put out, as lines that can be compared."""
    texts = [output.data if isinstance(output.data, str) else _dict_text(output.data) for output in run.outputs]
    return [
        *(line[:200] for text in texts for line in text.splitlines()),
        *(f"test “{test.name}”: {test.message or 'passed'}" for test in run.tests),
    ]


def _dict_text(data: Mapping[str, object]) -> str:
    if "text" in data:
        return str(data["text"])
    rows = data["rows"]
    assert isinstance(rows, list)
    return "\n".join([f"columns: {data['columns']}", *(f"row: {row}" for row in rows)])


def words(error: Output, language: Language) -> str:
    """An error in one line."""
    assert isinstance(error.data, dict)
    lines = str(error.data["text"]).strip().splitlines()
    return lines[-1 if language is Language.PYTHON else 0]


def _exercise_faults(task: _Task, runs: Sequence[Run]) -> Iterator[ContentError]:
    demo, run = task.demos[0], runs[0]
    if not demo.exercise:
        return
    if task.starter:
        if run.tests and all(test.passed for test in run.tests):
            yield ContentError(
                f"the starter of the exercise {demo.id!r} passes all tests already",
                place=demo.place,
                hint="There is nothing left to do for the reader: take something out of it, or test more.",
            )
        return
    failed = next((test for test in run.tests if not test.passed), None)
    if run.error or failed or not run.tests:
        why = (
            words(run.error, demo.language)
            if run.error
            else f"“{failed.name}”: {failed.message}"
            if failed
            else "there is no test in them"
        )
        name = "solution" if run.error or failed else "tests"
        yield ContentError(
            f"the solution of the exercise {demo.id!r} does not pass its tests: {why}",
            place=demo.exercise.places.get(name, demo.place),
        )
