"""What a build says when MkDocs is not content, and what it gathers on the way."""

from __future__ import annotations

import pytest

from site_builder.errors import ConfigError
from tests.sites import Blog


def test_a_warning_is_gathered_once_and_the_site_is_published(blog: Blog) -> None:
    blog.post("a", "# A\n\n[gone](gone.md)\n\n<!-- paywall -->\n\nGated.\n", header="access: pro")
    warnings = blog.build().warnings
    assert [warning for warning in warnings if "gone.md" in warning] == [warnings[0]]
    assert blog.site.is_dir()


def test_a_strict_build_stops_and_says_what_the_warning_was(blog: Blog) -> None:
    blog.post("a", "# A\n\n[gone](gone.md)\n")
    with pytest.raises(ConfigError, match=r"strict") as caught:
        blog.build(strict=True)
    assert "gone.md" in caught.value.hint
    assert not blog.site.exists()


def test_a_wrong_option_of_another_plugin_is_named(blog: Blog) -> None:
    blog.write(
        "mkdocs.yml", blog.config.read_text().replace("- search", "- search: {no_such_option: 1}\n  - no-such-plugin")
    )
    with pytest.raises(ConfigError) as caught:
        blog.build()
    assert "no-such-plugin" in caught.value.hint
    assert str(caught.value.place) == str(blog.config)


def test_a_wrong_option_of_ours_is_named_with_its_value(blog: Blog) -> None:
    blog.write(
        "mkdocs.yml", blog.config.read_text().replace("site: test-blog", "site: Test Blog\n      rotation: never")
    )
    with pytest.raises(ConfigError, match=r"paywall option site.*'Test Blog'.*rotation"):
        blog.build()


def test_the_command_prints_one_clear_error_and_no_traceback(blog: Blog) -> None:
    blog.post("a", "# A\n", header="access: gold")
    done = blog.run("build", check=False)
    assert done.returncode == 1 and done.stdout == ""
    assert done.stderr.startswith("error ") and "a.md:3" in done.stderr and "'gold'" in done.stderr
    assert "Traceback" not in done.stderr
