"""The outputs that a writer has accepted: one file a page, in the folder ``.demos`` of the docs, committed with the articles."""

from __future__ import annotations

import json
import os
from collections.abc import Collection, Iterable, Mapping, Sequence
from pathlib import Path, PurePath
from tempfile import NamedTemporaryFile

from site_builder.demos.execute import Key
from site_builder.demos.model import Demo, Language, Output, Run
from site_builder.errors import ContentError, Place

FOLDER = ".demos"
Committed = Mapping[str, Mapping[str, tuple[Output, ...]]]
"""By page and id; pages that have no file are absent."""


def is_committed(demo: Demo) -> bool:
    """Whether there is an output to accept: not of exercises, live pages, what is not run, or what says what it expects."""
    fixed = demo.options.notest or demo.options.expect is not None
    return not fixed and demo.exercise is None and demo.language is not Language.HTML


def file_of(docs_dir: Path, page: str) -> Path:
    """Where a page's outputs are."""
    return docs_dir / FOLDER / f"{page.removesuffix('.md')}.json"


def _page_of(path: PurePath) -> str:
    name = path.as_posix().removesuffix(".json")
    return name if PurePath(name).suffix in (".markdown", ".mdown", ".mkdn", ".mkd") else f"{name}.md"


def read_committed(docs_dir: Path) -> Committed:
    """All accepted outputs. Raises ContentError for a file that can't be read."""
    root = docs_dir / FOLDER
    return {_page_of(path.relative_to(root)): _read(path) for path in sorted(root.glob("**/*.json"))}


def forget_damaged(docs_dir: Path, pages: Collection[str]) -> None:
    """Remove files that can't be read, as after a merge of two writers' changes; of ``pages``, or of all if that is empty."""
    root = docs_dir / FOLDER
    for path in sorted(root.glob("**/*.json")):
        if not pages or _page_of(path.relative_to(root)) in pages:
            try:
                _read(path)
            except ContentError:
                path.unlink()


def write_committed(docs_dir: Path, demos: Iterable[Demo], runs: Mapping[Key, Run], pages: Iterable[str]) -> list[Path]:
    """Accept what ``runs`` put out on ``pages``, and forget what those have no demo for. Gives the files that have changed.

    Of a demo that has no run what was accepted before stays.
    """
    before = read_committed(docs_dir)
    wanted: dict[str, dict[str, Sequence[Output]]] = {page: {} for page in pages}
    for demo in demos:
        run = runs.get((demo.page, demo.id))
        outputs = run.outputs if run else before.get(demo.page, {}).get(demo.id)
        if outputs and demo.page in wanted and is_committed(demo):
            wanted[demo.page][demo.id] = outputs
    return [
        path for page, outputs in sorted(wanted.items()) if (path := file_of(docs_dir, page)) and _put(path, outputs)
    ]


def _put(path: Path, outputs: Mapping[str, Sequence[Output]]) -> bool:
    """Write a page's file, or remove it; False if it is so already."""
    if not outputs:
        existed = path.is_file()
        path.unlink(missing_ok=True)
        return existed
    text = json.dumps(
        {key: [_packed(one) for one in outputs[key]] for key in sorted(outputs)}, ensure_ascii=False, indent=1
    )
    if path.is_file() and path.read_text("utf-8") == f"{text}\n":
        return False
    path.parent.mkdir(parents=True, exist_ok=True)
    with NamedTemporaryFile("w", dir=path.parent, prefix=".", delete=False, encoding="utf-8", newline="\n") as file:
        file.write(f"{text}\n")
    os.chmod(file.name, 0o644)  # noqa: PTH101  (as any file in a repository)
    os.replace(file.name, path)
    return True


def _packed(output: Output) -> dict[str, object]:
    """Text as a list of its lines, so that a change is seen line by line."""
    data = output.data.split("\n") if isinstance(output.data, str) else output.data
    return {"kind": output.kind, "data": data}


def _read(path: Path) -> dict[str, tuple[Output, ...]]:
    try:
        found = json.loads(path.read_text("utf-8"))
        return {str(key): tuple(_unpacked(one) for one in outputs) for key, outputs in found.items()}
    except (OSError, ValueError, TypeError, KeyError, AttributeError) as error:
        raise ContentError(
            f"the outputs of this page's demos can't be read: {error}",
            place=Place(path),
            hint="Take the last committed ones, or run `site-builder demos update` and look at what it changed.",
        ) from None


def _unpacked(one: Mapping[str, object]) -> Output:
    data = one["data"]
    return Output(one["kind"], "\n".join(data) if isinstance(data, list) else data)  # type: ignore[arg-type]
