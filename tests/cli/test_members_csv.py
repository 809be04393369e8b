"""`site-builder members import` and `export`: all rows or none, and no token lost."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest

from site_builder.errors import SeveralErrors
from site_builder.membership.token import kek, parse_token
from tests.cli.roster_blog import LATER, NOON, Blog


@pytest.fixture
def blog(tmp_path: Path) -> Blog:
    """A blog without members."""
    return Blog(tmp_path)


def people(blog: Blog, *rows: str) -> str:
    file = blog.config.parent / "people.csv"
    file.write_text("\n".join(("email,name,tier,products,expires", *rows)) + "\n")
    return str(file)


def test_importing_adds_every_row_and_gives_every_token(blog: Blog) -> None:
    file = people(
        blog, "ada@example.com,Ada,pro,,2026-12-31", "bob@example.com,,,book course,", "=x@example.com,,supporter,,"
    )
    result = blog.run("import", file, "--at", NOON)
    rows = list(csv.DictReader(io.StringIO(result.stdout)))
    assert [row["email"] for row in rows] == ["ada@example.com", "bob@example.com", "'=x@example.com"]
    assert {kek(parse_token(row["token"])) for row in rows} == {
        holder.kek for holder in blog.standing("2026-11-20").holders
    }
    assert all(row["unlock_url"].endswith(f"/unlock/#{row['token']}") for row in rows)
    assert "Added 3 members" in result.stderr


def test_one_bad_row_imports_nobody_and_every_bad_row_is_told(blog: Blog) -> None:
    blog.add()
    output = blog.config.parent / "tokens.csv"
    file = people(blog, "bob@example.com,,pro,,", "bad,,pro,,", "cyd@example.com,,gold,,")
    error = blog.error("import", file, "--output", str(output))
    assert isinstance(error, SeveralErrors)
    assert [str(one.place) for one in error.errors] == [f"{file}:3", f"{file}:4"]
    assert not output.exists()


def test_tokens_go_to_a_new_private_file_or_nobody_is_added(blog: Blog) -> None:
    file, output = people(blog, "ada@example.com,,pro,,"), blog.config.parent / "tokens.json"
    result = blog.run("import", file, "--output", str(output), "--json")
    assert result.stdout == ""
    ((member),) = json.loads(output.read_text())
    assert set(member) == {"member", "email", "token", "unlock_url"}
    assert output.stat().st_mode & 0o777 == 0o600
    file = people(blog, "bob@example.com,,pro,,")
    assert "it was left as it is" in str(blog.error("import", file, "--output", str(output)))
    assert "can't be written" in str(blog.error("import", file, "--output", str(output / "below")))


def test_exporting_gives_a_row_for_each_holding_and_no_formula(blog: Blog) -> None:
    blog.add("ada@example.com", "--name", "=1+1", "--tier", "pro", "--product", "book", "--expires", "2026-12-31")
    blog.add("bob@example.com", "--tier", "supporter")
    blog.json("revoke", "bob@example.com", "--at", LATER)
    rows = list(csv.DictReader(io.StringIO(blog.run("export", "--date", "2026-11-22").stdout)))
    assert [(row["name"], row["entitlement"], row["until"]) for row in rows] == [
        ("'=1+1", "pro", "2026-12-31"),
        ("'=1+1", "book", "2026-12-31"),
    ]
    output = blog.config.parent / "members.csv"
    blog.run("export", "--all", "--output", str(output), "--date", "2026-11-22")
    assert [row["state"] for row in csv.DictReader(output.read_text().splitlines())] == ["active", "active", "revoked"]
    assert blog.json("export", "--all", "--date", "2026-11-22") == blog.json("list", "--all", "--date", "2026-11-22")
