"""vault/manifest.json: the numbers of shards, and the epochs: it tells a browser where to look. See docs/format.md."""

from __future__ import annotations

import datetime
import json
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from site_builder.content.offers import EntitlementId, SiteId
from site_builder.errors import Place, PublishError

Epoch = Annotated[int, Field(ge=0, lt=1 << 32)]
Shards = Annotated[int, Field(ge=1, lt=1 << 32)]

_FEWER_ENDINGS = "\n  ".join(
    (
        "Fewer memberships have ended than when that was built; members' browsers would refuse the site. Either",
        "- the roster or the build date is older than the published site's: fetch the newest roster; or",
        "- `rotation` was changed in mkdocs.yml, so that endings count later: put it back; or",
        "- a merge brought renewals of memberships whose end counted already: take the roster of before the merge,"
        " and enter them again with `site-builder members extend`.",
    )
)


class Keyrings(BaseModel):
    """One entitlement: its name for readers, its epoch, and the number of its keyring's shards."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    epoch: Epoch
    keyring_shards: Shards
    name: str


class Manifest(BaseModel):
    """The whole file; ``date`` is the day by which the build judged expiries."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    date: datetime.date
    entitlements: dict[EntitlementId, Keyrings]
    format: Literal[1] = 1
    lockbox_shards: Shards
    site: SiteId

    def to_bytes(self) -> bytes:
        """The canonical JSON: keys sorted, no spaces, one line feed at the end."""
        text = json.dumps(self.model_dump(mode="json"), ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        return text.encode() + b"\n"

    @classmethod
    def parse(cls, raw: bytes, place: Place | None = None) -> Manifest:
        """Read a manifest's file. Raises PublishError naming the first field that is wrong."""
        try:
            return cls.model_validate_json(raw)
        except ValidationError as error:
            first = error.errors()[0]
            field = ".".join(str(step) for step in first["loc"])
            raise PublishError(
                f"this is not a vault manifest of format 1: {field + ': ' if field else ''}{first['msg']}",
                place=place,
                hint="It is damaged, or of a later version. Delete it to publish as for the first time.",
            ) from None

    def refuse_to_follow(self, published: Manifest, place: Place | None = None) -> None:
        """Raise PublishError if ``published``, of the same site, has a higher epoch: this build lacks endings."""
        if published.site != self.site:
            return
        for entitlement, theirs in sorted(published.entitlements.items()):
            ours = self.entitlements.get(entitlement)
            if ours and ours.epoch < theirs.epoch:
                raise PublishError(
                    f"the published site has epoch {theirs.epoch} of '{entitlement}', this build only {ours.epoch}",
                    place=place,
                    hint=_FEWER_ENDINGS,
                )
