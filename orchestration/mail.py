"""The ways a message goes: files of an outbox, or a mail server.

Belongs here: how mail is set up, handing one message over. Does not belong here: what it says
(dashboards/subscriptions/message.py, watch/alarms.py), whether it was sent before (sending.py).

Without `$VIGIE_HOME/keys/mail.toml` messages are files, `outbox/<name>.eml`. With it (0600):

    [smtp]
    host = "mail.cna.example"
    port = 587
    tls = "starttls"            # starttls, implicit, or none: that on this machine alone
    user = "vigie"              # and password may be left out; VIGIE_SMTP_PASSWORD wins over it
    password = "…"
    sender = "vigie@cna.example"
"""

from __future__ import annotations

import os
import smtplib
import socket
import ssl
import stat
import tomllib
from dataclasses import dataclass, fields
from email.message import EmailMessage
from email.policy import SMTP
from typing import Any

from dashboards.access.login import is_loopback, mail_of
from orchestration.errors import VigieError
from orchestration.files import write_whole
from orchestration.settings import Settings
from orchestration.texts import say

FOLDER = "outbox"
STARTTLS, IMPLICIT, NONE = "starttls", "implicit", "none"
#: Seconds that a server may take to answer.
_PATIENCE = 30
_NOBODY = "vigie@vigie.invalid"
#: What is put right here or at the server, in words: the name of an error helps nobody. The first
#: that fits.
_REASONS = {
    ssl.SSLCertVerificationError: "mail.certificate",
    ssl.SSLError: "mail.no_tls",
    smtplib.SMTPNotSupportedError: "mail.no_tls",
    smtplib.SMTPAuthenticationError: "mail.login",
    smtplib.SMTPRecipientsRefused: "mail.recipient",
    smtplib.SMTPSenderRefused: "mail.sender",
    smtplib.SMTPServerDisconnected: "mail.cut",
    TimeoutError: "mail.silent",
    socket.gaierror: "mail.no_host",
    ConnectionRefusedError: "mail.not_there",
}


class MailError(VigieError):
    """Mail cannot be sent as it is set up; the message is the sentence, and holds no secret."""


class NotHandedOver(VigieError):
    """The server has not taken a message, and says so: it may be tried again."""


class Unsure(VigieError):
    """The connection ended while a message was handed over: it may have left."""


@dataclass(frozen=True)
class Server:
    """A mail server."""

    host: str
    port: int = 587
    tls: str = STARTTLS
    user: str = ""
    password: str = ""
    sender: str = _NOBODY

    def __repr__(self) -> str:
        # A password in a trace would be in the log.
        return f"Server({self.host}:{self.port})"


def server_of(settings: Settings) -> Server | None:
    """Return the mail server; None where messages are files.

    Raises:
        MailError: the file is open to other accounts, cannot be read, or means nothing.
    """
    file = settings.home / "keys" / "mail.toml"
    try:
        with open(file, "rb") as opened:
            if os.fstat(opened.fileno()).st_mode & (stat.S_IRWXG | stat.S_IRWXO):
                raise MailError(say(settings.lang, "mail.open", file=file))
            given = tomllib.load(opened).get("smtp")
    except FileNotFoundError:
        return None
    except (OSError, ValueError):
        # What cannot be read may hold a password: nothing of it is told.
        raise MailError(say(settings.lang, "mail.unreadable", file=file)) from None
    if wrong := _wrong(given):
        raise MailError(say(settings.lang, "mail.wrong", file=file, name=wrong))
    secret = os.environ.get("VIGIE_SMTP_PASSWORD")
    return Server(**given | ({"password": secret} if secret else {}))


def _wrong(given: Any) -> str:
    """The name that means nothing in the section; empty where all of it does."""
    if not isinstance(given, dict) or not given.get("host"):
        return "[smtp] host"
    kinds = {one.name: int if one.name == "port" else str for one in fields(Server)}
    for name, value in given.items():
        if name not in kinds or type(value) is not kinds[name]:
            return f"[smtp] {name}"
    tls = given.get("tls", STARTTLS)
    # A password, and figures, in clear text: on this machine alone.
    if tls not in (STARTTLS, IMPLICIT, NONE) or (tls == NONE and not is_loopback(given["host"])):
        return "[smtp] tls"
    return "" if mail_of(given.get("sender")) else "[smtp] sender"


class Post:
    """Where messages go from this data folder."""

    def __init__(self, settings: Settings, server: Server | None) -> None:
        """Messages go to `server`; without one they are files of the outbox."""
        self._settings = settings
        self._server = server

    @property
    def sender(self) -> str:
        """Return who messages are from."""
        return self._server.sender if self._server else _NOBODY

    @property
    def is_repeatable(self) -> bool:
        """Whether handing over twice makes one message: a file of one name does."""
        return self._server is None

    def hand_over(self, name: str, message: EmailMessage) -> None:
        """Hand a message over: a file of that name, or the mail server.

        Raises:
            NotHandedOver: it was not taken.
            Unsure: nobody knows whether it was.
        """
        if self._server is None:
            file = self._settings.home / FOLDER / f"{name}.eml"
            file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            write_whole(file, message.as_bytes(policy=SMTP))
            return
        said = f"{self._server.host}:{self._server.port}"
        try:
            connection = self._connect(self._server)
        except (OSError, smtplib.SMTPException) as error:
            raise NotHandedOver(_why(self._settings, said, error)) from error
        try:
            connection.send_message(message)
        except smtplib.SMTPServerDisconnected as error:
            raise Unsure(_why(self._settings, said, error, "mail.unsure")) from error
        except smtplib.SMTPException as error:
            raise NotHandedOver(_why(self._settings, said, error)) from error
        except OSError as error:
            raise Unsure(_why(self._settings, said, error, "mail.unsure")) from error
        finally:
            connection.close()

    def _connect(self, server: Server) -> smtplib.SMTP:
        context = ssl.create_default_context()
        if server.tls == IMPLICIT:
            made = smtplib.SMTP_SSL(server.host, server.port, timeout=_PATIENCE, context=context)
        else:
            made = smtplib.SMTP(server.host, server.port, timeout=_PATIENCE)
        try:
            if server.tls == STARTTLS:
                made.starttls(context=context)
            if server.user:
                made.login(server.user, server.password)
        except BaseException:
            made.close()
            raise
        return made


def _why(settings: Settings, server: str, error: Exception, key: str = "mail.refused") -> str:
    """One sentence; what a server answers may repeat an address, so only its code is told."""
    reason = next(
        (say(settings.lang, text) for kind, text in _REASONS.items() if isinstance(error, kind)),
        None,
    )
    return say(settings.lang, key, server=server, reason=reason or _code_of(error))


def _code_of(error: Exception) -> str:
    code = getattr(error, "smtp_code", None)
    return f"SMTP {code}" if code else getattr(error, "strerror", None) or type(error).__name__
