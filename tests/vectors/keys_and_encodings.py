"""Vectors of encodings, of the sealing primitive, of tokens and of keys."""

from __future__ import annotations

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from tests.vectors.document import b64u, base62, epoch_key, hkdf, lp, noise, pad, padme, seal, u32, with_checksum
from tests.vectors.inputs import MASTER, OTHER_PART, OTHER_TOKEN, PART, SITE, TOKEN, Vector, flip


def lp_vectors() -> list[Vector]:
    cases = {
        "no field": [],
        "one empty field": [b""],
        "text and bytes": [b"part", bytes(range(5))],
        "text beyond ASCII": ["编程 – ü".encode()],
        "the same bytes, cut elsewhere": [b"ab", b"c"],
        "the same bytes, cut elsewhere again": [b"a", b"bc"],
    }
    return [
        {"name": name, "fields": [f.hex() for f in fields], "lp": lp(*fields).hex()} for name, fields in cases.items()
    ]


def padme_vectors() -> list[Vector]:
    lengths = [2, 9, 1024, 1025, 1056, 1057, 4095, 4096, 4097, 65_537, 1_000_000, 67_108_864, 67_108_865]
    return [{"name": f"{length}", "length": length, "padme": padme(length)} for length in lengths]


def padding_vectors() -> list[Vector]:
    bodies = {
        "empty": b"",
        "short": b"abc",
        "just 1,024": bytes([7]) * 1020,
        "one more": bytes([7]) * 1021,
        "ends in zeros": b"\1\0\0",
    }
    good = [{"name": name, "body": body.hex(), "padded": pad(body).hex()} for name, body in bodies.items()]
    padded = pad(b"abc")
    bad = {
        "the filling's last byte is not zero": padded[:-1] + b"\1",
        "the filling's first byte is not zero": padded[:7] + b"\1" + padded[8:],
        "the length is one more than what follows": u32(1021) + padded[4:],
        "the length is the largest there is": b"\xff\xff\xff\xff" + padded[4:],
        "no room for a length": b"\0\0\0",
        "empty": b"",
    }
    return good + [{"name": name, "padded": raw.hex(), "error": "padding"} for name, raw in bad.items()]


def base62_vectors() -> list[Vector]:
    cases = [(0, 6), (61, 1), (62, 2), (2**32 - 1, 6), (1, 43), (int.from_bytes(MASTER, "big"), 43), (2**256 - 1, 43)]
    good = [{"name": f"{n} in {w} digits", "number": str(n), "digits": w, "base62": base62(n, w)} for n, w in cases]
    bad = {"a dash": "00-1", "a letter beyond ASCII": "00é1", "a space": "0 1"}
    return good + [{"name": name, "base62": text, "error": "letters"} for name, text in bad.items()]


def checksum_vectors() -> list[Vector]:
    good = [
        {"name": f"after {text}", "text": text, "checked": with_checksum(text)} for text in ("a", "mbr_000", "sbk1_Zz9")
    ]
    checked = with_checksum("mbr_000")
    bad = {
        "a mistyped letter": checked.replace("mbr_000", "mbr_00O"),
        "two letters swapped": checked[:-2] + checked[-1] + checked[-2],
        "one letter short": checked[:-1],
    }
    return good + [{"name": name, "checked": text, "error": "checksum"} for name, text in bad.items()]


def b64u_vectors() -> list[Vector]:
    raws = {
        "empty": b"",
        "one byte": b"\xfb",
        "two bytes": b"\xfb\xff",
        "three bytes": b"\xfb\xff\xfe",
        "a key": MASTER,
    }
    good = [{"name": name, "bytes": raw.hex(), "b64u": b64u(raw)} for name, raw in raws.items()]
    bad = {
        "padding": "-w==",
        "letters of plain base64": "+/+/",
        "a line feed at the end": "-_8\n",
        "a space": "-_ 8",
        "one letter over": "-_8AA",
        "spare bits that are not zero, one byte": "-x",
        "spare bits that are not zero, two bytes": "-_9",
    }
    return good + [{"name": name, "b64u": text, "error": "base64url"} for name, text in bad.items()]


def hkdf_vectors() -> list[Vector]:
    """RFC 5869, appendix A.1 to A.3 (the first 32 bytes of OKM), and the labels of this format."""
    long = bytes(range(0x50)), bytes(range(0x60, 0xB0)), bytes(range(0xB0, 0x100))
    cases = {
        "RFC 5869 A.1": (b"\x0b" * 22, bytes(range(13)), bytes(range(0xF0, 0xFA))),
        "RFC 5869 A.2": (long[0], long[1], long[2]),
        "RFC 5869 A.3": (b"\x0b" * 22, b"", b""),
        "a label, no salt": (MASTER, b"", b"sb1/siv"),
        "a label and a salt": (MASTER, noise("salt", 32), b"sb1/enc"),
    }
    return [
        {"name": name, "key": key.hex(), "salt": salt.hex(), "info": info.hex(), "okm": hkdf(key, info, salt).hex()}
        for name, (key, salt, info) in cases.items()
    ]


def seal_vectors() -> list[Vector]:
    key, aad = noise("seal", 32), lp(SITE, PART)

    def vector(name: str, text: bytes, aad: bytes = aad, kind: str = "part") -> Vector:
        given = {"name": name, "key": key.hex(), "kind": kind, "aad": aad.hex()}
        return given | {"text": text.hex(), "sealed": seal(key, kind, aad, text).hex()}

    good = [
        vector("empty", b""),
        vector("short", b"abc"),
        vector("empty context", b"abc", b""),
        vector("long", noise("text", 1000)),
    ]
    sealed, plain = seal(key, "part", aad, b"abcdef"), {"key": key.hex(), "kind": "part", "aad": aad.hex()}
    bad = {
        "a bit of s": {"sealed": flip(sealed, 0)},
        "the last bit of s": {"sealed": flip(sealed, 31)},
        "a bit of the ciphertext": {"sealed": flip(sealed, 32)},
        "a bit of the tag": {"sealed": flip(sealed, -1)},
        "one byte short": {"sealed": sealed[:-1].hex()},
        "one byte long": {"sealed": sealed.hex() + "00"},
        "47 bytes": {"sealed": sealed[:47].hex()},
        "empty": {"sealed": ""},
        "another kind": {"sealed": sealed.hex(), "kind": "asset"},
        "another context": {"sealed": sealed.hex(), "aad": lp(SITE, OTHER_PART).hex()},
        "the bounds between kind and context moved": {"sealed": sealed.hex(), "kind": "par", "aad": (b"t" + aad).hex()},
        "another key": {"sealed": sealed.hex(), "key": noise("another key", 32).hex()},
        "a tag that fits, an s that does not": {"sealed": wrong_siv(key, "part", aad, b"abcdef").hex()},
    }
    return good + [{"name": name, "error": "seal"} | plain | changed for name, changed in bad.items()]


def wrong_siv(key: bytes, kind: str, aad: bytes, text: bytes) -> bytes:
    """What only somebody with the key could make: GCM opens it, but ``s`` is not the one of this text."""
    s = noise("not the siv", 32)
    return s + AESGCM(hkdf(key, "sb1/enc", s)).encrypt(bytes(12), text, lp(kind, aad))


def token_vectors() -> list[Vector]:
    good = [
        {
            "name": name,
            "token": token,
            "locator": hkdf(token.encode(), "sb1/locator")[:8].hex(),
            "kek": hkdf(token.encode(), "sb1/lockbox").hex(),
        }
        for name, token in {"letters": TOKEN, "all kinds of digits": OTHER_TOKEN}.items()
    ]
    bad = {
        "a mistyped letter": TOKEN.replace("Vector", "Vectar", 1),
        "a mistyped letter of the checksum": TOKEN[:-1] + ("0" if TOKEN[-1] != "0" else "1"),
        "letters in lower case": TOKEN.lower(),
        "one letter short": with_checksum(TOKEN[:33]),
        "one letter long": with_checksum(TOKEN[:34] + "0"),
        "another prefix": with_checksum("sbr_" + TOKEN[4:34]),
        "a letter outside base62": with_checksum(TOKEN[:33] + "-"),
        "a line feed at the end": TOKEN + "\n",
        "empty": "",
    }
    return good + [{"name": name, "token": token, "error": "token"} for name, token in bad.items()]


def key_vectors() -> list[Vector]:
    endings = ["b" * 16, "a" * 16]
    return [
        {
            "name": "all that comes from one master key",
            "master": MASTER.hex(),
            "written": with_checksum("sbk1_" + base62(int.from_bytes(MASTER, "big"), 43)),
            "id": hkdf(MASTER, "sb1/key-id")[:4].hex(),
            "site": SITE,
            "entitlement": "pro",
            "epoch": 2,
            "endings": endings,
            "epoch_key": epoch_key(MASTER, SITE, "pro", 2, endings).hex(),
            "roster_key": hkdf(MASTER, lp("sb1/roster", SITE)).hex(),
            "shard_key": hkdf(MASTER, lp("sb1/shard", SITE)).hex(),
        }
    ]
