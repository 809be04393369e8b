"""The rules of the house, as docs/architecture.md tells them, looked up in the source; each must find a planted breach."""

from __future__ import annotations

import ast
import re
import subprocess
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

CHECKOUT = Path(__file__).parent.parent
LONGEST = 400
ENGINE = ("mkdocs", "material")
CLOSED_TO = {
    "vault": {"build", "cli", "scaffold", "analytics", "engagement", "feeds", "newsletter", "membership"},
    "membership": {"build", "cli", "scaffold", "analytics", "engagement", "feeds", "newsletter"},
    "feeds": {"build", "cli", "scaffold", "analytics", "engagement", "newsletter"},
    "newsletter": {"build", "cli", "scaffold", "analytics", "engagement", "feeds"},
    "engagement": {"build", "cli", "scaffold", "analytics", "feeds", "newsletter", "membership", "vault"},
    "analytics": {"build", "cli", "scaffold", "feeds", "newsletter", "membership", "vault"},
    "scaffold": {"build", "cli"},
    "build": {"cli", "scaffold"},
}
# Absolute only: an address such as example.com/work/ is nobody's home.
ELSEWHERE = re.compile(
    r"(?<![\w.~/-])/(?:root|work|tmp/w)/|\.\./shared\b"
    r"|\b(?:registry\.npmjs\.org|registry\.yarnpkg\.com|pypi\.org|pythonhosted\.org)\b"
)
Rule = Callable[[Path], Iterable[str]]


@dataclass(frozen=True)
class Module:
    """One Python file: its dotted name, and all that it imports at any depth, with the names taken from it."""

    path: Path
    name: str
    tree: ast.Module

    @property
    def room(self) -> str:
        """The folder of site_builder that it stands in; empty for plugins, and for what stands between the rooms."""
        steps = self.name.split(".")
        return steps[1] if steps[0] == "site_builder" and len(steps) > 2 else ""

    def imports(self) -> set[str]:
        found: set[str] = set()
        for node in ast.walk(self.tree):
            if isinstance(node, ast.Import):
                found |= {alias.name for alias in node.names}
            elif isinstance(node, ast.ImportFrom):
                above = self.name.split(".")[: -node.level] if node.level else []
                found |= {".".join([*above, *filter(None, [node.module]), alias.name]) for alias in node.names}
        return found

    def tops(self) -> set[str]:
        """The first step of each import: ``mkdocs`` for ``mkdocs.config.base``."""
        return {name.split(".")[0] for name in self.imports()}


def modules(root: Path) -> Iterator[Module]:
    """All of the rooms and plugins. A package's own module keeps ``__init__`` as its last step, as relative imports count."""
    for folder, base in ((root / "site_builder", root), (root / "plugins", root / "plugins")):
        for path in sorted(folder.rglob("*.py")):
            name = ".".join(path.relative_to(base).with_suffix("").parts)
            yield Module(path, name, ast.parse(path.read_text("utf-8")))


def rooms(root: Path) -> set[str]:
    return {path.parent.name for path in (root / "site_builder").glob("*/__init__.py")}


def room_imports(root: Path) -> Iterator[tuple[Module, str]]:
    """Each module with each other room that it imports from."""
    known = rooms(root)
    for module in modules(root):
        steps = (name.split(".") for name in module.imports() if name.startswith("site_builder."))
        for room in sorted({step[1] for step in steps} & known - {module.room}):
            yield module, room


def rooms_import_no_plugin(root: Path) -> Iterator[str]:
    for module in modules(root):
        if module.name.startswith("site_builder"):
            yield from (f"{module.name} imports {top}" for top in sorted(module.tops()) if top.startswith("mkdocs_"))


def the_engine_stays_behind_its_doors(root: Path) -> Iterator[str]:
    for module in modules(root):
        if module.name.startswith("site_builder") and module.room != "build":
            yield from (f"{module.name} imports {top}" for top in sorted(module.tops() & set(ENGINE)))


def content_imports_no_other_room(root: Path) -> Iterator[str]:
    yield from (f"{module.name} imports {room}" for module, room in room_imports(root) if module.room == "content")


def rooms_import_what_is_below_them(root: Path) -> Iterator[str]:
    for module, room in room_imports(root):
        if room in CLOSED_TO.get(module.room, ()):
            yield f"{module.name} imports {room}"


def rooms_form_no_cycle(root: Path) -> Iterator[str]:
    graph: dict[str, set[str]] = {}
    for module, room in room_imports(root):
        if module.room:
            graph.setdefault(module.room, set()).add(room)
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        yield " -> ".join(error.args[1])


def plugins_import_no_other_plugin(root: Path) -> Iterator[str]:
    own = {path.name for path in (root / "plugins").iterdir()}
    for module in modules(root):
        here = module.name.split(".")[0]
        if here in own:
            yield from (f"{module.name} imports {top}" for top in sorted(module.tops() & own - {here}))


def modules_say_what_they_are_for(root: Path) -> Iterator[str]:
    yield from (f"{module.name} has no docstring" for module in modules(root) if not ast.get_docstring(module.tree))


def the_theme_has_no_python(root: Path) -> Iterator[str]:
    yield from (str(path) for path in (root / "theme").rglob("*.py"))


def files_stay_short(root: Path) -> Iterator[str]:
    for path in tracked(root):
        if path.suffix == ".py" and (lines := path.read_text("utf-8").count("\n")) > LONGEST:
            yield f"{path} has {lines} lines"


def nothing_tells_where_it_was_made(root: Path) -> Iterator[str]:
    for path in tracked(root):
        raw = path.read_bytes()
        if b"\0" not in raw:
            for number, line in enumerate(raw.decode("utf-8", "replace").split("\n"), 1):
                if found := ELSEWHERE.search(line):
                    yield f"{path}:{number}: {found[0]}"


def tracked(root: Path) -> list[Path]:
    """The files that git knows and that are there."""
    names = subprocess.run(["git", "ls-files", "-z"], cwd=root, capture_output=True, text=True, check=True).stdout
    return [path for name in names.split("\0") if name and (path := root / name).is_file()]


RULES: tuple[Rule, ...] = (
    rooms_import_no_plugin,
    the_engine_stays_behind_its_doors,
    content_imports_no_other_room,
    rooms_import_what_is_below_them,
    rooms_form_no_cycle,
    plugins_import_no_other_plugin,
    modules_say_what_they_are_for,
    the_theme_has_no_python,
    files_stay_short,
    nothing_tells_where_it_was_made,
)


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)
def test_the_house_keeps(rule: Rule) -> None:
    assert list(rule(CHECKOUT)) == []


def test_the_rules_look_at_the_whole_house() -> None:
    assert {"content", "vault", "membership", "build", "cli", "scaffold"} <= rooms(CHECKOUT)
    assert len(list(modules(CHECKOUT))) > 50
    assert len(tracked(CHECKOUT)) > 100


SOUND = {
    "site_builder/__init__.py": '"""Root."""\n',
    "site_builder/errors.py": '"""Errors."""\n',
    "site_builder/content/__init__.py": '"""Content."""\nfrom site_builder.errors import Place\n',
    "site_builder/vault/__init__.py": '"""Vault."""\nfrom site_builder.content import gate\n',
    "site_builder/membership/__init__.py": '"""People."""\nimport site_builder.vault\n',
    "site_builder/build/__init__.py": '"""Build."""\nimport mkdocs.config\nfrom site_builder.membership import roster\n',
    "site_builder/cli/__init__.py": '"""Commands."""\nfrom site_builder import build\n',
    "plugins/mkdocs_paywall/__init__.py": '"""Door."""\nfrom mkdocs.plugins import BasePlugin\nimport site_builder.build\n',
    "plugins/mkdocs_feeds/__init__.py": '"""Door."""\nfrom . import items\n',
    "plugins/mkdocs_feeds/items.py": '"""Items."""\nfrom mkdocs_feeds import other\n',
    "theme/main.html": "<p>see https://example.com/work/root/</p>\n",
}
HOME = "/" + "root/"
HOST = "registry." + "npmjs.org"
BREACHES: tuple[tuple[Rule, str, str], ...] = (
    (
        rooms_import_no_plugin,
        "site_builder/build/run.py",
        '"""R."""\nfrom mkdocs_paywall.plugin import PaywallPlugin\n',
    ),
    (
        the_engine_stays_behind_its_doors,
        "site_builder/cli/build.py",
        '"""B."""\ndef f():\n    import mkdocs.commands\n',
    ),
    (the_engine_stays_behind_its_doors, "site_builder/errors.py", '"""E."""\nfrom material.plugins import blog\n'),
    (
        content_imports_no_other_room,
        "site_builder/content/gate.py",
        '"""G."""\nfrom site_builder.vault.seal import seal\n',
    ),
    (content_imports_no_other_room, "site_builder/content/gate.py", '"""G."""\nfrom ..vault import seal\n'),
    (rooms_import_what_is_below_them, "site_builder/vault/keys.py", '"""K."""\nfrom site_builder import build\n'),
    (rooms_import_what_is_below_them, "site_builder/membership/desk.py", '"""D."""\nimport site_builder.cli.main\n'),
    (
        rooms_import_what_is_below_them,
        "site_builder/engagement/events.py",
        '"""E."""\nfrom site_builder.membership import roster\n',
    ),
    (rooms_form_no_cycle, "site_builder/vault/keys.py", '"""K."""\nfrom site_builder.membership import roster\n'),
    (plugins_import_no_other_plugin, "plugins/mkdocs_feeds/plugin.py", '"""P."""\nimport mkdocs_paywall.plugin\n'),
    (modules_say_what_they_are_for, "site_builder/vault/seal.py", "import os\n"),
    (the_theme_has_no_python, "theme/hooks/late.py", '"""L."""\n'),
    (files_stay_short, "tests/test_long.py", "pass\n" * (LONGEST + 1)),
    (nothing_tells_where_it_was_made, "docs/notes.md", f"It lies in {HOME}notes.\n"),
    (nothing_tells_where_it_was_made, "package.json", f'{{"resolved": "https://{HOST}/x"}}\n'),
)


def plant(root: Path, files: dict[str, str]) -> Path:
    for name, text in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
    subprocess.run(["git", "init", "-q"], cwd=root, check=True)
    subprocess.run(["git", "add", "-A"], cwd=root, check=True)
    return root


def test_a_sound_house_breaks_no_rule(tmp_path: Path) -> None:
    root = plant(tmp_path, SOUND)
    assert [breach for rule in RULES for breach in rule(root)] == []


@pytest.mark.parametrize(("rule", "file", "text"), BREACHES, ids=lambda value: getattr(value, "__name__", None))
def test_a_planted_breach_is_found(rule: Rule, file: str, text: str, tmp_path: Path) -> None:
    root = plant(tmp_path, {**SOUND, file: text})
    assert list(rule(root))


def test_every_rule_has_a_planted_breach() -> None:
    assert {rule for rule, _, _ in BREACHES} == set(RULES)
