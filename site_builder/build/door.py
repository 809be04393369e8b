"""What is between MkDocs and all plugins: errors in its words, options that are validated elsewhere, the site's language."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, ClassVar, Protocol

from mkdocs.config import Config
from mkdocs.config.base import ConfigErrors, ConfigWarnings, ValidationError
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import PluginError
from mkdocs.plugins import BasePlugin

from site_builder.errors import ConfigError, Place, SiteError


class Unread(Config):  # type: ignore[no-untyped-call]
    """MkDocs asks for a class of options; ours are validated by a room's own model."""


class OptionsModel(Protocol):
    def read(self, raw: dict[str, Any], place: Place) -> Any:
        """The options of an entry under ``plugins:``. Raises ConfigError."""


class Door(BasePlugin[Unread]):  # type: ignore[no-untyped-call]
    """A plugin with the ``options`` that a room's model reads: ``class FeedsPlugin(Door, name="feeds", model=FeedsOptions)``."""

    name: ClassVar[str]
    model: ClassVar[OptionsModel]
    options: Any

    def __init_subclass__(cls, *, name: str, model: OptionsModel) -> None:
        super().__init_subclass__()  # type: ignore[no-untyped-call]
        cls.name, cls.model = name, model

    def load_config(
        self, options: dict[str, Any], config_file_path: str | None = None
    ) -> tuple[ConfigErrors, ConfigWarnings]:
        self.config = Unread()
        try:
            self.options = self.model.read(options, Place(config_file_path or "mkdocs.yml"))
        except ConfigError as error:
            return [(self.name, ValidationError(str(error)))], []
        return [], []


def site_language(config: MkDocsConfig) -> str:
    """The language of pages that don't say theirs."""
    return str(config.theme.get("language") or "en")


@contextmanager
def in_mkdocs_words() -> Iterator[None]:
    """MkDocs prints a PluginError's words and stops with exit code 1; any other exception is a traceback."""
    try:
        yield
    except SiteError as error:
        raise PluginError(str(error)) from error
