"""`site-builder members`, as a writer uses it: every command on a real roster."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest
from click.testing import CliRunner

from site_builder.cli.main import cli
from site_builder.errors import ConfigError, MasterKeyError, RosterError, SiteError
from site_builder.membership.token import kek, locator, parse_token
from site_builder.vault.encoding import lp
from tests.cli.roster_blog import CONFIG, LATER, NOON, Blog


@pytest.fixture
def blog(tmp_path: Path) -> Blog:
    """A blog without members."""
    return Blog(tmp_path)


def test_adding_gives_id_token_and_link_and_nothing_else(blog: Blog) -> None:
    added = blog.add(
        "Ada@Example.com", "--name", "Ada", "--tier", "pro", "--product", "book", "--expires", "2026-12-31"
    )
    assert set(added) == {"member", "token", "unlock_url"}
    token = parse_token(added["token"])
    assert added["unlock_url"] == f"https://blog.example.com/sub/unlock/#{token}"
    (holder,) = blog.standing("2026-11-20").holders
    assert (holder.locator, holder.kek, holder.name) == (locator(token), kek(token), "Ada")
    assert blog.holds() == {"pro": "2026-12-31", "book": "2026-12-31"}


def test_adding_in_words_shows_the_token_once_and_no_command_shows_it_again(blog: Blog) -> None:
    result = blog.run("add", "--email", "ada@example.com", "--tier", "pro")
    token = next(word for word in result.stdout.split() if word.startswith("mbr_"))
    assert result.stdout.count(token) == 2
    for command in (
        ("list",),
        ("list", "--json"),
        ("show", "ada@example.com"),
        ("show", "ada@example.com", "--json"),
        ("export",),
    ):
        output = blog.run(*command).output
        assert token[4:] not in output
        assert "kek" not in output
        assert "locator" not in output
    assert token.encode() not in blog.settings.roster.read_bytes()


def test_without_a_site_url_the_link_leads_to_this_machine(blog: Blog) -> None:
    blog.config.write_text(CONFIG.replace("site_url: https://blog.example.com/sub\n", ""))
    assert blog.add()["unlock_url"].startswith("http://127.0.0.1:8000/unlock/#mbr_")


def test_an_address_that_is_a_members_already_is_refused_with_the_id_and_what_to_do(blog: Blog) -> None:
    member = blog.add()["member"]
    error = blog.error("add", "--email", "ADA@example.com", "--tier", "supporter")
    assert member in str(error)
    assert "members extend" in str(error)


def test_who_expired_is_still_a_member_and_who_was_revoked_may_join_anew(blog: Blog) -> None:
    first = blog.add("ada@example.com", "--tier", "pro", "--expires", "2026-11-20")["member"]
    assert first in str(blog.error("add", "--email", "ada@example.com", "--tier", "pro", "--at", LATER))
    blog.json("revoke", first, "--at", LATER)
    second = blog.json("add", "--email", "ada@example.com", "--tier", "pro", "--at", LATER)["member"]
    assert second != first
    assert blog.json("show", "ada@example.com", "--date", "2026-11-22")["member"] == second


@pytest.mark.parametrize(
    ("arguments", "kind", "words"),
    [
        (("--email", "ada", "--tier", "pro"), RosterError, "one @"),
        (("--email", "a@example.com", "--tier", "gold"), ConfigError, "no tier 'gold'.*\n.*supporter, pro"),
        (("--email", "a@example.com", "--tier", "book"), ConfigError, "no tier 'book'"),
        (("--email", "a@example.com", "--product", "pro"), ConfigError, "no product 'pro'"),
        (("--email", "a@example.com", "--tier", "pro", "--expires", "2020-01-01"), RosterError, "in the past"),
        (("--email", "a@example.com", "--tier", "pro", "--name", "x" * 65), RosterError, "name"),
    ],
)
def test_what_can_not_be_added_is_refused_in_words(
    blog: Blog, arguments: tuple[str, ...], kind: type[SiteError], words: str
) -> None:
    with pytest.raises(kind, match=words):
        raise blog.error("add", *arguments)
    assert not blog.settings.roster.exists()


@pytest.mark.parametrize(
    "arguments",
    [
        ("add", "--email", "a@example.com"),
        ("add", "--tier", "pro"),
        ("add", "--email", "a@example.com", "--tier", "pro", "--expires", "soon"),
        ("add", "--email", "a@example.com", "--tier", "pro", "--at", "noon"),
        ("extend", "ada@example.com"),
        ("nothing",),
    ],
)
def test_wrong_usage_ends_with_code_2(blog: Blog, arguments: tuple[str, ...]) -> None:
    assert blog.run(*arguments).exit_code == 2
    assert not blog.settings.roster.exists()


def test_the_last_day_may_be_today(blog: Blog) -> None:
    blog.add("ada@example.com", "--tier", "pro", "--expires", "2026-11-20")
    assert blog.holds("2026-11-20") == {"pro": "2026-11-20"}
    assert blog.holds("2026-11-21") == {}


def test_without_a_key_no_member_is_added(blog: Blog) -> None:
    blog.settings.key_file.unlink()
    with pytest.raises(MasterKeyError, match="keys init"):
        raise blog.error("add", "--email", "ada@example.com", "--tier", "pro")


@pytest.mark.parametrize(
    "command",
    [
        ("show",),
        ("revoke",),
        ("extend", "--expires", "never"),
        ("reissue",),
        ("downgrade", "--tier", "supporter", "--expires", "never"),
    ],
)
def test_an_unknown_member_is_an_error_for_every_command(blog: Blog, command: tuple[str, ...]) -> None:
    blog.add()
    for who in ("m_0123456789", "bob@example.com"):
        with pytest.raises(RosterError, match=f"no member '{who}'"):
            raise blog.error(command[0], who, *command[1:])


def test_extending_renews_all_that_has_an_end(blog: Blog) -> None:
    member = blog.add("ada@example.com", "--tier", "pro", "--product", "book", "--expires", "2026-12-31")["member"]
    blog.json("extend", member, "--product", "course", "--expires", "never", "--at", LATER)
    after = blog.json("extend", member, "--expires", "2027-12-31", "--at", LATER)
    assert {one["entitlement"]: one["until"] for one in after["entitlements"]} == blog.holds()
    assert blog.holds() == {"pro": "2027-12-31", "book": "2027-12-31", "course": None}


def test_extending_after_the_end_renews_what_ended_last(blog: Blog) -> None:
    member = blog.add("ada@example.com", "--product", "book", "--expires", "2026-11-20")["member"]
    blog.json("extend", member, "--tier", "pro", "--expires", "2026-11-22", "--at", NOON)
    blog.json("extend", member, "--expires", "2027-12-31", "--at", "2026-12-24")
    assert blog.holds("2026-12-24") == {"pro": "2027-12-31"}


def test_an_upgrade_is_an_extension_with_another_tier(blog: Blog) -> None:
    blog.add("ada@example.com", "--tier", "supporter")
    blog.json("extend", "ada@example.com", "--tier", "pro", "--expires", "2027-12-31", "--at", LATER)
    assert blog.holds() == {"pro": "2027-12-31"}


@pytest.mark.parametrize("expires", ["2026-12-31", "2026-12-01"])
def test_extending_by_nothing_is_an_error(blog: Blog, expires: str) -> None:
    blog.add()
    with pytest.raises(RosterError, match="as much already: pro until 2026-12-31"):
        raise blog.error("extend", "ada@example.com", "--expires", expires, "--at", LATER)


def test_a_revoked_member_is_extended_only_by_name_of_what(blog: Blog) -> None:
    blog.add()
    blog.json("revoke", "ada@example.com", "--at", LATER)
    with pytest.raises(RosterError, match=r"was revoked.*\n.*--tier or --product"):
        raise blog.error("extend", "ada@example.com", "--expires", "never", "--at", LATER)
    blog.json("extend", "ada@example.com", "--tier", "supporter", "--expires", "never", "--at", LATER)
    assert blog.holds() == {"supporter": None}


def test_a_downgrade_takes_the_higher_tier_away_at_once(blog: Blog) -> None:
    blog.add()
    blog.json("downgrade", "ada@example.com", "--tier", "supporter", "--expires", "2027-01-31", "--at", LATER)
    assert blog.holds() == {"supporter": "2027-01-31"}
    with pytest.raises(RosterError, match="no tier above 'supporter'"):
        raise blog.error("downgrade", "ada@example.com", "--tier", "supporter", "--expires", "never", "--at", LATER)


def test_revoking_ends_all_or_what_is_named(blog: Blog) -> None:
    blog.add("ada@example.com", "--tier", "pro", "--product", "book")
    blog.json("revoke", "ada@example.com", "--only", "book", "--at", NOON)
    assert blog.holds() == {"pro": None}
    with pytest.raises(RosterError, match="does not have book"):
        raise blog.error("revoke", "ada@example.com", "--only", "book", "--at", LATER)
    blog.json("revoke", "ada@example.com", "--reason", "refund", "--at", LATER)
    assert blog.standing("2026-11-22").holders == ()
    assert {name: len(ids) for name, ids in blog.standing("2026-11-22").endings.items()} == {
        "supporter": 0, "pro": 1, "book": 1, "course": 0,
    }  # fmt: skip
    with pytest.raises(RosterError, match="revoked before"):
        raise blog.error("revoke", "ada@example.com", "--at", LATER)


def test_a_reissued_token_replaces_the_old_one(blog: Blog) -> None:
    first = blog.add()
    second = blog.json("reissue", first["member"], "--at", LATER)
    assert set(second) == {"member", "token", "unlock_url"}
    assert second["member"] == first["member"]
    (holder,) = blog.standing("2026-11-22").holders
    assert holder.kek == kek(second["token"]) != kek(first["token"])
    blog.json("revoke", first["member"], "--at", LATER)
    with pytest.raises(RosterError, match="open nothing"):
        raise blog.error("reissue", first["member"], "--at", LATER)


def test_commands_of_one_second_keep_their_order_and_history_is_not_told_again(blog: Blog) -> None:
    member = blog.add()["member"]
    blog.json("revoke", member, "--at", NOON)
    blog.json("extend", member, "--tier", "pro", "--expires", "never", "--at", NOON)
    assert blog.holds() == {"pro": None}
    with pytest.raises(RosterError, match="later record"):
        raise blog.error("revoke", member, "--at", "2026-11-20T11:00:00Z")


def test_the_list_shows_who_has_access_and_with_all_everybody(blog: Blog) -> None:
    blog.add("ada@example.com", "--tier", "pro", "--name", "[red]Ada")
    blog.add("bob@example.com", "--tier", "pro", "--expires", "2026-11-20")
    blog.add("cyd@example.com", "--tier", "pro")
    blog.json("revoke", "cyd@example.com", "--at", LATER)
    seen = blog.json("list", "--date", "2026-11-22")
    assert [member["email"] for member in seen] == ["ada@example.com"]
    assert seen[0]["entitlements"] == [{"entitlement": "pro", "active": True, "until": None}]
    everybody = blog.json("list", "--all", "--date", "2026-11-22")
    assert {member["email"]: member["state"] for member in everybody} == {
        "ada@example.com": "active", "bob@example.com": "expired", "cyd@example.com": "revoked",
    }  # fmt: skip
    table = blog.run("list", "--date", "2026-11-22").stdout
    assert "[red]Ada" in table
    assert "bob" not in table


def test_an_empty_list_says_so(blog: Blog) -> None:
    assert "No members" in blog.run("list", "--all").stdout
    assert blog.json("list") == []


def test_showing_tells_the_whole_history(blog: Blog) -> None:
    blog.add()
    blog.json("reissue", "ada@example.com", "--at", NOON)
    blog.json("revoke", "ada@example.com", "--reason", "refund", "--at", LATER)
    shown = blog.json("show", "ada@example.com")
    assert [event["what"] for event in shown["history"]] == ["joined", "new token", "revoked"]
    assert shown["history"][-1]["reason"] == "refund"
    assert "refund" in blog.run("show", "ada@example.com").stdout


def test_the_codes_that_name_a_member_in_events_are_those_of_all_their_tokens(blog: Blog) -> None:
    first = blog.add()["token"]
    second = blog.json("reissue", "ada@example.com", "--at", NOON)["token"]
    told = [lp("site-builder member in events", blog.settings.site, locator(token)) for token in (first, second)]
    codes = [hashlib.sha256(text).hexdigest()[:32] for text in told]
    assert blog.run("show", "ada@example.com", "--in-events").stdout.split() == codes
    assert blog.json("show", "ada@example.com", "--in-events")["in_events"] == codes


@pytest.mark.parametrize(
    "command", ["add", "list", "show", "extend", "downgrade", "revoke", "reissue", "import", "export"]
)
def test_every_command_has_help_with_an_example(command: str) -> None:
    result = CliRunner().invoke(cli, ["members", command, "--help"])
    assert result.exit_code == 0
    assert f"site-builder members {command}" in " ".join(result.output.split())
