from __future__ import annotations

import json
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest

from site_builder.errors import ConfigError
from site_builder.membership.keyfile import load_keys
from site_builder.scaffold.blog import Blog, describe
from site_builder.scaffold.layout import lay_out
from site_builder.scaffold.templates import rendered
from tests.sites import environment, tree

# Each child of this script runs into SIGKILL a step later than the one before it, until one gets through.
KILLED_AT_EVERY_STEP = """
import json, os, signal, sys
from datetime import date
from pathlib import Path
from site_builder.scaffold.blog import describe
from site_builder.scaffold.layout import lay_out

parent = Path(sys.argv[1])
blog = describe("My Blog", "Ada", "https://example.com/", "en", date(2026, 11, 22))

def lay_out_until(last):
    step = 0
    def watch(event, args):
        nonlocal step
        if event in ("open", "os.mkdir", "os.rename", "os.rmdir", "os.remove") and str(parent) in str(args[0]):
            step += 1
            if step == last:
                os.kill(os.getpid(), signal.SIGKILL)
    sys.addaudithook(watch)
    lay_out(parent / str(last), blog)

ended, last = {}, 0
while 0 not in ended.values():
    last += 1
    child = os.fork()
    if not child:
        lay_out_until(last)
        os._exit(0)
    ended[last] = os.waitpid(child, 0)[1]
print(json.dumps(ended))
"""


def blog() -> Blog:
    return describe("My Blog", "Ada Example", "https://example.com/", "en", date(2026, 11, 22))


def test_a_new_folder_gets_the_whole_blog_and_a_key_of_its_own(tmp_path: Path) -> None:
    wanted = blog()
    paths = lay_out(tmp_path / "deep" / "my-blog", wanted)
    written = {path: (tmp_path / "deep" / "my-blog" / path).read_text("utf-8") for path in paths}
    assert written == rendered(wanted)
    key_file = tmp_path / "deep" / "my-blog" / ".site-builder" / "master.key"
    assert load_keys(key_file, {}).current.id
    assert key_file.stat().st_mode & 0o777 == 0o600
    assert [entry.name for entry in (tmp_path / "deep").iterdir()] == ["my-blog"]


def test_the_folder_is_as_open_as_any_new_folder(tmp_path: Path) -> None:
    (tmp_path / "ordinary").mkdir()
    lay_out(tmp_path / "my-blog", blog())
    assert (tmp_path / "my-blog").stat().st_mode == (tmp_path / "ordinary").stat().st_mode


def test_an_empty_folder_will_do(tmp_path: Path) -> None:
    (tmp_path / "my-blog").mkdir()
    lay_out(tmp_path / "my-blog", blog())
    assert (tmp_path / "my-blog" / "mkdocs.yml").is_file()


def test_a_link_to_an_empty_folder_stays_a_link(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "my-blog").symlink_to("real")
    lay_out(tmp_path / "my-blog", blog())
    assert (tmp_path / "my-blog").is_symlink() and (tmp_path / "real" / "mkdocs.yml").is_file()


def test_a_second_time_is_refused_and_changes_nothing(tmp_path: Path) -> None:
    lay_out(tmp_path / "my-blog", blog())
    before = tree(tmp_path)
    with pytest.raises(ConfigError, match="not empty"):
        lay_out(tmp_path / "my-blog", blog())
    assert tree(tmp_path) == before


def test_what_is_in_the_way_is_named(tmp_path: Path) -> None:
    for name in ("b.txt", "a.txt", ".git", "c", "d", "e", "f"):
        (tmp_path / name).touch()
    with pytest.raises(ConfigError, match=r"it has \.git, a\.txt, b\.txt, c, d and 2 more") as refused:
        lay_out(tmp_path, blog())
    assert refused.value.place and refused.value.place.file == tmp_path
    assert len(list(tmp_path.iterdir())) == 7


def test_a_file_is_no_folder_for_a_blog(tmp_path: Path) -> None:
    (tmp_path / "my-blog").write_text("mine")
    with pytest.raises(ConfigError, match="no folder for a blog"):
        lay_out(tmp_path / "my-blog", blog())
    with pytest.raises(ConfigError):
        lay_out(tmp_path / "my-blog" / "inside", blog())
    assert (tmp_path / "my-blog").read_text() == "mine"


def test_the_folder_one_is_in_is_not_replaced(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(ConfigError, match="that you are in"):
        lay_out(Path(), blog())
    assert list(tmp_path.iterdir()) == []


def test_killed_at_any_step_it_leaves_everything_or_nothing(tmp_path: Path) -> None:
    script = [sys.executable, "-c", KILLED_AT_EVERY_STEP, str(tmp_path)]
    ran = subprocess.run(script, env=environment(), capture_output=True, text=True, check=True, timeout=120)
    ended = json.loads(ran.stdout)
    whole = {*rendered(blog()), ".site-builder/master.key"}
    left = {step: set(tree(tmp_path / step)) if (tmp_path / step).exists() else set() for step in ended}
    assert len(ended) > len(whole)
    for files in left.values():
        assert not files or whole <= files
    killed = [bool(left[step]) for step, status in ended.items() if status]
    assert killed == sorted(killed) and {False, True} == set(killed)
