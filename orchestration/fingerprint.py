"""Which code made a release: a version a person can look up, and a fingerprint a build is compared
by.

The fingerprint covers everything that can change a row: the dbt project with its functions, ingest
with its contracts, the engines. A release with another fingerprint is rebuilt. Does not belong
here: the fingerprint of the deliveries (ingest.raw).
"""

from __future__ import annotations

import hashlib
import subprocess
from functools import lru_cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from orchestration.settings import DBT_PROJECT, PROJECT

ENGINES = ("duckdb", "dbt-core", "dbt-duckdb")
_DBT_SOURCES = ("models", "dictionary", "functions", "seeds", "macros", "tests")
_NOT_SOURCES = {"__pycache__", "target", "logs"}


@lru_cache
def project_fingerprint() -> str:
    """Fingerprint of the dbt project: the key under which its parsed form is kept."""
    files = [DBT_PROJECT / "dbt_project.yml", DBT_PROJECT / "profiles.yml"]
    for folder in _DBT_SOURCES:
        files.extend(_files(DBT_PROJECT / folder))
    return _digest(PROJECT, files, *(version(engine) for engine in ENGINES))


@lru_cache
def build_fingerprint() -> str:
    """Fingerprint of all code a row of a release depends on."""
    # What else is put into the warehouse before dbt starts.
    laid_out = [PROJECT / "law" / "functions.py", PROJECT / "orchestration" / "previous.py"]
    return _digest(PROJECT, [*_files(PROJECT / "ingest"), *laid_out], project_fingerprint())


@lru_cache
def code_version() -> str:
    """The version of the package, and the commit where the project is a checkout (`-dirty` when
    changed since), else the beginning of the fingerprint of the build: `0.1.0+116db0c1`.
    """
    try:
        number = version("vigie")
    except PackageNotFoundError:
        number = "0"
    return f"{number}+{_commit() or build_fingerprint()[:12]}"


def _commit() -> str:
    # Asked only where the checkout is ours: an installation may lie inside somebody else's.
    if not (PROJECT / ".git").exists():
        return ""
    try:
        return subprocess.run(
            ["git", "--no-optional-locks", "describe", "--always", "--dirty", "--exclude=*"],
            cwd=PROJECT,
            capture_output=True,
            text=True,
            timeout=10,
            check=True,
        ).stdout.strip()
    except (OSError, subprocess.SubprocessError):
        return ""


def _files(folder: Path) -> list[Path]:
    return [
        file
        for file in folder.rglob("*")
        if file.is_file() and not _NOT_SOURCES.intersection(file.relative_to(folder).parts)
    ]


def _digest(root: Path, files: list[Path], *more: str) -> str:
    digest = hashlib.sha256()
    for file in sorted(files):
        digest.update(str(file.relative_to(root)).encode() + b"\0")
        digest.update(hashlib.sha256(file.read_bytes()).digest())
    for text in more:
        digest.update(text.encode() + b"\0")
    return digest.hexdigest()
