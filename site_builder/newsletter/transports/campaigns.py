"""What a service gets that has the lists itself: each variant of an issue for the lists whose people may read it."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from site_builder.content.offers import Offers
from site_builder.errors import SendingError
from site_builder.newsletter.audience import Person
from site_builder.newsletter.issue import Issue
from site_builder.newsletter.transport_options import ButtondownOptions, ListmonkOptions, TransportOptions


@dataclass(frozen=True)
class Campaign:
    """One variant for the lists of these ids; ``name`` is the same whenever this issue is sent to them."""

    name: str
    variant: str
    lists: tuple[int | str, ...]
    subject: str


def campaigns(
    issue: Issue, options: TransportOptions, everybody: Iterable[Person], offers: Offers
) -> dict[str, Campaign]:
    """The campaigns of an issue by name; none for transports that send to people.

    Raises SendingError if a list holds what is not on offer, if one list would get two variants, or if somebody may read a
    variant that no list is for.
    """
    if not isinstance(options, ListmonkOptions | ButtondownOptions):
        return {}
    lists: dict[str, list[int | str]] = {}
    seen: set[int | str] = set()
    for one in options.lists:
        if unknown := [entitlement for entitlement in one.holds if entitlement not in offers.by_id]:
            raise SendingError(
                f"newsletter option transport.lists: list {one.id} holds '{unknown[0]}', which is not on offer",
                hint=f"There are: {', '.join(offers.by_id) or 'none'}.",
            )
        if one.id in seen:
            raise SendingError(f"newsletter option transport.lists: list {one.id} stands there twice")
        seen.add(one.id)
        lists.setdefault(issue.access_set_for(one.holds, offers), []).append(one.id)
    needed = {issue.access_set_for(one.held, offers) for one in everybody}
    if missing := sorted(needed - lists.keys()):
        raise SendingError(
            f"members may read the variant '{missing[0]}' of the issue {issue.id}, and no list is for them",
            hint="Add `{id: …, holds: […]}` with what they hold to `lists` under `transport` in mkdocs.yml.",
        )
    made = (
        Campaign(f"{issue.id} {variant} {issue.digest[:12]}", variant, tuple(ids), issue.manifest.subject)
        for variant, ids in sorted(lists.items())
    )
    return {campaign.name: campaign for campaign in made}


def template_safe_html(issue: Issue, variant: str, links: Mapping[str, str]) -> str:
    """The variant's HTML for a service that runs templates: what looks like one in the text shows as it is written.

    ``links`` are the service's own template expressions for the issue's placeholders.
    """
    text = re.sub(r"\{(?=[{%#])|@(?=TrackLink)", lambda found: f"&#{ord(found[0])};", issue.bodies[variant].html)
    return _filled(text, issue, links)


def template_safe_text(text: str, issue: Issue, links: Mapping[str, str]) -> str:
    """The same of plain text for Go's templates, where two opening braces are printed by an expression."""
    return _filled(text.replace("@TrackLink", "@ TrackLink").replace("{{", '{{ "{{" }}'), issue, links)


def _filled(text: str, issue: Issue, links: Mapping[str, str]) -> str:
    for name, place in issue.manifest.placeholders.items():
        if name not in links:
            raise SendingError(f"the issue {issue.id} has a link '{name}', which this service can't fill in")
        for written in {place, html.escape(place)}:
            text = text.replace(written, links[name])
    return text
