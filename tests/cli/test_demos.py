"""`site-builder demos`: what is there, running it, accepting it; on a small site with real fences."""

from __future__ import annotations

import json
from pathlib import Path
from textwrap import dedent

import pytest
from click.testing import CliRunner, Result

from site_builder.cli.demos import demos
from site_builder.errors import ConfigError, ContentError, SeveralErrors

PAGE = """\
# Sums

```python demo id="sum"
print(sum(range(10)))
```

```sql demo id="one"
select 1 as one;
```

```python demo id="never" notest
input()
```

```python exercise id="half"
def half(n): ...
```

```python tests id="half"
def test_four():
    assert half(4) == 2
```

```python solution id="half"
def half(n): return n / 2
```
"""


@pytest.fixture(autouse=True)
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A site with one page of demos, in the current folder."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("SITE_BUILDER_CACHE", str(tmp_path / "cache"))
    (tmp_path / "mkdocs.yml").write_text("site_name: Demos\nplugins:\n  - paywall\n  - demos\n")
    (tmp_path / "docs" / "blog").mkdir(parents=True)
    (tmp_path / "docs" / "blog" / "sums.md").write_text(PAGE)
    return tmp_path


def call(*words: str) -> Result:
    """Run the command; errors that the command line would tell in words are raised."""
    result = CliRunner().invoke(demos, words)
    if result.exception and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result


def faults(*words: str) -> list[dict[str, object]]:
    result = call("check", "--json", *words)
    found: list[dict[str, object]] = json.loads(result.stdout)["faults"]
    assert result.exit_code == (1 if found else 0)
    return found


def test_all_demos_are_listed_without_running_one(site: Path) -> None:
    rows = json.loads(call("list", "--json").stdout)
    assert [(row["line"], row["id"], row["kind"], row["output"]) for row in rows] == [
        (3, "sum", "demo", "none accepted"),
        (7, "one", "demo", "none accepted"),
        (11, "never", "demo", "not run"),
        (15, "half", "exercise", "tests"),
    ]
    assert "blog/sums.md:3" in call("list").stdout and not (site / "cache").exists()


def test_what_was_accepted_passes_until_it_changes(site: Path) -> None:
    assert [one["line"] for one in faults()] == [3, 7]
    assert call("update").stdout == "wrote docs/.demos/blog/sums.json\n"
    assert faults() == [] and call("check").exit_code == 0
    page = site / "docs" / "blog" / "sums.md"
    page.write_text(PAGE.replace("range(10)", "range(11)"))
    (fault,) = faults()
    assert fault["line"] == 3 and "-45\n  +55" in str(fault["what"])
    with pytest.raises(ContentError, match="not what was accepted"):
        call("check")
    call("update")
    assert faults() == []
    page.unlink()
    assert [str(one["file"]).endswith(".demos/blog/sums.json") for one in faults()] == [True, True]
    assert call("update").stdout == "removed docs/.demos/blog/sums.json\n"


def test_an_update_accepts_no_errors(site: Path) -> None:
    page = site / "docs" / "blog" / "sums.md"
    page.write_text(PAGE.replace("print(sum(range(10)))", "1 / 0"))
    with pytest.raises(ContentError, match="ZeroDivisionError") as caught:
        call("update")
    assert caught.value.place and caught.value.place.line == 4
    assert set(json.loads((site / "docs/.demos/blog/sums.json").read_text())) == {"one"}


def test_one_page_can_be_looked_at_by_itself(site: Path) -> None:
    (site / "docs" / "other.md").write_text(dedent("# Other\n\n```python demo id='x'\nprint('x')\n```\n"))
    assert [one["line"] for one in faults("--page", "other.md")] == [3]
    assert call("update", "--page", "other.md").stdout == "wrote docs/.demos/other.json\n"
    assert [one["line"] for one in faults()] == [3, 7]
    assert len(json.loads(call("list", "--json", "--page", "other.md").stdout)) == 1
    assert call("list", "--page", "othr.md").exit_code == 2


def test_a_solution_that_fails_is_told_with_the_rest_of_the_json(site: Path) -> None:
    (site / "docs" / "blog" / "sums.md").write_text(PAGE.replace("return n / 2", "return n"))
    (fault,) = faults()
    assert "does not pass its tests" in str(fault["what"]) and fault["line"] == 24


def test_fences_that_are_wrong_are_told_together(site: Path) -> None:
    (site / "docs" / "a.md").write_text('```python demo idd="x"\n1\n```\n')
    (site / "docs" / "b.md").write_text('```python demo timeout="x"\n1\n```\n')
    with pytest.raises(SeveralErrors) as caught:
        call("check")
    assert len(caught.value.errors) == 2


def test_a_site_without_the_plugin_is_told_to_add_it(site: Path) -> None:
    (site / "mkdocs.yml").write_text("site_name: Demos\nplugins:\n  - paywall\n")
    with pytest.raises(ConfigError, match="the demos plugin is not among"):
        call("list")


def test_the_list_has_the_whole_place_however_narrow_the_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "60")
    assert "blog/sums.md:15" in _first_column(call("list").stdout).replace(" ", "")


def _first_column(table: str) -> str:
    return "".join(line.split("│")[1] for line in table.splitlines() if line.startswith("│"))


def test_a_mistake_in_a_live_pages_script_is_told_at_its_line(site: Path) -> None:
    page = '```html demo id="box"\n<p>Box</p>\n```\n\nWords.\n\n```js demo for="box"\nlet one = 1;\nlet two = ;\n```\n'
    (site / "docs" / "box.md").write_text(page)
    (fault,) = faults("--page", "box.md")
    assert str(fault["file"]).endswith("box.md") and fault["line"] == 9 and fault["hint"] == ""


def test_a_module_that_is_not_there_is_told_with_the_attribute_for_packages(site: Path) -> None:
    (site / "docs" / "box.md").write_text('```python demo id="box"\nimport numpy\n```\n')
    (fault,) = faults("--page", "box.md")
    assert "No module named 'numpy'" in str(fault["what"]) and 'packages="…"' in str(fault["hint"])


def test_accepted_output_that_cannot_be_read_is_made_anew_by_an_update(site: Path) -> None:
    call("update")
    file = site / "docs" / ".demos" / "blog" / "sums.json"
    accepted = file.read_bytes()
    file.write_bytes(b"<<<<<<< ours\n" + accepted)
    with pytest.raises(ContentError, match=r"the outputs of this page's demos can't be read"):
        call("check")
    call("update")
    assert file.read_bytes() == accepted
