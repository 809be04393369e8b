"""The package as users get it: the wheel, in an environment that has never seen the checkout, gives a working blog."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import sysconfig
import zipfile
from pathlib import Path

import pytest

CHECKOUT = Path(__file__).parent.parent


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(folder), str(CHECKOUT)]
    subprocess.run(command, check=True, capture_output=True, timeout=120)
    [path] = folder.glob("*.whl")
    return path


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An environment with the wheel in it; its dependencies are those of this one, so that the test needs no network."""
    folder = tmp_path_factory.mktemp("environment")
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", folder], check=True)
    libraries = folder / Path(sysconfig.get_path("purelib")).relative_to(sys.prefix)
    # Named in a .pth file, this environment's packages can be imported, but its own .pth files, with the checkout, count not.
    (libraries / "dependencies.pth").write_text(sysconfig.get_path("purelib") + "\n")
    pip = [
        sys.executable,
        "-m",
        "pip",
        "--python",
        str(folder / "bin" / "python"),
        "install",
        "--quiet",
        "--ignore-installed",
    ]
    subprocess.run([*pip, "--no-deps", "--no-index", str(wheel)], check=True)
    return folder


def environment() -> dict[str, str]:
    """This one, without what leads Python to the checkout."""
    return {name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "SITE_BUILDER"))}


def run(installed: Path, folder: Path, *arguments: str) -> str:
    command = [str(installed / "bin" / "site-builder"), *arguments]
    done = subprocess.run(command, cwd=folder, env=environment(), capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_the_wheel_has_the_theme_and_the_browsers_files_and_nothing_else(wheel: Path) -> None:
    names = zipfile.ZipFile(wheel).namelist()
    for needed in (
        "site_builder/_theme/first.js",
        "site_builder/_theme/material/assets/css/site-builder.css",
        "site_builder/_theme/material/assets/vendor/mermaid.min.js",
        "site_builder/_theme/material/partials/paywall-card.html",
        "site_builder/_theme/demos/node.js",
        "site_builder/_theme/demos/site/LICENSES.txt",
        "site_builder/_theme/demos/site/editor.js",
        "site_builder/_theme/demos/site/sandbox/frame.js",
        "site_builder/demos/harness/__init__.py",
        "site_builder/demos/runtimes.json",
        "mkdocs_paywall/plugin.py",
    ):
        assert needed in names
    tops = {name.split("/")[0] for name in names}
    assert {top for top in tops if not top.endswith(".dist-info")} == {
        "site_builder",
        "mkdocs_demos",
        "mkdocs_engagement",
        "mkdocs_feeds",
        "mkdocs_newsletter",
        "mkdocs_paywall",
    }


def test_a_new_blog_builds_from_the_wheel_alone(installed: Path, tmp_path: Path) -> None:
    where = "import site_builder; print(site_builder.__file__)"
    python = str(installed / "bin" / "python")
    said = subprocess.run(
        [python, "-c", where], cwd=tmp_path, env=environment(), capture_output=True, text=True, check=True
    )
    at = said.stdout
    assert str(CHECKOUT / "site_builder") not in at and str(installed) in at

    run(installed, tmp_path, "init", "my-blog")
    blog = tmp_path / "my-blog"
    report = json.loads(run(installed, blog, "build", "--strict", "--json"))
    assert report["warnings"] == []
    member = json.loads(run(installed, blog, "members", "add", "--email", "ada@example.com", "--tier", "pro", "--json"))
    assert set(member) == {"member", "token", "unlock_url"}
    run(installed, blog, "build", "--strict")
    run(installed, blog, "audit")
    site = blog / "site"
    assert (site / "vault/manifest.json").is_file() and (site / "vault/lockboxes/0.bin").is_file()
    assert (site / "assets/js/main.js").is_file() and (site / "assets/vendor/mermaid.min.js").is_file()
    assert "<premium-content" in "".join(path.read_text("utf-8") for path in site.rglob("*.html"))


def test_demos_run_from_the_wheel_alone(installed: Path, tmp_path: Path) -> None:
    fences = '```python demo id="a"\nsum(range(5))\n```\n\n```js demo id="b"\nconsole.log(6 * 7)\n```\n'
    run(installed, tmp_path, "init", "my-blog")
    blog = tmp_path / "my-blog"
    (blog / "content/blog/posts/sums.md").write_text(f"---\ndate: 2026-11-01\n---\n# Sums\n\n{fences}")
    run(installed, blog, "demos", "update")
    accepted = json.loads((blog / "content/.demos/blog/posts/sums.json").read_text("utf-8"))
    assert [accepted[name][0]["data"] for name in "ab"] == [["10"], ["42", ""]]
    found = json.loads(run(installed, blog, "demos", "check", "--json"))
    assert found == {"demos": 2, "faults": []}
