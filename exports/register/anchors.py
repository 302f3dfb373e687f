"""What the deliveries say of the register: each names the line that says that it left.

The head (head.py) tells where the register ends, but whoever puts an old register back can put its
old head back with it, or take both away. The slips of the deliveries lie beside the packages,
signed by the desk, and the recipients have the same. Belongs here: reading and signing the desk's
own slips, comparing them with the lines. Does not belong here: what stands in a slip (delivery.py).
"""

import contextlib
import json
import os
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from exports.register.ballots import has_sealed
from exports.register.folder import SLIP, SLIP_SIGNATURE
from exports.signature import check, known_keys, sign


@dataclass(frozen=True)
class Anchor:
    """The line that a delivery names.

    Attributes:
        slip: its file, as it is named in the data folder.
        line: None where the slip cannot be read.
        is_signed: by a key of the desk.
        is_there: the register has that line, as it was.
    """

    slip: str
    line: int | None
    is_signed: bool = False
    is_there: bool = False

    @property
    def contradicts(self) -> bool:
        """Say whether it tells of another register than this one, or of none."""
        return self.line is None or not self.is_there

    @property
    def holds(self) -> bool:
        """Say whether the desk signed it, and the register has its line."""
        return self.is_signed and not self.contradicts


def loose(home: Path, hashes: Sequence[object]) -> list[Anchor]:
    """Return the deliveries that do not hold: their line is not in the register, or not as it was,
    or the desk did not sign them.
    """
    slips = sorted((home / "desk" / "requests").glob(f"*/v*/{SLIP}"))
    keys = tuple(one.public_bytes_raw() for one in known_keys(home)) if slips else ()
    found = [_read(home, slip, keys, hashes) for slip in slips]
    return [one for one in found if not one.holds]


def had_register(home: Path) -> bool:
    """Say whether this data folder once had a register, whatever is left of it: folders of requests
    and the key of the votes come after its first line.
    """
    return any((home / "desk" / "requests").glob("*/")) or has_sealed(home)


def write_slip(folder: Path, slip: bytes, signature: bytes) -> None:
    """Put a slip and its signature into the folder of a version. The slip comes last: it says that
    the delivery was finished.
    """
    _write_whole(folder / SLIP_SIGNATURE, signature)
    _write_whole(folder / SLIP, slip)


def sign_slip(home: Path, slip: bytes, lang: str) -> bytes:
    """Return the signature of a slip, as it stands in its file; the same for the same key."""
    said = json.dumps(sign(home, slip, lang), indent=2, sort_keys=True)
    return f"{said}\n".encode()


def _read(home: Path, slip: Path, keys: tuple[bytes, ...], hashes: Sequence[object]) -> Anchor:
    name = slip.relative_to(home).as_posix()
    try:
        content = slip.read_bytes()
        named = json.loads(content)["register"]
        line, own = named["count"], named["hash"]
        is_there = 0 < line <= len(hashes) and hashes[line - 1] == own
    except (OSError, ValueError, KeyError, TypeError):
        return Anchor(name, None)
    try:
        signature = slip.with_name(SLIP_SIGNATURE).read_bytes()
    except OSError:
        signature = b""
    return Anchor(name, line, _is_signed(home, content, signature, keys), is_there)


@lru_cache(maxsize=10_000)
def _is_signed(home: Path, slip: bytes, signature: bytes, keys: tuple[bytes, ...]) -> bool:
    """Say whether one of these keys signed exactly these bytes. A page reads the register again and
    again, and nothing takes longer than this.
    """
    known = [Ed25519PublicKey.from_public_bytes(one) for one in keys]
    try:
        return check(home, slip, json.loads(signature), known).trusted
    except ValueError:
        return False


def _write_whole(path: Path, content: bytes) -> None:
    """Write a file in one step; one that says the same already is left as it is."""
    with contextlib.suppress(FileNotFoundError):
        if path.read_bytes() == content:
            return
    draft = path.with_name(f".{path.name}.tmp")
    with open(draft, "wb") as out:
        out.write(content)
        out.flush()
        os.fsync(out.fileno())
    os.replace(draft, path)
