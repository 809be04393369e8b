"""The blog that the browser tests read: posts for every kind of member, and members of every kind."""

from __future__ import annotations

import json
import struct
import zlib
from dataclasses import dataclass
from pathlib import Path

from tests.sites import TODAY, Blog, make_blog

MEMBERS = {
    "pro": ("--tier", "pro", "--name", "Ada <b>Example</b>", "--expires", "2027-03-01"),
    "supporter": ("--tier", "supporter", "--name", "Grace"),
    "course": ("--product", "async-course"),
    "both": ("--tier", "supporter", "--product", "async-course"),
    "expired": ("--tier", "pro", "--expires", "2026-11-10"),
    "revoked": ("--tier", "pro"),
}
JOINED = "2026-11-01T08:00:00Z"

POST = """\
# A post for {who}

Public words for everybody.

<!-- paywall -->

## Inner heading

Sealed words for {who}, with a footnote[^n] and [a link](free.md).

![A red square](red-{slug}.png)

[The data](data-{slug}.csv)

```python
print("sealed code")  # (1)!
```

1.  An annotation.

=== "First tab"

    Text of the first tab.

=== "Second tab"

    Text of the second tab.

!!! note "A sealed note"

    Inside.

```mermaid
graph LR
  A[Begin] --> B[End]
```

### Deeper heading

More words.

[^n]: The sealed footnote.
"""
URLS = {slug: f"blog/2026/11/01/a-post-for-{slug}/" for slug in ("pro", "members", "course")}
FREE = "blog/2026/11/01/a-free-post/"
MIXED = "blog/2026/11/01/a-mixed-post/"
CHINESE = "blog/2026/11/01/zhongwen/"


@dataclass(frozen=True)
class Library:
    """The built blog and its members' tokens, by kind."""

    blog: Blog
    tokens: dict[str, str]


def red_square() -> bytes:
    """A PNG of 8 × 8 red pixels."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    rows = b"".join(b"\0" + b"\xff\0\0" * 8 for _ in range(8))
    header = struct.pack(">IIBBBBB", 8, 8, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")


def write_library(root: Path, url: str) -> Blog:
    """The sources, without members. Material's instant navigation works only at the ``url`` that the site is built for."""
    blog = make_blog(root, url=url)
    for slug, access in (("pro", "pro"), ("members", "members"), ("course", "async-course")):
        blog.post(slug, POST.format(who=slug, slug=slug), header=f"access: {access}")
        blog.write(f"content/blog/posts/red-{slug}.png", red_square())
        blog.write(f"content/blog/posts/data-{slug}.csv", f"a,b\n1,{slug}\n")
    blog.post("free", "# A free post\n\nFree words.\n\n```mermaid\ngraph LR\n  A --> B\n```\n\n[To pro](pro.md)\n")
    blog.post(
        "mixed",
        "# A mixed post\n\nBefore.\n\n/// paywall | members\n## For members\n\nSealed for members.\n///\n\nBetween.\n\n"
        "/// paywall | pro\n## For pro\n\nSealed for pro.\n///\n\n## After\n\nThe end.\n",
    )
    blog.post(
        "zh",
        "# 中文文章\n\n公开的文字。\n\n<!-- paywall -->\n\n会员的文字。\n",
        header="access: pro\nlang: zh\nslug: zhongwen",
    )
    return blog


def build_library(root: Path, url: str) -> Library:
    """Write, enrol and build."""
    blog, tokens = write_library(root, url), {}
    for kind, arguments in MEMBERS.items():
        done = blog.run("members", "add", "--email", f"{kind}@example.com", *arguments, "--at", JOINED, "--json")
        tokens[kind] = json.loads(done.stdout)["token"]
    blog.run("members", "revoke", "revoked@example.com", "--at", "2026-11-05T08:00:00Z")
    blog.build(today=TODAY)
    return Library(blog, tokens)


def flipped(content: bytes, place: int = -20) -> bytes:
    """The same with one bit changed."""
    changed = bytearray(content)
    changed[place] ^= 1
    return bytes(changed)
