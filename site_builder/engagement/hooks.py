"""Which hooks a page has: the site's, its folder's and its own word, each over the one before."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from site_builder.content.mapping import shown
from site_builder.engagement.events import EVENT_NAMES
from site_builder.engagement.options import EngagementOptions, switches
from site_builder.errors import ContentError, Place

OF_ITEMS = ("reaction", "feedback", "share")
"""Those that only posts and chapters have."""
_WITHOUT_REPORTS = ("share",)


def hooks_of(options: EngagementOptions, meta: Mapping[str, Any], place: Place, *, item: bool) -> tuple[str, ...]:
    """The names of the hooks that are on, in the order of ``EVENT_NAMES``; none at all: the page reports nothing.

    ``meta`` is the page's front matter with what folder files have added; ``place`` is where ``hooks`` stands.

    Raises:
        ContentError: its ``hooks`` is not understood.
    """
    try:
        said = {**options.hooks, **switches(meta.get("hooks"))}
    except ValueError as error:
        raise ContentError(
            f"`hooks` is {shown(meta['hooks'])}",
            place=place,
            hint=f"It {error}." if str(error).startswith("must") else f"{str(error)[0].upper()}{str(error)[1:]}.",
        ) from None
    absent = {
        *(name for name in OF_ITEMS if not item),
        *(() if options.reactions else ("reaction",)),
        *(() if options.share else ("share",)),
        *(() if options.reports else set(EVENT_NAMES) - set(_WITHOUT_REPORTS)),
    }
    return tuple(name for name in EVENT_NAMES if said.get(name, True) and name not in absent)
