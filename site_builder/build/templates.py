"""The theme's templates, compiled once for all builds of a process: of a preview that builds at each change, that is a third."""

from __future__ import annotations

from functools import cached_property
from pathlib import Path
from types import CodeType
from typing import Any

import material
from jinja2 import BytecodeCache, Environment
from jinja2.bccache import Bucket

from site_builder.build.theme import theme_dir


class CompiledTemplates(BytecodeCache):
    """Keeps of each template of Material's and ours what it was compiled to last, in memory; of a site's own, nothing.

    Filters differ from build to build, since plugins make theirs anew. What is constant has gone through them when it was
    compiled, but no template that is kept here puts a constant through a plugin's filter.
    """

    def __init__(self) -> None:
        self._kept: dict[str, tuple[object, CodeType]] = {}

    @cached_property
    def _folders(self) -> tuple[Path, ...]:
        return theme_dir(), *(Path(folder) / "templates" for folder in material.__path__)

    def get_bucket(self, environment: Environment, name: str, filename: str | None, source: str) -> Bucket:
        if filename and any(Path(filename).is_relative_to(folder) for folder in self._folders):
            return super().get_bucket(environment, name, filename, source)
        return Bucket(environment, "", self.get_source_checksum(source))

    def load_bytecode(self, bucket: Bucket) -> None:
        made_of, code = self._kept.get(bucket.key, (None, None))
        if made_of == _made_of(bucket):
            bucket.code = code

    def dump_bytecode(self, bucket: Bucket) -> None:
        if bucket.key and bucket.code:
            self._kept[bucket.key] = _made_of(bucket), bucket.code


def _made_of(bucket: Bucket) -> tuple[Any, ...]:
    """All that the code depends on: the text, what it is read with, and how filters and tests are called."""
    read: Environment = bucket.environment
    ways = (
        read.autoescape,
        read.trim_blocks,
        read.lstrip_blocks,
        read.keep_trailing_newline,
        frozenset(read.extensions),
    )
    called = [
        frozenset((name, str(getattr(function, "jinja_pass_arg", ""))) for name, function in functions.items())
        for functions in (read.filters, read.tests)
    ]
    return bucket.checksum, type(read), ways, *called


# One for all builds.
compiled = CompiledTemplates()
