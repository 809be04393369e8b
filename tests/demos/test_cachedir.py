"""Where the cache is on each platform; and its lock between two processes."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from site_builder.demos.cachedir import cache_folder, one_at_a_time
from site_builder.errors import SiteError

HOME = Path.home()
HOLDER = """
import sys
from pathlib import Path
from site_builder.demos.cachedir import one_at_a_time
with one_at_a_time(Path(sys.argv[1])):
    print("held", flush=True)
    sys.stdin.readline()
"""


@pytest.mark.parametrize(
    ("environ", "platform", "folder"),
    [
        ({"SITE_BUILDER_CACHE": "/data/kept", "XDG_CACHE_HOME": "/xdg"}, "linux", Path("/data/kept")),
        ({"SITE_BUILDER_CACHE": "~/kept"}, "linux", HOME / "kept"),
        ({"SITE_BUILDER_CACHE": "here"}, "linux", Path.cwd() / "here"),
        ({"XDG_CACHE_HOME": "/xdg"}, "linux", Path("/xdg/site-builder")),
        ({"XDG_CACHE_HOME": "not/absolute"}, "linux", HOME / ".cache" / "site-builder"),
        ({}, "linux", HOME / ".cache" / "site-builder"),
        ({}, "darwin", HOME / "Library" / "Caches" / "site-builder"),
        ({"LOCALAPPDATA": "/Users/lea/AppData/Local"}, "win32", Path("/Users/lea/AppData/Local/site-builder")),
    ],
)
def test_the_cache_is_where_the_user_or_the_platform_wants_it(
    environ: dict[str, str], platform: str, folder: Path
) -> None:
    assert cache_folder(environ, platform) == folder


def test_what_another_process_is_fetching_is_waited_for(tmp_path: Path) -> None:
    path = tmp_path / "runtimes" / "x"
    command = [sys.executable, "-c", HOLDER, str(path)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == "held\n"
        with pytest.raises(SiteError, match="another build has been fetching"), one_at_a_time(path, patience=0.1):
            pass
        other.communicate("done\n")
    with one_at_a_time(path, patience=0.1):
        assert path.parent.is_dir()
