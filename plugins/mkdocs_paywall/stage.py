"""The files that stand in for gated sources, so that every other plugin reads their public part and nothing else."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

from mkdocs.structure.files import File

from site_builder.content.library import Document


class Stage:
    """A temporary folder of public Markdown, for the length of one build."""

    def __init__(self) -> None:
        self._folder = TemporaryDirectory(prefix="site-builder-")

    def put(self, file: File, document: Document) -> None:
        """Let ``file`` read the document's public part.

        The same File is changed, so that plugins which hold it see the public text only. A file that is said to be generated
        has no link to its source.
        """
        staged = Path(self._folder.name, document.uri)
        staged.parent.mkdir(parents=True, exist_ok=True)
        staged.write_text(document.staged(), "utf-8")
        file.src_dir, file.abs_src_path, file.generated_by = None, str(staged), "paywall"

    def clear(self) -> None:
        """Remove the folder; a second time does nothing."""
        self._folder.cleanup()
