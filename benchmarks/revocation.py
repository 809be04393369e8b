"""Which files of a site change when members come and go: 1,000 premium pages, built again and again in full.

A revoked member may change keyrings, lockboxes and the manifest, never a page or a payload; a new one at most three files; and
the same input and build date give the same bytes, in another folder too.
"""

from __future__ import annotations

import shutil
import sys
import tempfile
from dataclasses import replace
from datetime import UTC, datetime, time
from pathlib import Path

from benchmarks.blog import enrol, write_posts
from benchmarks.results import Lap, Row, at_most, show, step
from site_builder.membership.changes import revocation
from site_builder.membership.desk import changing
from tests.sites import TODAY, Blog, make_blog, tree

PAGES, MEMBERS = 1_000, 5_000
NEW_MEMBER_FILES = 3
REKEYED = ("vault/keyrings/pro/", "vault/lockboxes/", "vault/manifest.json")
Site = dict[str, bytes]


def revoke(blog: Blog, email: str) -> None:
    with changing(blog.settings, TODAY) as desk:
        desk.add([revocation(desk.find(email), (), "", datetime.combine(TODAY, time(9), UTC))])


def build(blog: Blog, what: str) -> tuple[Site, Lap]:
    """The published files after a build of everything, and how long it took."""
    with step(f"building {PAGES:,} premium pages, {what}") as lap:
        blog.build()
    return tree(blog.site), lap


def changed(before: Site, after: Site) -> Site:
    """Files that are new or different, and those that are gone, as empty."""
    return {name: after.get(name, b"") for name in before.keys() | after.keys() if before.get(name) != after.get(name)}


def told(what: str, files: Site, lap: Lap, limit: str = "", kept: bool = True) -> Row:
    size = sum(map(len, files.values()))
    return Row(what, f"{len(files):,} files, {size:,} bytes; the build took {lap.seconds:.0f} s", limit, kept)


def main() -> int:
    """Print the table; 0 if the limits are kept, 1 if not."""
    with tempfile.TemporaryDirectory() as folder:
        blog = make_blog(Path(folder) / "blog")
        write_posts(blog, PAGES, premium=PAGES, public_size=0, gated_size=1)
        enrol(blog, MEMBERS)
        first, lap = build(blog, f"{MEMBERS:,} members")
        rows = [told("first build: the whole site", first, lap)]

        same, lap = build(blog, "nothing new")
        none = changed(first, same)
        rows += [told("nothing new", none, lap, "0 files", not none)]

        enrol(blog, 1, number=MEMBERS)
        joined, lap = build(blog, "one member more")
        new = changed(same, joined)
        rows += [told("one member more", new, lap, f"{NEW_MEMBER_FILES} files", len(new) <= NEW_MEMBER_FILES)]

        revoke(blog, "reader1@example.com")
        revoked, lap = build(blog, "one member revoked")
        rekeyed = changed(joined, revoked)
        others = {name: raw for name, raw in rekeyed.items() if not name.startswith(REKEYED)}
        rows += [told("one member of pro revoked", rekeyed, lap)]
        rows += [at_most("… of them pages, payloads, keyrings of other tiers", len(others), 0, "{} files")]

        other = replace(blog, root=Path(folder) / "another" / "folder" / "of" / "the" / "same")
        shutil.copytree(blog.root, other.root, ignore=shutil.ignore_patterns("site"))
        elsewhere, lap = build(other, "in another folder")
        moved = changed(revoked, elsewhere)
        rows += [told("the same in another folder", moved, lap, "0 files", not moved)]
    return show(f"Revocation: {PAGES:,} premium pages, {MEMBERS:,} members", rows)


if __name__ == "__main__":
    sys.exit(main())
