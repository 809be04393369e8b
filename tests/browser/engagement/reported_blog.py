"""The blog on which readers are counted: a long post, one with a part for members, one with demos, one without hooks."""

from __future__ import annotations

import json
from pathlib import Path

from site_builder.build.inputs import Audience
from site_builder.membership.keyfile import write_keys
from site_builder.vault.keys import MasterKey
from tests.docs import DOCS, blocks
from tests.sites import MATERIAL, TODAY, Blog, make_blog

POSTS = "blog/2026/11/01/"
LONG, SEALED, DEMOS, QUIET = (POSTS + name for name in ("a-long-post/", "a-sealed-post/", "demos/", "a-quiet-post/"))

_WORDS = "Words that take a while to read, and some more of them for the line. " * 40

SIGN_UP = f"""\
# Home

Welcome. [To the long one](blog/posts/long.md)

<form id="letter" action="/{LONG}">
  <label>Your address <input type="email" name="address"></label>
  <button>Subscribe</button>
</form>
"""


def shown(lang: str) -> str:
    """The quiz of the documentation: its markup, or its script."""
    [found] = [one.text for one in blocks(lang) if one.page == DOCS / "engagement.md" and "quiz" in one.text]
    return found


LONG_TEXT = f"""\
# A long post

{_WORDS}

## The middle

{_WORDS}

{_WORDS}

{shown("html")}

## The end

{_WORDS}

<button data-hook="x_calculator_used" data-prop-result-kind="sum" data-hook-view="x_calculator_seen">Calculate</button>

[To the sealed one](sealed.md)
"""

SEALED_TEXT = f"""\
# A sealed post

A teaser. [To the demos](demos.md)

<!-- paywall -->

## Behind the gate

{_WORDS}

<p data-hook-view="x_inside_seen" data-prop-place="sealed">The sealed end.</p>
"""

DEMOS_TEXT = """\
# Demos

```js demo id="good" notest
console.log("ran");
```

```js demo id="bad" notest
null.name;
```

```js exercise id="double" tries=2
function double(n) {
  return n;
}
```

```js tests id="double"
test("twice two is four", () => assert.equal(double(2), 4));
```

```text hint id="double"
What is twice as much?
```

```js solution id="double"
const double = (n) => n * 2;
```

[To the quiet one](quiet.md)
"""

QUIET_TEXT = "# A quiet post\n\nNobody is told of it.\n\n[To the long one](long.md)\n"


def write_reported(root: Path, url: str, options: str = "{}") -> Blog:
    """The sources; ``options`` of the engagement plugin as YAML in one line."""
    plugins = (*MATERIAL, "demos", f"engagement: {options}")
    blog = make_blog(root, url=url, plugins=plugins, extra="extra_javascript: [quiz.js]")
    # The bytes of the other tests' key, which count up from 0, stand in a browser's program too.
    write_keys(root / ".site-builder" / "master.key", MasterKey(bytes(range(100, 132))))
    blog.write("content/index.md", SIGN_UP)
    blog.write("content/quiz.js", shown("js"))
    blog.post("long", LONG_TEXT)
    blog.post("sealed", SEALED_TEXT, header="access: pro")
    blog.post("demos", DEMOS_TEXT)
    blog.post("quiet", QUIET_TEXT, header="hooks: false")
    return blog


def build_reported(
    root: Path, url: str, options: str = "{}", audience: Audience = Audience.READERS
) -> tuple[Blog, str]:
    """Write and build it, with one member; gives the blog and the member's token."""
    blog = write_reported(root, url, options)
    added = ("--email", "pro@example.com", "--tier", "pro", "--at", "2026-11-01T08:00:00Z", "--json")
    token = str(json.loads(blog.run("members", "add", *added).stdout)["token"])
    blog.build(today=TODAY, audience=audience)
    return blog, token
