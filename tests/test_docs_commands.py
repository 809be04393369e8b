"""The commands page is true: every command and option is on it, its examples parse, and running them prints what it shows."""

from __future__ import annotations

import io
import json
import re
import shlex
from collections.abc import Iterator
from contextlib import redirect_stderr, redirect_stdout
from datetime import UTC, datetime
from pathlib import Path

import click
import pytest
import time_machine
from click.exceptions import Exit

from site_builder.cli.main import cli, main
from tests.docs import DOCS, PAGES, blocks, prose, section

EXAMPLE = re.compile(r"""(?<![\w/.-])site-builder((?:[ ]+(?:"[^"]*"|'[^']*'|[^\s"'&|;<>#()]+))+)""")


def commands(command: click.Command = cli, path: str = "site-builder") -> Iterator[tuple[str, click.Command]]:
    """Every command below the root, with its path."""
    if isinstance(command, click.Group):
        context = click.Context(command, info_name=path)
        for name in command.list_commands(context):
            found = command.get_command(context, name)
            assert found
            yield f"{path} {name}", found
            yield from commands(found, f"{path} {name}")


COMMANDS = list(commands())
PATHS = [path for path, _ in COMMANDS]


def parse(words: list[str]) -> None:
    """Let click read a command line without running it. Raises click.UsageError."""
    command: click.Command = cli
    path = "site-builder"
    while isinstance(command, click.Group) and words and not words[0].startswith("-"):
        found = command.get_command(click.Context(command, info_name=path), words[0])
        if found is None:
            raise click.UsageError(f"there is no command {path} {words[0]}")
        command, path, words = found, f"{path} {words[0]}", words[1:]
    try:
        command.make_context(path, words)
    except Exit:
        return


def examples(text: str) -> list[str]:
    """The arguments of each `site-builder` in a text; of a console only what was typed counts."""
    typed = "\n".join(re.findall(r"^\$ (.*)", text, re.MULTILINE)) or text
    return [found[1] for found in EXAMPLE.finditer(typed)]


@pytest.mark.parametrize(("path", "command"), COMMANDS, ids=PATHS)
def test_every_command_has_a_section_that_names_its_options(path: str, command: click.Command) -> None:
    text = section(DOCS / "commands.md", path)
    for parameter in command.params:
        for name in parameter.opts if isinstance(parameter, click.Option) else ():
            assert re.search(rf"`{name}\b", text), f"{path} {name}"
    if not isinstance(command, click.Group):
        assert any(f"{path} ".startswith(f"site-builder{one} "[: len(path) + 1]) for one in examples(text))


@pytest.mark.parametrize(("path", "command"), COMMANDS, ids=PATHS)
def test_every_help_ends_with_an_example_that_parses(path: str, command: click.Command) -> None:
    found = examples(command.epilog or "")
    assert found and f"site-builder{found[0]}".startswith(path)
    for example in found:
        parse(shlex.split(example))


def test_every_example_in_the_documentation_parses() -> None:
    found = [example for block in blocks("sh", "console") for example in examples(block.text)]
    assert len(found) > 30
    for example in found:
        parse(shlex.split(example))


def unknown(named: str) -> bool:
    """Whether a command line in prose names a command that is not there; what follows a command are its arguments."""
    groups = {"site-builder", *(path for path, command in COMMANDS if isinstance(command, click.Group))}
    path, *words = named.split()
    for word in words:
        if path not in groups:
            return False
        path = f"{path} {word}"
        if path not in PATHS:
            return True
    return False


def test_every_command_that_prose_names_exists() -> None:
    for page in PAGES:
        for named in re.findall(r"`(site-builder(?: [a-z][a-z-]*)*)", prose(page)):
            assert not unknown(named), f"{page.name}: {named}"


def test_a_wrong_example_would_be_found() -> None:
    for wrong in ("members ad --email a@example.com", "build --strickt", "members add", "build --date soon"):
        with pytest.raises(click.UsageError):
            parse(shlex.split(wrong))
    assert unknown("site-builder members remove") and not unknown("site-builder members revoke ada")


def normal(text: str) -> str:
    """Without what chance and the size of the theme decide."""
    for pattern, stand_in in (
        (r"mbr_[0-9A-Za-z]{36}", "mbr_…"),
        (r"\bm_[0-9A-Za-z]{10}\b", "m_AnyMember"),
        (r"\b[0-9a-f]{8}\b", "01234567"),
        (r"T09:0\d:\d\dZ", "T09:00:00Z"),
        (r"\d+ files", "99 files"),
        (r"\d+\.\d MB", "9.9 MB"),
        (r'"files": \d+, "bytes": \d+', '"files": 99, "bytes": 99'),
    ):
        text = re.sub(pattern, stand_in, text)
    return text.strip()


def run(words: list[str], monkeypatch: pytest.MonkeyPatch) -> str:
    """What the command line prints on both streams."""
    monkeypatch.setattr("sys.argv", ["site-builder", *words])
    out = io.StringIO()
    with redirect_stdout(out), redirect_stderr(out):
        try:
            main()
        except SystemExit as ended:
            assert ended.code in (0, 1), out.getvalue()
    return out.getvalue()


def test_the_session_on_the_commands_page_prints_what_it_shows(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "120")
    monkeypatch.setenv("SITE_BUILDER_CACHE", str(tmp_path / "cache"))
    ran = 0
    with time_machine.travel(datetime(2026, 11, 22, 9, tzinfo=UTC)):
        for block in blocks("console"):
            if block.page.name != "commands.md":
                continue
            for step in re.split(r"^\$ ", block.text, flags=re.MULTILINE)[1:]:
                line, _, shown = step.partition("\n")
                words = shlex.split(line)
                if words[0] == "cd":
                    monkeypatch.chdir(Path.cwd() / words[1])
                elif words[0] == "cat":
                    Path(words[1]).parent.mkdir(exist_ok=True)
                    Path(words[1]).write_text(shown, "utf-8")
                else:
                    assert words[0] == "site-builder"
                    printed = run(words[1:], monkeypatch).replace(str(tmp_path / "my-blog"), "/home/ada/my-blog")
                    assert normal(printed) == normal(shown), line
                    if "--json" in words:
                        json.loads(shown)
                    ran += 1
    assert ran > 20
