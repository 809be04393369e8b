"""The report names published files and source lines, and the error says what to do."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from site_builder.errors import LeakError, Place, PublishError
from site_builder.vault.audit import AuditReport, Leak, PremiumText, audit, require_clean
from tests.vault.audit.parts import CODE, HTML, MARKDOWN, PLACE, PREMIUM, SENTENCE, SOURCE, audited

LONG = "\n\n".join(
    f"Paragraph {number} tells that the drift of bank {number} was found by {number * 7} people."
    for number in range(40)
)


def test_a_clean_folder_passes(tmp_path: Path) -> None:
    report = audited(tmp_path, {"index.html": "<p>Nothing here.</p>", "a/b.txt": "Or here."})
    assert report == AuditReport((), (), files=2, bytes=28, patterns=report.patterns)
    assert report.patterns > 0
    require_clean(report)


def test_each_leaking_file_and_line_is_reported_once(tmp_path: Path) -> None:
    page = f"<p>{SENTENCE}</p><p>{SENTENCE}</p><code>{CODE}</code>"
    report = audited(tmp_path, {"b.html": page, "a.html": page})
    assert [(str(leak.file), leak.place.line) for leak in report.leaks] == [
        ("a.html", 23),
        ("a.html", 27),
        ("b.html", 23),
        ("b.html", 27),
    ]
    assert {leak.how for leak in report.leaks} == {"plain text"}


def test_every_paragraph_gets_its_own_line(tmp_path: Path) -> None:
    premium = [PremiumText(PLACE, LONG, "markdown")]
    report = audited(tmp_path, {"all.md": LONG}, premium=premium)
    assert [leak.place.line for leak in report.leaks] == [21 + 2 * number for number in range(40)]


def test_an_excerpt_shows_the_source(tmp_path: Path) -> None:
    (leak,) = audited(tmp_path, {"a.html": CODE}).leaks
    assert leak == Leak(Path("a.html"), Place(SOURCE, 27), CODE, "plain text")
    long_line = PremiumText(
        PLACE,
        "word " * 4 + "and a telling sentence that goes on and on and on and on and on until it is too long to show",
        "markdown",
    )
    (leak,) = audited(tmp_path, {"a.html": long_line.text}, premium=[long_line]).leaks
    assert len(leak.found) == 80


def test_what_only_the_rendered_part_has_is_placed_by_what_stands_around_it(tmp_path: Path) -> None:
    markdown = "First.\n\nThe price of the {{ product }} rose by a third in the summer of that year.\n"
    html = "<p>First.</p><p>The price of the reconciliation service rose by a third in the summer of that year.</p>"
    premium = [PremiumText(PLACE, markdown, "markdown"), PremiumText(PLACE, html, "html")]
    (leak,) = audited(
        tmp_path, {"a.txt": "the reconciliation service rose by a third in the summer"}, premium=premium
    ).leaks
    assert leak.place == Place(SOURCE, 23)


def test_what_only_the_rendered_part_has_gets_the_parts_first_line(tmp_path: Path) -> None:
    html = "<p>A snippet brought this sentence, which no Markdown of the part has.</p>"
    premium = [PremiumText(PLACE, "Text.", "markdown"), PremiumText(PLACE, html, "html")]
    (leak,) = audited(
        tmp_path, {"a.txt": "A snippet brought this sentence, which no Markdown has"}, premium=premium
    ).leaks
    assert leak.place == PLACE
    assert leak.found.startswith("asnippetbroughtthissentence")


def test_html_alone_is_enough(tmp_path: Path) -> None:
    assert [leak.place for leak in audited(tmp_path, {"a.txt": CODE}, premium=[PREMIUM[1]]).leaks] == [PLACE]


def test_lines_count_from_the_parts_own_first_line_whatever_its_line_ends(tmp_path: Path) -> None:
    premium = [PremiumText(Place("a.md", 100), MARKDOWN.replace("\n", "\r\n"), "markdown")]
    assert [leak.place.line for leak in audited(tmp_path, {"a.txt": CODE}, premium=premium).leaks] == [106]


def test_the_error_names_the_first_few_and_counts_the_rest(tmp_path: Path) -> None:
    report = audited(tmp_path, {"all.md": LONG}, premium=[PremiumText(PLACE, LONG, "markdown")])
    with pytest.raises(LeakError) as caught:
        require_clean(report)
    words = str(caught.value)
    assert caught.value.place == PLACE
    assert words.startswith(f"{SOURCE}:21: ")
    assert "all.md" in words
    assert f"{SOURCE}:29" in words
    assert f"{SOURCE}:31" not in words
    assert "and 35 more" in words
    assert "publishes nothing" in words


def test_progress_is_told_file_by_file(tmp_path: Path) -> None:
    for name in "abc":
        (tmp_path / name).write_text(name)
    told: list[tuple[int, int]] = []
    audit(tmp_path, PREMIUM, [], [], master_key=None, progress=lambda done, total: told.append((done, total)))
    assert told == [(1, 3), (2, 3), (3, 3)]


def test_a_folder_that_is_not_there_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(PublishError, match="no folder"):
        audit(tmp_path / "site", PREMIUM, [], [], master_key=None)


def test_an_empty_folder_and_no_premium_text_are_clean(tmp_path: Path) -> None:
    require_clean(audited(tmp_path, {}))
    require_clean(audited(tmp_path, {"a.html": HTML}, premium=()))


def test_two_audits_of_one_folder_say_the_same(tmp_path: Path) -> None:
    published = {f"{number}.html": f"<p>{LONG[number * 50 :]}</p>{HTML}" for number in range(5)}
    premium = [*PREMIUM, PremiumText(Place("b.md", 1), LONG, "markdown")]
    assert audited(tmp_path, published, premium=premium) == audited(tmp_path, published, premium=premium)


def test_a_file_name_that_is_no_unicode_is_read(tmp_path: Path) -> None:
    Path(os.fsdecode(os.fsencode(tmp_path) + b"/\xff.txt")).write_text(SENTENCE)
    assert audited(tmp_path, {}).leaks
