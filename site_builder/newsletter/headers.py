"""What stands in a mail's headers: words and names of any language, addresses, links; never a line break that was not meant.

The standard library's own header objects take 4 ms a mail, write a long List-Unsubscribe as encoded words, which no program
understands there, and with lines long enough to prevent that make encoded words longer than RFC 2047 allows.
"""

from __future__ import annotations

import re
import unicodedata
from email.charset import BASE64, Charset
from email.header import Header
from functools import lru_cache
from urllib.parse import quote

from site_builder.errors import IssueError

_UTF8 = Charset("utf-8")
_UTF8.header_encoding = BASE64
_ATOMS = re.compile(r"[\w!#$%&'*+/=?^`{|}~ -]*", re.ASCII)
_LOCAL = re.compile(r"[\w!#$%&'*+/=?^`{|}~-]+(\.[\w!#$%&'*+/=?^`{|}~-]+)*", re.ASCII)
_HOST = re.compile(r"(?=.{1,253}$)[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*", re.IGNORECASE)


def clean(text: str, what: str) -> str:
    """``text`` itself. Raises IssueError if it has a line break or another control character: it could become a header."""
    for character in text:
        if unicodedata.category(character) in ("Cc", "Zl", "Zp", "Cs"):
            raise IssueError(f"the {what} {text!r} has the control character {character!r}", hint="Take it out.")
    return text


@lru_cache(maxsize=16)
def words(text: str, header: str) -> str:
    """``text`` in ASCII: as it is, or as encoded words of at most 75 characters (RFC 2047); long text in several lines."""
    foldable = max(map(len, text.split(" "))) <= 900  # a line takes 998 bytes (RFC 5322)
    if text.isascii() and "=?" not in text and text == text.strip() and foldable:
        return Header(text, "us-ascii", maxlinelen=76, header_name=header).encode(linesep="\r\n")
    return Header(text, _UTF8, maxlinelen=76, header_name=header).encode(linesep="\r\n")


def mailbox(name: str, address: str) -> str:
    """``name <address>``. Raises IssueError for what is no address, and for control characters."""
    user, _, host = clean(address, "address").rpartition("@")
    try:
        host = host if host.isascii() else host.encode("idna").decode("ascii")
    except UnicodeError:
        host = ""
    if not _LOCAL.fullmatch(user) or not _HOST.fullmatch(host) or len(user) > 64:
        raise IssueError(f"{address!r} is no mail address", hint="Write it as ada@example.com.")
    phrase = clean(name, "name").strip()
    if not phrase:
        return f"{user}@{host}"
    if not phrase.isascii() or "=?" in phrase or len(phrase) > 60:
        encoded = Header(phrase, _UTF8, maxlinelen=76, header_name="Reply-To").encode(linesep="\r\n")
        return f"{encoded}\r\n <{user}@{host}>"
    if not _ATOMS.fullmatch(phrase):
        escaped = phrase.replace("\\", "\\\\").replace('"', '\\"')
        phrase = f'"{escaped}"'
    return f"{phrase} <{user}@{host}>"


def uri(link: str) -> str:
    """A link between angle brackets of a header: never folded, so in ASCII and of lawful length. Raises IssueError."""
    found = quote(clean(link, "link"), safe="!#$%&'()*+,/:;=?@[]~")
    if len(found) > 900:
        raise IssueError(f"the link {link[:60]}… has {len(found)} characters, and a header takes 900")
    return found
