"""Judges what came of running a site's demos: errors, time that ran out, and output that is not what the writer accepted."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from difflib import unified_diff
from pathlib import Path

from site_builder.demos.committed import Committed, file_of, is_committed
from site_builder.demos.execute import Key, words
from site_builder.demos.model import Demo, Language, Output, Run
from site_builder.errors import ContentError, Place

ACCEPT = "If it is right so, run `site-builder demos update`, and commit what it changed."
_LINES = 12


def judge(
    demos: Sequence[Demo],
    runs: Mapping[Key, Run],
    committed: Committed,
    docs_dir: Path,
    pages: Collection[str] | None = None,
) -> list[ContentError]:
    """What is wrong with what demos put out, in the order of pages and lines.

    ``pages``: of these only; without them, of those that ``demos`` are on, and of those that are gone.
    """
    faults: list[ContentError] = []
    for demo in sorted(demos, key=lambda demo: (demo.page, demo.place.line or 0)):
        if pages is None or demo.page in pages:
            faults += _of_demo(demo, runs.get((demo.page, demo.id)), committed.get(demo.page, {}).get(demo.id))
    known = {(demo.page, demo.id) for demo in demos if is_committed(demo)}
    with_demos = {demo.page for demo in demos}
    for page, outputs in sorted(committed.items()):
        # A page that is there and was not read may be a draft.
        looked_at = page in pages if pages is not None else page in with_demos or not (docs_dir / page).is_file()
        for name in outputs if looked_at else ():
            if (page, name) not in known:
                faults.append(
                    ContentError(
                        f"there is output of a demo {name!r}, which {page} has no more",
                        place=Place(file_of(docs_dir, page)),
                        hint="Run `site-builder demos update`, and commit what it changed.",
                    )
                )
    return faults


def is_sound(demo: Demo, run: Run) -> bool:
    """Whether a demo ended as its fence says: by itself, or with the exception that it names."""
    error = run.error.data if run.error else None
    return (error["type"] if isinstance(error, dict) else "") == demo.options.raises


def _of_demo(demo: Demo, run: Run | None, accepted: tuple[Output, ...] | None) -> Iterator[ContentError]:
    if run is None or demo.exercise:
        return
    error = run.error
    if error and not is_sound(demo, run):
        yield _failed(demo, error)
    elif demo.options.raises and error is None:
        yield ContentError(
            f"the demo {demo.id!r} must end with {demo.options.raises}, and ends without an error", place=demo.place
        )
    elif demo.language is Language.HTML:
        return
    elif demo.options.expect is not None:
        if (found := printed(run)).strip() != demo.options.expect.strip():
            difference = _difference([demo.options.expect.strip()], [found.strip()], "expected", "put out")
            yield ContentError(f"the demo {demo.id!r} does not put out what it says:\n{difference}", place=demo.place)
    elif accepted is None:
        if run.outputs:
            yield ContentError(f"the output of the demo {demo.id!r} is not accepted yet", place=demo.place, hint=ACCEPT)
    elif accepted != run.outputs:
        difference = _difference(_text(accepted), _text(run.outputs), "accepted", "now")
        yield ContentError(
            f"the output of the demo {demo.id!r} is not what was accepted:\n{difference}", place=demo.place, hint=ACCEPT
        )


def _failed(demo: Demo, error: Output) -> ContentError:
    assert isinstance(error.data, dict)
    kind, line = error.data["type"], error.data["line"]
    fence = demo.script_place or demo.place
    place = Place(fence.file, fence.line + line) if isinstance(line, int) and fence.line else fence
    limit = f"{demo.options.timeout:g} s"
    if kind == "Timeout":
        what, hint = f"ran longer than {limit}", "Make it shorter, or give its fence more: timeout=30."
    elif kind == "MemoryError":
        what, hint = (
            "needs more memory than a demo may take",
            "Make it smaller; the demos plugin's option `memory` is the limit.",
        )
    else:
        said = words(error, demo.language)
        what = said if kind in ("Crash", "OutputLimit") else f"ends with {said}"
        may = kind != "Crash" and demo.language is not Language.HTML
        hint = f'If it is meant to, write raises="{kind}" into its fence.' if may else ""
        if kind == "ModuleNotFoundError":
            hint = 'What is not in the standard library is named in its fence: packages="…".'
        if demo.options.raises:
            hint = f"Its fence says raises={demo.options.raises!r}."
    return ContentError(f"the demo {demo.id!r} {what}", place=place, hint=hint)


def printed(run: Run) -> str:
    """What a run printed, and its value: what ``expect`` speaks of."""
    texts = [output.data for output in run.outputs if output.kind in ("stdout", "value")]
    return "".join(str(text) if str(text).endswith("\n") else f"{text}\n" for text in texts)


def _text(outputs: Iterable[Output]) -> list[str]:
    """Outputs as text that a difference can be seen in."""
    texts = []
    for output in outputs:
        data = output.data
        if isinstance(data, dict):
            rows = data.get("rows")
            table = [data.get("columns"), *rows] if isinstance(rows, list) else []
            data = str(data["text"]) if "text" in data else "\n".join(map(str, table))
        texts.append(f"{output.kind}:\n{data}")
    return texts


def _difference(before: Sequence[str], after: Sequence[str], old: str, new: str) -> str:
    """The first lines in which two texts differ."""
    left, right = ["\n".join(text.rstrip("\n") for text in texts).splitlines() for texts in (before, after)]
    lines = [line.rstrip("\n") for line in unified_diff(left, right, old, new, lineterm="", n=1)]
    shown = [f"  {line if len(line) <= 160 else f'{line[:160]}…'}" for line in lines[:_LINES]]
    return "\n".join(shown) + (f"\n  … {len(lines) - _LINES} lines more" if len(lines) > _LINES else "")
