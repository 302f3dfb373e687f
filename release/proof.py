"""The proof of a release: `releases/<release_id>.sha256`, its hash as `sha256sum` writes it.

It is written once the published file was read wholly, before the pointer moves: a release counts
from then on, and a file without one is what a killed publication left. Belongs here: making,
reading and checking proofs. Does not belong here: what the file must hold (publish.py).
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import re
from dataclasses import dataclass
from pathlib import Path

from release.errors import DamagedReleaseError

SUFFIX = ".sha256"
_LINE = re.compile(r"([0-9a-f]{64})  (\S+)\n")
#: The files that this process has read wholly, and how each stood then. Kept by no file: a bit that
#: flips on a disk changes neither size nor time, and the next process would not look.
_proven: dict[Path, tuple[int, int, int, int, str | None]] = {}


@dataclass(frozen=True)
class Proof:
    """What the file of a release was when it was published."""

    sha256: str
    size: int


def measure(file: Path) -> Proof:
    """What a file is now: all of it is read."""
    with open(file, "rb") as content:
        digest = hashlib.file_digest(content, "sha256").hexdigest()
        return Proof(digest, os.fstat(content.fileno()).st_size)


def proof_file(file: Path) -> Path:
    """Where the proof of a release lies."""
    return file.with_suffix(SUFFIX)


def write_proof(file: Path) -> Proof:
    """Measure a release and keep it, on the disk before it shows."""
    proof = measure(file)
    target = proof_file(file)
    draft = target.with_name(f".{target.name}.{os.getpid()}.tmp")
    with open(draft, "w", encoding="ascii") as out:
        out.write(f"{proof.sha256}  {file.name}\n")
        out.flush()
        os.fsync(out.fileno())
    os.replace(draft, target)
    return proof


def kept_hash(file: Path) -> str | None:
    """The hash that is kept of a release; None where none is, or it is damaged."""
    try:
        line = _LINE.fullmatch(proof_file(file).read_bytes().decode("ascii"))
    except (OSError, ValueError):
        return None
    return line[1] if line and line[2] == file.name else None


def check(file: Path, sha256: str | None = None) -> None:
    """Read a release wholly and compare it with a hash (without one: its proof); where there is
    neither it passes.

    Raises:
        DamagedReleaseError: it is no longer the file that was published.
    """
    kept = sha256 or kept_hash(file)
    if kept is not None and measure(file).sha256 != kept:
        raise DamagedReleaseError(file)


def ensure(file: Path, sha256: str | None = None) -> None:
    """As `check`, but a file is read once by a process, as long as it stands as it stood: whoever
    answers from a release asks this first.

    Raises:
        DamagedReleaseError: as `check`.
    """
    with contextlib.suppress(OSError):  # what cannot be read is told by who opens it
        stood = file.stat()
        kept = sha256 or kept_hash(file)
        mark = (stood.st_dev, stood.st_ino, stood.st_size, stood.st_mtime_ns, kept)
        if _proven.get(file) == mark:
            return
        check(file, kept)
        _proven[file] = mark


def disown(file: Path) -> None:
    """A release that is damaged no longer counts."""
    proof_file(file).unlink(missing_ok=True)
