"""The leak audit of 1,000 pages, 500 of them premium, with all that a build writes around them.

Run: python benchmarks/audit.py. Beside it, in the same run, the simplest peer: a literal search for each premium sentence.
"""

from __future__ import annotations

import gzip
import json
import random
import re
import struct
import sys
import tempfile
import time
import zlib
from dataclasses import dataclass, field
from importlib.resources import as_file, files
from pathlib import Path
from shutil import copytree

from rich.console import Console
from rich.table import Table

from site_builder.errors import Place
from site_builder.vault.audit import PremiumFile, PremiumText, audit
from site_builder.vault.audit.reading import read
from site_builder.vault.keys import MasterKey

PAGES, PREMIUM = 1000, 500
SECTIONS = 6
SECONDS_ALLOWED = 5
PEER_SAMPLE = 20
MASTER = MasterKey(bytes(range(32)))

COMMON = """
    the of and to in is that for it with as on be by this are or from an at which when can not has but if one all we
    more other use time only some what there how into out its than also then each code page file value key data test
"""
CONSONANTS, VOWELS = ["b", "c", "d", "f", "g", "l", "m", "n", "p", "r", "s", "st", "t", "tr", "v", "ch"], "aeiou"
CODE = ("return", "await", "self", "for", "in", "with", "async", "def", "if", "not", "None", "yield", "raise")


@dataclass
class Article:
    """The same text as the writer's Markdown and as the page's HTML; and its sentences."""

    title: str
    markdown: list[str] = field(default_factory=list)
    html: list[str] = field(default_factory=list)
    sentences: list[str] = field(default_factory=list)


class Author:
    """Writes articles whose words are distributed as in English: a few all the time, most of them seldom."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)
        syllables = [consonant + vowel for consonant in CONSONANTS for vowel in VOWELS]
        made = ["".join(self.random.choices(syllables, k=self.random.randint(2, 4))) for _ in range(4000)]
        self.words = COMMON.split() + made
        self.weights = [1 / (rank + 3) for rank in range(len(self.words))]

    def phrase(self, count: int) -> str:
        return " ".join(self.random.choices(self.words, self.weights, k=count))

    def sentence(self) -> str:
        return self.phrase(self.random.randint(7, 20)).capitalize() + "."

    def code_line(self) -> list[str]:
        name, other = (self.phrase(2).replace(" ", "_") for _ in range(2))
        return [self.random.choice(CODE), " ", name, ".", other, "(", str(self.random.randint(0, 999)), ")"]

    def article(self, title: str, sections: int) -> Article:
        article = Article(title)
        for number in range(sections):
            self._section(article, number)
        return article

    def _section(self, article: Article, number: int) -> None:
        heading = self.phrase(5).capitalize()
        article.markdown.append(f"## {heading}\n")
        article.html.append(f'<h2 id="s{number}">{heading}<a class="headerlink" href="#s{number}">&para;</a></h2>')
        for _ in range(3):
            sentences = [self.sentence() for _ in range(4)]
            article.sentences += sentences
            article.markdown.append("\n".join(sentences) + "\n")
            linked = sentences[1].split(" ", 2)
            sentences[1] = (
                f'<a href="https://example.com/{linked[0].lower()}/">{linked[0]}</a> <em>{linked[1]}</em> {linked[2]}'
            )
            article.html.append("<p>" + "\n".join(sentences) + "</p>")
        lines = [self.code_line() for _ in range(8)]
        article.markdown.append("```python\n" + "\n".join("".join(line) for line in lines) + "\n```\n")
        marked = "\n".join("".join(f'<span class="n">{word}</span>' for word in line) for line in lines)
        article.html.append(f'<div class="highlight"><pre><span></span><code>{marked}\n</code></pre></div>')
        items = [self.phrase(8) for _ in range(4)]
        article.markdown.append("\n".join(f"- {item}" for item in items) + "\n")
        article.html.append("<ul>\n" + "\n".join(f"<li>{item}</li>" for item in items) + "\n</ul>")


def png(author: Author, size: int) -> bytes:
    """A PNG whose pixels are noise; nobody will look at it."""
    parts = (
        (b"IHDR", struct.pack(">IIBBBBB", 64, 64, 8, 2, 0, 0, 0)),
        (b"IDAT", author.random.randbytes(size)),
        (b"IEND", b""),
    )
    chunks = (
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data)) for kind, data in parts
    )
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunks)


def page(title: str, article: str, number: int) -> str:
    """A page of 30 KB around the article, as Material's are: most of it navigation and the space between it."""
    items = "".join(
        f'\n\n              <li class="md-nav__item">\n                <a href="../page-{near}/" class="md-nav__link">\n'
        f'                  <span class="md-ellipsis">\n                    Page {near}\n                  </span>\n'
        f"                </a>\n              </li>\n\n{' ' * 160}\n"
        for near in range(number - 30, number + 30)
    )
    return f"""<!doctype html>
<html lang="en" class="no-js">
  <head>
      <meta charset="utf-8">
      <link rel="canonical" href="https://example.com/blog/page-{number}/">
      <link rel="stylesheet" href="../../assets/stylesheets/main.css">
      <title>{title} - A blog</title>
      <script>__md_scope=new URL("../..",location),__md_get=(e,_=localStorage,t=__md_scope)=>JSON.parse(_.getItem(e))</script>
  </head>
  <body dir="ltr">
    <nav class="md-nav md-nav--primary" aria-label="Navigation"><ul class="md-nav__list">{items}</ul></nav>
    <article class="md-content__inner md-typeset"><h1>{title}</h1>
{article}
    </article>
    <footer class="md-footer">Made with care — © 2026</footer>
  </body>
</html>
"""


@dataclass
class Blog:
    """What an audit is given."""

    premium: list[PremiumText] = field(default_factory=list)
    files: list[PremiumFile] = field(default_factory=list)
    public: list[str] = field(default_factory=list)
    sentences: list[str] = field(default_factory=list)


def write(site: Path) -> Blog:
    """Write the blog into ``site``: pages, lists, theme, search index, feeds, sitemap, pictures, vault."""
    author, blog, shown = Author(7), Blog(), list[tuple[str, Article]]()
    for number in range(PAGES):
        title = f"{author.phrase(5).capitalize()} {number}"
        gated = number % (PAGES // PREMIUM) == 0
        public = author.article(title, 1 if gated else SECTIONS)
        shown.append((f"blog/page-{number}/", public))
        blog.public += ["\n".join(public.markdown), title]
        put(site, f"blog/page-{number}/index.html", page(title, "\n".join(public.html), number))
        if gated:
            hidden, place = author.article(title, SECTIONS), Place(f"content/blog/posts/page-{number}.md", 40)
            blog.premium.append(PremiumText(place, "\n".join(hidden.markdown), "markdown"))
            blog.premium.append(PremiumText(place, "\n".join(hidden.html), "html"))
            blog.files.append(PremiumFile(place, f"blog/posts/images/chart-of-{number}.png", png(author, 20_000)))
            blog.sentences += hidden.sentences
            put(site, f"vault/payloads/{number:032x}.bin", author.random.randbytes(6_000))
            put(site, f"vault/payloads/{number + PAGES:032x}.bin", author.random.randbytes(22_000))
        else:
            put(site, f"blog/posts/images/picture-{number}.png", png(author, 30_000))
    for start in range(0, PAGES, 10):
        excerpts = "\n".join("\n".join(article.html[:4]) for _, article in shown[start : start + 10])
        put(site, f"blog/list/{start}/index.html", page("Blog", excerpts, start))
    # Material's index keeps the tags of text, without attributes, none of those that highlight code, and no line ends.
    plain = {
        url: re.sub(r"</?(?:span|div|a)\b[^<>]*>|\sid=\"[^\"]*\"", "", " ".join(one.html).replace(".\n", ". "))
        for url, one in shown
    }
    docs = [{"location": url, "title": one.title, "text": plain[url]} for url, one in shown]
    index = json.dumps({"config": {"lang": ["en"], "separator": r"[\s\-]+"}, "docs": docs})
    put(site, "search/search_index.json", index)
    put(site, "search/search_index.json.gz", gzip.compress(index.encode(), mtime=0))
    for name in ("feed.xml", "atom.xml"):
        full = "".join("\n".join(one.html).replace("&", "&amp;").replace("<", "&lt;") for _, one in shown[:100])
        put(site, name, f"<rss><channel><item><description>{full}</description></item></channel></rss>")
    sitemap = "\n".join(f"<url>\n<loc>https://example.com/{url}</loc>\n</url>" for url, _ in shown)
    put(site, "sitemap.xml", sitemap)
    put(site, "sitemap.xml.gz", gzip.compress(sitemap.encode(), mtime=0))
    for shard in range(64):
        put(site, f"vault/lockboxes/{shard}.bin", author.random.randbytes(19_472))
    with as_file(files("material") / "templates" / "assets") as theme:
        copytree(theme, site / "assets")
    return blog


def put(site: Path, name: str, content: str | bytes) -> None:
    path = site / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content.encode() if isinstance(content, str) else content)


def main() -> int:
    """Print the table; 0 if the limit is kept, 1 if not."""
    with tempfile.TemporaryDirectory() as folder:
        site = Path(folder)
        blog = write(site)
        start = time.perf_counter()
        read(blog.premium)
        reading = time.perf_counter() - start
        start = time.perf_counter()
        report = audit(site, blog.premium, blog.files, blog.public, master_key=str(MASTER))
        total = time.perf_counter() - start
        start = time.perf_counter()
        contents = [path.read_bytes() for path in site.rglob("*") if path.is_file()]
        for sentence in blog.sentences[:PEER_SAMPLE]:
            literal = sentence.encode()
            assert not any(literal in content for content in contents)
        peer = (time.perf_counter() - start) / PEER_SAMPLE * len(blog.sentences)

    written = sum(len(text.text.encode()) for text in blog.premium if text.kind == "markdown")
    table = Table("what", "found", "limit", title=f"{PAGES:,} pages, {PREMIUM} of them premium")
    table.add_row("published", f"{report.files:,} files, {report.bytes / 1e6:.1f} MB", "")
    table.add_row("premium Markdown", f"{written / 1e6:.1f} MB, {report.patterns:,} patterns", "")
    table.add_row("of the audit, cutting and indexing premium text", f"{reading:.2f} s", "")
    table.add_row(
        "of the audit, the search", f"{total - reading:.2f} s, {report.bytes / 1e6 / (total - reading):.0f} MB/s", ""
    )
    table.add_row("audit", f"{total:.2f} s, {len(report.leaks)} leaks", f"{SECONDS_ALLOWED} s, 0 leaks")
    table.add_row("literal search for each sentence", f"{peer:,.0f} s, {peer / total:,.0f} times as long", "")
    Console().print(table)
    return 0 if total <= SECONDS_ALLOWED and not report.leaks and not report.warnings else 1


if __name__ == "__main__":
    sys.exit(main())
