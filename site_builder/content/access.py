"""The one access policy: who may read the gated parts of a page. Every sink asks here; none decides for itself."""

from __future__ import annotations

import os
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

from site_builder.content.mapping import line_of, read_mapping, shown
from site_builder.content.offers import Offers
from site_builder.content.source import Source
from site_builder.errors import ContentError, Place

FOLDER_FILE = ".meta.yml"
_NEARLY_FOLDER_FILES = (".meta.yaml", "meta.yml", "meta.yaml", "_meta.yml", "_meta.yaml")


@dataclass(frozen=True)
class Access:
    """``entitlements`` that open a page (the lowest tier and products, sorted); none: the page is public.

    ``place`` is where a writer said so; ``opened`` is true of a page that was for members until its ``public_from``.
    """

    entitlements: tuple[str, ...] = ()
    place: Place | None = None
    opened: bool = False

    @property
    def public(self) -> bool:
        return not self.entitlements


def page_access(source: Source, docs_dir: Path, offers: Offers, today: date) -> Access:
    """The access of a page: its own front matter's, else that of the nearest folder with one in ``.meta.yml``, else public.

    Raises:
        ContentError: a value that is not understood: the build stops rather than guess.
    """
    if "access" in source.meta:
        return parse_access(source.meta["access"], offers, today, source.place("access"))
    if not source.path.is_relative_to(docs_dir):
        raise ContentError(
            f"is outside of {docs_dir}, so that it can't be known whose folder it is in", place=Place(source.path)
        )
    for folder in source.path.parents:
        value, place = _folder_access(folder)
        if place is not None:
            return parse_access(value, offers, today, place)
        if folder == docs_dir:
            break
    return Access()


def _folder_access(folder: Path) -> tuple[Any, Place | None]:
    for name in (FOLDER_FILE, *_NEARLY_FOLDER_FILES):
        file = folder / name
        if not os.path.lexists(file):
            continue
        try:
            text = file.read_text("utf-8-sig")
        except (OSError, UnicodeDecodeError) as error:
            raise ContentError(f"can't be read ({error})", place=Place(file)) from None
        meta = read_mapping(text, file)
        if "access" in meta and name != FOLDER_FILE:
            raise ContentError(
                f"has `access`, but it is {FOLDER_FILE} that speaks for a folder",
                place=Place(file, line_of(text, "access")),
                hint="Rename the file.",
            )
        if "access" in meta:
            return meta["access"], Place(file, line_of(text, "access"))
    return None, None


def parse_access(value: Any, offers: Offers, today: date, place: Place) -> Access:
    """Read an ``access`` value as the writer wrote it. Raises ContentError at ``place`` on anything not understood."""
    if value == "public":
        return Access(place=place)
    if isinstance(value, str):
        return Access(named(value, offers, place), place)
    if not isinstance(value, dict):
        raise ContentError(f"`access` is {shown(value)}", place=place, hint=_accepted(offers))
    if unknown := [key for key in value if key not in ("tiers", "products", "public_from")]:
        raise ContentError(
            f"`access` has the key {shown(unknown[0])}",
            place=place,
            hint="It may have tiers, products and public_from.",
        )
    opens = value.get("public_from", date.max)
    if not isinstance(opens, date) or isinstance(opens, datetime):
        raise ContentError(
            f"`public_from` is {shown(opens)}",
            place=place,
            hint="Write a day, such as 2027-03-01, without quotes and without a time.",
        )
    tiers = _names(value, "tiers", (*offers.tier_ids, *(["members"] if offers.tiers else [])), place)
    products = _names(value, "products", tuple(product.id for product in offers.products), place)
    if not tiers and not products:
        raise ContentError("`access` names no tier and no product", place=place, hint=_accepted(offers))
    if opens <= today:
        return Access(place=place, opened=True)
    return Access(named(", ".join([*tiers, *products]), offers, place), place)


def named(names: str, offers: Offers, place: Place) -> tuple[str, ...]:
    """The entitlements of names separated by commas: tiers, products, or ``members``. Raises ContentError on an unknown one."""
    tiers, products = list[str](), list[str]()
    for name in (name.strip() for name in names.split(",")):
        if name == "members" and offers.tiers:
            tiers.append(offers.tier_ids[0])
        elif name in offers.tier_ids:
            tiers.append(name)
        elif name in offers.by_id:
            products.append(name)
        else:
            raise ContentError(f"access {shown(name)} is not known", place=place, hint=_accepted(offers))
    return offers.least(tiers, products)


def _names(value: dict[str, Any], key: str, known: tuple[str, ...], place: Place) -> list[str]:
    names = value.get(key, [])
    if not isinstance(names, list) or not all(isinstance(name, str) for name in names):
        raise ContentError(
            f"`{key}` under `access` is {shown(names)}",
            place=place,
            hint=f"Write a list of names, as in `{key}: [{', '.join(known[:2])}]`.",
        )
    for name in names:
        if name not in known:
            raise ContentError(
                f"`access` names {shown(name)} among its {key}",
                place=place,
                hint=f"The {key} are: {', '.join(known) or 'none'}.",
            )
    return names


def _accepted(offers: Offers) -> str:
    known = ["public", *(["members"] if offers.tiers else []), *offers.by_id]
    return f"It may be {', '.join(known)}, or a mapping with tiers, products and public_from."


def may_read(entitlements: Collection[str], held: Collection[str], offers: Offers) -> bool:
    """Whether somebody who holds the entitlements ``held`` may read a part that names ``entitlements``; none: everybody may."""
    return not entitlements or not set(held).isdisjoint(offers.openers(entitlements))


def refuse_late_access(meta: Mapping[str, Any], place: Place) -> None:
    """Refuse ``access`` in a page's front matter when pages have been cut already. Raises ContentError."""
    if "access" in meta:
        raise ContentError(
            "has `access`, but another plugin made the page, or its front matter, after pages were cut",
            place=place,
            hint=f"Write it in the page's own file, or in {FOLDER_FILE} of its folder.",
        )
