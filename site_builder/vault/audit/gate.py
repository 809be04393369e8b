"""The leak gate: no file with premium text, a premium file, a key or a token in it may be published.

The build calls it last, before the new site takes the old one's place; ``site-builder audit`` calls it on any folder.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from functools import cache, partial
from hashlib import sha256
from pathlib import Path

from site_builder.errors import Place, PublishError
from site_builder.vault.audit.commonplace import commonplace
from site_builder.vault.audit.files import Contents, name_patterns
from site_builder.vault.audit.links import Sources
from site_builder.vault.audit.premium import PremiumFile, PremiumText
from site_builder.vault.audit.reading import read
from site_builder.vault.audit.report import AuditReport
from site_builder.vault.audit.search import Sought, search
from site_builder.vault.audit.secret_folders import (
    SECRET_ADDRESS,
    SecretFolder,
    parted_by_readers,
    stale_leak,
    veiled,
    veiled_text,
)
from site_builder.vault.audit.secrets import MASTER_KEY, key_forms
from site_builder.vault.keys import MasterKey


def audit(
    site: Path,
    premium: Sequence[PremiumText],
    files: Sequence[PremiumFile],
    public: Iterable[str],
    *,
    master_key: str | None,
    sources: Mapping[str, Place] | None = None,
    also_public: Callable[[], Iterable[str]] = tuple,
    secret_folders: Sequence[SecretFolder] = (),
    fetched: Mapping[str, str] | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> AuditReport:
    """Read every file below ``site`` and report what may not be published.

    Args:
        site: the folder that would be published.
        premium: the gated parts, as Markdown and as HTML.
        files: images and attachments that only gated parts use; not those that a public part has under another name.
        public: all that may be said: Markdown and HTML of public parts, titles, descriptions, tags, navigation. What
            stands there too is no leak. It must come from where premium text can't get to, so not from what was rendered.
        master_key: its written form, or None where there is none.
        sources: of gated pages: path below the docs folder -> place. No page may link there.
        also_public: gives more of the same, such as the text files of theme and plugins. It is asked only if need be, and
            once.
        secret_folders: where members' feeds stand. Their files may say what their readers may read; nothing else may say where
            they are.
        fetched: files that others have published, such as a browser's Python: path below ``site`` -> SHA-256 in hex. They are
            not read if they are those.
        progress: called with the number of files read and that of all files.

    Raises MasterKeyError if ``master_key`` is none, PublishError if there is no such folder.
    """
    if not site.is_dir():
        raise PublishError(f"there is no folder {site} to audit", hint="Build the site first.")
    others = {site / path: digest for path, digest in (fetched or {}).items()}
    paths = sorted(path for path in site.rglob("*") if path.is_file() and not _is(path, others.get(path)))
    names = [(pattern, index) for index, file in enumerate(files) for pattern in name_patterns(file)]
    keys = key_forms(master_key) if master_key else []
    addresses = [folder.secret.encode() for folder in secret_folders]
    patterns = [*(pattern for pattern, _ in names), *keys, *addresses]
    sought = Sought(
        corpus=read(premium, patterns),
        files=files,
        contents=Contents.of(files),
        named=[index for _, index in names],
        secrets=[*(MASTER_KEY for _ in keys), *(SECRET_ADDRESS for _ in addresses)],
        raw_key=MasterKey.parse(master_key).raw if master_key else None,
        sources=Sources.of(sources or {}),
    )
    at_hand = (*public, *commonplace())
    said = (lambda: at_hand, cache(lambda: tuple(also_public())))
    parted = parted_by_readers(site, paths, secret_folders)
    found = search(site, parted.ordinary, sought, said, progress, repeated=False)
    if found.leaks:  # now every file that has them matters, not only the first
        found = search(site, parted.ordinary, sought, said, progress, repeated=True)
    found.leaks += (stale_leak(path.relative_to(site)) for path in parted.stale)
    for folder, own_paths in parted.secret.values():
        readable = partial(tuple, [text.text for text in premium if not folder.hides(text)])
        hidden = replace(sought, corpus=read([text for text in premium if folder.hides(text)], patterns))
        own = search(site, own_paths, hidden, (readable, *said), repeated=True, knows_itself=True)
        found.leaks += own.leaks
        found.warnings += own.warnings
        found.bytes_read += own.bytes_read
    return AuditReport(
        leaks=tuple(veiled(leak, secret_folders) for leak in found.leaks),
        warnings=tuple(veiled_text(warning, secret_folders) for warning in found.warnings),
        files=len(paths),
        bytes=found.bytes_read,
        patterns=sought.corpus.patterns,
    )


def _is(path: Path, digest: str | None) -> bool:
    return digest is not None and sha256(path.read_bytes()).hexdigest() == digest
