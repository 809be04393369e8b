"""Rotating the master key: a new key, the roster sealed again under it, and no moment at which a crash loses anything."""

from __future__ import annotations

from dataclasses import dataclass

from site_builder.content.settings import Settings
from site_builder.errors import MasterKeyError
from site_builder.membership.durable import writing
from site_builder.membership.keyfile import VARIABLE, MasterKeys, load_keys, write_keys
from site_builder.membership.roster import Roster, Watch, unwatched
from site_builder.vault.keys import MasterKey


@dataclass(frozen=True)
class Rotation:
    """What was done: ids of both keys, how many records were sealed again, and whether an interrupted rotation was finished."""

    key_id: str
    former_key_id: str
    records: int
    resumed: bool


def rotate_key(settings: Settings, watch: Watch = unwatched) -> Rotation:
    """Replace the master key in the key file and seal the roster anew. Tokens stay valid, and so do epochs.

    Three steps, each of which leaves what can be read: a key file with the new key and the old one, the new roster, a key
    file with the new key alone. Interrupted between them, the next call goes on where this one stopped.

    Raises MasterKeyError when the key comes from the environment, RosterError when a line does not open: nothing is changed then.
    """
    with writing(settings.roster), writing(settings.key_file):
        keys = load_keys(settings.key_file)
        if keys.source == "environment":
            raise MasterKeyError(
                f"the master key comes from {VARIABLE}, so it can't be replaced here",
                hint=f"Unset {VARIABLE} where the key file is, rotate there, then put the new key into the variable.",
            )
        records = Roster(settings.roster, settings.site, keys).read()
        resumed = keys.former is not None
        old, new = (keys.former, keys.current) if keys.former else (keys.current, MasterKey.generate())
        write_keys(settings.key_file, new, old)
        if records:
            Roster(settings.roster, settings.site, MasterKeys(new)).rewrite(records, watch)
        write_keys(settings.key_file, new)
    return Rotation(new.id, old.id, len(records), resumed)
