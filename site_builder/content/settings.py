"""What mkdocs.yml says about premium content: one validated model for the plugin, the build and the members' commands."""

from __future__ import annotations

import os
import re
from datetime import date
from pathlib import Path, PurePosixPath
from typing import Any, Self
from urllib.parse import urlsplit

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator, model_validator
from yaml_env_tag import construct_env_tag

from site_builder.content.offers import Offer, Offers, SiteId
from site_builder.errors import ConfigError, Place


class PaywallOptions(BaseModel):
    """The options of the ``paywall`` plugin in mkdocs.yml, as they stand there."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    site: SiteId | None = None
    """Names this site in keys and browser storage; never change it. By default made of ``site_name``."""
    tiers: tuple[Offer, ...] = ()
    """What readers subscribe to, from the lowest to the highest."""
    products: tuple[Offer, ...] = ()
    """What readers buy on its own."""
    roster: str = "members.roster"
    """The file of sealed members' records, relative to mkdocs.yml."""
    key_file: str = ".site-builder/master.key"
    """The master key, relative to mkdocs.yml; the environment variable SITE_BUILDER_MASTER_KEY goes before it."""
    unlock_page: str = "unlock/"
    """The page with ``<unlock-form>``, relative to the site's root."""
    account_page: str = "account/"
    """The page with ``<membership-account>``."""
    membership_page: str = "membership/"
    """The page that tells what membership costs and gives."""
    rotation: int = Field(default=7, ge=1, le=365)
    """Expired memberships re-key what is left at most once in so many days."""
    generation: int = Field(default=0, ge=0, lt=1 << 32)
    """Raise it to re-key all premium content, after a key has become known."""
    build_date: date | None = None
    """The day by which expiries, drafts and ``public_from`` are judged. By default the day of the build, in UTC."""
    public_sources: bool = False
    """The premium sources may stand in a public repository, where everybody can read them."""
    csp: dict[str, tuple[str, ...]] = Field(default_factory=dict)
    """Sources to add to a directive of the Content-Security-Policy, such as ``img-src: [https://images.example.com]``."""

    @model_validator(mode="after")
    def _offers_are_sound(self) -> Self:
        Offers(tiers=self.tiers, products=self.products)
        return self

    @field_validator("unlock_page", "account_page", "membership_page")
    @classmethod
    def _page_stays_on_the_site(cls, value: str) -> str:
        if urlsplit(value).scheme or value.startswith("/") or ".." in PurePosixPath(value).parts:
            raise ValueError("must be a path relative to the site's root, such as unlock/")
        return value

    @classmethod
    def read(cls, options: object, place: Place | None = None) -> PaywallOptions:
        """Validate the options. Raises ConfigError that names each bad option, its value and what is accepted."""
        try:
            return cls.model_validate(options or {})
        except ValidationError as error:
            lines = [
                f"paywall option {'.'.join(map(str, one['loc'])) or 'tiers'}: {one['msg']} (found {one['input']!r})"
                for one in error.errors(include_url=False)
            ]
            options_are = f"The paywall plugin's options are: {', '.join(cls.model_fields)}."
            offer_has = f"A tier or product has: {', '.join(Offer.model_fields)}."
            raise ConfigError("; ".join(lines), place=place, hint=f"{options_are} {offer_has}") from None


class Settings(BaseModel):
    """The same, resolved against the folder of mkdocs.yml."""

    model_config = ConfigDict(frozen=True)

    root: Path
    site: str
    site_url: str
    docs_dir: Path
    site_dir: Path
    options: PaywallOptions
    publishing_branch: str = "gh-pages"
    """The branch to which `mkdocs gh-deploy` publishes: ``remote_branch`` in mkdocs.yml."""

    @property
    def offers(self) -> Offers:
        return Offers(tiers=self.options.tiers, products=self.options.products)

    @property
    def roster(self) -> Path:
        return self.root / self.options.roster

    @property
    def key_file(self) -> Path:
        return self.root / self.options.key_file

    @property
    def unlock_page(self) -> str:
        return self.options.unlock_page

    @property
    def rotation(self) -> int:
        return self.options.rotation

    @property
    def generation(self) -> int:
        return self.options.generation


def site_id(site_name: str) -> str:
    """A site id made of the site's name: lower-case ASCII letters and digits, hyphens between."""
    return re.sub(r"[^a-z0-9]+", "-", site_name.lower()).strip("-")[:63].strip("-") or "site"


def resolve(config_file: Path, config: dict[str, Any], options: PaywallOptions) -> Settings:
    """Settings from mkdocs.yml's top level and the plugin's validated options."""
    root = _absolute(config_file.parent)
    return Settings(
        root=root,
        site=options.site or site_id(str(config.get("site_name") or "")),
        site_url=str(config.get("site_url") or ""),
        docs_dir=_absolute(root / str(config.get("docs_dir") or "docs")),
        site_dir=_absolute(root / str(config.get("site_dir") or "site")),
        options=options,
        publishing_branch=str(config.get("remote_branch") or "gh-pages"),
    )


def _absolute(path: Path) -> Path:
    """As MkDocs does it, so that pages are found in their folders: without `..`, and symbolic links left as they are."""
    return Path(os.path.abspath(path))  # noqa: PTH100  (resolve() would follow the links)


class _Loader(yaml.SafeLoader):
    """mkdocs.yml may name Python objects for its Markdown extensions; they are of no concern here."""


_Loader.add_constructor("!ENV", construct_env_tag)
_Loader.add_multi_constructor("tag:yaml.org,2002:python/", lambda loader, suffix, node: None)
_Loader.add_multi_constructor("!", lambda loader, suffix, node: None)


def read_config(config_file: Path) -> dict[str, Any]:
    """What stands in mkdocs.yml, read without MkDocs. Raises ConfigError if it is missing or is no mapping in YAML."""
    place = Place(config_file)
    try:
        config = yaml.load(config_file.read_text("utf-8-sig"), _Loader)  # noqa: S506  (a SafeLoader)
    except FileNotFoundError:
        raise ConfigError(
            "there is no such file",
            place=place,
            hint="Run this where mkdocs.yml is, or name it with -f; `site-builder init` makes one.",
        ) from None
    except UnicodeDecodeError:
        raise ConfigError("is not UTF-8 text", place=place) from None
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = mark.line + 1 if mark else None
        raise ConfigError(f"is not YAML: {getattr(error, 'problem', error)}", place=Place(config_file, line)) from None
    if not isinstance(config, dict):
        raise ConfigError("is not a mapping of options", place=place)
    return config


def plugin_options(config: dict[str, Any], *names: str) -> Any:
    """The options of the first plugin with one of these names, ``{}`` if it has none; None if it is not among `plugins`."""
    plugins = config.get("plugins") or []
    entries = list(plugins.items()) if isinstance(plugins, dict) else []
    for entry in plugins if isinstance(plugins, list) else []:
        entries += list(entry.items()) if isinstance(entry, dict) else [(entry, {})]
    return next((options or {} for name, options in entries if name in names), None)


def load_settings(config_file: Path) -> Settings:
    """Read mkdocs.yml without MkDocs. Raises ConfigError if it is missing, is not YAML, or has no paywall plugin."""
    place, config = Place(config_file), read_config(config_file)
    options = plugin_options(config, "paywall")
    if options is None:
        raise ConfigError(
            "the paywall plugin is not among `plugins`", place=place, hint="Add `- paywall:` with `tiers:`."
        )
    return resolve(config_file, config, PaywallOptions.read(options, place))
