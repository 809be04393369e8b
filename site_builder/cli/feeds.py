"""`site-builder feeds`: which feeds a built site has, and telling WebSub hubs of those that have changed."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import click
import httpx
from rich.console import Console
from rich.table import Table

from site_builder import __version__
from site_builder.cli.options import as_json, config_file
from site_builder.cli.progress import console
from site_builder.content.settings import load_settings
from site_builder.errors import ConfigError, Place, PublishError
from site_builder.feeds.websub import (
    PATIENCE,
    PublishedFeed,
    Told,
    changed_since,
    live_record,
    published_feeds,
    read_record,
    require_deployed,
    write_record,
)
from site_builder.feeds.websub import (
    ping as tell,
)

_RECORD = Path(".site-builder/feeds.json")
_Command = Callable[..., Any]


def _site_dir(command: _Command) -> _Command:
    return click.option(
        "-d", "--site-dir", type=click.Path(path_type=Path, file_okay=False), help="The built site. [default: site]"
    )(command)


def _record_option(command: _Command) -> _Command:
    return click.option(
        "--record", "record_file", type=click.Path(path_type=Path, dir_okay=False),
        help=f"Where to keep what hubs know. [default: {_RECORD}]",
    )(command)  # fmt: skip


@click.group(epilog="See what there is:  site-builder feeds list")
def feeds() -> None:
    """The feeds of a built site. Members' feeds are no part of this: their addresses are secrets."""


@feeds.command("list", epilog="Example:  site-builder feeds list")
@config_file
@_site_dir
@as_json
def list_(config_file: Path, site_dir: Path | None, as_json: bool) -> None:
    """Show the public feeds of a built site."""
    found = published_feeds(site_dir or load_settings(config_file).site_dir)
    if as_json:
        rows = [
            {"path": one.path, "url": one.url, "title": one.title, "format": one.format, "entries": one.entries,
             "hubs": one.hubs, "sha256": one.digest}
            for one in found
        ]  # fmt: skip
        click.echo(json.dumps(rows, ensure_ascii=False))
        return
    table = Table("Feed", "Format", "Title", "Entries", "Hubs")
    for one in found:
        table.add_row(one.path, one.format, one.title, str(one.entries), " ".join(one.hubs))
    Console(highlight=False, emoji=False, markup=False).print(table)


@feeds.command(epilog="Example:  site-builder feeds record")
@config_file
@_site_dir
@_record_option
@as_json
def record(config_file: Path, site_dir: Path | None, record_file: Path | None, as_json: bool) -> None:
    """Note which feeds stand on the live site now, so that `feeds ping` knows later which have changed.

    For servers that build from nothing each time: run it after the build and before the deploy.
    """
    settings = load_settings(config_file)
    found = published_feeds(site_dir or settings.site_dir)
    with _client() as client:
        live = live_record(found, client)
    write_record(record_file or settings.root / _RECORD, live)
    if as_json:
        click.echo(json.dumps({"feeds": len(found), "live": len(live)}))
    else:
        console.print(f"noted {len(live)} of {len(found)} feeds as they are live now", markup=False)


@feeds.command(epilog="Example:  site-builder feeds ping --dry-run")
@config_file
@_site_dir
@_record_option
@click.option("--all", "every", is_flag=True, help="Tell of all feeds, whether they have changed or not.")
@click.option("--no-check", is_flag=True, help="Do not make sure first that the live site has what was built.")
@click.option("--dry-run", is_flag=True, help="Only show what would be told; ask nobody.")
@as_json
def ping(
    config_file: Path,
    site_dir: Path | None,
    record_file: Path | None,
    every: bool,
    no_check: bool,
    dry_run: bool,
    as_json: bool,
) -> None:
    """Tell WebSub hubs which feeds have changed. Run it when the site is deployed.

    What hubs took is kept in a file, for the next time. The exit code is 0 only if every hub took all of it.
    """
    settings = load_settings(config_file)
    site, kept = site_dir or settings.site_dir, record_file or settings.root / _RECORD
    known = [feed for feed in published_feeds(site) if feed.hubs]
    if not known:
        raise ConfigError(
            "no feed names a hub that could be told",
            place=Place(site),
            hint="Set `hubs: [https://hub.example.com/]` in the options of the feeds plugin, and build.",
        )
    before = read_record(kept)
    changed = tuple(known) if every else changed_since(known, before or {})
    told: list[Told] = []
    if not dry_run and changed:
        with _client() as client:
            if not no_check:
                require_deployed(changed, client)
            for one in tell(changed, client):
                told.append(one)
                _say(one, quiet=as_json)
        write_record(kept, _after(before or {}, known, changed, told))
    failed = [one for one in told if one.refusal]
    if as_json:
        would = [(hub, feed.url) for feed in changed for hub in feed.hubs]
        said = {
            "changed": [feed.url for feed in changed],
            "told": [{"hub": one.hub, "feed": one.feed} for one in told if not one.refusal],
            "failed": [{"hub": one.hub, "feed": one.feed, "reason": one.refusal} for one in failed],
        }
        click.echo(json.dumps({**said, **({"would_tell": would} if dry_run else {})}, ensure_ascii=False))
    elif dry_run:
        for feed in changed:
            click.echo("\n".join(f"would tell {hub} of {feed.url}" for hub in feed.hubs))
    if not as_json:
        console.print(f"{len(changed)} of {len(known)} feeds have changed", markup=False)
    if failed:
        first = failed[0]
        raise PublishError(
            f"{first.hub} did not take {first.feed}: {first.refusal}"
            + (f"; and {len(failed) - 1} more like it" if len(failed) > 1 else ""),
            hint="What was not taken is told again the next time.",
        )


def _client() -> httpx.Client:
    return httpx.Client(timeout=PATIENCE, headers={"User-Agent": f"site-builder/{__version__}"})


def _say(one: Told, *, quiet: bool) -> None:
    if not quiet:
        words = f"{one.hub} did not take {one.feed}: {one.refusal}" if one.refusal else f"told {one.hub} of {one.feed}"
        console.print(words, markup=False)


def _after(
    before: dict[str, str], known: Sequence[PublishedFeed], changed: Sequence[PublishedFeed], told: Sequence[Told]
) -> dict[str, str]:
    """What hubs know now: of a feed that some hub did not take, what was known before. Feeds that are gone are forgotten."""
    refused = {one.feed for one in told if one.refusal}
    new = {feed.url: feed.digest for feed in changed if feed.url not in refused}
    return {feed.url: digest for feed in known if (digest := (before | new).get(feed.url))}
