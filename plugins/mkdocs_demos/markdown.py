"""A Markdown extension: each demo's fence becomes one that pymdownx.superfences asks this plugin to write."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from markdown import Extension, Markdown
from markdown.preprocessors import Preprocessor
from mkdocs.exceptions import PluginError
from pymdownx.superfences import SuperFencesCodeExtension, SuperFencesException

from site_builder.build.door import in_mkdocs_words
from site_builder.demos.fences import with_keys
from site_builder.errors import ConfigError, SiteError

FENCE = "code-demo"
_BEFORE_FENCES = 26  # superfences runs at 25, snippets at 32


class _ShownError(SuperFencesException, PluginError):  # type: ignore[misc]
    """superfences shows a fence as text for any error but its own; MkDocs knows its own."""


class _Keys(Preprocessor):
    def run(self, lines: list[str]) -> list[str]:
        return with_keys(lines, FENCE)


class DemoFences(Extension):
    """``show`` is given a demo's key and writes its HTML."""

    def __init__(self, show: Callable[[str, Markdown], str]) -> None:
        super().__init__()
        self.show = show

    def extendMarkdown(self, md: Markdown) -> None:  # noqa: N802  (Python-Markdown's name)
        fences = [one for one in md.registeredExtensions if isinstance(one, SuperFencesCodeExtension)]
        if not fences:
            with in_mkdocs_words():
                raise ConfigError(
                    "demos need pymdownx.superfences, which is not among `markdown_extensions`",
                    hint="Add `- pymdownx.superfences` there.",
                )
        md.preprocessors.register(_Keys(md), "demos", _BEFORE_FENCES)
        fences[0].extend_super_fences(FENCE, self._format, _validate, None)

    def _format(self, md: Markdown, options: dict[str, str], **_: Any) -> str:
        try:
            return self.show(options["key"], md)
        except SiteError as error:
            raise _ShownError(str(error)) from error
        except Exception as error:
            raise SuperFencesException(f"a demo can't be shown: {error}") from error


def _validate(language: str, inputs: dict[str, str], options: dict[str, str], attrs: object, md: Markdown) -> bool:
    md.preprocessors["fenced_code_block"].get_hl_settings()  # type: ignore[attr-defined]
    options.update(inputs)
    return True
