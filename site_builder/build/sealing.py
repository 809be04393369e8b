"""The end of a build: gated parts and members become the vault, the policy gets its hashes, and the leak gate reads it all."""

from __future__ import annotations

import mimetypes
from collections.abc import Iterable, Mapping
from pathlib import Path

from mkdocs.config.defaults import MkDocsConfig

from site_builder.build.demo_assets import fetched_files
from site_builder.build.documents import shared_documents
from site_builder.build.gating import GatedPage, all_parts, with_sealed_files
from site_builder.build.inputs import Audience, BuildInputs
from site_builder.build.leaks import premium_of, sources_of
from site_builder.build.members_feeds import secret_folders, write_members_feeds
from site_builder.build.policy import HEADERS, finish_policy
from site_builder.build.repository import refuse_public_sources
from site_builder.build.said import also_public
from site_builder.content.library import Document
from site_builder.content.settings import Settings
from site_builder.errors import Place
from site_builder.feeds.members import MembersFeed
from site_builder.membership.keyfile import load_keys
from site_builder.membership.standing import Standing, read_standing
from site_builder.vault.audit import audit, require_clean
from site_builder.vault.keys import MasterKey
from site_builder.vault.lockbox import Epoch
from site_builder.vault.manifest import Manifest
from site_builder.vault.payload import Heading, SealedAsset, SealedPart, seal_asset, seal_part
from site_builder.vault.writer import MANIFEST, write_vault

VAULT = "vault"


def finish(
    config: MkDocsConfig,
    settings: Settings,
    inputs: BuildInputs,
    gated: Iterable[GatedPage],
    sealed: Mapping[str, Path],
    documents: Iterable[Document],
) -> None:
    """Complete the site's folder that MkDocs has written. Raises SiteError: then nothing of it may be published."""
    site, gated, documents = Path(config.site_dir), list(gated), list(documents)
    if inputs.audience is Audience.AUTHOR:
        return
    refuse_public_sources(settings, documents)
    master: MasterKey | None = None
    feeds: tuple[MembersFeed, ...] = ()
    if inputs.audience is Audience.READERS and settings.offers.by_id:
        keys = load_keys(settings.key_file)
        standing, epochs = read_standing(settings, keys, inputs.today)
        master = keys.current
        _write_vault(site / VAULT, settings, inputs, gated, sealed, master, standing, epochs)
        feeds = write_members_feeds(site, config, settings, standing, epochs)
    if not (site / "_headers").exists():
        (site / "_headers").write_text(HEADERS, "utf-8")
    finish_policy(site)
    texts, files, public = premium_of(documents, gated, sealed)
    public += shared_documents(config).said

    def progress(done: int, total: int) -> None:
        inputs.progress("files read by the leak gate", done, total)

    report = audit(
        site,
        texts,
        files,
        public,
        master_key=str(master) if master else None,
        sources=sources_of(documents),
        also_public=lambda: also_public(config, documents),
        secret_folders=secret_folders(feeds, texts, settings.offers),
        fetched=fetched_files(settings.docs_dir),
        progress=progress,
    )
    require_clean(report)


def _write_vault(
    folder: Path,
    settings: Settings,
    inputs: BuildInputs,
    gated: list[GatedPage],
    sealed: Mapping[str, Path],
    master: MasterKey,
    standing: Standing,
    epochs: Mapping[str, Epoch],
) -> None:
    parts: list[SealedPart] = []
    assets: list[SealedAsset] = []
    for page, part in all_parts(gated):
        segment, name = page.segment(part), page.document.part(page.segment(part))
        generations = settings.generation, page.document.generation
        text, labels = with_sealed_files(page, part, sealed)
        own = [
            seal_asset(
                master, settings.site, name, label, segment.entitlements, generations, source.read_bytes(),
                type=mimetypes.guess_type(source.name)[0] or "application/octet-stream", filename=source.name,
            )
            for label, source in labels.items()
        ]  # fmt: skip
        toc = [Heading(id=one.id, title=one.title, level=one.level) for one in part.toc]
        parts.append(seal_part(master, settings.site, name, segment.entitlements, generations, text, toc, own))
        assets += own
        inputs.progress("parts sealed", len(parts), 0)
    report = write_vault(
        folder,
        master=master,
        site=settings.site,
        offers=settings.offers,
        parts=parts,
        sealed_assets=assets,
        holders=standing.holders,
        epochs=epochs,
        build_date=inputs.today,
    )
    published = (inputs.published or settings.site_dir) / VAULT / MANIFEST
    if published.is_file():
        place = Place(published)
        report.manifest.refuse_to_follow(Manifest.parse(published.read_bytes(), place), place)
