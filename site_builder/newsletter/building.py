"""An issue is written as a folder, at once or not at all: every variant, the template of a mail, a preview page, the manifest."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import Literal

from site_builder.errors import ConfigError, IssueError, Place
from site_builder.membership.durable import writing
from site_builder.newsletter.access_sets import access_sets
from site_builder.newsletter.drafts import Draft
from site_builder.newsletter.folder import recover, write_folder
from site_builder.newsletter.issue import Body, Issue, load_issue
from site_builder.newsletter.ledger import only_sender, was_sent
from site_builder.newsletter.manifest import NAME, Manifest, Passage, Post, Variant
from site_builder.newsletter.message import Recipient, compose
from site_builder.newsletter.publication import Publication
from site_builder.newsletter.render import TEMPLATES, Rendered, render
from site_builder.newsletter.wrapping import one_line

NOBODY = "recipient.invalid"
"""The host of all placeholders: no such host can ever be (RFC 6761)."""


@dataclass(frozen=True)
class Built:
    """What has become of an issue: its folder and variants, whether it was written now, and what to tell the writer."""

    folder: Path
    variants: tuple[str, ...]
    state: Literal["written", "unchanged"]
    warnings: tuple[str, ...]


def build_issue(draft: Draft, publication: Publication, issues: Path, today: date, *, again: bool = False) -> Built:
    """Write the issue below the folder ``issues``, dated ``today``; one that is there with the same content stays as it is.

    Raises:
        ConfigError: the newsletter has no sender.
        IssueError: it is there with other content, and ``again`` is not given, or it was sent; or it is damaged.
        SendingError: it is being sent.
    """
    folder = issues / draft.id
    with writing(issues / ".issues"):
        recover(folder)
        names = tuple(access.name for access in access_sets(draft.items, publication.offers))
        before = load_issue(folder) if folder.exists() else None
        if before:
            said = before.manifest
            contents, warnings = _contents(draft, publication, folder, said.revision, said.built)
            if hashlib.sha256(contents[NAME]).hexdigest() == before.digest:
                return Built(folder, names, "unchanged", warnings)
            with only_sender(folder):
                _refuse_changed(before, Manifest.read(contents[NAME], Place(folder / NAME)), again=again)
                contents, warnings = _contents(draft, publication, folder, said.revision + 1, today)
                write_folder(folder, contents)
        else:
            _refuse_renamed(draft, issues)
            contents, warnings = _contents(draft, publication, folder, 1, today)
            write_folder(folder, contents)
    return Built(folder, names, "written", warnings)


def refuse_published(issues: Path, docs_dir: Path, site_dir: Path) -> None:
    """Raise ConfigError if issues, which hold premium text in clear, would stand in a folder that is published."""
    for published in (docs_dir, site_dir):
        if issues.resolve().is_relative_to(published.resolve()):
            raise ConfigError(
                "issues of the newsletter would be published with the folder that they stand in",
                place=Place(published),
                hint="Keep `docs_dir` and `site_dir` apart from the folder of mkdocs.yml and from newsletter/ in it.",
            )


def built_issues(issues: Path) -> Iterator[Path]:
    """The folders of all issues that were built, by name."""
    for folder in sorted(issues.iterdir()) if issues.exists() else ():
        if folder.is_dir() and not folder.name.startswith("."):
            yield folder


def _contents(
    draft: Draft, publication: Publication, folder: Path, revision: int, built: date
) -> tuple[dict[str, bytes], tuple[str, ...]]:
    """Every file of the issue by its path, and warnings."""
    options = publication.options
    if options.sender is None:
        raise ConfigError(
            "the newsletter has no sender",
            hint="Add `sender: {name: Ada Example, address: ada@example.com}` below `- newsletter:` in mkdocs.yml.",
        )
    sets = access_sets(draft.items, publication.offers)
    placeholders = _placeholders(draft, publication)
    mails = [render(draft, access, publication, placeholders) for access in sets]
    manifest = Manifest(
        id=draft.id,
        revision=revision,
        kind=draft.kind,
        built=built,
        newsletter=publication.name,
        sender=options.sender,
        reply_to=options.reply_to,
        list_id=publication.list_id,
        language=draft.language,
        subject=draft.subject,
        preview=draft.preview,
        web=draft.web,
        segments=draft.segments,
        posts=tuple(_post(draft, at) for at in range(len(draft.items))),
        variants=tuple(
            Variant(name=one.name, held=one.held, readable=one.readable, clipped=mail.clipped)
            for one, mail in zip(sets, mails, strict=True)
        ),
        placeholders=placeholders,
        files={},
    )
    issue = Issue(folder, manifest, {one.name: mail.body for one, mail in zip(sets, mails, strict=True)}, "")
    files = {name: content for one in sets for name, content in _variant(issue, one.name).items()}
    files["preview.html"] = _preview(manifest, mails, publication)
    hashes = {name: hashlib.sha256(content).hexdigest() for name, content in sorted(files.items())}
    files[NAME] = manifest.model_copy(update={"files": hashes}).write()
    return files, tuple(_warnings(draft, manifest.variants, mails, publication))


def _variant(issue: Issue, name: str) -> dict[str, bytes]:
    body: Body = issue.bodies[name]
    personal = issue.manifest.placeholders
    nobody = Recipient(personal["address"], links={key: value for key, value in personal.items() if key != "address"})
    moment = datetime.combine(issue.manifest.built, time(), UTC)
    return {
        f"{name}/body.html": body.html.encode(),
        f"{name}/body.txt": body.text.encode(),
        f"{name}/message.eml": compose(issue, name, nobody, moment).raw,
    }


def _post(draft: Draft, at: int) -> Post:
    item = draft.items[at]
    passages = tuple(
        Passage(entitlements=one.entitlements, sha256=hashlib.sha256(one.html.encode()).hexdigest())
        for one in item.passages
    )
    return Post(id=item.id, uri=item.uri, title=one_line(item.title), url=item.url, passages=passages)


def _placeholders(draft: Draft, publication: Publication) -> dict[str, str]:
    """Addresses that nothing in the issue has in it."""
    texts = [draft.subject, draft.preview, publication.options.postal_address]
    texts += [
        text for item in draft.items for text in (item.title, item.description, *(one.html for one in item.passages))
    ]
    for attempt in range(1000):
        mark = hashlib.sha256(f"{draft.id}\n{attempt}".encode()).hexdigest()[:12]
        if not any(mark in text for text in texts):
            break
    names = publication.options.links("nobody")
    return {"address": f"address-{mark}@{NOBODY}", **{name: f"https://{NOBODY}/{name}-{mark}" for name in names}}


def _preview(manifest: Manifest, mails: Sequence[Rendered], publication: Publication) -> bytes:
    names = {id: offer.name for id, offer in publication.offers.by_id.items()}
    variants = [
        {
            "name": variant.name,
            "held": " and ".join(names[one] for one in variant.held),
            "kilobytes": mail.kilobytes,
            "clipped": variant.clipped,
        }
        for variant, mail in zip(manifest.variants, mails, strict=True)
    ]
    page = TEMPLATES.get_template("preview.html").render(issue=manifest, variants=variants, lang="en")
    return (page + "\n").encode()


def _warnings(
    draft: Draft, variants: Sequence[Variant], mails: Sequence[Rendered], publication: Publication
) -> Iterator[str]:
    for variant, mail in zip(variants, mails, strict=True):
        if mail.clipped:
            yield (
                f"{draft.id}: the mail {variant.name!r} would have {mail.whole} KB of HTML, and mail programs clip it at "
                f"{publication.options.clip_limit}. It was cut to {mail.kilobytes} KB, and ends with a button to read on."
            )
    if not publication.options.postal_address:
        yield "newsletter option postal_address is empty; the law of many countries wants a physical address in each mail."


def _refuse_renamed(draft: Draft, issues: Path) -> None:
    """A post whose file was renamed is not sent a second time under another name."""
    if draft.kind == "digest":
        return
    item = draft.items[0]
    for folder in built_issues(issues):
        file = folder / NAME
        raw = file.read_bytes() if file.exists() else b""
        if item.id.encode() not in raw:  # there may be hundreds, and few are worth to be read
            continue
        said = Manifest.read(raw, Place(file))
        if said.kind == "post" and said.posts[0].id == item.id:
            raise IssueError(
                f"this post was built as the issue {said.id!r}, and would now be {draft.id!r}",
                place=item.place,
                hint=f"Rename it back. If {said.id!r} was not sent, you can delete its folder instead.",
            )


def _refuse_changed(before: Issue, now: Manifest, *, again: bool) -> None:
    was = before.manifest
    changed = [f"`{one.uri}`" for one, other in zip(now.posts, was.posts, strict=False) if one != other]
    if len(now.posts) != len(was.posts):
        what = f"it has {len(now.posts)} posts now and had {len(was.posts)}"
    elif changed:
        what = f"{', '.join(changed)} changed"
    else:
        what = "its subject, the options in mkdocs.yml or site-builder itself changed"
    if was_sent(before.folder):
        raise IssueError(
            f"the issue {was.id} was sent, and {what} since",
            place=Place(before.folder),
            hint="It stays as it was sent. To tell readers of the change, write a new post.",
        )
    if not again:
        raise IssueError(
            f"the issue {was.id} is there already, and {what} since; shall it be built again?",
            place=Place(before.folder),
            hint="It was not sent. --again makes a new revision; without it the issue stays as it is.",
        )
