"""The signature of the desk: Ed25519, with one key per data folder.

Belongs here: the key file, signing, checking, changing the key. Does not belong here: what is
signed (manifests, the head of the register, deliveries: their own modules).

`desk.key` (0600, PKCS 8 in PEM, made by the first signature) signs. A key that was changed leaves
its public half in `desk-former/<key id>.pub`: what it signed stays known. Taking that file away
makes its signatures unknown, which is what a stolen key deserves. A folder that only checks what
others signed needs no key of its own: their public halves in `desk-former` are enough.
"""

import base64
import binascii
import contextlib
import hashlib
import os
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from pathlib import Path

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ed25519 import (
    Ed25519PrivateKey,
    Ed25519PublicKey,
)
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
    load_pem_public_key,
)

from exports.errors import SigningKeyError
from exports.texts import sentence, text

ALGORITHM = "Ed25519"
_FOLDER, _KEY, _FORMER, _PUBLIC = "keys", "desk.key", "desk-former", ".pub"


@dataclass(frozen=True)
class Signed:
    """What a signature is worth: `ok`: it is that of the data; `known`: by a key of this desk."""

    ok: bool
    known: bool
    key_id: str

    @property
    def trusted(self) -> bool:
        """Whether the desk signed exactly these bytes."""
        return self.ok and self.known

    def sentence(self, lang: str) -> str:
        """Say it in one sentence."""
        key = "right" if self.trusted else "unknown" if self.ok else "wrong"
        return text(f"signature_{key}", lang, key_id=self.key_id or "?")


def sign(home: Path, data: bytes, lang: str = "fr") -> dict[str, str]:
    """Sign `data` with the desk's key; the first signature of a data folder makes the key.

    Returns: `algorithm`, `key_id`, and in base64 `public_key` and `signature` (raw bytes).
    Raises SigningKeyError when the key is no key, or others may read it.
    """
    key = _private_key(Path(home), lang)
    public = key.public_key()
    return {
        "algorithm": ALGORITHM,
        "key_id": key_id(public),
        "public_key": base64.b64encode(_raw(public)).decode(),
        "signature": base64.b64encode(key.sign(data)).decode(),
    }


def check(
    home: Path,
    data: bytes,
    signed: object,
    known: Collection[Ed25519PublicKey] | None = None,
) -> Signed:
    """Check what `sign` returned for `data`, read back from wherever it lay. Makes no key.

    Args:
        known: the keys that count (default: those of the desk in `home`).
    """
    try:
        raw, signature = _decoded(signed["public_key"]), _decoded(signed["signature"])
        public = Ed25519PublicKey.from_public_bytes(raw)
        named = str(signed["key_id"])
        # The name is told to people: one that is not that of the key would mislead them.
        if signed["algorithm"] != ALGORITHM or named != key_id(public):
            return Signed(False, False, named)
        public.verify(signature, data)
    except (TypeError, KeyError, ValueError, binascii.Error):
        return Signed(False, False, "")
    except InvalidSignature:
        return Signed(False, False, named)
    counting = known_keys(home) if known is None else known
    return Signed(True, raw in {_raw(one) for one in counting}, named)


def public_key(home: Path, lang: str = "fr") -> tuple[str, str]:
    """Return the name of the desk's key and its public half (PEM), for who reads packages."""
    public = _private_key(Path(home), lang).public_key()
    return key_id(public), _public_pem(public).decode()


def rotate(home: Path, lang: str = "fr") -> str:
    """Replace the key by a new one and return its name; the former one stays known."""
    path = _path(Path(home))
    former = _private_key(Path(home), lang).public_key()
    kept = path.parent / _FORMER / (key_id(former) + _PUBLIC)
    kept.parent.mkdir(mode=0o700, exist_ok=True)
    # First what must not be lost: killed in between, the key in force is listed twice.
    write_key(kept, _public_pem(former))
    key = Ed25519PrivateKey.generate()
    write_key(path, _pem(key))
    return key_id(key.public_key())


def known_keys(home: Path) -> list[Ed25519PublicKey]:
    """Return the public keys of the desk: the one in force, and former ones that are still held."""
    return list(_known(_path(Path(home))))


def read_public_key(path: Path, lang: str = "fr") -> Ed25519PublicKey:
    """Return the public half of a key from the file that `vigie desk-key` writes.

    Raises:
        SigningKeyError: the file is none.
    """
    try:
        found = load_pem_public_key(path.read_bytes())
    except (OSError, ValueError, UnsupportedAlgorithm) as error:
        raise SigningKeyError(sentence("public_key_broken", lang, path=path)) from error
    if not isinstance(found, Ed25519PublicKey):
        raise SigningKeyError(sentence("public_key_broken", lang, path=path))
    return found


def key_id(public: Ed25519PublicKey) -> str:
    """Return the name of a key: the first 16 hexadecimal digits of the SHA-256 of its bytes."""
    return hashlib.sha256(_raw(public)).hexdigest()[:16]


def _decoded(written: str) -> bytes:
    """Return the bytes that a text stands for; of those that do, only the one we write."""
    found = base64.b64decode(written, validate=True)
    if base64.b64encode(found).decode() != written:
        raise ValueError(written)
    return found


def _path(home: Path) -> Path:
    return home / _FOLDER / _KEY


def _known(path: Path) -> Iterator[Ed25519PublicKey]:
    with contextlib.suppress(OSError, ValueError, UnsupportedAlgorithm):
        yield load_pem_private_key(path.read_bytes(), None).public_key()
    for kept in sorted((path.parent / _FORMER).glob("*" + _PUBLIC)):
        with contextlib.suppress(OSError, ValueError, UnsupportedAlgorithm):
            found = load_pem_public_key(kept.read_bytes())
            if isinstance(found, Ed25519PublicKey):
                yield found


def _private_key(home: Path, lang: str) -> Ed25519PrivateKey:
    path = _path(home)
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        write_key(path, _pem(Ed25519PrivateKey.generate()), replace=False)
    shown = f"{_FOLDER}/{_KEY}"
    if path.stat().st_mode & 0o077:
        raise SigningKeyError(sentence("signing_key_open", lang, path=shown))
    try:
        key = load_pem_private_key(path.read_bytes(), None)
    except (ValueError, TypeError, UnsupportedAlgorithm) as error:
        raise SigningKeyError(sentence("signing_key_broken", lang, path=shown)) from error
    if not isinstance(key, Ed25519PrivateKey):
        raise SigningKeyError(sentence("signing_key_broken", lang, path=shown))
    return key


def write_key(path: Path, content: bytes, *, replace: bool = True) -> None:
    """Write the file of a key (0600) whole or not at all; without `replace` what another process
    was faster with stays.
    """
    draft = path.with_name(f".{path.name}.{os.getpid()}.draft")
    draft.unlink(missing_ok=True)
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(handle, "wb") as opened:
            opened.write(content)
            opened.flush()
            os.fsync(opened.fileno())
        if replace:
            os.replace(draft, path)
        else:
            with contextlib.suppress(FileExistsError):
                os.link(draft, path)
    finally:
        draft.unlink(missing_ok=True)


def _pem(key: Ed25519PrivateKey) -> bytes:
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())


def _public_pem(public: Ed25519PublicKey) -> bytes:
    return public.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)


def _raw(public: Ed25519PublicKey) -> bytes:
    return public.public_bytes(Encoding.Raw, PublicFormat.Raw)
