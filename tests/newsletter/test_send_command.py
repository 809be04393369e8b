"""`newsletter send`, `status`, `resolve`, `subscribers` and `bounces`, as a writer uses them, and all that may be wrong."""

from __future__ import annotations

import json
import shutil
import threading
from collections.abc import Iterator
from email import message_from_bytes
from email.policy import SMTP as MAIL_POLICY
from pathlib import Path

import pytest

from site_builder.newsletter.ledger import Ledger, ledger_path, only_sender
from site_builder.newsletter.subscribers import Subscribers
from tests.newsletter.post_office import ABORT, STALL, PostOffice
from tests.newsletter.sendable import NOON, TEXTS, write_issue
from tests.newsletter.sending_blog import ISSUE, Blog

READERS = ("ada@example.com", "bob@example.com", "cy@example.com")


@pytest.fixture
def blog(tmp_path: Path) -> Blog:
    """Three free readers, a supporter, two with Pro, one of whom is a reader too, one who expired, one with a product."""
    made = Blog(tmp_path / "blog", unsubscribe_url="https://lists.example.com/u/{recipient}")
    made.readers(*READERS)
    made.member("Ada@example.com", "--tier", "pro", "--name", "Ada")
    made.member("pia@example.com", "--tier", "pro")
    made.member("sue@example.com", "--tier", "supporter")
    made.member("cora@example.com", "--product", "course")
    made.member("ed@example.com", "--tier", "pro", "--expires", "2026-11-02")
    return made


EVERYBODY = {"ada": "pro", "bob": "public", "cora": "public", "cy": "public", "pia": "pro", "sue": "supporter"}


def variants(blog: Blog) -> dict[str, str]:
    """Who has got which variant into the outbox, told by the text."""
    found = {}
    for address, raw in blog.outbox().items():
        text = message_from_bytes(raw, policy=MAIL_POLICY).get_body(("plain",)).get_content()  # type: ignore[union-attr]
        said = text.replace("\r", "").partition("\nUnsubscribe:")[0].strip()
        found[address.partition("@")[0]] = next(name for name, full in TEXTS.items() if full.strip() == said)
    return found


def test_everybody_gets_what_they_may_read_and_nobody_is_written_to_twice(blog: Blog) -> None:
    assert blog.done("send", ISSUE) == f"{ISSUE}: 6 sent\n"
    assert variants(blog) == EVERYBODY


def test_a_dry_run_counts_and_sends_nothing(blog: Blog) -> None:
    said = blog.done("send", ISSUE, "--dry-run")
    assert said.split("\n")[:4] == [
        "     2  pro", "     3  public", "     1  supporter", "     6  in all, by folder. Nothing was sent."
    ]  # fmt: skip
    assert blog.data("send", ISSUE, "--dry-run")["variants"] == {"pro": 2, "public": 3, "supporter": 1}
    assert not blog.outbox() and not ledger_path(blog.issue).exists()
    blog.done("send", ISSUE, "--canary", "2")
    assert "Sending has begun before: 4 pending, 2 sent." in blog.done("send", ISSUE, "--dry-run")


@pytest.mark.parametrize(
    ("segment", "who"),
    [
        ("everyone", set(EVERYBODY)),
        ("free", {"bob", "cy"}),
        ("members", {"ada", "cora", "pia", "sue"}),
        ("supporter", {"ada", "pia", "sue"}),
        ("pro", {"ada", "pia"}),
        ("course", {"cora"}),
        ("rustaceans", {"bob"}),
    ],
)
def test_a_segment_gets_it_alone(blog: Blog, segment: str, who: set[str]) -> None:
    blog.configure({"kind": "folder"}, segments={"rustaceans": {"who": "everyone", "interest": "Rust"}})
    blog.done("subscribers", "add", "bob@example.com", "--interest", "rust")
    blog.done("send", ISSUE, "--to", segment)
    assert {address.partition("@")[0] for address in blog.outbox()} == who


def test_the_issues_own_segments_hold_where_none_is_named(blog: Blog) -> None:
    shutil.rmtree(blog.issue)
    write_issue(blog.issue, segments=("pro",))
    blog.done("send", ISSUE)
    assert set(variants(blog)) == {"ada", "pia"}


def test_a_further_segment_is_taken_in_and_nobody_gets_it_twice(blog: Blog) -> None:
    blog.done("send", ISSUE, "--to", "pro")
    before = blog.outbox()
    said = blog.data("send", ISSUE, "--to", "members", "--to", "free", "--resume")
    assert said["mails"]["sent"] == 6
    assert before.items() <= blog.outbox().items()


def test_an_unknown_segment_names_those_there_are(blog: Blog) -> None:
    error = blog.error("send", ISSUE, "--to", "pros")
    assert error.what == "there is no segment 'pros'"
    assert error.hint == "The segments are: everyone, free, members, supporter, pro, course."
    assert not blog.outbox()


def test_a_segment_with_nobody_in_it_is_an_error(tmp_path: Path) -> None:
    assert "nobody is in everyone" in Blog(tmp_path / "empty").error("send", ISSUE).what


def test_an_issue_that_was_not_built_is_an_error(blog: Blog) -> None:
    for name in ("nothing", "../issues", "", ".", "floats.ledger"):
        assert "that was built" in blog.error("send", name).what


def test_who_unsubscribed_gets_nothing_member_or_not(blog: Blog) -> None:
    blog.done("subscribers", "unsubscribe", "PIA@example.com", "bob@example.com")
    blog.readers(*READERS)
    blog.done("send", ISSUE)
    assert set(variants(blog)) == set(EVERYBODY) - {"pia", "bob"}


def test_the_link_in_a_mail_unsubscribes_its_reader_also_after_the_key_was_changed(blog: Blog) -> None:
    blog.done("send", ISSUE)
    (raw,) = (raw for address, raw in blog.outbox().items() if address.startswith("pia@"))
    link = message_from_bytes(raw, policy=MAIL_POLICY)["List-Unsubscribe"].strip("<>")
    assert link.startswith("https://lists.example.com/u/") and "pia" not in link
    assert blog.cli("keys", "rotate").exit_code == 0
    said = blog.data("subscribers", "unsubscribe", link.rpartition("/")[2])
    assert said == {"unsubscribed": ["pia@example.com"], "new": 1}


def test_an_issue_that_was_sent_is_not_sent_again_without_being_asked(blog: Blog) -> None:
    blog.done("send", ISSUE, "--canary", "2")
    error = blog.error("send", ISSUE)
    assert error.what == f"the issue {ISSUE} was sent before: 2 sent, 4 waiting"
    assert "--resume" in error.hint and len(blog.outbox()) == 2
    assert blog.done("send", ISSUE, "--resume") == f"{ISSUE}: 6 sent\n"
    assert blog.done("send", ISSUE, "--resume") == f"{ISSUE}: 6 sent\n"


def test_nothing_is_resumed_that_has_not_begun(blog: Blog) -> None:
    error = blog.error("send", ISSUE, "--resume")
    assert "has not begun" in error.what and "restore it" in error.hint
    assert not blog.outbox()


def test_an_issue_that_was_changed_after_sending_began_is_refused(blog: Blog) -> None:
    blog.done("send", ISSUE, "--canary", "2")
    shutil.rmtree(blog.issue)
    write_issue(blog.issue, {**TEXTS, "public": "Another text.\n"})
    for more in ((), ("--resume",)):
        assert "has changed since sending it began" in blog.error("send", ISSUE, *more).what
    assert len(blog.outbox()) == 2


def test_an_issue_whose_files_were_touched_is_refused(blog: Blog) -> None:
    (blog.issue / "public" / "body.txt").write_text("Another text.")
    assert "was changed after the issue was built" in blog.error("send", ISSUE).what
    assert not blog.outbox()


def test_the_ledger_of_another_issue_is_refused(blog: Blog) -> None:
    blog.done("send", ISSUE)
    other = write_issue(blog.issue.with_name("other"))
    shutil.copy(ledger_path(blog.issue), ledger_path(other))
    for command in (
        ("send", "other"),
        ("send", "other", "--resume"),
        ("status", "other"),
        ("resolve", "other", "--sent"),
    ):
        assert "this is the ledger of the issue floats, not of other" in blog.error(*command).what


def test_a_damaged_ledger_is_an_error_and_nothing_is_sent(blog: Blog) -> None:
    blog.done("send", ISSUE, "--canary", "1")
    ledger_path(blog.issue).write_bytes(b"spoilt" * 1000)
    for command in (("send", ISSUE), ("send", ISSUE, "--resume"), ("status", ISSUE), ("resolve", ISSUE, "--sent")):
        assert "the ledger of sending is damaged" in blog.error(*command).what
    assert len(blog.outbox()) == 1


def test_two_senders_at_once_the_second_is_told(blog: Blog) -> None:
    with only_sender(blog.issue):
        for command in (("send", ISSUE), ("send", ISSUE, "--dry-run")):
            result = blog.run(*command)
            assert (result.exit_code == 0) == ("--dry-run" in command)
        assert "is being sent by another command" in blog.error("send", ISSUE).what


def test_while_one_process_sends_another_is_told_and_what_a_kill_leaves_is_in_doubt(
    blog: Blog, office: PostOffice
) -> None:
    by_post(blog, office)
    under_way = threading.Event()
    office.watch = lambda stage, address: under_way.set() if stage == "RCPT" else None
    office.tell("RCPT", "*", STALL)
    with blog.start("send", ISSUE) as first:
        assert under_way.wait(60)
        assert "is being sent by another command" in blog.error("send", ISSUE, "--resume").what
        assert blog.data("status", ISSUE)["mails"]["claimed"] == 1
        first.kill()
    assert "0 failed, 1 are in doubt" in blog.error("send", ISSUE, "--resume").what
    assert len(office.mails) == 5
    blog.done("resolve", ISSUE, "--retry")
    assert blog.data("send", ISSUE, "--resume")["mails"]["sent"] == 6
    assert set(office.received().values()) == {1}


def test_no_transport_is_an_error_that_names_the_kinds(blog: Blog) -> None:
    blog.configure(None)
    error = blog.error("send", ISSUE)
    assert "has no `transport`" in error.what and "postmark" in error.hint


def test_a_missing_password_is_told_before_anything_begins(blog: Blog, monkeypatch: pytest.MonkeyPatch) -> None:
    blog.configure({"kind": "postmark"})
    monkeypatch.setenv("POSTMARK_ACCESS_KEY", "key")
    monkeypatch.delenv("POSTMARK_SECRET_KEY", raising=False)
    assert "the environment variable POSTMARK_SECRET_KEY is not set" in blog.error("send", ISSUE).what
    assert not ledger_path(blog.issue).exists()


def test_a_password_in_mkdocs_yml_is_refused(blog: Blog) -> None:
    blog.configure({"kind": "smtp", "host": "mail.example.com", "password": "hunter2"})
    error = blog.error("send", ISSUE, "--dry-run")
    assert "does not belong into mkdocs.yml" in error.what and "hunter2" not in str(error)


def test_who_lost_access_before_the_rest_went_out_gets_what_they_may_read_now(blog: Blog) -> None:
    blog.done("send", ISSUE, "--canary", "1")
    with Ledger(blog.issue) as ledger:
        waiting = [row.address for row in ledger.mails("pending") if row.variant == "pro"]
    lost = waiting[0]
    blog.cli("members", "revoke", lost, "--at", "2026-11-20T12:00:00Z")
    blog.done("send", ISSUE, "--resume")
    found = variants(blog)
    name = lost.partition("@")[0].lower()
    assert found.get(name) == ("public" if name == "ada" else None)
    assert blog.data("status", ISSUE)["mails"]["withdrawn"] == (name != "ada")


@pytest.fixture
def office() -> Iterator[PostOffice]:
    with PostOffice() as opened:
        yield opened


def by_post(blog: Blog, office: PostOffice) -> None:
    blog.configure({"kind": "smtp", "host": "127.0.0.1", "port": office.port, "security": "none"})


def test_what_failed_and_what_is_in_doubt_is_named_and_decided_by_the_operator(blog: Blog, office: PostOffice) -> None:
    by_post(blog, office)
    office.tell("RCPT", "bob@example.com", "550 5.1.1 no such mailbox")
    office.tell("END", "cy@example.com", ABORT)
    result = blog.run("send", ISSUE)
    assert "1 failed, 1 are in doubt" in str(result.exception) and result.exit_code != 0
    assert "bob@example.com" in result.stdout and "cy@example.com" in result.stdout
    state = blog.data("status", ISSUE)
    assert {one["address"]: one["state"] for one in state["open"]} == {
        "bob@example.com": "failed", "cy@example.com": "uncertain"
    }  # fmt: skip
    assert "1 failed, 1 are in doubt" in blog.error("send", ISSUE, "--resume").what
    assert office.received()["cy@example.com"] == 1
    assert blog.data("resolve", ISSUE, "--sent", "cy@example.com")["resolved"] == ["cy@example.com"]
    blog.done("resolve", ISSUE, "--retry", "bob@example.com")
    blog.data("subscribers", "add", "bob@example.com", "--again")
    assert blog.data("send", ISSUE, "--resume")["mails"]["sent"] == 6
    assert set(office.received().values()) == {1} and len(office.mails) == 6


def test_an_address_that_the_server_does_not_know_is_not_written_to_again(blog: Blog, office: PostOffice) -> None:
    by_post(blog, office)
    office.tell("RCPT", "bob@example.com", "550 5.1.1 no such mailbox")
    blog.run("send", ISSUE)
    (gone,) = blog.data("subscribers", "list", "--withdrawn")
    assert (gone["email"], gone["cause"]) == ("bob@example.com", "bounced")


def test_a_decision_needs_to_be_said_and_to_be_about_doubt(blog: Blog) -> None:
    assert blog.run("resolve", ISSUE).exit_code == 2
    assert "has not begun" in blog.error("resolve", ISSUE, "--sent").what
    assert "has not begun" in blog.error("status", ISSUE).what
    blog.done("send", ISSUE)
    assert blog.done("resolve", ISSUE, "--retry") == "No mail is in doubt.\n"
    assert "neither uncertain nor failed" in blog.error("resolve", ISSUE, "--retry", "ada@example.com").what


def test_an_import_is_all_or_nothing_unless_bad_rows_may_be_skipped(blog: Blog) -> None:
    file = blog.folder / "more.csv"
    file.write_text(
        "email,consent_date,interests\ndora@example.com,2026-05-31,rust;sql\nnobody,2026-05-31,\nx@example.com,soon,\n"
    )
    result = blog.run("subscribers", "import", str(file))
    assert [line.partition("more.csv")[2] for line in str(result.exception).split("\n") if "more.csv" in line] == [
        ":3: found 'nobody' as email", ":4: found 'soon' as consent_date"
    ]  # fmt: skip
    assert len(blog.data("subscribers", "list")) == 3
    assert blog.data("subscribers", "import", str(file), "--skip-bad") == {
        "new": 1, "renewed": 0, "withdrawn": [], "skipped": 2
    }  # fmt: skip
    dora = blog.data("subscribers", "list")[-1]
    assert dora == {
        "email": "dora@example.com", "name": "", "consent_date": "2026-05-31", "source": "", "interests": ["rust", "sql"]
    }  # fmt: skip


def test_what_is_exported_can_be_imported(blog: Blog, tmp_path: Path) -> None:
    file = tmp_path / "out.csv"
    blog.done("subscribers", "add", "dora@example.com", "--name", "Dora", "--source", "talk", "--interest", "two words")
    blog.done("subscribers", "export", "--output", str(file))
    assert file.stat().st_mode & 0o777 == 0o600
    other = Blog(tmp_path / "other")
    other.done("subscribers", "import", str(file))
    assert other.data("subscribers", "list") == blog.data("subscribers", "list")
    assert other.done("subscribers", "export") == file.read_text()


def test_who_unsubscribed_is_not_added_by_accident(blog: Blog) -> None:
    blog.done("subscribers", "unsubscribe", "bob@example.com")
    assert "gets no mail: unsubscribed" in blog.error("subscribers", "add", "bob@example.com").what
    blog.done("subscribers", "add", "bob@example.com", "--again")
    assert "bob@example.com" in [one["email"] for one in blog.data("subscribers", "list")]


def test_a_file_of_people_who_unsubscribed_is_read_line_by_line(blog: Blog) -> None:
    file = blog.folder / "gone.txt"
    file.write_text("bob@example.com\n\nunsubscribe cy@example.com \n")
    assert blog.data("subscribers", "unsubscribe", "--file", str(file))["new"] == 2
    assert [one["email"] for one in blog.data("subscribers", "list")] == ["ada@example.com"]
    assert blog.run("subscribers", "unsubscribe").exit_code == 2


def test_a_line_that_names_nobody_keeps_no_other_reader_from_unsubscribing(blog: Blog) -> None:
    file = blog.folder / "gone.txt"
    file.write_text("bob@example.com\n\nnot an address\n cy@example.com \n")
    result = blog.run("subscribers", "unsubscribe", "--file", str(file))
    assert "gone.txt:3: nobody is named 'not an address'" in str(result.exception)
    assert [one["email"] for one in blog.data("subscribers", "list")] == ["ada@example.com"]


def test_bounces_are_imported_from_several_files_or_not_at_all(blog: Blog) -> None:
    good, bad = blog.folder / "good.json", blog.folder / "bad.json"
    good.write_text(json.dumps({"event": "spam", "email": "bob@example.com", "message-id": "1"}))
    bad.write_text('\n{"event": "dance", "email": "cy@example.com"}')
    result = blog.run("bounces", "import", str(good), str(bad))
    assert "bad.json:2: found 'dance' as event" in str(result.exception)
    assert blog.data("subscribers", "list", "--withdrawn") == []
    assert blog.data("bounces", "import", str(good))["complained"] == 1
    blog.done("send", ISSUE)
    assert "bob" not in variants(blog)


def test_an_unsubscribe_that_comes_while_an_issue_goes_out_still_counts(blog: Blog, office: PostOffice) -> None:
    by_post(blog, office)

    def everybody_leaves(stage: str, address: str) -> None:
        if stage == "AFTER" and len(office.mails) == 2:
            with Subscribers(blog.folder / "newsletter" / "subscribers.db") as opened:
                for name in EVERYBODY:
                    opened.withdraw(f"{name}@example.com", "unsubscribed", NOON)

    office.watch = everybody_leaves
    assert blog.data("send", ISSUE)["mails"] == {
        "pending": 0, "claimed": 0, "sent": 2, "failed": 0, "uncertain": 0, "withdrawn": 4
    }  # fmt: skip
