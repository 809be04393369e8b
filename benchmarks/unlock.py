"""From a magic link to visible text: a 100 KB article among 1,000 premium pages, for one of 100,000 members, in Chromium.

Measured inside the page: from the start of the navigation to the magic link (``performance.timeOrigin`` of the first document)
until the browser has painted the first paragraph of the sealed text (Element Timing). Every reader is new: another member, in a
browser context without files or keys. Beside it in the same run: the same page with the article in clear; the same by a link that
loads the page twice, as a magic link does so that no other script can find the token; and sealed as password schemes do it.
"""

from __future__ import annotations

import base64
import hashlib
import math
import os
import re
import shutil
import statistics
import sys
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from playwright.sync_api import Browser, BrowserContext

from benchmarks.blog import TIERS, Author, enrol, write_posts
from benchmarks.host import hosting
from benchmarks.reader import MARK, browsing, fetched, newcomer, visit, weight
from benchmarks.results import Row, at_most, show, step
from tests.members import open_parts
from tests.sites import Blog, make_blog

PAGES, MEMBERS, ARTICLE = 1_000, 100_000, 100_000
RUNS, FAR_RUNS = 25, 9
ROUND_TRIP = 50
MILLISECONDS_ALLOWED = 200
BYTES_ALLOWED = 40_000
PEER_ROUNDS = 600_000
PASSWORD = "benchmark"
URL = "blog/2026/11/01/article/"
_GATED = re.compile(r"<premium-content\b.*?</premium-content>", re.DOTALL)
_POLICY = re.compile(r'<meta http-equiv="Content-Security-Policy"[^>]*>')
_LEAVING = """<script>if (location.hash) {
  const there = location.href.slice(0, -location.hash.length);
  history.replaceState(null, "", there);
  window.stop();
  location.replace(there);
}</script>"""
_OWN_SCRIPTS = re.compile(r"<script data-base=.*?</script>|<script[^>]*assets/js/main\.js[^>]*></script>", re.DOTALL)


def write_article(blog: Blog) -> None:
    """Two public sentences, then 100 KB for members; both beginnings are marked for the browser to watch."""
    author = Author(PAGES)
    public = f"# {author.title()}\n\n{author.sentence()}\n{{: elementtiming=public }}"
    sealed = f"{author.paragraph()}{{: elementtiming={MARK} }}\n\n{author.article(ARTICLE)}"
    header = "slug: article\naccess: members"
    blog.post("article", f"{public}\n\n<!-- more -->\n\n<!-- paywall -->\n\n{sealed}", header=header)


def write_peers(blog: Blog) -> None:
    """Beside the page, the same with the article in clear, and with the article under a password."""
    folder = blog.site / URL
    page = (folder / "index.html").read_text("utf-8")
    article = open_parts(blog, TIERS[0])["blog/posts/article#1"].html
    clear = _GATED.sub(lambda _: article, page)
    (folder / "clear.html").write_text(clear, "utf-8")
    twice = _POLICY.sub(lambda _: _LEAVING, _OWN_SCRIPTS.sub("", clear))
    (folder / "twice.html").write_text(twice, "utf-8")
    salt, nonce = os.urandom(16), os.urandom(12)
    key = hashlib.pbkdf2_hmac("sha256", PASSWORD.encode(), salt, PEER_ROUNDS)
    sealed = base64.b64encode(AESGCM(key).encrypt(nonce, article.encode(), None)).decode()
    given = {"salt": base64.b64encode(salt).decode(), "nonce": base64.b64encode(nonce).decode(), "rounds": PEER_ROUNDS}
    data = " ".join(f'data-{name}="{value}"' for name, value in given.items())
    element = f"<div data-sealed hidden {data}>{sealed}</div>"
    script = '<script type="module" src="/peer.js"></script></head>'
    page = _OWN_SCRIPTS.sub("", _GATED.sub(lambda _: element, page)).replace("</head>", script, 1)
    (folder / "password.html").write_text(page, "utf-8")
    shutil.copy(Path(__file__).with_name("peer.js"), blog.site)


def build(root: Path, url: str) -> list[str]:
    """Write and build the blog, and give its members' tokens."""
    blog = make_blog(root, url=url)
    write_posts(blog, PAGES - 1, premium=PAGES - 1, public_size=0, gated_size=1)
    write_article(blog)
    with step(f"enrolling {MEMBERS:,} members"):
        tokens = enrol(blog, MEMBERS)
    with step(f"building {PAGES:,} premium pages"):
        blog.build()
    write_peers(blog)
    return tokens


def came_before(context: BrowserContext, url: str, *, latency: int = 0) -> float:
    """The second visit of a reader who came by a magic link: without a token, in a new tab."""
    visit(context, url)
    return visit(context, url.partition("#")[0], latency=latency)


def by_newcomers(browser: Browser, urls: Sequence[str], act: Callable[..., float], latency: int = 0) -> list[float]:
    """One visit for each address, each by a new reader, after one that is not counted."""
    visits = []
    for url in [urls[0], *urls]:
        with newcomer(browser) as context:
            visits.append(act(context, url, latency=latency))
    return visits[1:]


def times(found: Sequence[float]) -> tuple[float, float]:
    """Median and 95th percentile."""
    return statistics.median(found), statistics.quantiles(found, n=20, method="inclusive")[-1]


def durations(
    browser: Browser, what: str, urls: Sequence[str], act: Callable[..., float] = visit, limit: float = math.inf
) -> list[Row]:
    """How long it takes on loopback, and with a host as far away as most are."""
    with step(f"{len(urls)} times: {what}"):
        near = times(by_newcomers(browser, urls, act))
        far = times(by_newcomers(browser, urls[:FAR_RUNS], act, ROUND_TRIP))
    found = f"{near[0]:,.0f} ms, 95th percentile {near[1]:,.0f} ms"
    trips = f"{far[0]:,.0f} ms, about {(far[0] - near[0]) / ROUND_TRIP:.0f} round trips"
    return [
        Row(what, found, "" if limit == math.inf else f"{limit} ms", near[0] <= limit),
        Row(f"… with {ROUND_TRIP} ms to the host and back", trips),
    ]


def sizes(browser: Browser, home: str, token: str) -> list[Row]:
    """What a new reader fetches by a magic link, and how much of it is not fetched by somebody who is no member."""
    with newcomer(browser) as context:
        opened = fetched(context, f"{home}{URL}#{token}")
    with newcomer(browser) as context:
        locked = fetched(context, home + URL, mark="public")
    more = {url: weight(url) for url in opened - locked}
    payload = sum(size for url, size in more.items() if url.startswith(f"{home}vault/payloads/"))
    vault = sum(size for url, size in more.items() if url.startswith(f"{home}vault/")) - payload
    return [
        Row("the article's payload", f"{payload:,} bytes"),
        at_most("beside it: manifest, lockbox, keyring", vault, BYTES_ALLOWED, "{:,} bytes"),
        at_most(
            "beside it: all that a locked page does not fetch",
            sum(more.values()) - payload,
            BYTES_ALLOWED,
            "{:,} bytes",
        ),
        Row("the locked page with all that it needs", f"{sum(map(weight, locked)):,} bytes"),
    ]


def main() -> int:
    """Print the table; 0 if the limits are kept, 1 if not."""
    with tempfile.TemporaryDirectory() as folder, hosting(Path(folder) / "blog" / "site") as home:
        tokens = build(Path(folder) / "blog", home)
        page, links = home + URL, [f"{home}{URL}#{token}" for token in tokens[:: MEMBERS // RUNS][:RUNS]]
        with browsing() as browser:
            version = f"Chromium {browser.version}"
            rows = [
                *durations(browser, "magic link", links, limit=MILLISECONDS_ALLOWED),
                *durations(browser, "a reader who came before", links, came_before),
                *durations(browser, "the same article in clear", [f"{page}clear.html"] * RUNS),
                *durations(browser, "the same in clear, loaded twice", [f"{page}twice.html#token"] * RUNS),
                *durations(browser, f"PBKDF2, {PEER_ROUNDS:,} rounds", [f"{page}password.html#{PASSWORD}"] * RUNS),
                *sizes(browser, home, tokens[0]),
            ]
    title = f"From navigation to visible text: {ARTICLE // 1000} KB of {PAGES:,} pages, {MEMBERS:,} members"
    return show(title, rows, version)


if __name__ == "__main__":
    sys.exit(main())
