"""`site-builder analytics`: the collector and what belongs to it. Each command stands in a module of its own."""

from __future__ import annotations

import click

from site_builder.cli.lazy import Lazy

MODULES = {
    "forget": "analytics_store",
    "key": "analytics_key",
    "load": "analytics_store",
    "prune": "analytics_store",
    "serve": "analytics_serve",
}


@click.group(
    cls=Lazy,
    modules=MODULES,
    epilog="Example:  site-builder analytics serve --site my-blog --origin https://example.com --data /var/lib/analytics",
)
def analytics() -> None:
    """Collect what readers do, on a machine of your own: needs the extra `analytics` (pip install "site-builder[analytics]")."""
