"""The attributes of a demo as its options."""

from __future__ import annotations

from pathlib import Path

import pytest

from site_builder.demos.model import DataFile, Options
from site_builder.errors import ContentError
from tests.demos.pages import URI, demo


def options(root: Path, info: str) -> Options:
    return demo(root, info).options


def refused(root: Path, info: str, *words: str) -> None:
    with pytest.raises(ContentError) as caught:
        demo(root, info)
    error = caught.value
    assert error.place and error.place.file == root / URI and error.place.line == 1 and error.hint
    for word in words:
        assert word in str(error)


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """A docs folder with files beside the page and above it."""
    for name in ("blog/posts/data.csv", "blog/posts/other/data.csv", "assets/small.sqlite", "blog/posts/seed.sql"):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("a", "utf-8")
    return tmp_path


def test_a_demo_without_attributes_has_the_defaults(tmp_path: Path) -> None:
    assert options(tmp_path, "python demo") == Options()


def test_each_attribute_becomes_an_option(data: Path) -> None:
    posts = data / "blog/posts"
    assert options(
        data,
        'python demo id="a" packages="numpy, leather == 0.4" files="data.csv" timeout=2.5 session="s" raises="ValueError"'
        r' hidden readonly net height=12 expect="a\nb\t\\n" title="x" linenums="1" hl_lines="1 2-3"',
    ) == Options(
        packages=("numpy", "leather==0.4"),
        files=(DataFile("data.csv", "data.csv", posts / "data.csv"),),
        timeout=2.5,
        session="s",
        hidden=True,
        expect="a\nb\t\\n",
        raises="ValueError",
        readonly=True,
        net=True,
        height=12,
        shown={"title": "x", "linenums": "1", "hl_lines": "1 2-3"},
    )
    assert options(data, "js demo notest autorun editable") == Options(notest=True, autorun=True)
    assert options(data, 'sql demo database="../../assets/small.sqlite" seed="seed.sql"') == Options(
        database=DataFile("small.sqlite", "../../assets/small.sqlite", data / "assets/small.sqlite"),
        seed=DataFile("seed.sql", "seed.sql", posts / "seed.sql"),
    )


def test_several_files_stand_with_spaces_between_them(data: Path) -> None:
    found = options(data, 'python demo files="data.csv  seed.sql"').files
    assert [file.name for file in found] == ["data.csv", "seed.sql"]


@pytest.mark.parametrize(
    ("info", "words"),
    [
        ("python demo timeut=10", ["'timeut'", "Write `timeout`"]),
        ("python demo speed=10", ["'speed'", "It may have: autorun, editable"]),
        ("python demo pakcages=numpy", ["Write `packages`"]),
        ("python demo sessions=a", ["Write `session`"]),
        ('js demo packages="x"', ["`packages` does not go with `js demo`"]),
        ("python demo database=x.sqlite", ["`database` does not go with `python demo`"]),
        ("sql demo expect=1", ["`expect` does not go with `sql demo`"]),
        ("sql demo net", ["`net` does not go with `sql demo`"]),
        ("html demo session=a", ["`session` does not go with `html demo`"]),
        ("python demo tries=2", ["`tries` does not go with `python demo`"]),
        ("python exercise id=a session=a", ["`session` does not go with `python exercise`"]),
        ("python tests id=a timeout=3", ["`timeout` does not go with `python tests`", "It may have: id."]),
        ('python demo for="box"', ["`for` does not go with `python demo`"]),
        ("js demo for=box id=x", ["`id` does not go with `js demo`", "It may have: for."]),
        ("python demo timeout=0", ["`timeout` is '0'", "at most 120"]),
        ("python demo timeout=121", ["'121'"]),
        ("python demo timeout=ten", ["'ten'"]),
        ("python demo timeout=-1", ["'-1'"]),
        ("python demo timeout=1e2", ["'1e2'"]),
        ("python demo timeout=nan", ["'nan'"]),
        ("python demo timeout=١", ["'١'"]),
        ("python demo timeout", ["`timeout` is 'timeout'"]),
        ("python demo height=0", ["`height` is '0'", "from 1 to 200"]),
        ("python demo height=2.5", ["'2.5'"]),
        ("python exercise id=a tries=0", ["`tries` is '0'"]),
        ('python demo hidden="no"', ["`hidden` is 'no'", "leave it out"]),
        ('python demo id="a b"', ["`id` is 'a b'"]),
        ('python demo id=""', ["`id` is ''"]),
        ("python demo id=é", ["`id` is 'é'"]),
        (f"python demo id={'x' * 65}", ["at most 64"]),
        ('python demo session=""', ["`session` is ''"]),
        ('python demo raises="1"', ["`raises` is '1'", "ZeroDivisionError"]),
        ('python demo packages=""', ["`packages` is ''"]),
        ('python demo packages="numpy leather"', ["commas between them"]),
        ('python demo packages="numpy, Numpy==1"', ["It names numpy twice"]),
        ('python demo packages="x @ https://example.com/x.whl"', ["commas between them"]),
        ('python demo linenums="yes"', ["`linenums` is 'yes'"]),
        ('python demo hl_lines="all"', ["`hl_lines` is 'all'"]),
        ("python demo notest expect=1", ["`notest` and `expect`"]),
        ("python demo notest raises=ValueError", ["`notest` and `raises`"]),
        ("python demo readonly editable", ["`readonly` and `editable`"]),
        ("python demo hidden autorun", ["`hidden` and `autorun`"]),
        ('python demo files="missing.csv"', ["`files` names 'missing.csv'", "no such file"]),
        ('python demo files=""', ["`files` names ''"]),
        ('python demo files="data.csv, seed.sql"', ["'data.csv,'"]),
        ('python demo files="data.csv other/data.csv"', ["Two of them are named data.csv"]),
        ('python demo files="other"', ["no such file"]),
        ('python demo files="../../../outside.txt"', ["no such file below the docs folder"]),
        ('python demo files="linked.txt"', ["no such file below the docs folder"]),
        ('python demo files="/blog/posts/data.csv"', ["no such file"]),
        ('python demo files="page.md"', ["not published as a file"]),
        ('python demo files=".hidden"', ["not published as a file"]),
        ('sql demo database="data.csv" seed="other/data.csv"', ["`seed` is 'other/data.csv'", "same name"]),
        ('sql demo seed="missing.sql"', ["`seed` names 'missing.sql'"]),
        ('sql demo database="missing.sqlite"', ["`database` names 'missing.sqlite'"]),
    ],
)
def test_what_is_wrong_is_told_with_its_value_and_what_would_be_right(data: Path, info: str, words: list[str]) -> None:
    docs = data / "docs"
    docs.mkdir()
    (data / "blog").rename(docs / "blog")
    (data / "outside.txt").write_text("a", "utf-8")
    (docs / "blog/posts/.hidden").write_text("a", "utf-8")
    (docs / "blog/posts/linked.txt").symlink_to(data / "outside.txt")
    refused(docs, info, *words)


def test_a_folder_of_pages_that_is_itself_a_link_is_no_obstacle(
    data: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    linked = tmp_path_factory.mktemp("linked") / "docs"
    linked.symlink_to(data)
    (file,) = options(linked, "python demo files=data.csv").files
    assert file.path == linked / "blog/posts/data.csv"
