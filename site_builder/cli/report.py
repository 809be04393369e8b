"""`site-builder report`: what readers did in a week or with one post, on the terminal, as a file, or as a mail to the author."""

from __future__ import annotations

import sys
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from unicodedata import category

import click

from site_builder.cli.analytics_store import where
from site_builder.cli.asking import asked, yesterday
from site_builder.cli.options import Day, config_file
from site_builder.cli.progress import console
from site_builder.errors import AnalyticsError


@click.command(epilog="Example:  site-builder report --post why-caches-lie --since 2026-11-01")
@click.option("--post", default="", metavar="P", help="Only on this post: its address, path, title or id.")
@click.option("--since", type=Day(), metavar="DAY", help="The first day. By default six before the last: a week.")
@click.option("--until", type=Day(), metavar="DAY", help="The last day. By default yesterday, in UTC.")
@click.option(
    "--format", "form", type=click.Choice(["text", "html", "json", "csv"]), help="What is printed. By default text."
)
@click.option(
    "--mail", is_flag=True, help="Send it to the author, by the newsletter's transport, instead of printing it."
)
@click.option(
    "--to", default="", metavar="ADDRESS", help="With --mail: whom it goes to. By default the newsletter's sender."
)
@where
@config_file
def report(
    post: str, since: date | None, until: date | None, form: str | None, mail: bool, to: str, data: Path, store: str,
    config_file: Path,
) -> None:  # fmt: skip
    """Tell what readers did: how much was read and how far, what they said, where they leave, which posts go stale.

    Numbers are compared with as many days before. mkdocs.yml is read for --mail alone.
    """
    if mail and form:
        raise click.UsageError("--mail sends text and HTML together; leave out --format.")
    if to and not mail:
        raise click.UsageError("--to goes with --mail.")
    from site_builder.analytics.report import DAYS, Report, make_report
    from site_builder.analytics.report_page import as_html, as_text

    last = until or yesterday()
    if since and since > last and not until:
        raise AnalyticsError(
            f"{since} is not over yet", hint=f"By default a report ends with {last}; name a later day with --until."
        )
    with asked(data, store) as opened:
        made = make_report(opened, since or last - timedelta(DAYS - 1), last, post)
    if mail:
        from site_builder.cli.report_mail import send_report

        address = send_report(made, config_file, to)
        console.print(f"sent to {address}", markup=False)
        return
    says: dict[str, Callable[[Report], str]] = {"html": as_html, "json": Report.json, "csv": Report.csv}
    told = says.get(form or "", as_text)(made).rstrip("\n")
    click.echo(for_terminal(told) if sys.stdout.isatty() else told)


def for_terminal(text: str) -> str:
    """The text with what a terminal would obey written out, as ``\\u001b``: readers wrote some of it. Files get it as it is."""
    return "".join(one if one == "\n" or category(one)[0] != "C" else f"\\u{ord(one):04x}" for one in text)
