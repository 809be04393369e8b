"""Issues to send, written as `newsletter build` writes them, and a clock that moves only when somebody waits."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from site_builder.content.offers import Offer, Offers
from site_builder.newsletter.issue import Issue, load_issue
from site_builder.newsletter.ledger import Row
from site_builder.newsletter.manifest import NAME, Manifest, Passage, Post, Variant
from site_builder.newsletter.message import Mail, Recipient, compose
from site_builder.newsletter.options import Sender
from site_builder.newsletter.pace import Clock

OFFERS = Offers(
    tiers=(Offer(id="supporter", name="Supporter"), Offer(id="pro", name="Pro")),
    products=(Offer(id="course", name="Course"),),
)
NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
LINK = "https://links.invalid/unsubscribe-0123"
TEXTS = {
    "public": "For everybody.\n.a line that begins with a dot\n",
    "supporter": "For everybody.\n\nFor supporters.\n",
    "pro": "For everybody.\n\nFor supporters.\n\nFor Pro alone.\n",
}


def write_issue(folder: Path, texts: dict[str, str] | None = None, segments: tuple[str, ...] = ("everyone",)) -> Path:
    """An issue whose post has a public passage, one for supporters and one for Pro; ``folder`` names it."""
    texts = texts or TEXTS
    files: dict[str, str] = {}
    for variant, text in texts.items():
        for name, content in (
            ("body.html", f"<p>{text}</p><p><a href='{LINK}'>Unsubscribe</a></p>\n"),
            ("body.txt", f"{text}\nUnsubscribe: {LINK}\n"),
        ):
            path = folder / variant / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(content, "utf-8")
            files[f"{variant}/{name}"] = hashlib.sha256(content.encode()).hexdigest()
    passages = tuple(
        Passage(entitlements=named, sha256=hashlib.sha256(repr(named).encode()).hexdigest())
        for named in ((), ("supporter",), ("pro",))
    )
    variants = (
        Variant(name="public", held=(), readable=((True, False, False),), clipped=False),
        Variant(name="supporter", held=("supporter",), readable=((True, True, False),), clipped=False),
        Variant(name="pro", held=("pro",), readable=((True, True, True),), clipped=False),
    )
    post = Post(id="urn:uuid:1", uri="a.md", title="A", url="https://example.com/a/", passages=passages)
    manifest = Manifest(
        id=folder.name, revision=1, kind="post", built=date(2026, 11, 22), newsletter="A newsletter",
        sender=Sender(name="Mara", address="mara@example.com"), reply_to=None, list_id="newsletter.example.com",
        language="en", subject="About floats", preview="", web="https://example.com/a/", segments=segments, posts=(post,),
        variants=tuple(one for one in variants if one.name in texts), placeholders={"unsubscribe": LINK}, files=files,
    )  # fmt: skip
    (folder / NAME).write_bytes(manifest.write())
    return folder


def an_issue(folder: Path) -> Issue:
    return load_issue(write_issue(folder))


@dataclass
class Composer:
    """Makes the mail of a row."""

    issue: Issue

    def __call__(self, row: Row, moment: datetime) -> Mail:
        links = {"unsubscribe": f"https://example.com/u/{row.address.partition('@')[0]}"}
        return compose(self.issue, row.variant, Recipient(row.address, row.name, links), moment)


@dataclass
class Hours:
    """Time that passes when somebody sleeps; ``slept`` are the seconds."""

    moment: datetime = NOON
    slept: list[float] = field(default_factory=list)

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.moment += timedelta(seconds=seconds)

    @property
    def clock(self) -> Clock:
        return Clock(now=lambda: self.moment, sleep=self.sleep)
