"""A blog with a demo of each kind, in public and for members; and what of them is on its pages."""

from __future__ import annotations

import json
import sqlite3
import subprocess
import sys
from typing import Any

from site_builder.content.markup import Markup
from tests.sites import MATERIAL, Blog, environment

PLUGINS = (*MATERIAL, "demos", "feeds")

PUBLIC = """\
# Sums

Words before.

```python demo id="mean" title="mean.py" timeout=20
prices = [3, 5, 10]
print("prices:", len(prices))
sum(prices) / len(prices)
```

```python demo id="t-1" session="t" hidden
total = "the total of all"
```

```python demo id="t-2" session="t"
print(total)
```

<!-- more -->

```python demo id="base" session="a" hidden files="hidden.csv"
base = 40
```

```python demo id="goes-on" session="a" files="data.csv"
print(base + 2, open("data.csv").read())
```

- In a list:

    ```js demo id="console"
    console.log([1, {a: 2}]);
    ```

```sql demo id="query" database="shop.sqlite" seed="shop.sql"
select name, price from item order by price;
```

```html demo id="box" height=9
<p class="box">Box</p>
```

```css demo for="box"
.box { color: red }
```

```js demo for="box"
document.querySelector(".box").textContent += "!";
```

```python exercise id="double" tries=2
def double(x):
    return x
```

```python tests id="double"
def test_two():
    assert double(2) == 4
```

```text hint id="double"
Use `*`.
```

```python solution id="double"
def double(x):
    return 2 * x
```

```python
print("only shown")
```
"""

# Printed "veiled" and "Veiled" stand nowhere in the code, those of the code nowhere in what is printed.
PREMIUM = """\
# Members' sums

Words for all.

<!-- paywall -->

```python demo id="secret" files="numbers.csv" raises="KeyError"
veiled_code = open("numbers.csv").read().split(",")
print("".join(["The vei", "led sum is "]), sum(map(int, veiled_code[1:])))
{}["".join(["the vei", "led key"])]
```

```python demo id="t-1" session="t" hidden
total = "the veiled total"
```

```python demo id="t-2" session="t"
print(total)
```

```python demo id="silent" hidden files="silent.csv"
veiled_setup = open("silent.csv").read()
```

```sql demo id="rows" seed="rows.sql"
select * from veiled_table;
```

```python exercise id="task" files="task.csv"
def veiled_starter():
    return 0
```

```python tests id="task"
def test_veiled():
    assert veiled_starter() == 9
```

```text hint id="task"
A veiled hint.
```

```python solution id="task"
def veiled_starter():
    return 9  # the veiled solution
```
"""
PREMIUM_FILES = {
    "numbers.csv": "veiled numbers,4,5",
    "silent.csv": "veiled silence",
    "rows.sql": "create table veiled_table(a); insert into veiled_table values ('veiled row');",
    "task.csv": "veiled task",
}
PUBLIC_URL, PREMIUM_URL = "blog/2026/11/01/sums", "blog/2026/11/02/members-sums"


def fill(blog: Blog) -> Blog:
    """Two posts with demos and their data files; no output is accepted yet."""
    blog.post("sums", PUBLIC)
    blog.post("yours", PREMIUM, header="access: supporter", day="2026-11-02")
    blog.write("content/blog/posts/data.csv", "7 apples")
    blog.write("content/blog/posts/hidden.csv", "8 pears")
    blog.write("content/blog/posts/shop.sql", "insert into item values ('apple', 2.5), ('pear', null);")
    with sqlite3.connect(blog.root / "content/blog/posts/shop.sqlite") as shop:
        shop.execute("create table item(name text, price real)")
    for name, text in PREMIUM_FILES.items():
        blog.write(f"content/blog/posts/{name}", text)
    return blog


def demos_in(html: str) -> dict[str, dict[str, Any]]:
    """Of each element in the HTML that can be run: id -> what its script is told."""
    tags = [tag for tag in Markup(html).tags if tag.name == "code-demo"]
    return {tag.attributes["id"]: json.loads(tag.attributes["data-demo"]) for tag in tags}


def demo_html(html: str, name: str) -> str:
    """The HTML of one element."""
    markup = Markup(html)
    return next(markup.html(tag) for tag in markup.tags if tag.attributes.get("id") == f"demo-{name}")


def installed(blog: Blog) -> set[str]:
    """What of the demos' own files is in the site, runtimes by their folder."""
    folder = blog.site / "assets" / "demos"
    files = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}
    return {f"{name.split('-')[0]}/" if name.startswith(("pyodide-", "sql.js-")) else name for name in files}


def mkdocs_build(blog: Blog) -> subprocess.CompletedProcess[str]:
    """Build it as ``mkdocs build --strict`` does, in a process of its own."""
    return subprocess.run(
        [sys.executable, "-m", "mkdocs", "build", "--strict"],
        cwd=blog.root, capture_output=True, text=True, env=environment(), timeout=120, check=False,
    )  # fmt: skip
