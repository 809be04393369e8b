"""The blog on which readers use demos: one post with a demo of each kind, one in Chinese, one with a part for members."""

from __future__ import annotations

import json
from pathlib import Path

from site_builder.membership.keyfile import write_keys
from site_builder.vault.keys import MasterKey
from tests.sites import MATERIAL, TODAY, Blog, make_blog

POSTS = "blog/2026/11/01/"
DEMOS, OTHER, CHINESE, SEALED = (POSTS + name for name in ("demos/", "other/", "zhongwen/", "sealed/"))

DEMOS_TEXT = """\
# Demos

Words before.

```js demo id="sum"
const numbers = [1, 2, 3];
console.log(numbers.reduce((a, b) => a + b));
```

```js demo id="broken" raises="TypeError"
const nothing = null;
console.log("before");
nothing.name;
```

```js demo id="endless" notest timeout=60
if (location.href.length < 0) console.log("never");
for (;;) {}
```

```js demo id="quick" notest autorun
console.log("quick " + 6 * 7);
```

```js demo id="first" session="count"
let count = 1;
console.log("first", count);
```

```js demo session="count" hidden
count += 10;
```

```js demo id="last" session="count"
count += 1;
console.log("last", count);
```

```js demo id="greet" notest
const name = prompt("Who?");
console.log(`Hello ${name}`);
```

```sql demo id="people" seed="people.sql"
SELECT name, born FROM people ORDER BY name;
```

```js exercise id="double" tries=2
function double(n) {
  return n;
}
```

```js tests id="double"
test("twice two is four", () => assert.equal(double(2), 4));
test("nothing stays nothing", () => assert.equal(double(0), 0));
```

```text hint id="double"
What is twice as much?
```

```text hint id="double"
Look at the operator `*`.
```

```js solution id="double"
function double(n) {
  return n * 2;
}
```

```html demo id="box"
<p class="box">Press me</p>
```

```css demo for="box"
.box { color: rgb(1, 2, 3); }
```

```js demo for="box"
document.querySelector(".box").onclick = (event) => event.target.append("!");
console.log("the page is there");
```

```js demo id="fixed" readonly
console.log("fixed");
```

[Other](other.md)
"""

CHINESE_TEXT = """\
# 中文文章

```js demo id="he"
console.log("和", 1 + 2);
```
"""

SEALED_TEXT = """\
# A sealed post

```js demo id="public" session="both"
let shared = "from the public part";
```

[To the others](other.md)

<!-- paywall -->

```js demo id="sealed" session="both" files="secret.txt"
const text = await (await fetch("secret.txt")).text();
console.log(shared, text);
```
"""


def write_demos(root: Path, url: str) -> Blog:
    """The sources, with one member of each tier to come."""
    blog = make_blog(root, url=url, plugins=(*MATERIAL, "demos"))
    # The bytes of the other tests' key, which count up from 0, stand in SQLite's program too.
    write_keys(root / ".site-builder" / "master.key", MasterKey(bytes(range(100, 132))))
    blog.post("demos", DEMOS_TEXT)
    blog.post("other", "# Other\n\nOther words.\n\n[Demos](demos.md)\n")
    blog.post("zh", CHINESE_TEXT, header="lang: zh\nslug: zhongwen")
    blog.post("sealed", SEALED_TEXT, header="access: pro\nslug: sealed")
    blog.write(
        "content/blog/posts/people.sql",
        "CREATE TABLE people (name, born);\nINSERT INTO people VALUES ('Grace', 1906), ('Ada', 1815);\n",
    )
    blog.write("content/blog/posts/secret.txt", "a sealed file")
    return blog


def build_demos(root: Path, url: str) -> tuple[Blog, str]:
    """Write and build; with the token of a member who may read all of it."""
    blog = write_demos(root, url)
    who = ("--email", "reader@example.com", "--tier", "pro", "--at", "2026-11-01T08:00:00Z")
    token = json.loads(blog.run("members", "add", *who, "--json").stdout)["token"]
    blog.build(today=TODAY)
    return blog, token
