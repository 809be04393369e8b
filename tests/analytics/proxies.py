"""nginx and Caddy for tests: those that are here, else Debian's packages, unpacked into a temporary folder and not installed.

And the certificate of example.com that they show.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from filelock import FileLock

CERTIFICATE, KEY = "certificate.pem", "key.pem"
PATHS = {"nginx": "usr/sbin/nginx", "caddy": "usr/bin/caddy"}


@cache
def proxy_path(name: str) -> str:
    """The path of the program. Raises LookupError that says what to install."""
    folder = Path(tempfile.gettempdir()) / f"site-builder-{name}"
    with FileLock(f"{folder}.lock"):  # tests may run in several processes
        path = _here(name, folder) or (_unpack(name, folder) and _here(name, folder))
    if not path:
        raise LookupError(
            f"{name} is not here, and its Debian package can't be fetched: install it (apt-get install {name}, "
            f"brew install {name}), or name the program in {name.upper()}"
        )
    return path


def _here(name: str, folder: Path) -> str | None:
    return shutil.which(os.environ.get(name.upper()) or name) or shutil.which(folder / PATHS[name])


def _unpack(name: str, folder: Path) -> bool:
    """An installed package would start a server at once. Lists that are old know of no package that is still there."""
    if not (shutil.which("apt-get") and shutil.which("dpkg")):
        return False
    folder.mkdir(exist_ok=True)

    def run(*command: str | Path) -> bool:
        return subprocess.run(command, cwd=folder, capture_output=True).returncode == 0

    download = ("apt-get", "download", "-qq", name)
    if not run(*download) and not (run("apt-get", "update", "-qq") and run(*download)):
        return False
    return run("dpkg", "-x", next(folder.glob("*.deb")), folder)


def certify(folder: Path) -> str:
    """Write a key and a certificate of example.com that it signed itself; returns the certificate."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "example.com")])
    begins = datetime(2026, 1, 1, tzinfo=UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(begins)
        .not_valid_after(begins + timedelta(36_500))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("example.com")]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    text = made.public_bytes(serialization.Encoding.PEM).decode()
    (folder / CERTIFICATE).write_text(text)
    secret = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    (folder / KEY).write_bytes(secret)
    return text


if __name__ == "__main__":
    for name in PATHS:
        print(f"{name}: {proxy_path(name)}")
