"""`site-builder report`, as a writer runs it: printed, and as a mail through a real server."""

from __future__ import annotations

import csv
import json
import os
import subprocess
from collections.abc import Iterator
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import SMTP
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result

from site_builder.analytics.store import open_store
from site_builder.errors import AnalyticsError, ConfigError, IssueError, SendingError
from tests.analytics.made_up import LAST_DAY, events, manifest
from tests.cli import readers
from tests.newsletter.post_office import ABORT, PostOffice
from tests.newsletter.sending_blog import Blog
from tests.sites import command, environment


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A collector's folder with two weeks of events; nothing changes it."""
    return readers.collect(tmp_path_factory.mktemp("data"), 2000)


@pytest.fixture
def office() -> Iterator[PostOffice]:
    with PostOffice() as opened:
        yield opened


def run(data: Path, *arguments: str) -> Result:
    return readers.run("report", "--data", str(data), *arguments)


def said(data: Path, *arguments: str) -> str:
    result = run(data, *arguments)
    assert result.exit_code == 0, (result.output, result.exception)
    return result.stdout


def posting(folder: Path, office: PostOffice, **more: Any) -> Blog:
    transport = {"kind": "smtp", "host": "127.0.0.1", "port": office.port, "security": "none"}
    return Blog(folder, transport, **more)


def test_without_options_it_is_on_the_seven_days_up_to_yesterday(data: Path) -> None:
    text = said(data)
    assert text.startswith("Made up: 2026-11-16 to 2026-11-22\n") and "Compared with the 7 days before." in text
    assert "Most read" in text and "From the teaser to members" in text


def test_days_and_post_are_as_they_were_asked_for(data: Path) -> None:
    text = said(data, "--post", "post-4", "--since", "2026-11-20", "--until", "2026-11-21")
    assert text.startswith("Post 4: 2026-11-20 to 2026-11-21\n") and "By its headings" in text


def test_days_that_are_not_over_are_told_as_such(data: Path) -> None:
    error = run(data, "--since", "2026-12-01").exception
    assert isinstance(error, AnalyticsError) and str(error).startswith("2026-12-01 is not over yet")
    assert "ends with 2026-11-22" in error.hint
    error = run(data, "--since", "2026-12-01", "--until", "2026-11-30").exception
    assert isinstance(error, AnalyticsError) and "before it begins" in str(error)


def test_each_format_is_what_it_says(data: Path) -> None:
    found = json.loads(said(data, "--format", "json"))
    assert (found["site"], found["since"], found["tables"][0]["name"]) == ("made-up", "2026-11-16", "overview")
    rows = list(csv.DictReader(said(data, "--format", "csv").splitlines()))
    assert rows[0]["about"] == "visitors" and int(rows[0]["value"]) > 0
    assert said(data, "--format", "html").startswith("<!DOCTYPE html>")


def test_a_mail_has_text_and_page_and_is_from_and_to_the_author(data: Path, tmp_path: Path, office: PostOffice) -> None:
    blog = posting(tmp_path / "blog", office)
    result = run(data, "--mail", "-f", str(blog.config))
    assert result.exit_code == 0 and "sent to mara@example.com" in result.output
    [(address, raw)] = office.mails
    mail = message_from_bytes(raw, policy=SMTP)
    assert isinstance(mail, EmailMessage)
    assert (address, mail["To"], mail["From"]) == ("mara@example.com", "mara@example.com", "Mara <mara@example.com>")
    assert mail["Subject"] == "Made up: 2026-11-16 to 2026-11-22" and mail["Auto-Submitted"] == "auto-generated"
    plain, page = mail.get_body(("plain",)), mail.get_body(("html",))
    assert plain and page
    assert plain.get_content().replace("\r\n", "\n") == said(data)
    assert page.get_content().rstrip().replace("\r\n", "\n") == said(data, "--format", "html").rstrip()
    assert raw.isascii() and max(map(len, raw.split(b"\r\n"))) <= 998 and len(raw) < 102 * 1024


def test_a_mail_may_go_to_somebody_else_and_stays_the_same(data: Path, tmp_path: Path) -> None:
    blog = Blog(tmp_path / "blog")
    for _ in range(2):
        assert run(data, "--mail", "--to", "ed@example.com", "-f", str(blog.config)).exit_code == 0
    [file] = (blog.folder / "newsletter/outbox/report-2026-11-22").glob("*.eml")
    first = file.read_bytes()
    assert run(data, "--mail", "--to", "ed@example.com", "-f", str(blog.config)).exit_code == 0
    assert file.read_bytes() == first and b"To: ed@example.com\r\n" in first
    assert (blog.folder / "newsletter/outbox/.gitignore").exists()


@pytest.mark.parametrize(
    ("stage", "answer", "words"),
    [
        ("RCPT", "550 no", "was not taken: 550 no"),
        ("END", ABORT, "may not have been taken"),
        ("RCPT", "450 later", "450"),
    ],
)
def test_a_mail_that_was_not_taken_is_an_error(
    data: Path, tmp_path: Path, office: PostOffice, stage: str, answer: str, words: str
) -> None:
    office.tell(stage, "*", answer)
    blog = posting(tmp_path / "blog", office)
    error = run(data, "--mail", "-f", str(blog.config)).exception
    assert isinstance(error, SendingError) and words in str(error)


def test_what_can_not_be_mailed_is_told(data: Path, tmp_path: Path) -> None:
    blog = Blog(tmp_path / "blog")
    for address in ("ada", "ada@example.com\nBcc: eve@example.com"):
        assert isinstance(run(data, "--mail", "--to", address, "-f", str(blog.config)).exception, IssueError)
    blog.configure(
        {"kind": "listmonk", "url": "https://lists.example.com", "template": 1, "lists": [{"id": 1, "holds": []}]}
    )
    error = run(data, "--mail", "-f", str(blog.config)).exception
    assert isinstance(error, ConfigError) and "its own lists" in str(error)
    blog.configure({"kind": "folder"}, sender=None)
    error = run(data, "--mail", "-f", str(blog.config)).exception
    assert isinstance(error, ConfigError) and "no `sender`" in str(error)
    assert not (blog.folder / "newsletter/outbox").exists()


def test_options_that_do_not_go_together_are_wrong_usage(data: Path) -> None:
    for wrong in (["--mail", "--format", "html"], ["--to", "ada@example.com"], ["--format", "pdf"]):
        assert run(data, *wrong).exit_code == 2


def test_a_store_that_is_not_there_is_not_made(tmp_path: Path) -> None:
    error = run(tmp_path).exception
    assert isinstance(error, AnalyticsError) and "--data" in error.hint
    assert list(tmp_path.iterdir()) == []


def test_a_store_without_a_manifest_tells_how_it_gets_one(tmp_path: Path) -> None:
    error = run(readers.collect(tmp_path, 10, days=1, named=False)).exception
    assert isinstance(error, AnalyticsError) and "--manifest" in error.hint


HOSTILE = "\x1b]0;owned\x07 =1+1 \x9b31m \u202e"


@pytest.mark.parametrize("form", ["text", "html", "json", "csv"])
def test_a_terminal_is_shown_what_it_would_obey_and_a_file_gets_it_as_it_is(tmp_path: Path, form: str) -> None:
    asked = next(one for one in events(2000, days=14) if one.name == "feedback")
    with open_store(tmp_path) as store:
        store.load_manifest(manifest())
        store.load([asked._replace(props={"helpful": False, "text": HOSTILE}, bot=0)])
        store.roll_up()
    arguments = ("report", "--data", str(tmp_path), "--since", "2026-11-01", "--until", str(LAST_DAY), "--format", form)
    ours, theirs = os.openpty()
    process = subprocess.Popen(command(*arguments), env=environment(), stdout=theirs)
    os.close(theirs)
    shown = b""
    try:
        while read := os.read(ours, 65536):
            shown += read
    except OSError:  # so Linux tells that nobody writes any more
        pass
    os.close(ours)
    text = shown.decode()
    assert process.wait() == 0 and "owned" in text
    assert not set(text) & set("\x1b\x07\x9b\u202e")
    if form == "csv":
        assert HOSTILE in readers.run(*arguments).stdout
    if form == "json":
        told = json.loads(readers.run(*arguments).stdout)
        assert [row for table in told["tables"] for row in table["rows"] if HOSTILE in row]
