"""Publication: an audited candidate becomes a release, in one step that readers can see.

Order: checkpoint → control totals → rename into the folder → read it wholly → read-only → hash
beside it → pointer → retention. Killed at any place, the pointer still names a whole release; the
next publication goes on from there. Does not belong here: the audit itself, or what the tables
mean.
"""

from __future__ import annotations

import os
import shutil
import stat
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import duckdb

from release.errors import PublicationError
from release.home import SUFFIX, built_part, file_name, releases_folder
from release.pointer import Rollback, move_pointer, named_files, sync_folder
from release.proof import disown, kept_hash, write_proof
from storage import databases

DEFAULT_KEEP = 10


@dataclass(frozen=True)
class Published:
    """A release that now stands: its id, its file, rows per `schema.table`, the file names
    retention removed.
    """

    release_id: str
    path: Path
    rows: Mapping[str, int]
    removed: tuple[str, ...]


def control_totals(connection: duckdb.DuckDBPyConnection) -> dict[str, int]:
    """Rows per `schema.table` of the database a connection was opened on."""
    names = connection.execute(
        "select schema_name, table_name from duckdb_tables() "
        "where database_name = current_database() and not temporary order by all"
    ).fetchall()
    if not names:
        return {}
    parts = " union all ".join(
        f"""select '{schema}.{table}', (select count(*) from "{schema}"."{table}")"""
        for schema, table in names
    )
    return dict(connection.execute(parts).fetchall())


def publish(
    home: str | os.PathLike[str] | None,
    candidate: Path,
    release_id: str,
    business_date: date,
    *,
    as_of: date | None = None,
    keep: int = DEFAULT_KEEP,
    held: Collection[str] | None = (),
) -> Published:
    """Publish an audited candidate under its release id, then move the pointer.

    Args:
        home: data folder (default: VIGIE_HOME).
        candidate: the database file; no connection may be open on it. It is moved.
        release_id: name of the release (`home.new_release_id`).
        business_date: the date it is as of.
        as_of: publish beside the current release, under `as-of-<DATE>.json`; None moves
            `current.json`.
        keep: how many releases stay in the folder; those a pointer names stay in any case.
        held: ids of releases that stay besides; None: all of them stay.

    Raises:
        PublicationError: the candidate is missing or empty, the id is taken, or the file under its
            final name does not hold the rows the candidate held. The pointer is then as it was.
    """
    folder = releases_folder(home)
    folder.mkdir(parents=True, exist_ok=True)
    target = folder / file_name(release_id)
    if target.exists():
        raise PublicationError("twice", name=target.name)
    totals = _settle(candidate)
    _move(candidate, target)
    try:
        _prove(target, totals)
        target.chmod(stat.S_IRUSR)
        write_proof(target)
        sync_folder(folder)
    except PublicationError:
        target.unlink(missing_ok=True)
        raise
    move_pointer(folder, release_id, target.name, business_date, as_of)
    return Published(release_id, target, totals, apply_retention(folder, keep, held))


def point_to(
    home: str | os.PathLike[str] | None,
    release_id: str,
    business_date: date,
    as_of: date | None,
    rollback: Rollback | None = None,
) -> None:
    """Make a pointer name a release that stands already; `rollback` says why it is an earlier
    one.
    """
    folder = releases_folder(home)
    name = file_name(release_id)
    if not (folder / name).is_file():
        raise PublicationError("no_file_to_name", name=name, folder=folder)
    move_pointer(folder, release_id, name, business_date, as_of, rollback)


def apply_retention(folder: Path, keep: int, held: Collection[str] | None = ()) -> tuple[str, ...]:
    """Remove all but the last `keep` releases (by time of building), never one that a pointer
    names or that is `held` (None: all are).

    Returns the names that were removed. A reader that holds a removed file open keeps reading it.
    """
    files = sorted(folder.glob(f"*{SUFFIX}"), key=lambda file: built_part(file.stem), reverse=True)
    named = named_files(folder)
    old = [file for file in files[max(keep, 1) :] if held is not None and file.stem not in held]
    removed = [file for file in old if file.name not in named]
    # One that a kill left between the rename and its proof is no release, and not even read-only.
    removed += [file for file in files if file.name not in named and _is_unproven(file)]
    for file in removed:
        file.unlink(missing_ok=True)
        disown(file)
    for leftover in (*folder.glob("*.incoming"), *folder.glob(".*.tmp")):
        leftover.unlink(missing_ok=True)
    return tuple(dict.fromkeys(file.name for file in removed))


def _is_unproven(file: Path) -> bool:
    return file.exists() and bool(file.stat().st_mode & 0o222) and kept_hash(file) is None


def _settle(candidate: Path) -> dict[str, int]:
    """Everything out of the log and into the file; the rows it then holds."""
    if not candidate.is_file():
        raise PublicationError("no_candidate", file=candidate)
    with databases.connect(candidate) as connection:
        connection.execute("checkpoint")
        totals = control_totals(connection)
    log = candidate.with_name(candidate.name + ".wal")
    if log.exists():
        # A log beside the file would be lost with the rename, without a word from the engine.
        raise PublicationError("candidate_in_use", log=log.name, file=candidate)
    if not totals:
        raise PublicationError("candidate_empty", file=candidate)
    return totals


def _move(candidate: Path, target: Path) -> None:
    """Rename into the folder of releases; over a border of file systems, copy first and rename
    after.
    """
    with open(candidate, "rb") as file:
        os.fsync(file.fileno())
    if candidate.stat().st_dev == target.parent.stat().st_dev:
        os.rename(candidate, target)
        return
    incoming = target.with_suffix(".incoming")
    shutil.copyfile(candidate, incoming)
    with open(incoming, "rb") as file:
        os.fsync(file.fileno())
    os.rename(incoming, target)
    candidate.unlink()


def _prove(target: Path, totals: Mapping[str, int]) -> None:
    """The file under its final name opens read-only and holds, table by table, the rows the
    candidate held; every value of every table is read (the engine proves each block it reads).
    """
    table = ""
    try:
        with databases.connect(target, read_only=True) as connection:
            found = control_totals(connection)
            for table in found:
                schema, _, name = table.partition(".")
                connection.execute(f'select bit_xor(hash(columns(*))) from "{schema}"."{name}"')
    except duckdb.Error as error:
        what = f"{target.name} ({table})" if table else target.name
        reason = str(error).splitlines()[0]
        raise PublicationError("candidate_unreadable", what=what, reason=reason) from error
    wrong = [name for name in sorted({*totals, *found}) if totals.get(name) != found.get(name)]
    if wrong:
        raise PublicationError(
            "other_rows",
            name=target.name,
            table=wrong[0],
            found=found.get(wrong[0]),
            expected=totals.get(wrong[0]),
            tables=len(wrong),
        )
