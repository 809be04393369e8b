"""What may stand in published files although premium text says it too: public snippets, and what theme and plugins brought.

Nothing here comes from a rendered page or a published file. Premium text that a plugin, a template or an extension has copied
there by mistake would then explain itself, and the leak gate would be blind to it. So only those are asked whose words can't
come from a gated part: the writer's own settings and public Markdown, with the snippet files that it names, and installed
packages.
"""

from __future__ import annotations

from base64 import urlsafe_b64encode
from collections.abc import Iterable, Iterator, Mapping, Set
from hashlib import sha256
from importlib.metadata import Distribution, entry_points
from pathlib import Path
from typing import Any

from markdown import Markdown
from mkdocs.config.defaults import MkDocsConfig
from pymdownx.snippets import SnippetExtension, SnippetPreprocessor

from site_builder.build.theme import theme_dir
from site_builder.content.gate import has_gate
from site_builder.content.library import Document
from site_builder.content.snippets import base_folder
from site_builder.vault.audit import texts_of

_SNIPPETS = "pymdownx.snippets"
_TEXTS = frozenset({".css", ".html", ".js", ".json", ".map", ".md", ".mjs", ".txt", ".xml", ".xsl"})


def also_public(config: MkDocsConfig, documents: Iterable[Document]) -> Iterator[str]:
    """mkdocs.yml and the authors' files, public Markdown with its snippets in place, and the text files of theme and plugins."""
    documents = list(documents)
    for path in (Path(config.config_file_path), *sorted(Path(config.docs_dir).rglob(".authors.yml"))):
        yield path.read_text("utf-8", "replace")
    if _SNIPPETS in config.markdown_extensions:
        yield from with_snippets(documents, config.mdx_configs.get(_SNIPPETS, {}))
    yield from texts_of(shipped(config))


def with_snippets(documents: Iterable[Document], options: Mapping[str, Any]) -> Iterator[str]:
    """The public Markdown of published pages as pymdownx.snippets completes it: only the lines and sections that are named,
    no gated page and no file with a gate, nothing from other hosts."""
    documents = list(documents)
    gated = {document.source.path.resolve() for document in documents if document.gated}
    bases = options.get("base_path", ["."])
    bases = list(bases) if isinstance(bases, (list, tuple)) else [bases]
    for document in documents:
        text = document.public_markdown() if document.published else ""
        if "8<" in text or (text and options.get("auto_append")):
            folders = [str(base_folder(base, document.source.path)) for base in bases]
            own = {**options, "base_path": folders, "url_download": False, "check_paths": False}
            snippets = _UngatedSnippets(SnippetExtension(**own).getConfigs(), Markdown(), gated)
            yield "\n".join(snippets.run(text.split("\n")))


class _UngatedSnippets(SnippetPreprocessor):  # type: ignore[misc]
    """Finds no file that has premium text, so that it can't be called public whoever includes it."""

    def __init__(self, options: dict[str, Any], markdown: Markdown, gated: Set[Path]) -> None:
        self.gated = gated
        super().__init__(options, markdown)

    def get_snippet_path(self, path: str) -> str | None:
        found = super().get_snippet_path(path)
        if found is None or Path(found).resolve() in self.gated:
            return None
        return None if has_gate(Path(found).read_text("utf-8-sig", "replace")) else str(found)


def shipped(config: MkDocsConfig) -> Iterator[Path]:
    """The text files that the product's theme and the packages of the site's theme and plugins brought with them.

    A folder of the writer's own, such as ``theme.custom_dir``, is not among them: what stands there and in a gated part was
    copied from one to the other.
    """
    yield from (path for path in sorted(theme_dir().rglob("*")) if path.suffix in _TEXTS and path.is_file())
    used = {("mkdocs.themes", config.theme.name), *(("mkdocs.plugins", name) for name in config.plugins)}
    points = sorted(point for group in ("mkdocs.themes", "mkdocs.plugins") for point in entry_points(group=group))
    packages = {point.dist.name: point.dist for point in points if point.dist and (point.group, point.name) in used}
    for package in packages.values():
        yield from as_installed(package)


def as_installed(package: Distribution) -> Iterator[Path]:
    """The text files of an installed package that are byte for byte those that it came with."""
    for file in package.files or ():
        if file.suffix in _TEXTS and file.hash and file.hash.mode == "sha256":
            path = Path(str(file.locate()))
            if path.is_file() and file.hash.value == _digest(path):
                yield path


def _digest(path: Path) -> str:
    """As a wheel's RECORD has it."""
    return urlsafe_b64encode(sha256(path.read_bytes()).digest()).rstrip(b"=").decode()
