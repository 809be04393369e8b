"""A members' feed may say what its readers may read, and nothing more; nothing else may say where it is."""

from __future__ import annotations

import gzip
import json
from collections.abc import Mapping
from html import escape
from pathlib import Path

import pytest

from site_builder.errors import LeakError, Place
from site_builder.vault.audit import AuditReport, PremiumFile, PremiumText, SecretFolder, require_clean
from site_builder.vault.encoding import with_checksum
from tests.vault.audit.parts import audited

SUPPORTERS = "Whoever supports this learns how the ledger is kept in balance through every single night."
PROS = "Only professionals are told which of the seven clocks in the ledger must never be trusted."
DRAFT = "Nobody may know as yet that an eighth clock has been ordered from the old maker in the valley."
PREMIUM = (
    PremiumText(Place("supporters.md", 5), f"{SUPPORTERS}\n", entitlements=("supporter",)),
    PremiumText(
        Place("pros.md", 7),
        f"{PROS}\n\n![The seven clocks](images/seven-untrusted-clocks.png)\n",
        entitlements=("pro",),
    ),
    PremiumText(Place("drafts.md", 9), f"{DRAFT}\n"),
)
FILES = (PremiumFile(Place("clocks.png"), "images/seven-untrusted-clocks.png", b"\x89PNG\r\n\x1a\n" + b"clock" * 30),)
SUPPORTER = SecretFolder(f"feeds/m/{'5a' * 20}", ("supporter",), frozenset([("supporter",)]))
PRO = SecretFolder(f"feeds/m/{'c3' * 20}", ("pro",), frozenset([("supporter",), ("pro",)]))
OTHER_PRO = SecretFolder(f"feeds/m/{'0f' * 20}", ("pro",), frozenset([("supporter",), ("pro",)]))


def feed(*texts: str, own: SecretFolder | None = None) -> str:
    link = f"<link>https://example.com/{own.path}/rss.xml</link>" if own else ""
    items = "".join(f"<description>{escape(f'<p>{text}</p>')}</description>" for text in texts)
    return f"<rss><channel>{link}{items}</channel></rss>"


def report_of(site: Path, published: Mapping[str, str | bytes], public: tuple[str, ...] = ()) -> AuditReport:
    folders = (SUPPORTER, PRO, OTHER_PRO)
    return audited(site, dict(published), premium=PREMIUM, files=FILES, secret_folders=folders, public=public)


def said(report: AuditReport) -> str:
    """All that is printed or kept of a report."""
    with pytest.raises(LeakError) as caught:
        require_clean(report)
    return f"{caught.value}\n{report}"


def test_who_may_read_a_text_may_find_it_in_their_feed(tmp_path: Path) -> None:
    report = report_of(
        tmp_path,
        {
            f"{SUPPORTER.path}/rss.xml": feed(SUPPORTERS, own=SUPPORTER),
            f"{PRO.path}/rss.xml": feed(SUPPORTERS, PROS, "See seven-untrusted-clocks.png", own=PRO),
            f"{PRO.path}/feed.json": json.dumps({"content_html": PROS}),
            "index.html": "<p>Public words.</p>",
        },
    )
    require_clean(report)
    assert report.files == 4


def test_a_feed_with_more_than_its_readers_may_read_is_a_leak(tmp_path: Path) -> None:
    report = report_of(tmp_path, {f"{SUPPORTER.path}/atom.xml": feed(SUPPORTERS, PROS)})
    assert [(leak.file, leak.place) for leak in report.leaks] == [(Path("feeds/m/…/atom.xml"), Place("pros.md", 7))]
    assert SUPPORTER.secret not in said(report)


def test_what_is_not_published_yet_is_a_leak_whoever_reads_it(tmp_path: Path) -> None:
    report = report_of(tmp_path, {f"{PRO.path}/rss.xml": feed(PROS, DRAFT)})
    assert [leak.place for leak in report.leaks] == [Place("drafts.md", 9)]


def test_what_readable_and_hidden_texts_both_say_is_no_leak(tmp_path: Path) -> None:
    both = (*PREMIUM, PremiumText(Place("more.md", 3), f"{SUPPORTERS}\n\n{PROS}\n", entitlements=("pro",)))
    published = {f"{SUPPORTER.path}/rss.xml": feed(SUPPORTERS)}
    require_clean(audited(tmp_path, dict(published), premium=both, secret_folders=[SUPPORTER]))


def test_a_file_name_that_its_readers_may_not_know_is_a_leak(tmp_path: Path) -> None:
    leaks = report_of(tmp_path, {f"{SUPPORTER.path}/rss.xml": feed("See seven-untrusted-clocks.png")}).leaks
    assert [leak.place for leak in leaks] == [Place("clocks.png")]


def test_a_picture_in_a_feed_is_a_leak_whoever_reads_it(tmp_path: Path) -> None:
    leaks = report_of(tmp_path, {f"{PRO.path}/rss.xml": FILES[0].content}).leaks
    assert [leak.place for leak in leaks] == [Place("clocks.png")]


def test_a_token_in_a_feed_is_a_leak(tmp_path: Path) -> None:
    token = with_checksum("mbr_" + "A7bC9dE2fG4hI6jK8lM0nO1pQ3rS5t")
    report = report_of(tmp_path, {f"{PRO.path}/rss.xml": feed(f"Your token is {token}.")})
    assert [leak.found for leak in report.leaks] == ["a member's token"]
    assert PRO.secret not in said(report)


@pytest.mark.parametrize("name", ["index.html", "rss.xml.gz", "rss.xml/rss.xml", "logo.svg"])
def test_nothing_else_may_stand_in_a_secret_folder(name: str, tmp_path: Path) -> None:
    report = report_of(tmp_path, {f"{PRO.path}/{name}": "harmless"})
    assert [leak.file for leak in report.leaks] == [Path(f"feeds/m/…/{name}")]
    assert PRO.secret not in said(report)


def test_a_feed_at_an_address_of_nobody_is_a_leak(tmp_path: Path) -> None:
    former = f"feeds/m/{'77' * 20}"
    report = report_of(tmp_path, {f"{former}/rss.xml": feed(PROS)})
    assert [leak.file for leak in report.leaks] == [Path("feeds/m/…/rss.xml")]
    assert "no member has" in said(report)
    assert "7777" not in said(report)


@pytest.mark.parametrize(
    ("file", "content"),
    [
        ("index.html", f'<a href="/{PRO.path}/rss.xml">x</a>'),
        ("sitemap.xml", f"<loc>https://example.com/{PRO.path}/rss.xml</loc>"),
        ("sitemap.xml.gz", gzip.compress(f"<loc>https://example.com/{PRO.path}/</loc>".encode())),
        ("robots.txt", f"Disallow: /{PRO.path}/"),
        ("page.html", f'<i data-x="{PRO.secret.upper()}">'),
        ("search.json", json.dumps({"text": f"at {PRO.secret}"})),
        (f"logs/{PRO.secret}.txt", "x"),
        (f"logs/{PRO.secret}/x.txt", PRO.secret),
        (f"{SUPPORTER.path}/rss.xml", feed(SUPPORTERS, own=PRO)),
        (f"{OTHER_PRO.path}/rss.xml", feed(own=PRO)),
    ],
    ids=["page", "sitemap", "packed sitemap", "robots", "attribute", "index", "name", "folder", "lower tier", "other's feed"],
)  # fmt: skip
def test_a_secret_address_elsewhere_is_a_leak(file: str, content: str | bytes, tmp_path: Path) -> None:
    report = report_of(tmp_path, {file: content})
    assert [leak.found for leak in report.leaks] == ["the secret address of a members' feed"]
    assert PRO.secret not in said(report).lower()


def test_an_address_is_a_leak_though_a_public_text_says_it(tmp_path: Path) -> None:
    text = f"Read /{PRO.path}/rss.xml"
    assert report_of(tmp_path, {"a.html": text}, public=(text,)).leaks


def test_of_feeds_that_are_the_same_but_for_their_address_each_is_still_looked_at(tmp_path: Path) -> None:
    same = {f"{one.path}/rss.xml": feed(PROS, own=one) for one in (PRO, OTHER_PRO)}
    require_clean(report_of(tmp_path / "same", same))
    other = same | {f"{OTHER_PRO.path}/rss.xml": feed(PROS, own=OTHER_PRO) + f"<!-- {SUPPORTER.secret} -->"}
    assert report_of(tmp_path / "other", other).leaks


def test_premium_text_elsewhere_stays_a_leak(tmp_path: Path) -> None:
    published = {f"{PRO.path}/rss.xml": feed(PROS, own=PRO), "rss.xml": feed(PROS)}
    assert [leak.file for leak in report_of(tmp_path, published).leaks] == [Path("rss.xml")]
