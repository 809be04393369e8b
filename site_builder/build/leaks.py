"""What the leak gate looks for: from a build that has rendered everything, or from the sources alone."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from pathlib import Path

from mkdocs.config import load_config
from mkdocs.exceptions import MkDocsException

from site_builder.build.demo_assets import fetched_files
from site_builder.build.demos import accepted_words
from site_builder.build.gating import GatedPage, all_parts
from site_builder.build.inputs import BuildInputs
from site_builder.build.members_feeds import feeds_in, secret_folders
from site_builder.build.policy import HEADERS
from site_builder.build.repository import refuse_public_sources
from site_builder.build.said import also_public
from site_builder.content.attachments import withheld_files
from site_builder.content.gate import MORE, Segment
from site_builder.content.library import Document, find_documents, read_documents
from site_builder.content.settings import Settings
from site_builder.errors import MasterKeyError, Place
from site_builder.membership.keyfile import load_keys
from site_builder.vault.audit import AuditReport, PremiumFile, PremiumText, audit


def premium_of(
    documents: Iterable[Document], gated: Iterable[GatedPage], sealed: Mapping[str, Path]
) -> tuple[list[PremiumText], list[PremiumFile], list[str]]:
    """Premium texts (as written and as rendered), files that only they use, and all public Markdown.

    Gated parts of ``documents`` that are not published yet are premium as well; their public parts are not looked for.
    """
    every = list(documents)
    documents = [document for document in every if document.published]
    texts = [
        PremiumText(Place(document.source.path, segment.line), segment.text, "markdown", _readers(document, segment))
        for document in every
        for segment in document.gated
    ]
    texts += [
        PremiumText(Place(page.document.source.path, segment.line), part.html, "html", _readers(page.document, segment))
        for page, part in all_parts(gated)
        for segment in [page.segment(part)]
    ]
    files = [PremiumFile(Place(path), uri, path.read_bytes()) for uri, path in sealed.items()]
    public = [document.public_markdown().replace(MORE, "") for document in documents]
    public += [str(value) for document in documents for value in document.source.meta.values()]
    # The search index has letters outside ASCII as escapes, which look like code that has such escapes.
    public += [json.dumps(text) for text in public if not text.isascii()]
    return texts, files, [*public, HEADERS]


def _readers(document: Document, segment: Segment) -> tuple[str, ...]:
    return segment.entitlements if document.published else ()


def sources_of(documents: Iterable[Document]) -> dict[str, Place]:
    """The sources of gated pages, to which no page may link: path below the docs folder -> place."""
    return {document.uri: Place(document.source.path) for document in documents if document.gated}


def audit_folder(site: Path, config_file: Path, settings: Settings, inputs: BuildInputs) -> AuditReport:
    """Look through any folder for the premium content of this project's sources, for keys and for tokens.

    Members' feeds in it may say what their readers may read. Raises LeakError if the sources themselves are public, and
    MasterKeyError if there are members' feeds and no key to judge them by.
    """
    documents = list(read_documents(find_documents(settings.docs_dir), settings, inputs.today))
    refuse_public_sources(settings, documents)
    root = settings.docs_dir.resolve()
    files = {path.relative_to(root).as_posix(): path for path in sorted(withheld_files(documents, settings.docs_dir))}
    texts, sealed, public = premium_of(documents, [], files)
    public += accepted_words(documents, settings.docs_dir)
    try:
        master = str(load_keys(settings.key_file).current)
    except MasterKeyError:
        master = None

    def progress(done: int, total: int) -> None:
        inputs.progress("files read", done, total)

    def more() -> Iterable[str]:
        try:
            return also_public(load_config(str(config_file)), documents)
        except MkDocsException:  # a plugin that is missing here, say; then what it brought is not known
            return ()

    return audit(
        site,
        texts,
        sealed,
        public,
        master_key=master,
        sources=sources_of(documents),
        also_public=more,
        secret_folders=secret_folders(feeds_in(site, config_file, settings), texts, settings.offers),
        fetched=fetched_files(settings.docs_dir),
        progress=progress,
    )
