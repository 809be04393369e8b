"""Members' feeds of a real build: full text for those who may read it, at addresses that stand nowhere else."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Callable
from datetime import timedelta
from html import unescape
from pathlib import Path

import pytest

from site_builder.build.inputs import Audience
from site_builder.build.members_feeds import feeds_in
from site_builder.errors import ConfigError, LeakError, PublishError, SiteError
from tests.members import add_member
from tests.sites import MATERIAL, TODAY, Blog, make_blog, tree

POST = """\
# A post for {who}

Public words.

<!-- paywall -->

A canary that only sings for those who hold {who}, in one long sentence of its own.

![The chart of {who}](chart-of-{who}.png)

[The numbers](numbers-for-{who}.csv)

```python
def canary_of_{name}(branch: str) -> str:
    return "sings"
```
"""
MEMBERS = {
    "ada": ("--tier", "pro"),
    "bob": ("--tier", "supporter", "--product", "async-course"),
    "eve": ("--tier", "pro", "--expires", f"{TODAY - timedelta(days=9)}"),
}


def write(root: Path, options: str = "members: tier") -> Blog:
    blog = make_blog(root, plugins=(*MATERIAL, f"feeds: {{{options}}}"))
    for who in ("supporter", "pro", "async-course"):
        blog.post(who, POST.format(who=who, name=who.replace("-", "_")), header=f"access: {who}\ntags: [birds]")
        blog.write(f"content/blog/posts/chart-of-{who}.png", b"\x89PNG\r\n\x1a\n" + f"a chart of {who}".encode() * 20)
        blog.write(f"content/blog/posts/numbers-for-{who}.csv", f"a,b\n1,{who}\n")
    blog.post("free", "# A free post\n\nFree words.\n")
    return blog


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> tuple[Blog, str]:
    """A blog with members and feeds of their tiers, and all that building it has printed."""
    blog = write(tmp_path_factory.mktemp("members") / "blog", "members: tier, hubs: ['https://hub.example.com/']")
    for name, arguments in MEMBERS.items():
        done = blog.run("members", "add", "--email", f"{name}@example.com", *arguments, "--at", "2026-11-01T08:00:00Z")
        assert done.returncode == 0
    done = blog.run("build", "--json", "--date", f"{TODAY}")
    listed = blog.run("feeds", "list", "--json")
    return blog, done.stdout + done.stderr + listed.stdout + listed.stderr + blog.run("audit").stderr


@pytest.fixture
def copy(published: tuple[Blog, str], tmp_path: Path) -> Blog:
    """The same blog, to be changed."""
    shutil.copytree(published[0].root, tmp_path / "blog")
    return Blog(tmp_path / "blog")


def folders(blog: Blog) -> dict[tuple[str, ...], str]:
    """Who reads -> where, by the key and the roster."""
    return {one.held: one.folder for one in feeds_in(blog.site, blog.config, blog.settings)}


def feed(blog: Blog, *held: str, file: str = "rss.xml") -> str:
    return unescape((blog.site / folders(blog)[held] / file).read_text("utf-8"))


def sings(text: str) -> set[str]:
    return {who for who in ("supporter", "pro", "async-course") if f"those who hold {who}," in text}


@pytest.mark.parametrize(
    ("held", "reads"),
    [("supporter", {"supporter"}), ("pro", {"supporter", "pro"}), ("async-course", {"async-course"})],
)
@pytest.mark.parametrize("file", ["rss.xml", "atom.xml", "feed.json"])
def test_each_feed_has_what_its_readers_may_read(
    published: tuple[Blog, str], held: str, reads: set[str], file: str
) -> None:
    text = feed(published[0], held, file=file)
    assert sings(text) == reads
    assert {who for who in ("supporter", "pro", "async_course") if f"canary_of_{who}" in text} == {
        who.replace("-", "_") for who in reads
    }
    assert ("Free words." in text) == (held != "async-course")


def test_sealed_files_have_no_address_there(published: tuple[Blog, str]) -> None:
    text = feed(published[0], "pro")
    assert "The chart of pro" in text and "The numbers" in text
    assert "chart-of-pro.png" not in text and "numbers-for-pro.csv" not in text and "sealed-src" not in text


def test_the_addresses_stand_in_no_other_file_and_are_never_printed(published: tuple[Blog, str]) -> None:
    blog, printed = published
    assert len(folders(blog)) == 3
    files = tree(blog.site)
    for folder in folders(blog).values():
        secret = folder.rpartition("/")[2]
        assert {path for path, content in files.items() if secret in path or secret.encode() in content} == {
            f"{folder}/{name}" for name in ("rss.xml", "atom.xml", "feed.json")
        }
        assert secret not in printed
    assert "https://hub.example.com/" in (blog.site / "rss.xml").read_text()
    assert not any("hub.example.com" in feed(blog, *held) for held in folders(blog))


def test_nothing_of_them_is_kept_beside_the_site(published: tuple[Blog, str]) -> None:
    blog, _ = published
    kept = tree(blog.root / ".site-builder")
    assert b"Public words." in kept["feeds.cache"]
    for content in kept.values():
        assert b"sings for" not in content
        assert not any(folder.rpartition("/")[2].encode() in content for folder in folders(blog).values())


def test_a_listing_of_the_folder_is_an_empty_page(published: tuple[Blog, str]) -> None:
    page = (published[0].site / "feeds/m/index.html").read_text()
    assert 'content="noindex"' in page and "<a " not in page
    assert (
        "/feeds/m/*\n  Cache-Control: no-cache\n  X-Robots-Tag: noindex" in (published[0].site / "_headers").read_text()
    )


def test_a_page_of_the_writers_there_is_not_overwritten(copy: Blog) -> None:
    copy.write("content/feeds/m/index.md", "# Mine\n")
    with pytest.raises(ConfigError, match=r"'feeds/m/index\.md' would be overwritten"):
        copy.build()


def test_the_account_page_alone_knows_which_kind_there_is(published: tuple[Blog, str]) -> None:
    blog, _ = published
    assert '<membership-account data-feeds="tier" data-feed-file="rss.xml">' in blog.page("account")
    assert [path for path, content in tree(blog.site).items() if b"data-feeds=" in content] == ["account/index.html"]


def test_a_second_build_gives_the_same_bytes(copy: Blog) -> None:
    before = tree(copy.site)
    copy.build()
    assert tree(copy.site) == before


def test_without_the_key_nobody_can_tell_leaks_from_feeds_and_the_audit_says_so(copy: Blog) -> None:
    copy.settings.key_file.unlink()
    done = copy.run("audit", check=False)
    assert done.returncode == 1
    assert "feeds/m: there are members' feeds, and without the master key" in done.stderr


def test_the_audit_finds_what_goes_beyond_a_tier_and_hides_where(copy: Blog) -> None:
    folder = folders(copy)[("supporter",)]
    file = copy.site / folder / "rss.xml"
    file.write_text(file.read_text() + "<!-- A canary that only sings for those who hold pro, in one long sentence -->")
    done = copy.run("audit", check=False)
    assert done.returncode == 1
    assert "pro.md" in done.stderr and "feeds/m/…/rss.xml" in done.stderr
    assert folder.rpartition("/")[2] not in done.stderr + done.stdout
    shown = copy.run("audit", "--json", check=False)
    assert json.loads(shown.stdout)["leaks"] and folder.rpartition("/")[2] not in shown.stderr + shown.stdout


def test_a_plugin_that_writes_an_address_into_a_page_stops_the_build(copy: Blog) -> None:
    folder = folders(copy)[("pro",)]
    copy.post("careless", f"# Careless\n\nRead on at /{folder}/rss.xml\n")
    with pytest.raises(LeakError, match="the secret address of a members' feed") as refused:
        copy.build()
    assert folder.rpartition("/")[2] not in str(refused.value)


def test_who_was_revoked_finds_nothing_at_the_old_address(copy: Blog) -> None:
    before = folders(copy)
    copy.run("members", "revoke", "ada@example.com", "--at", f"{TODAY}T09:00:00Z")
    add_member(copy, "--tier", "pro", email="zoe@example.com")
    copy.build()
    after = folders(copy)
    assert not (copy.site / before[("pro",)]).exists()
    assert after[("pro",)] != before[("pro",)] and after[("supporter",)] == before[("supporter",)]
    assert sings(feed(copy, "pro")) == {"supporter", "pro"}


def test_a_feed_at_a_former_address_is_not_passed_over(copy: Blog) -> None:
    before = folders(copy)[("pro",)]
    copy.run("members", "revoke", "ada@example.com", "--at", f"{TODAY}T09:00:00Z")
    done = copy.run("audit", check=False)
    assert done.returncode == 1
    assert "at an address that no member has" in done.stderr and before.rpartition("/")[2] not in done.stderr


def test_a_public_preview_has_none(copy: Blog) -> None:
    copy.build(audience=Audience.ANYBODY)
    assert not (copy.site / "feeds/m").exists()
    assert not any(b"sings for" in content for content in tree(copy.site).values())


def test_public_feeds_are_the_same_in_a_public_preview(copy: Blog) -> None:
    """So that a job without the key can tell hubs of them."""
    before = {path: content for path, content in tree(copy.site).items() if path.endswith((".xml", "feed.json"))}
    copy.build(audience=Audience.ANYBODY)
    assert {path for path, content in before.items() if tree(copy.site).get(path) != content} == {
        path for path in before if path.startswith("feeds/m/")
    }


def test_options_that_only_mkdocs_would_find_are_refused(copy: Blog) -> None:
    """Else the account page would tell of feeds that there are not."""
    listed = "".join(f"  {name}: {{}}\n" for name in MATERIAL)
    text = re.sub(
        r"^plugins:\n(?:  - .*\n)+",
        f"INHERIT: base.yml\nplugins:\n{listed}  paywall:\n",
        copy.config.read_text(),
        flags=re.M,
    )
    copy.config.write_text(text)
    copy.write("base.yml", "plugins:\n  feeds: {members: tier}\n")
    with pytest.raises(ConfigError, match="`members: tier` of the feeds plugin does not stand in this file"):
        copy.build()


def test_none_are_made_by_default(new_blog: Callable[..., Blog]) -> None:
    blog = new_blog("plain", plugins=(*MATERIAL, "feeds"))
    blog.post("pro", POST.format(who="pro", name="pro"), header="access: pro")
    blog.write("content/blog/posts/chart-of-pro.png", b"\x89PNG\r\n\x1a\n" + b"chart" * 20)
    blog.write("content/blog/posts/numbers-for-pro.csv", "a,b\n")
    add_member(blog, "--tier", "pro")
    blog.build()
    assert not (blog.site / "feeds/m").exists()
    assert "data-feeds" not in blog.page("account")


def test_each_member_may_have_an_address_of_their_own(copy: Blog) -> None:
    config = copy.config.read_text().replace("members: tier", "members: member, formats: [atom]")
    copy.config.write_text(config)
    copy.build()
    own = folders(copy)
    assert set(own) == {("pro",), ("supporter", "async-course")}
    assert sings(feed(copy, "supporter", "async-course", file="atom.xml")) == {"supporter", "async-course"}
    assert 'data-feeds="member" data-feed-file="atom.xml"' in copy.page("account")
    copy.run("members", "revoke", "ada@example.com", "--at", f"{TODAY}T09:00:00Z")
    copy.build()
    assert folders(copy) == {held: folder for held, folder in own.items() if held != ("pro",)}
    assert not (copy.site / own[("pro",)]).exists()
    assert copy.run("audit").returncode == 0


def test_a_file_that_can_not_be_written_is_told_without_its_address(copy: Blog) -> None:
    folder = folders(copy)[("pro",)]
    copy.write(f"content/{folder}", "in the way")
    with pytest.raises(PublishError, match="can't be written") as refused:
        copy.build()
    assert folder.rpartition("/")[2] not in str(refused.value)


def test_a_public_repository_hands_out_all_files_and_so_no_members_feeds(
    copy: Blog, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    event = {"repository": {"full_name": "ada/blog", "private": False}}
    (tmp_path / "event.json").write_text(json.dumps(event))
    monkeypatch.setenv("GITHUB_EVENT_PATH", str(tmp_path / "event.json"))
    with pytest.raises(SiteError, match="handed over by the public repository ada/blog"):
        copy.build()
    copy.config.write_text(
        copy.config.read_text().replace("site: test-blog", "site: test-blog\n      public_sources: true")
    )
    copy.build()
