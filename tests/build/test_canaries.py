"""Premium words, of every kind, in a blog with every plugin on: none may be in any file that is published."""

from __future__ import annotations

import base64
import gzip
import html
import json
import re
import subprocess
import urllib.parse
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.members import open_parts
from tests.sites import Blog, environment, make_blog, tree

EVERY_PLUGIN = (
    "meta",
    "blog",
    "tags",
    "search",
    "macros",
    "glightbox",
    "git-revision-date-localized: {fallback_to_build_date: true}",
    "redirects: {redirect_maps: {old.md: index.md}}",
    "rss: {match_path: blog/posts/.*, date_from_meta: {as_creation: date}, use_git: false}",
    "llmstxt: {full_output: llms-full.txt, sections: {Posts: [blog/posts/*.md]}}",
    "print-site",
    "feeds: {email_feed: true}",
    "minify: {minify_html: true}",
)

CANARIES = (
    "zanzibar",  # a sentence
    "quetzalcoatl",  # a heading
    "pumpernickel",  # a line of code
    "rutabaga",  # an alt text
    "marzipan",  # the name of an image
    "persimmon",  # the name of an attachment
    "kohlrabi",  # a footnote
    "tamarillo",  # a table's cell
    "jabuticaba",  # a tab's title
    "salsify",  # an admonition's title
    "cherimoya",  # a link's title
    "boysenberry",  # an attribute
    "mangosteen",  # a diagram's label
    "loganberry",  # a block on a public page
    "桫椤树",  # Chinese
    "physalis",  # an abbreviation's long form
    "ugli-fruit",  # an address that only the part links to
    "feijoa",  # in an HTML comment
    "durian",  # a macro's argument, in a gated part
)
IMAGE = b"\x89PNG\r\n\x1a\n" + b"an image that nobody may see without a key" * 20

GATED = """\
# {title}

Public words of {title}.

{more}
<!-- paywall -->

## A Quetzalcoatl heading

A Zanzibar sentence, **Zan**zibar, with [a link](https://example.com/ugli-fruit "Cherimoya").[^k]

![A Rutabaga picture](images/marzipan-{slug}.png){{ data-note="Boysenberry" }}
[Download](files/persimmon-{slug}.csv)

```python
pumpernickel = "code"
```

| A | B |
|---|---|
| 1 | Tamarillo |

=== "Jabuticaba"

    Inside a tab.

!!! note "Salsify"

    Inside.

```mermaid
graph LR
  A[Mangosteen] --> B
```

这里有桫椤树的秘密。 The HTML is here. <!-- feijoa -->

{{{{ "durian" }}}}

*[HTML]: Physalis language

[^k]: A Kohlrabi note.
"""


def everything(root: Path) -> Blog:
    blog = make_blog(root, plugins=EVERY_PLUGIN)
    for number, (access, more) in enumerate(
        (("pro", "<!-- more -->\n\nMore.\n"), ("members", ""), ("async-course", ""))
    ):
        slug = f"p{number}"
        blog.post(
            slug,
            GATED.format(title=f"Post {number}", slug=slug, more=more),
            header=f"access: {access}\ntags: [one, two]",
        )
        blog.write(f"content/blog/posts/images/marzipan-{slug}.png", IMAGE + slug.encode())
        blog.write(f"content/blog/posts/files/persimmon-{slug}.csv", f"nobody,may,see,{slug}\n" * 50)
    blog.post(
        "title-only",
        "# Only a title\n\nZanzibar all over, from the first line on.\n",
        header="access: pro\ndescription: Told.",
    )
    blog.post(
        "more-only", "# Until more\n\nPublic.\n\n<!-- more -->\n\nZanzibar after more.\n", header="access: supporter"
    )
    blog.post("block", "# A public post\n\nBefore.\n\n//// paywall | pro\n/// note\nLoganberry\n///\n////\n\nAfter.\n")
    blog.write("content/guide/.meta.yml", "access: supporter\ntags: [three]\n")
    blog.write(
        "content/guide/page.md", "# A guide\n\nPublic.\n\n<!-- paywall -->\n\n## Quetzalcoatl again\n\nZanzibar.\n"
    )
    for arguments in (
        ["init", "-q"],
        ["add", "."],
        ["-c", "user.name=A", "-c", "user.email=a@example.com", "commit", "-qm", "x"],
    ):
        when = dict.fromkeys(("GIT_AUTHOR_DATE", "GIT_COMMITTER_DATE"), "2026-11-02T12:00:00Z")
        subprocess.run(["git", *arguments], cwd=root, check=True, env={**environment(), **when})
    return blog


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Blog:
    blog = everything(tmp_path_factory.mktemp("canaries") / "blog")
    blog.build()
    return blog


def decodings(content: bytes, depth: int = 2) -> Iterator[str]:
    """What can be read in a file: as text, and through the encodings that a site's files have. Not the leak gate's own code."""
    text = content.decode("utf-8", "replace")
    yield text
    yield html.unescape(text)
    yield urllib.parse.unquote(text)
    yield re.sub(r"<[^>]*>|[­​]", "", html.unescape(text))
    yield re.sub(r"\\u([0-9a-fA-F]{4})", lambda code: chr(int(code[1], 16)), text)
    if depth:
        if content[:2] == b"\x1f\x8b":
            yield from decodings(gzip.decompress(content), depth - 1)
        for run in re.findall(rb"[A-Za-z0-9+/]{24,}={0,2}", content):
            yield from decodings(base64.b64decode(run[: len(run) // 4 * 4] + b"=" * (-len(run) % 4)), 0)


def test_no_canary_is_in_any_published_file_plain_or_encoded(built: Blog) -> None:
    for name, content in tree(built.site).items():
        for text in (name, *decodings(content)):
            folded = text.casefold()
            for canary in CANARIES:
                assert canary not in folded, f"{canary} in {name}"


def test_no_gated_image_or_attachment_is_published(built: Blog) -> None:
    for name, content in tree(built.site).items():
        assert IMAGE not in content and b"nobody,may,see" not in content, name


def test_every_canary_is_in_a_sealed_part(built: Blog) -> None:
    """The tests above would pass if the parts had been lost."""
    bodies = open_parts(built)
    texts = " ".join(body.model_dump_json() for body in bodies.values()).casefold()
    assert len(bodies) == 7
    for canary in set(CANARIES) - {"durian"}:
        assert canary in texts, canary
    assert "durian" in texts


def test_a_tier_opens_what_it_and_lower_ones_may_read_and_no_more(built: Blog) -> None:
    opened = {name: set(open_parts(built, name)) for name in ("supporter", "pro", "async-course")}
    supporter = {"blog/posts/p1#1", "blog/posts/more-only#1", "guide/page#1"}
    assert opened["supporter"] == supporter
    assert opened["pro"] == supporter | {"blog/posts/p0#1", "blog/posts/title-only#1", "blog/posts/block#1"}
    assert opened["async-course"] == {"blog/posts/p2#1"}


def test_public_words_are_published_everywhere_they_should_be(built: Blog) -> None:
    index = json.loads((built.site / "search/search_index.json").read_text())
    assert any("Public words of Post 0" in entry["text"] for entry in index["docs"])
    assert "Public words of Post 0" in (built.site / "blog/index.html").read_text()
    assert (built.site / "feed_rss_created.xml").is_file()
    assert "Public words of Post 1" in (built.site / "llms-full.txt").read_text()


def test_public_files_do_not_depend_on_premium_text(built: Blog, tmp_path: Path) -> None:
    """Non-interference: replace all gated text, build again, compare every file that is not sealed."""
    other = everything(tmp_path / "blog")
    for number in range(3):
        path = other.root / f"content/blog/posts/p{number}.md"
        public = path.read_text("utf-8").split("<!-- paywall -->")[0]
        gated = f"\n\nEntirely other words, {'many ' * 400}, and no heading, image, table or note.\n"
        path.write_text(f"{public}<!-- paywall -->{gated}", "utf-8")
        for name in (f"images/marzipan-p{number}.png", f"files/persimmon-p{number}.csv"):
            (other.root / "content/blog/posts" / name).unlink()
    other.post("title-only", "# Only a title\n\nOther.\n", header="access: pro\ndescription: Told.")
    other.post("block", "# A public post\n\nBefore.\n\n//// paywall | pro\nOther words.\n////\n\nAfter.\n")
    other.build()
    # The git plugin shows the clock's time on pages that git does not know, such as those that stand in for gated ones.
    clock = re.compile(rb'(git-revision-date-localized-plugin-date" title=)"[^"]*">[^<]*')
    mine, theirs = (
        {name: clock.sub(rb"\1", content) for name, content in tree(blog.site).items() if not name.startswith("vault/")}
        for blog in (built, other)
    )
    assert mine.keys() == theirs.keys()
    assert [name for name in mine if mine[name] != theirs[name]] == []
