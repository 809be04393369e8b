"""The members' commands as processes of their own: several at the same time, and what they say when they fail."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from site_builder.membership.keyfile import load_keys
from site_builder.membership.roster import Roster
from site_builder.membership.token import kek
from tests.cli.roster_blog import Blog


@pytest.fixture
def blog(tmp_path: Path) -> Blog:
    """A blog without members."""
    return Blog(tmp_path)


def test_members_added_at_the_same_time_all_survive(blog: Blog) -> None:
    started = [
        blog.start("add", "--email", f"reader{number}@example.com", "--tier", "pro", "--json") for number in range(4)
    ]
    tokens = [json.loads(process.communicate()[0])["token"] for process in started]
    assert {process.returncode for process in started} == {0}
    records = Roster(blog.settings.roster, blog.settings.site, load_keys(blog.settings.key_file)).read()
    assert {record.model_dump()["kek"] for record in records.values()} == {kek(token) for token in tokens}


def test_of_one_address_added_twice_at_the_same_time_one_is_refused(blog: Blog) -> None:
    started = [blog.start("add", "--email", "ada@example.com", "--tier", "pro") for _ in range(3)]
    said = [process.communicate() for process in started]
    assert sorted(process.returncode for process in started) == [0, 1, 1]
    assert sum("is a member already" in words for _, words in said) == 2


def test_an_error_ends_the_process_with_code_1_and_words_on_standard_error(blog: Blog) -> None:
    process = blog.start("show", "m_0123456789")
    output, words = process.communicate()
    assert (process.returncode, output) == (1, "")
    assert "there is no member 'm_0123456789'" in words
    assert "Traceback" not in words
