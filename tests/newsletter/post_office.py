"""A real mail server on this machine (aiosmtpd), which can be told to refuse, put off, stall, drop and close."""

from __future__ import annotations

import asyncio
import ssl
from collections import Counter, defaultdict
from collections.abc import Callable
from typing import Any, Self

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session, syntax

ABORT = "abort"
STALL = "stall"


class _Server(SMTP):
    """Leaves in the middle of DATA if it is told so."""

    @syntax("DATA")
    async def smtp_DATA(self, arg: str) -> None:
        office: PostOffice = self.event_handler
        if self.envelope and self.envelope.rcpt_tos and office.answer("DATA", self.envelope.rcpt_tos[0]) == ABORT:
            await self.push("354 go ahead")
            self.transport.abort()
            return
        await super().smtp_DATA(arg)


class PostOffice:
    """Takes every mail, unless ``told`` says otherwise.

    ``tell("RCPT", "ada@example.com", "450 later", "250 OK")`` gives these answers, one after another, then takes the mail; to
    ``*`` it holds for everybody. Stages are MAIL, RCPT, DATA (``ABORT`` only) and END, which is after the mail's last line.
    ``ABORT`` drops the connection, ``STALL`` never answers.
    """

    def __init__(self, **settings: Any) -> None:
        self.mails: list[tuple[str, bytes]] = []
        self.greeted = 0
        self.quits_after: int | None = None
        self.told: defaultdict[tuple[str, str], list[str]] = defaultdict(list)
        self.watch: Callable[[str, str], None] = lambda stage, address: None
        self.password: bytes | None = None
        self._settings = settings

    def tell(self, stage: str, address: str, *answers: str) -> None:
        self.told[stage, address] += answers

    def answer(self, stage: str, address: str) -> str | None:
        for who in (address, "*"):
            if answers := self.told[stage, who]:
                return answers.pop(0)
        return None

    def received(self) -> Counter[str]:
        """How many mails each recipient has got."""
        return Counter(address for address, _ in self.mails)

    @property
    def port(self) -> int:
        return int(self._controller.port)

    def __enter__(self) -> Self:
        office = self

        class Doors(Controller):
            def factory(self) -> SMTP:
                return _Server(office, **self.SMTP_kwargs)

            def _trigger_server(self) -> None:
                assert isinstance(self.server, asyncio.base_events.Server)
                self.port = self.server.sockets[0].getsockname()[1]
                super()._trigger_server()

        self._controller = Doors(self, hostname="127.0.0.1", port=0, ident="post office", **self._settings)
        self._controller.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._controller.stop()

    def authenticate(self, *arguments: Any) -> AuthResult:
        login = arguments[-1]
        known = isinstance(login, LoginPassword) and login.password == self.password
        return AuthResult(success=known, handled=known)

    async def handle_EHLO(
        self, server: SMTP, session: Session, envelope: Envelope, hostname: str, responses: list[str]
    ) -> list[str]:
        self.greeted += 1
        session.host_name = hostname
        session.served = 0  # type: ignore[attr-defined]
        return responses

    async def handle_MAIL(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        said = await self._say(server, "MAIL", address)
        if said is None:
            envelope.mail_from = address
        return said or "250 OK"

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        said = await self._say(server, "RCPT", address)
        if said is None or said.startswith("250"):
            envelope.rcpt_tos.append(address)
        return said or "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        address = envelope.rcpt_tos[0]
        self.watch("BEFORE", address)
        told = self.answer("END", address)
        if told is None or told.startswith("250") or told == ABORT:
            assert isinstance(envelope.content, bytes)
            self.mails.append((address, envelope.content))
        self.watch("AFTER", address)
        session.served += 1  # type: ignore[attr-defined]
        if told == ABORT or session.served == self.quits_after:  # type: ignore[attr-defined]
            asyncio.get_running_loop().call_soon(server.transport.abort)
        if told == ABORT:
            await asyncio.Event().wait()
        if told == STALL:
            await asyncio.Event().wait()
        return told or "250 taken"

    async def _say(self, server: SMTP, stage: str, address: str) -> str | None:
        self.watch(stage, address)
        told = self.answer(stage, address)
        if told == STALL:
            await asyncio.Event().wait()
        if told == ABORT:
            server.transport.abort()
        return told


def certificate(name: str) -> tuple[bytes, bytes]:
    """A self-signed certificate for ``name`` and its key, in PEM."""
    from datetime import UTC, datetime, timedelta
    from ipaddress import ip_address

    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec

    key = ec.generate_private_key(ec.SECP256R1())
    named = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, name)])
    alternative: x509.GeneralName = x509.IPAddress(ip_address(name)) if name[0].isdigit() else x509.DNSName(name)
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder(named, named, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([alternative]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    return made.public_bytes(serialization.Encoding.PEM), key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )


def tls(folder: Any, name: str) -> ssl.SSLContext:
    """A server's context with a certificate for ``name``, which is written to ``folder/server.pem``."""
    cert, key = certificate(name)
    (folder / "server.pem").write_bytes(cert)
    (folder / "server.key").write_bytes(key)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder / "server.pem", folder / "server.key")
    return context
