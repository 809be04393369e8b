"""The published site is replaced at once or not at all, whatever happens to the build."""

from __future__ import annotations

import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from site_builder.build.publish import replacing
from site_builder.errors import PublishError
from tests.sites import TODAY, Blog, command, environment, tree

ROUNDS = 12
FILES = 300


def publish(site: Path, text: str) -> None:
    with replacing(site) as folder:
        (folder / "index.html").write_text(text)
        (folder / "sitemap.xml").write_text("")


def test_the_new_site_takes_the_place_of_the_old_one_and_nothing_else_remains(tmp_path: Path) -> None:
    site = tmp_path / "site"
    publish(site, "old")
    (site / "only-old.html").write_text("x")
    publish(site, "new")
    assert tree(site) == {"index.html": b"new", "sitemap.xml": b""}
    assert {path.name for path in tmp_path.iterdir()} <= {"site", ".site.lock"}


def test_an_error_in_the_build_leaves_the_old_site(tmp_path: Path) -> None:
    site = tmp_path / "site"
    publish(site, "old")
    with pytest.raises(RuntimeError), replacing(site) as folder:
        (folder / "index.html").write_text("half")
        raise RuntimeError
    assert tree(site) == {"index.html": b"old", "sitemap.xml": b""}
    publish(site, "new")
    assert tree(site) == {"index.html": b"new", "sitemap.xml": b""}


def test_a_second_build_at_the_same_time_says_so_and_stops(tmp_path: Path) -> None:
    site = tmp_path / "site"
    with replacing(site) as folder:
        (folder / "index.html").write_text("first")
        (folder / "sitemap.xml").write_text("")
        with pytest.raises(PublishError, match="another build"), replacing(site):
            pass
    assert tree(site)["index.html"] == b"first"
    publish(site, "third")


def test_a_folder_with_a_project_in_it_is_never_replaced(tmp_path: Path) -> None:
    (tmp_path / "mkdocs.yml").write_text("site_name: x\n")
    with pytest.raises(PublishError, match=r"mkdocs\.yml"), replacing(tmp_path):
        pass
    assert (tmp_path / "mkdocs.yml").exists()


def test_a_folder_with_somebodys_files_is_never_replaced(tmp_path: Path) -> None:
    (tmp_path / "thesis.txt").write_text("years of work")
    with pytest.raises(PublishError, match="no site"), replacing(tmp_path):
        pass
    assert (tmp_path / "thesis.txt").read_text() == "years of work"


@pytest.mark.parametrize("folder", ["content", "content/blog", ".", "..", ".site-builder"])
def test_the_sources_are_never_replaced(blog: Blog, folder: str) -> None:
    blog.post("a", "# A\n")
    before = tree(blog.root)
    done = blog.run("build", "-d", folder, check=False)
    assert done.returncode == 1 and "no output folder" in done.stderr
    assert tree(blog.root) == before


def test_a_site_that_was_moved_away_by_a_killed_build_comes_back(tmp_path: Path) -> None:
    site = tmp_path / "site"
    (tmp_path / ".site.previous").mkdir()
    (tmp_path / ".site.previous" / "index.html").write_text("old")
    (tmp_path / ".site.previous" / "sitemap.xml").write_text("")
    with pytest.raises(RuntimeError), replacing(site):
        raise RuntimeError
    assert tree(site) == {"index.html": b"old", "sitemap.xml": b""}


SWAPPER = f"""
import sys
from pathlib import Path
from site_builder.build.publish import replacing
site = Path(sys.argv[1])
for number in range(10_000):
    with replacing(site) as folder:
        for file in range({FILES}):
            (folder / str(file)).write_text(str(number))
        (folder / "sitemap.xml").touch()
    print(number, flush=True)
"""


def test_killed_again_and_again_while_publishing_the_site_is_always_one_whole_build(tmp_path: Path) -> None:
    site = tmp_path / "site"
    chance = random.Random(7)
    for _ in range(ROUNDS):
        process = subprocess.Popen(
            [sys.executable, "-c", SWAPPER, str(site)], stdout=subprocess.PIPE, text=True, env=environment()
        )
        assert process.stdout is not None and process.stdout.readline()
        time.sleep(chance.random() / 10)
        process.send_signal(signal.SIGKILL)
        process.communicate()
        contents = {(site / str(file)).read_text() for file in range(FILES)}
        assert len(contents) == 1, "the site is a mixture of two builds"


def test_a_build_killed_at_any_moment_leaves_the_published_site_whole(blog: Blog) -> None:
    blog.post("a", "# A\n\nPublic.\n\n<!-- paywall -->\n\nGated words.\n", header="access: pro")
    blog.build()
    before = tree(blog.site)
    blog.post("b", "# B\n\nMore.\n")
    chance = random.Random(11)
    outcomes = set()
    for _ in range(8):
        process = subprocess.Popen(
            command("build", "--date", str(TODAY)), cwd=blog.root, env=environment(), stderr=subprocess.PIPE
        )
        time.sleep(chance.uniform(0.1, 1.2))
        process.send_signal(signal.SIGKILL)
        process.communicate()
        now = tree(blog.site)
        outcomes.add(now == before)
        assert now == before or ("blog/2026/11/01/b/index.html" in now and "vault/manifest.json" in now)
    blog.build()
    after = tree(blog.site)
    assert "blog/2026/11/01/b/index.html" in after and after.keys() > before.keys()
    assert not any(path.name in (".site.next", ".site.previous") for path in blog.root.iterdir())


def test_the_command_says_that_another_build_is_running(blog: Blog) -> None:
    with replacing(blog.site):
        done = blog.run("build", check=False)
    assert done.returncode == 1
    assert "another build is writing here" in done.stderr
    assert not (blog.site / "index.html").exists()


def test_a_folder_that_cannot_be_made_is_said_so(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    with pytest.raises(PublishError, match="can't be written"), replacing(tmp_path / "file" / "site"):
        pass
