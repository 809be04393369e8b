"""Where a blog keeps its posts and its authors, as mkdocs.yml tells Material's blog plugin."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml

from site_builder.errors import ConfigError, Place


class _Loader(yaml.SafeLoader):
    """Reads past the Python objects and variables that mkdocs.yml may name."""


_Loader.add_multi_constructor("", lambda loader, suffix, node: None)


def blog_places(config_file: Path, docs_dir: Path) -> tuple[Path, tuple[str, ...]]:
    """The folder of posts and the ids of authors. Raises ConfigError without a blog, or if the file of authors is not YAML."""
    options = _blog_options(config_file)
    folder = str(options.get("blog_dir") or "blog")
    posts = docs_dir / str(options.get("post_dir") or "{blog}/posts").format(blog=folder)
    return posts, _authors(docs_dir / str(options.get("authors_file") or "{blog}/.authors.yml").format(blog=folder))


def _blog_options(config_file: Path) -> dict[str, Any]:
    plugins = yaml.load(config_file.read_text("utf-8-sig"), _Loader).get("plugins")  # noqa: S506  (a SafeLoader)
    for entry in plugins if isinstance(plugins, list) else [plugins]:
        named = entry if isinstance(entry, dict) else {entry: None}
        for name in {"blog", "material/blog"} & named.keys():
            return named[name] or {}
    raise ConfigError("the blog plugin is not among `plugins`", place=Place(config_file), hint="Add `- blog` there.")


def _authors(file: Path) -> tuple[str, ...]:
    try:
        authors = (yaml.safe_load(file.read_text("utf-8-sig")) or {}).get("authors")
    except FileNotFoundError:
        return ()
    except (yaml.YAMLError, UnicodeDecodeError, AttributeError):
        raise ConfigError("is not a YAML file of authors", place=Place(file)) from None
    return tuple(str(author) for author in authors) if isinstance(authors, dict) else ()
