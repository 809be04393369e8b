"""One build from start to end: MkDocs writes beside the published site, the paywall plugin seals and audits, then the swap."""

from __future__ import annotations

import logging
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from pathlib import Path

from mkdocs.commands.build import build as mkdocs_build
from mkdocs.config import load_config
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import MkDocsException

from site_builder.build.inputs import BuildInputs
from site_builder.build.publish import replacing
from site_builder.build.repository import history_kept
from site_builder.content.settings import load_settings
from site_builder.errors import ConfigError, Place, PublishError, SiteError

_EPOCH = "SOURCE_DATE_EPOCH"
# Material prints a notice about its future at each start, which is nothing that a writer can act on.
os.environ.setdefault("NO_MKDOCS_2_WARNING", "1")


@dataclass(frozen=True)
class BuildReport:
    """What was published: the folder, its files and bytes, and the warnings on the way."""

    site: Path
    files: int
    bytes: int
    warnings: tuple[str, ...]


def build(config_file: Path, site: Path | None, inputs: BuildInputs, *, strict: bool = False) -> BuildReport:
    """Build the site of ``config_file`` and publish it into ``site`` (by default mkdocs.yml's ``site_dir``).

    Raises:
        SiteError: the first thing that is wrong; the published site is as it was.
    """
    settings = load_settings(config_file)
    target = (site or settings.site_dir).resolve()
    for source in (settings.root, settings.docs_dir, settings.roster, settings.key_file):
        if source.resolve().is_relative_to(target) or target.is_relative_to(settings.docs_dir.resolve()):
            raise PublishError(
                "holds sources, so it is no output folder", place=Place(target), hint="Name another one with -d."
            )
    with replacing(target) as folder:
        with mkdocs_run(config_file, folder, replace(inputs, published=target), strict=strict) as (config, warnings):
            mkdocs_build(config)
        sizes = [path.stat().st_size for path in folder.rglob("*") if path.is_file()]
    return BuildReport(target, len(sizes), sum(sizes), (*warnings, *history_kept(settings, target)))


@contextmanager
def mkdocs_run(
    config_file: Path, folder: Path, inputs: BuildInputs, *, strict: bool = False
) -> Iterator[tuple[MkDocsConfig, list[str]]]:
    """MkDocs's configuration for one run that writes into ``folder``, its plugins started; and the warnings as they come.

    Raises the SiteError behind an error of MkDocs. The paywall plugin must be among the plugins.
    """
    # MkDocs keeps plugins from one build to the next, for its own server; here each starts from nothing.
    for option in (option for name, option in MkDocsConfig()._schema if name == "plugins"):
        option.plugin_cache.clear()  # type: ignore[attr-defined]
    with _warnings() as warnings, _clock_stands_at(inputs.today):
        try:
            config = load_config(str(config_file), site_dir=str(folder), strict=strict or None)
            plugin = config.plugins["paywall"]
            plugin.inputs = inputs  # type: ignore[attr-defined]
            config.plugins.on_startup(command="build", dirty=False)
            try:
                yield config, warnings
            finally:
                config.plugins.on_shutdown()
        except MkDocsException as error:
            raise reason(error, config_file, warnings) from error


def reason(error: BaseException, config_file: Path, said: Sequence[str] = ()) -> SiteError:
    """The SiteError that a plugin raised, found behind MkDocs's own; else their words, and what was ``said`` before."""
    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, SiteError):
            return cause
        cause = cause.__cause__ or cause.__context__
    return ConfigError(str(error) or type(error).__name__, place=Place(config_file), hint="\n  ".join(said))


@contextmanager
def _clock_stands_at(day: date) -> Iterator[None]:
    """The sitemap and its archive are dated by the build date: SOURCE_DATE_EPOCH tells MkDocs, as for reproducible builds."""
    before = os.environ.get(_EPOCH)
    os.environ[_EPOCH] = str(int(datetime(day.year, day.month, day.day, tzinfo=UTC).timestamp()))
    try:
        yield
    finally:
        if before is None:
            del os.environ[_EPOCH]
        else:
            os.environ[_EPOCH] = before


@contextmanager
def _warnings() -> Iterator[list[str]]:
    """Gather MkDocs's warnings, each once, instead of letting them scroll by."""
    logger, messages = logging.getLogger("mkdocs"), list[str]()

    class Gather(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            text = record.getMessage()
            if text not in messages:
                messages.append(text)

    handler = Gather(logging.WARNING)
    propagate, logger.propagate = logger.propagate, False
    logger.addHandler(handler)
    try:
        yield messages
    finally:
        logger.removeHandler(handler)
        logger.propagate = propagate
