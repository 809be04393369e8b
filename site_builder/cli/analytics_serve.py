"""`site-builder analytics serve`: the collector on a machine of the author's own."""

from __future__ import annotations

import logging
import os
import sys
from pathlib import Path

import click
from pydantic import TypeAdapter, ValidationError

from site_builder.content.offers import SiteId
from site_builder.errors import AnalyticsError, ConfigError


@click.command(
    epilog="Example:  site-builder analytics serve --site my-blog --origin https://example.com --data /var/lib/analytics"
)
@click.option("--site", required=True, help="The site's id: `site` in mkdocs.yml, such as my-blog-041ae680.")
@click.option(
    "--origin", "origins", required=True, multiple=True, metavar="URL",
    help="The address that the site stands at, without a path. May be repeated; events of other origins are refused.",
)  # fmt: skip
@click.option(
    "--data", type=click.Path(path_type=Path, file_okay=False), default=Path("analytics-data"), show_default=True,
    help="The folder of the spool, the salts and, unless --store says otherwise, the store.",
)  # fmt: skip
@click.option("--manifest", default="", metavar="FILE|URL", help="engagement/manifest.json of the built site.")
@click.option("--host", default="127.0.0.1", show_default=True, help="The address to listen on.")
@click.option("--port", type=click.IntRange(1, 65535), default=8010, show_default=True, help="The port to listen on.")
@click.option("--behind-proxy", is_flag=True, help="Believe the last address of X-Forwarded-For.")
@click.option(
    "--store", default="sqlite", show_default=True, metavar="sqlite|clickhouse://…", help="What keeps the events."
)
@click.option(
    "--keep-days", type=click.IntRange(0), default=0, help="Delete single events after as many days; sums stay."
)
@click.option(
    "--rate", type=click.FloatRange(0), default=20.0, show_default=True, help="Requests a second of one address."
)
@click.option("--ignore-privacy-signals", is_flag=True, help="Take events of browsers that ask for privacy too.")
def serve(
    site: str, origins: tuple[str, ...], data: Path, manifest: str, host: str, port: int, behind_proxy: bool, store: str,
    keep_days: int, rate: float, ignore_privacy_signals: bool,
) -> None:  # fmt: skip
    """Take events at /e, until it is stopped by Ctrl-C or SIGTERM. An event is on disk before it is answered.

    /dashboard/ shows them to who has the key of `site-builder analytics key`, /health tells whether events are kept, /metrics is
    what Prometheus reads. /purchase/stripe and the like take signed webhooks of payments, for each provider whose secret stands
    in the environment, as SITE_BUILDER_STRIPE_WEBHOOK_SECRET. Put a web server with HTTPS in front of it.
    """
    try:
        from site_builder.analytics.collector import Rules, origins_of
        from site_builder.analytics.dashboard.app import Settings, routes
        from site_builder.analytics.keeper import Keeping
        from site_builder.analytics.purchases.endpoint import PATH
        from site_builder.analytics.purchases.providers import load_secrets
        from site_builder.analytics.retention import SHORTEST
        from site_builder.analytics.serve import Service
        from site_builder.analytics.serve import serve as run
        from site_builder.analytics.store import named, open_store
    except ModuleNotFoundError as error:
        raise AnalyticsError(
            f"the collector needs {error.name}, which is not installed",
            hint='Install the extra: pip install "site-builder[analytics]".',
        ) from None
    try:
        TypeAdapter(SiteId).validate_python(site)
    except ValidationError:
        raise ConfigError(
            f"--site {site} is no id of a site", hint="It is `site` in mkdocs.yml, and stands in each event that comes."
        ) from None
    try:
        pages = origins_of(origins)
    except ValueError as error:
        raise ConfigError(
            f"--origin {error} is no address of a site", hint="Write it as https://example.com, without a path."
        ) from None
    where = named(store, data)
    if 0 < keep_days < SHORTEST:
        raise ConfigError(
            f"--keep-days {keep_days}: readers who were offline send their events up to a week later",
            hint=f"Keep them for {SHORTEST} days or more, or leave it out to keep them for ever.",
        )
    secrets = load_secrets()
    logging.basicConfig(format="%(levelname)s %(message)s", level=logging.INFO)
    logging.getLogger("httpx").setLevel(logging.WARNING)  # a line for each query to ClickHouse
    rules = Rules(site, pages, behind_proxy, rate, max(1, round(rate * 10)), not ignore_privacy_signals)
    keeping = Keeping(where, site, manifest, keep_days)

    def announce(address: str) -> None:
        paid = "".join(f", payments of {name} at {address}{PATH}{name}" for name in secrets)
        click.echo(f"collecting at {address}/e, showing at {address}/dashboard/{paid}", err=True)

    run(
        Service(
            rules,
            data,
            host,
            port,
            keeping,
            secrets,
            routes=routes(lambda: open_store(where), Settings(data, behind_proxy)),
            ready=announce,
        )
    )
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(0)  # all is written and closed; the server's threads would complain of the interpreter's end
