"""`site-builder insights`: what readers did, as the next build uses it."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import click

from site_builder.cli.analytics_store import where
from site_builder.cli.asking import asked, yesterday
from site_builder.cli.options import Day, as_json, config_file

DAYS = 90


@click.group(epilog="Example:  site-builder insights pull --data /var/lib/my-blog-analytics")
def insights() -> None:
    """What readers did, as the next build uses it: popular posts, what else they read, where they leave."""


@insights.command(epilog="Example:  site-builder insights pull --data /var/lib/my-blog-analytics")
@click.option("--days", type=click.IntRange(7, 731), default=DAYS, show_default=True, help="How many days it is about.")
@click.option("--until", type=Day(), metavar="DAY", help="The last of them. By default yesterday, in UTC.")
@click.option(
    "--to", metavar="FILE", help="Where it is written; - prints it. By default insights.json beside mkdocs.yml."
)
@where
@config_file
@as_json
def pull(
    days: int, until: date | None, to: str | None, data: Path, store: str, config_file: Path, as_json: bool
) -> None:
    """Write insights.json, which the engagement plugin reads in the next build. Commit it: it has ids and numbers alone.

    Where the collector has a machine of its own: ssh HOST site-builder insights pull --to - > insights.json
    """
    from site_builder.analytics.insights import gather
    from site_builder.analytics.period import Period
    from site_builder.content.settings import load_settings
    from site_builder.engagement.insights import FILE
    from site_builder.errors import AnalyticsError, Place
    from site_builder.membership.durable import replace_file

    settings = None if to else load_settings(config_file)
    with asked(data, store) as opened:
        found = gather(opened, Period.last(days, until or yesterday()))
    if settings and found.site != settings.site:
        raise AnalyticsError(
            f"the store has the readers of {found.site!r}, and this site is {settings.site!r}",
            place=Place(config_file),
            hint="Name this site's store with --data or --store.",
        )
    if not found.posts:
        raise AnalyticsError(
            f"no post had a reader from {found.since} to {found.until}, so nothing was written",
            hint="Is the collector running, and do pages report to it? Name its store with --data or --store.",
        )
    if to == "-":
        click.echo(found.to_json(), nl=False)
        return
    path = Path(to) if to else config_file.parent / FILE
    replace_file(path, found.to_json(), mode=0o644)
    told = {
        "file": str(path),
        "since": found.since.isoformat(),
        "until": found.until.isoformat(),
        "posts": len(found.posts),
        "popular": len(found.popular),
        "leaving": sum(post.leaving is not None for post in found.posts),
        "stale": sum(post.stale for post in found.posts),
    }
    if as_json:
        click.echo(json.dumps(told))
        return
    click.echo(f"wrote {path}: readers from {found.since} to {found.until}")
    click.echo(
        f"posts with readers: {told['posts']}; popular: {told['popular']}; left at a heading: {told['leaving']};"
        f" going stale: {told['stale']}"
    )
