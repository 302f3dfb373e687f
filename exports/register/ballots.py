"""Verdicts that nobody may know yet: sealed when they are given, opened when the review ends.

Where two people check, the first verdict lies in the register before the second is given. Its line
holds a commitment (a salted hash of what was said, by whom, on which manifest) and the same
encrypted with `keys/votes.key`; every sealed verdict has the same length. The line that ends the
review holds the opened ones, and reading the register proves each by its commitment: for that no
key is needed. Belongs here: sealing, opening, proving. Does not belong here: who may vote, what the
votes decide (review.py).

Whoever has the key and a program of their own can open what is sealed, as they can sign in the
desk's name: that is a matter of the machine, as everywhere.
"""

from __future__ import annotations

import base64
import json
import os
import secrets
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from exports.register.errors import SealedVotes
from exports.register.event import canonical
from exports.register.folder import sha256_of
from exports.register.texts import say
from exports.signature import write_key

if TYPE_CHECKING:
    from exports.register.request import Request, Vote

_FOLDER, _KEY = "keys", "votes.key"
_NONCE = 12
#: Longer than the longest text with any signs; a refusal says more than an approval.
_LENGTH = 20_000


def seal(home: Path, request_id: str, who: str, said: dict[str, str], lang: str) -> dict[str, str]:
    """Return what a line may say of a verdict (`manifest`, `verdict`, `comment`) before its time.

    Raises:
        SealedVotes: the key is no key, or others may read it.
    """
    inside = {
        "salt": secrets.token_hex(16),
        **{name: said[name] for name in ("verdict", "comment")},
    }
    commitment = _commitment(request_id, who, said["manifest"], inside)
    plain = canonical(inside).encode().ljust(_LENGTH)
    nonce = os.urandom(_NONCE)
    sealed = nonce + AESGCM(_key(home, lang, may_make=True)).encrypt(
        nonce, plain, commitment.encode()
    )
    return {
        "manifest": said["manifest"],
        "commitment": commitment,
        "sealed": base64.b64encode(sealed).decode(),
    }


def has_sealed(home: Path) -> bool:
    """Say whether a verdict was ever sealed in this data folder."""
    return (Path(home) / _FOLDER / _KEY).exists()


def opened(home: Path, request: Request, lang: str) -> list[dict[str, str]]:
    """Open the sealed verdicts of the last review, as the line that ends it says them.

    Raises:
        SealedVotes: the key they were sealed with is not here.
    """
    return [_opened(home, one, lang) for one in request.round.votes if one.sealed]


def proves(request_id: str, vote: Vote, said: dict[str, Any]) -> bool:
    """Say whether an opened verdict is the one that was committed to."""
    return _commitment(request_id, vote.by, vote.manifest, said) == vote.commitment


def _opened(home: Path, vote: Vote, lang: str) -> dict[str, str]:
    sealed = base64.b64decode(vote.sealed)
    try:
        plain = AESGCM(_key(home, lang, may_make=False)).decrypt(
            sealed[:_NONCE], sealed[_NONCE:], vote.commitment.encode()
        )
    except InvalidTag as error:
        raise SealedVotes(say("votes_sealed", lang, path=f"{_FOLDER}/{_KEY}")) from error
    return {"by": vote.by, **json.loads(plain)}


def _commitment(request_id: str, who: str, manifest: str, inside: dict[str, Any]) -> str:
    said = [inside["salt"], inside["verdict"], inside["comment"]]
    return sha256_of(canonical([request_id, who, manifest, *said]))


def _key(home: Path, lang: str, *, may_make: bool) -> bytes:
    path = Path(home) / _FOLDER / _KEY
    wrong = SealedVotes(say("votes_sealed", lang, path=f"{_FOLDER}/{_KEY}"))
    if may_make and not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        write_key(path, f"{secrets.token_hex(32)}\n".encode(), replace=False)
    try:
        if path.stat().st_mode & 0o077:
            raise wrong
        key = bytes.fromhex(path.read_text(encoding="ascii").strip())
    except (OSError, ValueError) as error:
        raise wrong from error
    if len(key) != 32:
        raise wrong
    return key
