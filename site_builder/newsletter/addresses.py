"""Mail addresses as people write them: one form for each, and what tells that two of them are one person's."""

from __future__ import annotations

import unicodedata
from typing import Annotated

import idna
from pydantic import AfterValidator

from site_builder.membership.records import LONGEST_MAIL, clean_mail

LONGEST_LOCAL = 64


def normal_address(text: str) -> str:
    """The address without spaces around it, its domain in lower case and in ASCII (IDNA 2008, UTS 46).

    Never has a line break, a control character, a quote or an angle bracket. Raises ValueError saying what is right.
    """
    local, _, domain = clean_mail(unicodedata.normalize("NFC", text.strip())).partition("@")
    try:
        address = f"{local}@{idna.encode(domain, uts46=True).decode('ascii').lower()}"
    except idna.IDNAError:
        raise ValueError("a mail address ends in a domain that can exist, such as example.com") from None
    if len(local.encode()) > LONGEST_LOCAL or len(address.encode()) > LONGEST_MAIL:
        raise ValueError(f"a mail address has at most {LONGEST_LOCAL} bytes before the @, and {LONGEST_MAIL} in all")
    return address


def person(address: str) -> str:
    """The same for all spellings of a normal address in capitals and small letters, which no mail service tells apart."""
    return address.casefold()


def _ascii(address: str) -> str:
    if not address.isascii():
        raise ValueError(
            "a mail address has ASCII letters before the @, as few mail servers take others, and none is sent to those"
        )
    return address


Address = Annotated[str, AfterValidator(normal_address), AfterValidator(_ascii)]
"""An address that mail is sent to."""
