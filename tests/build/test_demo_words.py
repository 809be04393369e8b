"""What public code puts out is public, so the same in a members' part is no leak; what only members get still is one."""

from __future__ import annotations

from pathlib import Path

import pytest

from site_builder.errors import LeakError
from tests.sites import MATERIAL, Blog, make_blog

LOOP = """\
```python demo id="{id}"
for number in range({end}):
    print(f"line {{number}} of the squares that we compute: {{number * number}}")
```
"""
SUM = """
```python demo id="sum"
words = "made of neither more nor less than two dozen grey"
print(f"All of it is {words} pebbles")
```
"""


@pytest.fixture
def squares(tmp_path: Path) -> Blog:
    blog = make_blog(tmp_path / "blog", plugins=(*MATERIAL, "demos"))
    public, premium = LOOP.format(id="few", end=3), LOOP.format(id="more", end=5) + SUM
    blog.post("squares", f"# Squares\n\n{public}\n<!-- paywall -->\n\nMore of them:\n\n{premium}", header="access: pro")
    blog.run("demos", "update")
    return blog


def test_the_same_output_in_public_and_for_members_is_no_leak(squares: Blog) -> None:
    assert squares.build(strict=True).warnings == ()
    assert squares.run("audit").returncode == 0


def test_output_that_only_members_get_is_a_leak_elsewhere(squares: Blog) -> None:
    squares.write("content/note.txt", "All of it is made of neither more nor less than two dozen grey pebbles\n")
    with pytest.raises(LeakError, match=r"note\.txt"):
        squares.build()
