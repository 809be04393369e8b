"""A key or token stops the build wherever it stands, and is never repeated in the error."""

from __future__ import annotations

import base64
import gzip
import json
from pathlib import Path

import pytest

from site_builder.errors import LeakError, MasterKeyError, Place
from site_builder.vault.audit import require_clean
from site_builder.vault.encoding import with_checksum
from site_builder.vault.keys import MasterKey
from tests.vault.audit import disguises
from tests.vault.audit.disguises import DISGUISES, Disguise
from tests.vault.audit.parts import audited

KEY = MasterKey(bytes(range(100, 132)))
OTHER_KEY = MasterKey(bytes(range(32)))
TOKEN = with_checksum("mbr_" + "A7bC9dE2fG4hI6jK8lM0nO1pQ3rS5t")
GIFT = with_checksum("gft_" + "A7bC9dE2fG4hI6jK8lM0nO")

# These change the letters' case or cut a token in two: it is no valid token any more.
CHANGED = {
    disguises.upper_case,
    disguises.wrapped,
    disguises.a_letter_a_line,
    disguises.minified,
    disguises.in_the_middle,
}
# These write something between the letters, or other letters, of which a master key is cleared, but not a token.
TAKEN_APART = {
    disguises.soft_hyphens,
    disguises.zero_width,
    disguises.bidirectional_marks,
    disguises.full_width,
    disguises.mathematical_letters,
    disguises.decomposed_accents,
}


@pytest.mark.parametrize("secret", [TOKEN, GIFT, str(OTHER_KEY)], ids=["token", "gift", "another key"])
@pytest.mark.parametrize(
    "disguise", [one for one in DISGUISES if one not in CHANGED | TAKEN_APART], ids=lambda disguise: disguise.__name__
)
def test_a_token_is_found_in_disguise(disguise: Disguise, secret: str, tmp_path: Path) -> None:
    report = audited(tmp_path, {"leaky": disguise(secret)}, premium=())
    assert [leak.file for leak in report.leaks] == [Path("leaky")]
    with pytest.raises(LeakError) as caught:
        require_clean(report)
    assert secret not in str(caught.value)


@pytest.mark.parametrize(
    "disguise", [one for one in DISGUISES if one not in CHANGED], ids=lambda disguise: disguise.__name__
)
def test_the_master_key_is_found_in_disguise(disguise: Disguise, tmp_path: Path) -> None:
    report = audited(tmp_path, {"leaky": disguise(str(KEY))}, premium=(), master_key=str(KEY))
    assert [leak.found for leak in report.leaks] == ["a master key"]


@pytest.mark.parametrize(
    "content",
    [
        KEY.raw,
        b"\0\1\2" + KEY.raw + b"\xff",
        KEY.raw.hex().encode(),
        KEY.raw.hex(":").upper().encode(),
        base64.b64encode(KEY.raw),
        base64.urlsafe_b64encode(KEY.raw),
        base64.b64encode(b"x" + KEY.raw),
        base64.b64encode(b"xy" + KEY.raw + b"z"),
        gzip.compress(KEY.raw),
        json.dumps({"key": base64.b64encode(KEY.raw).decode()}).encode(),
    ],
    ids=["raw", "within", "hex", "hex with colons", "base64", "base64url", "shifted", "shifted twice", "gzip", "JSON"],
)  # fmt: skip
def test_the_master_keys_bytes_are_found_in_any_written_form(content: bytes, tmp_path: Path) -> None:
    report = audited(tmp_path, {"leaky": content}, premium=(), master_key=str(KEY))
    assert [leak.found for leak in report.leaks] == ["a master key"]


def test_the_line_of_a_token_is_told(tmp_path: Path) -> None:
    report = audited(tmp_path, {"a/page.html": f"<p>\none\ntwo {TOKEN}\n"}, premium=())
    assert [(leak.place, leak.found) for leak in report.leaks] == [(Place(Path("a/page.html"), 3), "a member's token")]


def test_a_key_is_a_leak_though_a_public_page_says_it(tmp_path: Path) -> None:
    text = f"Our key is {KEY}, our token {TOKEN}."
    report = audited(tmp_path, {"a.html": text}, premium=(), public=[text], master_key=str(KEY))
    assert [leak.found for leak in report.leaks] == ["a master key", "a member's token"]


def test_a_token_in_a_file_name_is_found(tmp_path: Path) -> None:
    assert audited(tmp_path, {f"unlock/{TOKEN}.html": "x"}, premium=()).leaks


@pytest.mark.parametrize(
    "text",
    [
        "mbr_0123456789ABCDEFGHIJabcdefghij012345",
        TOKEN[:-1] + ("a" if TOKEN[-1] != "a" else "b"),
        TOKEN.replace("mbr_", "abc_"),
        TOKEN.swapcase(),
        "mbr_… is what a token begins with; sbk1_ and gft_ are others",
    ],
    ids=["placeholder", "mistyped", "other prefix", "other case", "prose"],
)
def test_what_only_looks_like_a_token_passes(text: str, tmp_path: Path) -> None:
    require_clean(audited(tmp_path, {"docs.html": f"<code>{text}</code>"}, premium=(), master_key=str(KEY)))


def test_a_master_key_that_is_none_is_refused(tmp_path: Path) -> None:
    with pytest.raises(MasterKeyError):
        audited(tmp_path, {"a": "x"}, master_key="sbk1_nonsense")
