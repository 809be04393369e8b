"""Members' feeds in a build: written when the vault is, and told to the leak gate, which reads them as their readers may."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from functools import cache
from itertools import chain
from pathlib import Path

from mkdocs.config.defaults import MkDocsConfig

from site_builder.build.feeds import site_facts
from site_builder.build.items import shared
from site_builder.build.repository import public_repository
from site_builder.content.access import may_read
from site_builder.content.offers import Offers
from site_builder.content.settings import Settings, plugin_options, read_config
from site_builder.errors import ConfigError, LeakError, MasterKeyError, Place, PublishError
from site_builder.feeds.members import MembersFeed, member_files, members_feeds
from site_builder.feeds.options import FeedsOptions
from site_builder.membership.keyfile import load_keys
from site_builder.membership.standing import Standing, read_standing
from site_builder.vault.audit import PremiumText, SecretFolder
from site_builder.vault.feed import FOLDER
from site_builder.vault.lockbox import Epoch
from site_builder.vault.manifest import Manifest

# Many a server lists the files of a folder that has no page of its own.
_NO_LISTING = b"""\
<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="robots" content="noindex"><title>Feeds</title></head><body></body></html>
"""


def feeds_options(config_file: Path) -> FeedsOptions | None:
    """The options of the feeds plugin, read without MkDocs; None if it is not among the plugins. Raises ConfigError."""
    options = plugin_options(read_config(config_file), "feeds")
    return None if options is None else FeedsOptions.read(options, Place(config_file))


def require_readable(options: FeedsOptions, config_file: Path) -> None:
    """Raise ConfigError if MkDocs has ``options`` for members' feeds that no command could read, such as inherited ones."""
    read = feeds_options(config_file)
    if options.members and (read is None or read.members != options.members):
        raise ConfigError(
            f"`members: {options.members}` of the feeds plugin does not stand in this file, so that no feeds would be made",
            place=Place(config_file),
            hint="Write the plugin with its options here, and not in a file that this one inherits, or in a variable.",
        )


def write_members_feeds(
    site: Path, config: MkDocsConfig, settings: Settings, standing: Standing, epochs: Mapping[str, Epoch]
) -> tuple[MembersFeed, ...]:
    """Write those that the site's options ask for below ``site``, and say which there are.

    Raises ContentError for an item that feeds can't hold, ConfigError for options, LeakError where everybody could list them,
    and PublishError, which does not say where.
    """
    options = feeds_options(Path(config.config_file_path))
    if options is None or not options.members:
        return ()
    _refuse_where_all_is_listed(settings)
    offers = settings.offers
    feeds = members_feeds(options, settings.site, offers, standing, epochs)
    files = member_files(shared(config).items, feeds, site_facts(config), offers, options)
    for path, content in chain([(f"{FOLDER}/index.html", _NO_LISTING)], files):
        file = site / path
        try:
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(content)
        except OSError as error:
            place = Place(site / FOLDER / "…" / file.name)  # the address is a secret, and errors are printed and kept
            raise PublishError(f"can't be written: {error.strerror}", place=place) from None
    return feeds


def _refuse_where_all_is_listed(settings: Settings, environment: Mapping[str, str] = os.environ) -> None:
    """A secret address is none where anybody can see which files there are. Raises LeakError."""
    name = public_repository(environment)
    if name and not settings.options.public_sources:
        raise LeakError(
            f"members' feeds would be handed over by the public repository {name}, whose artifacts and branches all can list",
            hint="Build in a private repository, or set `members: false` in the options of the feeds plugin.",
        )


def secret_folders(feeds: Iterable[MembersFeed], texts: Iterable[PremiumText], offers: Offers) -> list[SecretFolder]:
    """What the leak gate is told of ``feeds``: their folders, and whose of the premium ``texts`` their readers may read."""
    gated = {text.entitlements for text in texts if text.entitlements}

    @cache
    def readable(held: tuple[str, ...]) -> frozenset[tuple[str, ...]]:
        return frozenset(entitlements for entitlements in gated if may_read(entitlements, held, offers))

    return [SecretFolder(feed.folder, feed.held, readable(feed.held)) for feed in feeds]


def feeds_in(site: Path, config_file: Path, settings: Settings) -> tuple[MembersFeed, ...]:
    """The members' feeds that a built ``site`` should have, by the key, the roster, and the day that its manifest tells.

    Raises MasterKeyError if it has some and the key is not here: nobody can tell then whether they are leaks.
    """
    options = feeds_options(config_file)
    manifest = site / "vault" / "manifest.json"
    if options is None or not manifest.is_file():
        return ()
    day = Manifest.parse(manifest.read_bytes(), Place(manifest)).date
    try:
        keys = load_keys(settings.key_file)
    except MasterKeyError as error:
        if not (site / FOLDER).is_dir():
            return ()
        raise MasterKeyError(
            "there are members' feeds, and without the master key nobody can tell whether they say too much",
            place=Place(site / FOLDER),
            hint=error.hint,
        ) from None
    standing, epochs = read_standing(settings, keys, day)
    return members_feeds(options, settings.site, settings.offers, standing, epochs)
