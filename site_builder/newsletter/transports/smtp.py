"""Mails to a mail server, one after another through one connection (RFC 5321). Tells what was taken from what may have been."""

from __future__ import annotations

import re
import smtplib
import ssl
from contextlib import suppress

from site_builder.errors import SendingError
from site_builder.newsletter.message import Mail
from site_builder.newsletter.transports.presets import Preset
from site_builder.newsletter.transports.receipt import Receipt, Unreachable, one_line

# Enhanced status codes (RFC 3463) that speak of the address itself: no such mailbox, no such domain, given up.
_BAD_ADDRESS = re.compile(r"\b5\.(?:1\.[1236]|1\.10|2\.1)\b")
_READY, _CLOSING = 354, 421


class _Lost(Exception):  # noqa: N818
    """The connection ended before the mail was handed over."""


class Smtp:
    """A connection that is opened when it is needed, used for many mails, and opened again when the server closes it."""

    kind = "smtp"
    repeatable = False

    def __init__(
        self, server: Preset, user: str = "", password: str = "", bounces_to: str | None = None, timeout: float = 60
    ) -> None:
        self.server, self.bounces_to, self.timeout = server, bounces_to, timeout
        self._user, self._password = user, password
        self._open: smtplib.SMTP | None = None
        self._used = False

    def deliver(self, mail: Mail) -> Receipt:
        """Hand one mail to the server. Raises Unreachable or SendingError, as ``Transport.deliver`` says."""
        while True:
            smtp = self._connected()
            used = self._used
            try:
                receipt = self._hand_over(smtp, mail)
                self._used = True
                return receipt
            except _Lost as lost:
                self.close()
                if not used:
                    return Receipt("later", str(lost))
                # A server may end a connection that it has served for long enough; the mail goes through a new one.

    def _hand_over(self, smtp: smtplib.SMTP, mail: Mail) -> Receipt:
        sender, bad_address = self.bounces_to or mail.sender, False
        try:
            code, words = smtp.mail(sender)
            if code >= 500:
                raise SendingError(
                    f"the server takes no mail from {sender}: {_answer(code, words)}",
                    hint="The sender must be one that the mail service knows and has verified.",
                )
            if _is_good(code):
                code, words = smtp.rcpt(mail.recipient)
                bad_address = _BAD_ADDRESS.search(one_line(words)) is not None
            if _is_good(code):
                code, words = smtp.docmd("DATA")
                bad_address = False
        except OSError as error:  # smtplib's own errors are such too
            raise _Lost(f"the connection was lost: {_why(error)}") from None
        if code == _READY:
            return self._body(smtp, mail.raw)
        if code == _CLOSING:
            raise _Lost(_answer(code, words))
        try:
            smtp.rset()
        except OSError:
            self.close()
        return Receipt("refused" if code >= 500 else "later", _answer(code, words), bad_address and code >= 500)

    def _body(self, smtp: smtplib.SMTP, raw: bytes) -> Receipt:
        """The mail itself. From here on a lost connection leaves open whether the server has it."""
        stuffed = re.sub(rb"(?m)^\.", b"..", raw)
        try:
            smtp.send(stuffed + (b".\r\n" if stuffed.endswith(b"\r\n") else b"\r\n.\r\n"))
            code, words = smtp.getreply()
        except OSError as error:
            self.close()
            return Receipt("unknown", f"the connection was lost after the mail had been handed over: {_why(error)}")
        if code == _CLOSING:
            self.close()
        if 200 <= code < 300:
            return Receipt("sent", _answer(code, words))
        if 400 <= code < 600:
            return Receipt("later" if code < 500 else "refused", _answer(code, words))
        self.close()
        return Receipt("unknown", f"the server's answer was none: {_answer(code, words)}")

    def _connected(self) -> smtplib.SMTP:
        if self._open:
            return self._open
        server = self.server
        context = ssl.create_default_context()
        # A name of its own would tell the world the name of the writer's machine, and looking it up may take long.
        name = "[127.0.0.1]"
        smtp: smtplib.SMTP | None = None
        try:
            if server.security == "tls":
                smtp = smtplib.SMTP_SSL(server.host, server.port, name, timeout=self.timeout, context=context)
            else:
                smtp = smtplib.SMTP(server.host, server.port, name, timeout=self.timeout)
            if server.security == "starttls":
                smtp.starttls(context=context)
            smtp.ehlo_or_helo_if_needed()
            if self._password:
                smtp.login(self._user, self._password)
        except BaseException as error:
            if smtp:
                with suppress(OSError):
                    smtp.close()
            if isinstance(error, OSError):
                raise self._why_not(error) from None
            if isinstance(error, UnicodeError):  # of a host with an empty or too long step
                raise SendingError(
                    f"{server.host} is no host's name", hint="Check `transport` in mkdocs.yml."
                ) from None
            raise
        self._open, self._used = smtp, False
        return smtp

    def _why_not(self, error: OSError) -> Exception:
        """Why there is no connection: Unreachable if that may pass, else SendingError. Never with a password."""
        at, server = f"{self.server.host}:{self.server.port}", self.server
        if isinstance(error, ssl.SSLCertVerificationError):
            return SendingError(
                f"the certificate of {at} is not good: {error.verify_message}",
                hint="Nothing was sent to it. Is the host right?",
            )
        if isinstance(error, ssl.SSLError):
            return SendingError(
                f"no encrypted connection to {at}: {error.reason}",
                hint="Is it `tls` on port 465, and `starttls` on 587?",
            )
        if isinstance(error, smtplib.SMTPNotSupportedError):
            return SendingError(
                f"{at} offers no {'login' if server.security != 'starttls' else 'STARTTLS or no login'}",
                hint="Nothing was sent to it. Check host, port and security under `transport` in mkdocs.yml.",
            )
        if isinstance(error, smtplib.SMTPAuthenticationError) and error.smtp_code >= 500:
            names = " and ".join(filter(None, [server.user_from, server.key_from]))
            return SendingError(
                f"{at} does not accept the user's name or the password ({error.smtp_code})",
                hint=f"They come from {names}. Were they made for SMTP, and for this region and domain?",
            )
        return Unreachable(f"{at} can't be reached: {_why(error)}")

    def close(self) -> None:
        """End the connection, politely if the server still listens."""
        smtp, self._open, self._used = self._open, None, False
        if smtp:
            with suppress(OSError):
                smtp.quit()
            with suppress(OSError):
                smtp.close()


def _is_good(code: int) -> bool:
    return 200 <= code < 400


def _answer(code: int, words: bytes | str) -> str:
    return f"{code} {one_line(words)}".strip()


def _why(error: OSError) -> str:
    if isinstance(error, smtplib.SMTPResponseException):
        return _answer(error.smtp_code, error.smtp_error)
    if isinstance(error, TimeoutError) or "timed out" in str(error):
        return "no answer in time"
    return one_line(error.strerror or str(error) or type(error).__name__)
