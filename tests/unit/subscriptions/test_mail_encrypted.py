"""A mail server that is spoken to in secret only (STARTTLS): one whose certificate is known takes
messages, any other is refused in one clear sentence, and nothing is said to it.
"""

from __future__ import annotations

import smtplib
import socket
import ssl
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from ipaddress import ip_address
from pathlib import Path

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from orchestration.mail import NotHandedOver, Post, _why, server_of
from orchestration.settings import Settings
from tests.unit.subscriptions.conftest import Mailbox

_SECRET = "not-this-one"


def _certificate(folder: Path, host: str) -> Path:
    """A certificate that signs itself, for an address of this machine, with its key."""
    key, now = ec.generate_private_key(ec.SECP256R1()), datetime.now(UTC)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "test")])
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address(host))]), False)
        .sign(key, hashes.SHA256())
    )
    file = folder / f"{host}.pem"
    file.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
        + made.public_bytes(serialization.Encoding.PEM)
    )
    return file


@pytest.fixture
def box() -> Mailbox:
    return Mailbox()


@pytest.fixture
def encrypted(box, tmp_path) -> Iterator[Callable[..., tuple[int, Path]]]:
    """Start a server with a certificate for an address; gives its port and the certificate."""
    started = []

    def start(host: str = "127.0.0.1", *, offers_tls: bool = True) -> tuple[int, Path]:
        file = _certificate(tmp_path, host)
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        context.load_cert_chain(file)
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        secured = {"tls_context": context, "require_starttls": True} if offers_tls else {}
        server = Controller(
            box,
            hostname="127.0.0.1",
            port=port,
            authenticator=lambda *given: AuthResult(
                success=given[-1].password == _SECRET.encode(), handled=False
            ),
            **secured,
        )
        server.start()
        started.append(server)
        return port, file

    yield start
    for server in started:
        server.stop()


@pytest.fixture
def settings(tmp_path) -> Settings:
    (tmp_path / "home" / "keys").mkdir(parents=True)
    return Settings.from_env(home=tmp_path / "home", lang="fr")


def _sent(settings, port: int, password: str = "") -> None:
    lines = ["[smtp]", 'host = "127.0.0.1"', f"port = {port}", 'sender = "vigie@cna.example"']
    if password:
        lines += ['user = "vigie"', f'password = "{password}"']
    file = settings.home / "keys" / "mail.toml"
    file.write_text("\n".join(lines), encoding="utf-8")
    file.chmod(0o600)
    message = EmailMessage()
    message["From"], message["To"] = "vigie@cna.example", "anne@cna.example"
    message.set_content("Bonjour")
    Post(settings, server_of(settings)).hand_over("one", message)


def _known(monkeypatch, file: Path) -> None:
    """This machine knows the certificate, as it does once an authority is installed."""
    monkeypatch.setenv("SSL_CERT_FILE", str(file))


def test_a_message_goes_encrypted_unless_said_otherwise(settings, encrypted, box, monkeypatch):
    port, file = encrypted()
    _known(monkeypatch, file)
    _sent(settings, port, _SECRET)
    assert box.recipients == [["anne@cna.example"]]


@pytest.mark.parametrize("certificate", ["unknown", "of another machine"])
def test_a_certificate_that_is_not_accepted(settings, encrypted, box, monkeypatch, certificate):
    if certificate == "unknown":
        port, _ = encrypted()
    else:
        port, file = encrypted("127.0.0.2")
        _known(monkeypatch, file)
    with pytest.raises(NotHandedOver) as refused:
        _sent(settings, port, _SECRET)
    assert str(refused.value) == (
        f"Le serveur de courriel 127.0.0.1:{port} n'a pas pris un message (le certificat du serveur"
        " n'est pas reconnu pour ce nom : installez sur cette machine l'autorité qui l'a signé, ou"
        " corrigez « host » dans keys/mail.toml) : il lui sera remis la prochaine fois."
    )
    assert box.messages == []


def test_a_server_that_offers_no_encryption_is_told_nothing(settings, encrypted, box):
    port, _ = encrypted(offers_tls=False)
    with pytest.raises(NotHandedOver, match="ne se laisse pas chiffrer"):
        _sent(settings, port, _SECRET)
    assert box.messages == []


def test_a_wrong_password_is_told_without_it(settings, encrypted, box, monkeypatch):
    port, file = encrypted()
    _known(monkeypatch, file)
    with pytest.raises(NotHandedOver, match="nom ou mot de passe refusé") as refused:
        _sent(settings, port, "wrong-word")
    assert "wrong-word" not in str(refused.value)
    assert box.messages == []


@pytest.mark.parametrize("lang", ["fr", "nl", "en"])
@pytest.mark.parametrize(
    "error",
    [
        smtplib.SMTPRecipientsRefused({"anne@cna.example": (550, b"no anne@cna.example")}),
        smtplib.SMTPSenderRefused(550, b"no anne@cna.example", "anne@cna.example"),
        TimeoutError("timed out"),
        socket.gaierror(-2, "Name or service not known"),
        ConnectionRefusedError(111, "Connection refused"),
        smtplib.SMTPServerDisconnected("Connection unexpectedly closed"),
        ssl.SSLError(1, "[SSL: WRONG_VERSION_NUMBER] wrong version number"),
    ],
)
def test_no_reason_is_the_name_of_an_error(settings, lang, error):
    told = _why(replace(settings, lang=lang), "mail.cna.example:587", error)
    assert type(error).__name__ not in told
    assert "anne" not in told
    assert str(getattr(error, "strerror", None) or "SMTP 550") not in told
