"""Issues as folders: written at once, never changed, with nothing in them for the wrong reader."""

from __future__ import annotations

import json
import os
import stat
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from site_builder.content.offers import Offers
from site_builder.errors import ConfigError, IssueError
from site_builder.newsletter.access_sets import access_sets
from site_builder.newsletter.audience import Addressee
from site_builder.newsletter.building import build_issue, built_issues, refuse_published
from site_builder.newsletter.issue import load_issue
from site_builder.newsletter.ledger import Ledger
from tests.newsletter.posts import CANARIES, NOON, OFFERS, TODAY, build, draft_of, post, public, publication
from tests.sites import tree

LATER = date(2026, 12, 24)


def test_an_issue_has_a_folder_for_each_access_set_a_manifest_and_a_preview(tmp_path: Path) -> None:
    built = build(post(), tmp_path)
    assert built.state == "written" and built.variants == ("public", "supporter", "pro", "course", "supporter+course")
    each = ("body.html", "body.txt", "message.eml")
    assert set(tree(built.folder)) == {"manifest.json", "preview.html"} | {
        f"{variant}/{name}" for variant in built.variants for name in each
    }


def test_no_file_has_what_its_readers_may_not_read(tmp_path: Path) -> None:
    built = build(post(), tmp_path)
    sets = {one.name: one.readable[0] for one in access_sets([post()], OFFERS)}
    for path, content in tree(built.folder).items():
        readable = sets.get(path.split("/")[0], (False,) * len(CANARIES))
        for word, may in zip(CANARIES.values(), readable, strict=True):
            assert (word.encode() in content) == may, (path, word)


def test_what_a_reader_may_not_read_does_not_change_their_mail_by_a_byte(tmp_path: Path) -> None:
    """Non-interference: other text, longer, with links, code and headings of its own, behind each gate."""
    other = "<h2>Quite another</h2><p>" + "text " * 900 + "<a href='https://example.org/'>link</a></p><pre>x</pre>"
    passages = [passage if not passage.entitlements else replace(passage, html=other) for passage in post().passages]
    first, second = (
        tree(build(item, tmp_path / name).folder) for name, item in (("a", post()), ("b", post("why", *passages)))
    )
    for name in ("body.html", "body.txt", "message.eml"):
        assert first[f"public/{name}"] == second[f"public/{name}"]
        assert first[f"pro/{name}"] != second[f"pro/{name}"]


def test_every_reader_gets_the_variant_with_all_that_they_may_read(tmp_path: Path) -> None:
    issue = load_issue(build(post(), tmp_path).folder)
    assert issue.access_set_for([], OFFERS) == "public"
    assert issue.access_set_for(["gold"], OFFERS) == "public"
    assert issue.access_set_for(["pro", "supporter"], OFFERS) == "pro"
    assert issue.access_set_for(["course", "supporter"], OFFERS) == "supporter+course"
    assert issue.access_set_for(["course", "pro"], OFFERS) == "pro"


def test_offers_that_changed_after_the_issue_was_built_are_no_guess(tmp_path: Path) -> None:
    issue = load_issue(build(post(), tmp_path).folder)
    turned = Offers(tiers=OFFERS.tiers[::-1], products=OFFERS.products)
    with pytest.raises(IssueError, match="no variant for a reader who holds pro"):
        issue.access_set_for(["pro"], turned)


def test_the_same_posts_give_the_same_bytes_anywhere(tmp_path: Path) -> None:
    assert tree(build(post(), tmp_path / "a").folder) == tree(build(post(), tmp_path / "b" / "c").folder)


def test_only_the_owner_can_read_an_issue_and_git_does_not_see_it(tmp_path: Path) -> None:
    folder = build(post(), tmp_path).folder
    for path in (folder, *folder.rglob("*")):
        assert stat.S_IMODE(path.stat().st_mode) == (0o700 if path.is_dir() else 0o600)
    assert (tmp_path / ".gitignore").read_text() == "*\n"


def test_an_issue_that_is_there_stays_as_it_is_also_on_another_day(tmp_path: Path) -> None:
    before = tree(build(post(), tmp_path).folder)
    again = build(post(), tmp_path, today=LATER)
    assert again.state == "unchanged" and tree(again.folder) == before


def test_a_change_of_the_source_is_a_question_and_again_makes_a_new_revision(tmp_path: Path) -> None:
    folder = build(public("<p>old</p>"), tmp_path).folder
    before = tree(folder)
    with pytest.raises(IssueError, match=r"`blog/posts/why.md` changed since; shall it be built again\?") as error:
        build(public("<p>new</p>"), tmp_path, today=LATER)
    assert "--again" in error.value.hint and tree(folder) == before
    build(public("<p>new</p>"), tmp_path, today=LATER, again=True)
    issue = load_issue(folder)
    assert (issue.manifest.revision, issue.manifest.built) == (2, LATER)
    assert "new" in issue.bodies["public"].html and "old" not in issue.bodies["public"].html
    assert sorted(path.name for path in tmp_path.iterdir() if path.is_dir()) == ["why"]


def test_a_change_of_the_options_alone_is_told_as_such(tmp_path: Path) -> None:
    build(post(), tmp_path)
    with pytest.raises(IssueError, match=r"the options in mkdocs\.yml or site-builder itself changed"):
        build(post(), tmp_path, postal_address="Elsewhere 2")


def test_an_issue_that_was_sent_is_never_built_again(tmp_path: Path) -> None:
    folder = build(public("<p>old</p>"), tmp_path).folder
    with Ledger(folder) as ledger:
        ledger.begin(load_issue(folder).digest, "folder", NOON)
        ledger.freeze([Addressee("a@example.com", "", "public")])
    assert build(public("<p>old</p>"), tmp_path).state == "unchanged"
    for again in (False, True):
        with pytest.raises(IssueError, match=r"was sent, and `blog/posts/why\.md` changed since"):
            build(public("<p>new</p>"), tmp_path, again=again)


def test_a_renamed_post_is_not_a_second_issue(tmp_path: Path) -> None:
    build(post(), tmp_path)
    with pytest.raises(IssueError, match="this post was built as the issue 'why', and would now be 'because'"):
        build(post(uri="blog/posts/because.md"), tmp_path)


def test_without_a_sender_nothing_is_written(tmp_path: Path) -> None:
    of = publication(sender=None)
    with pytest.raises(ConfigError, match="no sender"):
        build_issue(draft_of(post(), sender=None), of, tmp_path, TODAY)
    assert not list(built_issues(tmp_path))


def test_an_issue_that_can_not_be_written_leaves_nothing_behind(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    flushed = os.fsync

    def full(descriptor: int) -> None:
        if list(tmp_path.glob(".why.next/pro/*")):
            raise OSError(28, "No space left on device")
        flushed(descriptor)

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(IssueError, match="No space left"):
        build(post(), tmp_path)
    assert not [path for path in tmp_path.iterdir() if path.is_dir()]


def test_after_a_kill_between_two_steps_the_old_revision_is_back(tmp_path: Path) -> None:
    folder = build(post(), tmp_path).folder
    before = tree(folder)
    folder.rename(tmp_path / ".why.previous")
    (tmp_path / ".why.next" / "pro").mkdir(parents=True)
    assert build(post(), tmp_path).state == "unchanged"
    assert tree(folder) == before and not list(tmp_path.glob(".why.*"))


def test_a_site_whose_host_is_not_ascii_has_an_issue_and_a_list(tmp_path: Path) -> None:
    of = replace(publication(), url="https://bücher.example/")
    built = build_issue(draft_of(post()), of, tmp_path, TODAY)
    assert b"\r\nList-Id: <newsletter.xn--bcher-kva.example>\r\n" in (built.folder / "public/message.eml").read_bytes()
    with pytest.raises(ConfigError, match="which can't exist"):
        _ = replace(of, url="https://bü_cher.example/").list_id


def test_issues_never_stand_in_a_folder_that_is_published(tmp_path: Path) -> None:
    issues, site, docs = tmp_path / "newsletter/issues", tmp_path / "site", tmp_path / "content"
    refuse_published(issues, docs, site)
    for folders in ((tmp_path, site), (tmp_path / "newsletter", site), (docs, tmp_path / "newsletter"), (issues, site)):
        with pytest.raises(ConfigError, match="would be published"):
            refuse_published(issues, *folders)


def test_a_cut_mail_and_a_missing_address_are_warned_of(tmp_path: Path) -> None:
    built = build(public("<p>word</p>" * 2000), tmp_path, clip_limit=30, postal_address="")
    cut, missing = built.warnings
    assert "would have" in cut and "clip it at 30" in cut
    assert missing.startswith("newsletter option postal_address is empty")


def test_the_preview_shows_every_variant_and_loads_nothing_from_elsewhere(tmp_path: Path) -> None:
    page = (build(post(), tmp_path).folder / "preview.html").read_text("utf-8")
    for variant in ("public", "supporter", "pro", "course", "supporter+course"):
        assert f'src="{variant}/body.html"' in page and f'href="{variant}/message.eml"' in page
    assert 'src="http' not in page and "<script" not in page


def test_placeholders_are_never_what_a_post_says(tmp_path: Path) -> None:
    first = load_issue(build(public("<p>x</p>"), tmp_path / "a").folder).manifest.placeholders
    named = " ".join(first.values())
    other = load_issue(build(public(f"<p>{named}</p>"), tmp_path / "b").folder)
    assert not set(other.manifest.placeholders.values()) & set(first.values())
    assert first["unsubscribe"] in other.bodies["public"].html


def test_the_manifest_tells_what_went_in(tmp_path: Path) -> None:
    said = json.loads((build(post(), tmp_path).folder / "manifest.json").read_text("utf-8"))
    assert (said["format"], said["id"], said["subject"], said["segments"]) == (1, "why", "Title of why", ["everyone"])
    assert [passage["entitlements"] for passage in said["posts"][0]["passages"]] == [list(one) for one in CANARIES]
    assert len(said["files"]) == 3 * len(said["variants"]) + 1


def test_signs_of_other_scripts_and_of_markup_go_through_an_issue_as_they_are(tmp_path: Path) -> None:
    title = "为什么 & <b> ]]> 🚀 مرحبا\x07"
    item = public("<p>]]&gt; 🚀 中文 مرحبا \x07</p>", title=title, language="zh-CN")
    issue = load_issue(build(item, tmp_path).folder)
    assert issue.manifest.subject == "为什么 & <b> ]]> 🚀 مرحبا"
    body = issue.bodies["public"]
    assert "]]> 🚀 中文 مرحبا" in body.text and "]]&gt; 🚀 中文 مرحبا" in body.html
    assert all(b"\x07" not in content for content in tree(tmp_path / "why").values())
