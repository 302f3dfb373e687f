"""The data folder as the system sees it: space, modes, what nobody needs.

Does not belong here: what is inside the files (stored.py, memory.py).
"""

from __future__ import annotations

import shutil
import stat
from collections.abc import Iterator
from pathlib import Path

from orchestration.doctor.finding import Finding
from orchestration.private import shut_out
from orchestration.settings import Settings
from release.pointer import find_pointer, named_files
from release.proof import SUFFIX as PROOF
from release.proof import kept_hash

_MB = 1_000_000
_LEAST = 500 * _MB


def space(settings: Settings) -> Iterator[Finding]:
    """Room for another build: the release, its working tables, as much again for what spills."""
    pointer = find_pointer(settings.home)
    last = pointer.path.stat().st_size if pointer else 0
    work = settings.warehouse / "work.duckdb"
    last += work.stat().st_size if work.is_file() else 0
    free, needed = shutil.disk_usage(settings.home).free, max(2 * last, _LEAST)
    if free < needed:
        values = {"home": settings.home, "free": free // _MB, "needed": needed // _MB}
        yield Finding("space", is_fault=True, values=values)


def closed(settings: Settings) -> Iterator[Finding]:
    """Every folder can be looked into: of one that cannot, every other check would find nothing."""
    for error in shut_out(settings.home):
        yield Finding("closed", is_fault=True, values={"path": error.filename})


def modes(settings: Settings) -> Iterator[Finding]:
    """Nobody but the account that runs Vigie reads or writes here, landing included."""
    landing = settings.landing
    open_to_all = [
        path
        for path in (settings.home, *settings.home.rglob("*"))
        if not path.is_symlink() and path.lstat().st_mode & (stat.S_IRWXG | stat.S_IRWXO)
    ]
    ours = [path for path in open_to_all if not path.is_relative_to(landing)]
    if ours:
        yield Finding("modes", is_fault=False, values={"count": len(ours), "path": ours[0]})
    if landing.is_dir() and landing.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO):
        yield Finding("landing", is_fault=False, values={"path": landing})


def orphans(settings: Settings) -> Iterator[Finding]:
    """What belongs to nothing any more."""
    for path in _orphans(settings):
        yield Finding("orphan", is_fault=False, values={"path": path})


def _orphans(settings: Settings) -> Iterator[Path]:
    raw, releases = settings.home / "raw", settings.releases
    for judged in (settings.home / "judgements").glob("*"):
        if judged.is_dir() and not judged.name.startswith(".") and not (raw / judged.name).exists():
            yield judged
    named = named_files(releases)
    for file in releases.glob("*.duckdb"):
        if file.name not in named and kept_hash(file) is None:
            yield file
    for proof in releases.glob(f"*{PROOF}"):
        if not proof.with_suffix(".duckdb").exists():
            yield proof
    for folder in (raw, settings.home / "judgements"):
        yield from folder.glob(".incoming-*")
        yield from folder.glob(".replaced-*")
