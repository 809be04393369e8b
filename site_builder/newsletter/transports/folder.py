"""Mails as ``.eml`` files in a folder, for another program to send."""

from __future__ import annotations

import hashlib
import re
from pathlib import Path

from site_builder.errors import Place, SendingError
from site_builder.membership.durable import replace_file
from site_builder.newsletter.addresses import person
from site_builder.newsletter.database import keep_out_of_git
from site_builder.newsletter.message import Mail
from site_builder.newsletter.transports.receipt import Receipt


class Folder:
    """Writes each mail to a file of its own, whole or not at all, under a name that follows from the address."""

    kind = "folder"
    repeatable = True

    def __init__(self, outbox: Path, issue: str) -> None:
        self.folder = outbox / issue
        try:
            self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            keep_out_of_git(outbox, "*")
        except OSError as error:
            raise SendingError(f"the folder can't be made: {error.strerror}", place=Place(self.folder)) from None

    def deliver(self, mail: Mail) -> Receipt:
        """Write the file, durably; the same mail again writes the same file. Raises SendingError if the disk is full."""
        path = self.folder / file_name(mail.recipient)
        replace_file(path, mail.raw)
        return Receipt("sent", path.name)

    def close(self) -> None:
        pass


def file_name(address: str) -> str:
    """The address in letters that any file system takes, and 12 hexadecimal digits that keep apart what these do not."""
    letters = re.sub(r"[^a-z0-9.@+-]", "_", person(address)).lstrip(".-")[:80]
    return f"{letters}-{hashlib.sha256(person(address).encode()).hexdigest()[:12]}.eml"
