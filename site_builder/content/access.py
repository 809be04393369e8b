"""The one access policy: who may read the gated parts of a page. Every sink asks here; none decides for itself."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

import yaml

from site_builder.content.offers import Offers
from site_builder.content.source import Source
from site_builder.errors import ContentError, Place

FOLDER_FILE = ".meta.yml"


@dataclass(frozen=True)
class Access:
    """``entitlements`` that open a page (the lowest tier and products, sorted); none: the page is public.

    ``place`` is where the writer said so; ``opened`` tells that ``public_from`` has come, so that a marker may remain.
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
    folder = source.path.parent
    while folder == docs_dir or docs_dir in folder.parents:
        value, place = _folder_access(folder / FOLDER_FILE)
        if place is not None:
            return parse_access(value, offers, today, place)
        folder = folder.parent
    return Access()


def _folder_access(file: Path) -> tuple[Any, Place | None]:
    if not file.is_file():
        return None, None
    try:
        text = file.read_text("utf-8-sig")
        meta = yaml.safe_load(text)
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise ContentError(f"is not YAML ({error})", place=Place(file)) from None
    if meta is not None and not isinstance(meta, dict):
        raise ContentError("is not a mapping of keys to values", place=Place(file))
    if not meta or "access" not in meta:
        return None, None
    lines = text.splitlines()
    line = next((number for number, line in enumerate(lines, 1) if line.startswith("access")), None)
    return meta["access"], Place(file, line)


def parse_access(value: Any, offers: Offers, today: date, place: Place) -> Access:
    """Read an ``access`` value as the writer wrote it. Raises ContentError at ``place`` on anything not understood."""
    if value == "public":
        return Access(place=place)
    if isinstance(value, str):
        return Access(named(value, offers, place), place)
    if not isinstance(value, dict):
        raise ContentError(f"`access` is {value!r}", place=place, hint=_accepted(offers))
    unknown = set(value) - {"tiers", "products", "public_from"}
    if unknown:
        raise ContentError(
            f"`access` has the key {sorted(map(str, unknown))[0]!r}",
            place=place,
            hint="It may have tiers, products and public_from.",
        )
    opens = value.get("public_from")
    if opens is not None and (not isinstance(opens, date) or isinstance(opens, datetime)):
        raise ContentError(
            f"`public_from` is {opens!r}", place=place, hint="Write a day, such as 2027-03-01, without quotes."
        )
    names = [*_names(value, "tiers", place), *_names(value, "products", place)]
    if not names:
        raise ContentError("`access` names no tier and no product", place=place, hint=_accepted(offers))
    for key, known in (
        ("tiers", {*offers.tier_ids, "members"}),
        ("products", {product.id for product in offers.products}),
    ):
        for name in _names(value, key, place):
            if name not in known:
                raise ContentError(
                    f"`access` names {name!r} among its {key}",
                    place=place,
                    hint=f"The {key} are: {', '.join(sorted(known)) or 'none'}.",
                )
    entitlements = named(", ".join(names), offers, place)
    return Access((), place, opened=True) if opens is not None and opens <= today else Access(entitlements, place)


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
            raise ContentError(f"access {name!r} is not known", place=place, hint=_accepted(offers))
    return offers.least(tiers, products)


def _names(value: dict[str, Any], key: str, place: Place) -> list[str]:
    names = value.get(key, [])
    if isinstance(names, list) and all(isinstance(name, str) and "," not in name for name in names):
        return names
    raise ContentError(
        f"`{key}` under `access` is {names!r}", place=place, hint=f"Write a list, such as {key}: [{key[:-1]}-id]."
    )


def _accepted(offers: Offers) -> str:
    known = ["public", *(["members"] if offers.tiers else []), *offers.by_id]
    return f"It may be {', '.join(known)}, or a mapping with tiers, products and public_from."
