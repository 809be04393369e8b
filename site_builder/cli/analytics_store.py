"""`site-builder analytics load`, `forget` and `prune`: the store by hand, beside a collector that runs or without one."""

from __future__ import annotations

import json
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any, TypeVar

import click

from site_builder.analytics.keeper import take_manifest
from site_builder.analytics.loader import Progress
from site_builder.analytics.loader import load as load_spool
from site_builder.analytics.retention import SHORTEST, forget_member, forget_visitor
from site_builder.analytics.retention import prune as prune_store
from site_builder.analytics.spool_forget import forget_in_spool
from site_builder.analytics.sqlite_store import FILE
from site_builder.analytics.store import Store, named, open_store
from site_builder.cli.dates import now
from site_builder.cli.options import as_json
from site_builder.engagement.manifest import Manifest
from site_builder.errors import AnalyticsError, ConfigError, Place

_Command = TypeVar("_Command", bound=Callable[..., Any])


def where(command: _Command) -> _Command:
    """Options that say which store is meant."""
    data = click.option(
        "--data", type=click.Path(path_type=Path, file_okay=False), default=Path("analytics-data"), show_default=True,
        help="The collector's folder.",
    )  # fmt: skip
    store = click.option(
        "--store", default="sqlite", show_default=True, metavar="sqlite|clickhouse://…", help="What keeps the events."
    )
    return data(store(command))


@click.command(epilog="Example:  site-builder analytics load --manifest site/engagement/manifest.json")
@where
@click.option("--manifest", default="", metavar="FILE|URL", help="engagement/manifest.json of the built site.")
@as_json
def load(data: Path, store: str, manifest: str, as_json: bool) -> None:
    """Take what is in the spool into the store, and count the days anew that it changes.

    A collector does so by itself. It does no harm beside one: each event is kept once.
    """
    named = take_manifest(manifest) if manifest else None
    with _opened(data, store) as opened:
        if named:
            _refuse_another_site(opened, named, manifest)
        progress = _load(data, opened)
        days = opened.roll_up()
        if named:
            _refuse_another_site(opened, named, manifest)  # again: a new store knows its site by the events alone
            opened.load_manifest(named)
    if as_json:
        told = {"new": progress.new, "known": progress.known, "days": days, "damage": progress.damage}
        click.echo(json.dumps(told))
    else:
        click.echo(
            f"{progress.new} events are new, {progress.known} were there already; {days} days were counted anew."
        )


@click.command(epilog="Example:  site-builder analytics forget --member 0123456789abcdef0123456789abcdef")
@click.option("--visitor", default="", metavar="ID", help="A visitor of one day: 16 digits and letters.")
@click.option("--member", default="", metavar="ID", help="A member's code, of `site-builder members show --in-events`.")
@where
@as_json
def forget(visitor: str, member: str, data: Path, store: str, as_json: bool) -> None:
    """Remove all events of a visitor or a member, and count their days anew, as if they had not been there.

    Days whose events are deleted already keep their sums, which name nobody.
    """
    if bool(visitor) == bool(member):
        raise ConfigError("it is not clear who is to be forgotten", hint="Give --visitor or --member, one of them.")
    with _opened(data, store) as opened:
        _load(data, opened)  # what waits in the spool is theirs too
        gone = forget_visitor(opened, visitor) if visitor else forget_member(opened, member)
        forget_in_spool(data / "spool", visitor=visitor, member=member)  # a store begun anew would read them again
        opened.roll_up()
    click.echo(json.dumps({"deleted": gone}) if as_json else f"{gone} events were deleted.")


@click.command(epilog="Example:  site-builder analytics prune --keep-days 400")
@click.option(
    "--keep-days",
    type=click.IntRange(SHORTEST),
    required=True,
    metavar="N",
    help="How many days' events stay, beside today's.",
)
@where
@as_json
def prune(keep_days: int, data: Path, store: str, as_json: bool) -> None:
    """Delete single events older than so many days; their sums by day stay, and answers with them.

    `site-builder analytics serve --keep-days` does so by itself.
    """
    with _opened(data, store) as opened:
        _load(data, opened)
        gone = prune_store(opened, keep_days, int(now().timestamp() * 1000))
        opened.roll_up()
    click.echo(
        json.dumps({"deleted": gone}) if as_json else f"{gone} events were deleted; what was counted of them stays."
    )


def _opened(data: Path, store: str) -> AbstractContextManager[Store]:
    """The store of a collector whose folder this is: in another nothing would be loaded or forgotten, and nobody would know."""
    where = named(store, data)
    if not (data / "spool").is_dir() and not (store == "sqlite" and (data / FILE).is_file()):
        raise AnalyticsError(
            "no collector has kept events in this folder",
            place=Place(data),
            hint="Name the collector's own with --data.",
        )
    return open_store(where)


def _load(data: Path, store: Store) -> Progress:
    progress = load_spool(data / "spool", store)
    for damage in progress.damage:
        click.echo(damage, err=True)
    return progress


def _refuse_another_site(store: Store, manifest: Manifest, where: str) -> None:
    """Posts of another site have other ids, so that no event would have a title any more."""
    ((newest,),) = store.rows("SELECT max(day) FROM {events}")
    sites = [site for (site,) in store.rows("SELECT DISTINCT site FROM {events} WHERE day = :day", day=newest or 0)]
    known = store.manifest()
    if not sites and known:
        sites = [known.site]
    if sites and manifest.site not in sites:
        raise AnalyticsError(
            f"{where} is the manifest of {manifest.site!r}, and the store is of {sorted(sites)[0]!r}",
            hint=f"Name the manifest of {sorted(sites)[0]}, or with --data and --store the store of {manifest.site}.",
        )
