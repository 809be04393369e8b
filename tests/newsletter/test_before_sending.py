"""What is looked at before the first mail of a run goes out: the folder for mails, the issue, one mail of each variant."""

from __future__ import annotations

import hashlib
import shutil
from pathlib import Path

import pytest

from site_builder.errors import Place, SendingError
from site_builder.newsletter.dispatch import open_dispatch
from site_builder.newsletter.ledger import Ledger, ledger_path
from site_builder.newsletter.manifest import NAME, Manifest
from site_builder.newsletter.pace import Clock
from tests.newsletter.sendable import NOON, TEXTS, write_issue
from tests.newsletter.sending_blog import ISSUE, Blog


@pytest.fixture
def blog(tmp_path: Path) -> Blog:
    """Two free readers."""
    made = Blog(tmp_path / "blog")
    made.readers("bob@example.com", "cy@example.com")
    return made


@pytest.mark.parametrize("path", ["docs/outbox", "site", "newsletter/../docs", ".", ".."])
def test_mails_are_never_written_where_they_would_be_published(blog: Blog, path: str) -> None:
    blog.configure({"kind": "folder", "path": path})
    assert "newsletter option transport.path" in blog.error("send", ISSUE).what
    assert not ledger_path(blog.issue).exists() and not (blog.folder / ".gitignore").exists()


def test_an_issue_that_is_built_again_while_sending_it_begins_is_not_sent_as_it_was(blog: Blog) -> None:
    dispatch = open_dispatch(blog.config, ISSUE, NOON.date())
    shutil.rmtree(blog.issue)
    write_issue(blog.issue, {**TEXTS, "public": "Said better.\n"})
    with dispatch.subscribers, pytest.raises(SendingError, match="was built again just now"):
        dispatch.send(resume=False, only=None, clock=Clock())
    assert not blog.outbox() and not ledger_path(blog.issue).exists()


def test_an_address_that_is_none_keeps_no_other_mail_back(tmp_path: Path) -> None:
    blog = Blog(tmp_path / "blog")
    blog.member(f"{'p' * 65}@example.com", "--tier", "pro")  # the only one with this variant
    blog.readers("bob@example.com")
    assert "1 failed" in blog.error("send", ISSUE).what
    assert list(blog.outbox()) == ["bob@example.com"]


def test_what_no_mail_can_be_made_of_stops_a_run_that_goes_on_too(blog: Blog) -> None:
    blog.done("send", ISSUE, "--canary", "1")
    manifest = blog.issue / NAME
    said = Manifest.read(manifest.read_bytes(), Place(manifest))
    changed = said.model_copy(update={"placeholders": {**said.placeholders, "preferences": "https://x.invalid/"}})
    manifest.write_bytes(changed.write())
    with Ledger(blog.issue) as ledger, ledger.change() as db:
        db.execute("UPDATE issue SET digest = ?", (hashlib.sha256(manifest.read_bytes()).hexdigest(),))
    assert "has no link 'preferences'" in blog.error("send", ISSUE, "--resume").what
    assert blog.data("status", ISSUE)["mails"]["failed"] == 0
