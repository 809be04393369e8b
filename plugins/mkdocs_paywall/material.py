"""What Material is told of the paywall: our theme, our one Markdown extension, and to leave `access` in folder files to us."""

from __future__ import annotations

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import PluginError

from site_builder.build.theme import theme_dir
from site_builder.content.access import FOLDER_FILE


def prepare(config: MkDocsConfig) -> None:
    """Add to MkDocs's configuration what our pages need. Raises PluginError if folder files have another name."""
    meta = config.plugins.get("material/meta")
    if meta and meta.config["meta_file"] != FOLDER_FILE:
        raise PluginError(f"the meta plugin's meta_file must stay {FOLDER_FILE}, which is where access is looked for")
    config.theme.dirs.insert(1 if config.theme.custom_dir else 0, str(theme_dir()))
    config.extra_css.append("assets/css/site-builder.css")
    config.markdown_extensions.append("mkdocs_paywall.markdown")
    # One scope for all pages: Material writes it into an inline script, which would differ with a page's depth.
    config.extra.setdefault("scope", "/")


def forget_folders(config: MkDocsConfig) -> None:
    """Take `access` out of what the meta plugin has read of folder files, or it would get into the pages' front matter."""
    meta = config.plugins.get("material/meta")
    for values in meta.meta.values() if meta else ():
        values.pop("access", None)
