"""From a post with gated parts to mails in a real server: words for one access set are in no other's mail."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from email import message_from_bytes
from email.policy import SMTP as MAIL_POLICY

from tests.members import add_member
from tests.newsletter.post_office import PostOffice
from tests.sites import MATERIAL, Blog

PLUGIN = """newsletter:
      sender: {{name: Ada Example, address: ada@example.com}}
      one_click_url: https://lists.example.com/one-click/{{recipient}}
      transport: {{kind: smtp, host: 127.0.0.1, port: {port}, security: none}}"""
POST = """\
# Why caches lie

canary-for-everybody

<!-- paywall -->

canary-for-supporters

//// paywall | pro
canary-for-pro
////

//// paywall | async-course
canary-for-the-course
////
"""
READABLE = {
    "free@example.com": {"everybody"},
    "sue@example.com": {"everybody", "supporters"},
    "pia@example.com": {"everybody", "supporters", "pro"},
    "cora@example.com": {"everybody", "the-course"},
    "both@example.com": {"everybody", "supporters", "pro", "the-course"},
}


def test_each_reader_gets_all_that_they_may_read_and_not_a_word_more(new_blog: Callable[..., Blog]) -> None:
    with PostOffice() as office:
        blog = new_blog("letters", plugins=(*MATERIAL, PLUGIN.format(port=office.port)))
        blog.post("why", POST, header="access: supporter\nnewsletter: true", day="2026-11-10")
        add_member(blog, "--tier", "supporter", email="sue@example.com")
        add_member(blog, "--tier", "pro", email="pia@example.com")
        add_member(blog, "--product", "async-course", email="cora@example.com")
        add_member(blog, "--tier", "pro", "--product", "async-course", email="both@example.com")
        blog.run("newsletter", "subscribers", "add", "free@example.com", "--consent", "2026-11-01")
        blog.run("newsletter", "build", "why", "--date", "2026-11-20")
        done = blog.run("newsletter", "send", "why", "--date", "2026-11-20")
        assert done.stdout == "why: 5 sent\n"
        subprocess.run(["git", "init", "-q"], cwd=blog.root, check=True)
        seen = subprocess.run(
            ["git", "status", "--porcelain", "-uall"], cwd=blog.root, check=True, capture_output=True, text=True
        ).stdout
        assert "subscribers.db" not in seen and ".ledger" not in seen
    assert sorted(address for address, _ in office.mails) == sorted(READABLE)
    for address, raw in office.mails:
        mail = message_from_bytes(raw, policy=MAIL_POLICY)
        assert mail["List-Unsubscribe"].startswith("<https://lists.example.com/one-click/")
        for kind in ("plain", "html"):
            text = mail.get_body((kind,)).get_content()  # type: ignore[union-attr]
            words = ("everybody", "supporters", "pro", "the-course")
            assert {word for word in words if f"canary-for-{word}" in text} == READABLE[address], (address, kind)
