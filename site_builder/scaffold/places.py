"""Where a blog keeps its posts and its authors, as mkdocs.yml tells Material's blog plugin."""

from __future__ import annotations

from pathlib import Path

import yaml

from site_builder.content.settings import plugin_options, read_config
from site_builder.errors import ConfigError, Place


def blog_places(config_file: Path, docs_dir: Path) -> tuple[Path, tuple[str, ...]]:
    """The folder of posts and the ids of authors. Raises ConfigError without a blog, or if the file of authors is not YAML."""
    options = plugin_options(read_config(config_file), "blog", "material/blog")
    if options is None:
        raise ConfigError(
            "the blog plugin is not among `plugins`", place=Place(config_file), hint="Add `- blog` there."
        )
    folder = str(options.get("blog_dir") or "blog")
    posts = docs_dir / str(options.get("post_dir") or "{blog}/posts").format(blog=folder)
    return posts, _authors(docs_dir / str(options.get("authors_file") or "{blog}/.authors.yml").format(blog=folder))


def _authors(file: Path) -> tuple[str, ...]:
    try:
        authors = (yaml.safe_load(file.read_text("utf-8-sig")) or {}).get("authors")
    except FileNotFoundError:
        return ()
    except (yaml.YAMLError, UnicodeDecodeError, AttributeError):
        raise ConfigError("is not a YAML file of authors", place=Place(file)) from None
    return tuple(str(author) for author in authors) if isinstance(authors, dict) else ()
