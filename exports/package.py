"""A package on disk: one folder with a note, a workbook, machine files, and a signed manifest.

Belongs here: what goes into the folder, replacing the folder in one step. Does not belong
here: which cells may leave (protection), how a file looks (writers, sdmx, note), the manifest
(manifest.py).
"""

from __future__ import annotations

import errno
import hashlib
import os
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import duckdb

from exports.catalogue import Code, Statistic
from exports.cells import Cells, LeftOut
from exports.commission import Commission
from exports.names import (
    CODES,
    DATAPACKAGE,
    DCAT,
    MANIFEST,
    METADATA,
    SDMX,
    SIGNATURE,
    STRUCTURE,
)
from exports.periods import Period
from exports.profiles import Profile
from exports.signs import HIDDEN
from exports.tables import BlockTable, tables_of

if TYPE_CHECKING:  # validation reads the contents of a package
    from exports.restatement.carried import Withdrawn
    from exports.validation.finding import Finding

# What an engine passes on as text when the system does not let it write.
_OF_THE_SYSTEM = (
    errno.ENOSPC,
    errno.EDQUOT,
    errno.EFBIG,
    errno.EACCES,
    errno.EPERM,
    errno.EROFS,
    errno.EIO,
    errno.EMFILE,
)


@dataclass(frozen=True)
class Part:
    """One statistic of a package: where its cells are, and its tables as a person reads them."""

    statistic: Statistic
    ref_periods: tuple[str, ...]
    table: str
    left_out: tuple[LeftOut, ...]
    tables: tuple[BlockTable, ...]
    cells: int
    # Cells that are not shown on purpose, by the word for the reason.
    hidden: dict[str, int]
    conf_statuses: tuple[str, ...]
    # Codes that occur, by dimension.
    used: dict[str, tuple[str, ...]]
    csv_name: str

    @property
    def is_left_out(self) -> bool:
        """Say whether no block of the statistic is given: its files have no row."""
        return not self.cells and bool(self.left_out)

    @property
    def main_period(self) -> str:
        """Return the period that a reader looks at first: the longest, the last one of several."""
        longest = len(min(self.ref_periods, key=len))
        return [ref for ref in self.ref_periods if len(ref) == longest][-1]


def part_of(
    cursor,
    statistic: Statistic,
    ref_periods: list[str],
    cells: Cells,
    codes: dict[str, dict[str, Code]],
    csv_name: str,
) -> Part:
    """Look at the cells of a statistic as its recipient gets them."""
    counted, hidden = 0, {}
    for reason, number, not_shown in cursor.execute(
        "select coalesce(reason, '') as reason, count(*),"
        f" count(*) filter (where obs_status = '{HIDDEN}')"
        f" from {cells.table} group by reason order by reason"
    ).fetchall():
        counted += number
        if not_shown:
            hidden[reason] = not_shown
    used = {}
    rows = cursor.execute(f"select distinct conf_status from {cells.table} order by 1").fetchall()
    conf_statuses = tuple(row[0] for row in rows)
    for name in statistic.dimension_names:
        rows = cursor.execute(f'select distinct "{name}" from {cells.table} order by 1').fetchall()
        used[name] = tuple(row[0] for row in rows)
    tables = tables_of(cursor, statistic, cells, ref_periods, codes)
    return Part(
        statistic,
        tuple(ref_periods),
        cells.table,
        cells.left_out,
        tables,
        counted,
        hidden,
        conf_statuses,
        used,
        csv_name,
    )


@dataclass(frozen=True)
class Contents:
    """All that the writers need to know; nothing of it depends on when or where it is written."""

    parts: tuple[Part, ...]
    codes: dict[str, dict[str, Code]]
    period: Period
    profile: Profile
    lang: str
    release_id: str
    business_date: date
    built_at: datetime
    code_version: str
    # What the gate of the release counted: checks passed, checks that warned.
    checks: tuple[int, int] = field(default=(0, 0))
    # The request that it answers; None for a package made without one.
    commission: Commission | None = None
    findings: tuple[Finding, ...] = ()
    # What a correction takes back without giving it anew, by statistic.
    withdrawn: tuple[Withdrawn, ...] = ()

    @property
    def asked(self) -> str:
        """Return what was asked, as names of files say it: statistics, period, recipient."""
        codes = short_codes([part.statistic.code for part in self.parts])
        return f"{codes}_{self.period.text}_{self.profile.name}"

    @property
    def name(self) -> str:
        """Return the name of the folder: statistics, period, recipient, language, release."""
        return f"{self.asked}_{self.lang}_{self.release_id}"

    @property
    def identifier(self) -> str:
        """Return what a catalogue tells it apart by: two requests may ask for the same."""
        return f"{self.commission.request_id}_{self.name}" if self.commission else self.name

    @property
    def workbook_name(self) -> str:
        """Return the name of the workbook; it speaks one language."""
        return f"{self.asked}_{self.lang}.xlsx"

    @property
    def note_name(self) -> str:
        """Return the name of the note that goes with the figures."""
        return f"{self.asked}_note_{self.lang}.pdf"

    @property
    def shown_conf_statuses(self) -> list[str]:
        """Return the confidentiality of the values that are shown."""
        found = {
            cell.conf_status
            for part in self.parts
            for table in part.tables
            for row in table.rows
            for cell in row.cells
            if cell.value is not None
        }
        return sorted(found)

    @property
    def used(self) -> dict[str, set[str]]:
        """Return the codes that occur in the package, by list: only these are explained in it."""
        found: dict[str, set[str]] = {}
        for part in self.parts:
            for dimension in part.statistic.dimensions:
                found.setdefault(dimension.list_name, set()).update(part.used[dimension.name])
        return found

    @property
    def definition_version(self) -> str:
        """Return one hash over the dictionary entries of all statistics of the package."""
        versions = [part.statistic.definition_version for part in self.parts]
        return hashlib.sha256(" ".join(versions).encode()).hexdigest()[:16]


def short_codes(codes: Sequence[str]) -> str:
    """Return codes as names of files say them: three or more that follow each other by their first
    and last (T01--T16), so that a name stays short whatever is asked.
    """
    runs: list[list[str]] = []
    for code in codes:
        follows = runs and _number(code) is not None and _number(runs[-1][-1]) == _number(code) - 1
        if follows:
            runs[-1].append(code)
        else:
            runs.append([code])
    return "-".join(f"{run[0]}--{run[-1]}" if len(run) > 2 else "-".join(run) for run in runs)


def _number(code: str) -> int | None:
    return int(code[1:]) if code[1:].isdecimal() else None


@dataclass(frozen=True)
class AnswerPackage:
    """Where a package lies: its folder, the note, the workbook, the CSVs and the manifest; and what
    validation found.
    """

    folder: Path
    note: Path
    workbook: Path
    tables: tuple[Path, ...]
    manifest: Path
    findings: tuple[Finding, ...] = ()
    # Codes of the statistics that were asked and of which no block can be given.
    left_out: tuple[str, ...] = ()

    @property
    def path(self) -> Path:
        """Return the folder: what to show to the person who asked."""
        return self.folder

    @property
    def paths(self) -> tuple[Path, ...]:
        """Return every file of the package that a person would open, the workbook first."""
        return (self.workbook, self.note, *self.tables, self.manifest)


@contextmanager
def draft_of(final: Path) -> Iterator[Path]:
    """Give an empty folder to write in; it takes the name `final` once everything went well.

    The same request made twice leaves the same folder; a failure leaves nothing behind, the folder
    around it neither where it was not there before.

    Raises OSError that names the folder around it, when that cannot be written.
    """
    out = final.parent
    made = [folder for folder in (out, *out.parents) if not folder.exists()]
    draft = final.with_name(f".{final.name}.{os.getpid()}.draft")
    try:
        out.mkdir(parents=True, exist_ok=True)
        for left in out.glob(".*.*.draft"):
            if not _is_written(left):
                shutil.rmtree(left, ignore_errors=True)
        draft.mkdir()
        yield draft
        if final.exists():
            shutil.rmtree(final)
        os.replace(draft, final)
        made = []
    except (OSError, duckdb.Error) as error:
        raise _about(error, out) from error
    finally:
        shutil.rmtree(draft, ignore_errors=True)
        for folder in made:
            with suppress(OSError):
                folder.rmdir()


def _about(error: OSError | duckdb.Error, out: Path) -> Exception:
    """Return an error of the system as one about `out`: the names in it are drafts of ours. One
    about something else stays as it is.
    """
    if isinstance(error, OSError):
        named = error.filename
        inside = named is None or Path(os.fsdecode(named)).is_relative_to(out)
        number = error.errno if inside else None
    else:
        said = str(error)
        number = next((one for one in _OF_THE_SYSTEM if os.strerror(one) in said), None)
    return OSError(number, os.strerror(number), str(out)) if number else error


def _is_written(draft: Path) -> bool:
    """Whether another process is still at it: a draft bears the number of its process, and one that
    was killed leaves it behind.
    """
    number = draft.suffixes[-2].removeprefix(".")
    if not number.isdigit() or int(number) == os.getpid():
        return False
    try:
        os.kill(int(number), 0)
    except (ProcessLookupError, OverflowError):
        return False
    except PermissionError:  # of somebody else
        pass
    return True


def sdmx_names(part: Part) -> tuple[str, str]:
    """Return the names of the files of a statistic in SDMX-CSV and in SDMX-ML."""
    stem = f"{SDMX}/{Path(part.csv_name).stem}_sdmx"
    return f"{stem}.csv", f"{stem}.xml"


def file_names(contents: Contents) -> dict[str, list[str]]:
    """Return every file of a package by kind, as paths within it, in the order of a reader."""
    described = [f"{part.csv_name}{METADATA}" for part in contents.parts]
    data = [name for part in contents.parts for name in sdmx_names(part)]
    return {
        "workbook": [contents.workbook_name],
        "note": [contents.note_name],
        "cells": [*(part.csv_name for part in contents.parts), *described],
        "codes": [CODES, f"{CODES}{METADATA}"],
        "sdmx": [f"{SDMX}/{STRUCTURE}", *data],
        "described": [DATAPACKAGE, DCAT],
        "manifest": [MANIFEST, SIGNATURE],
    }


def files_of(folder: Path) -> list[str]:
    """Return the files of a package, as paths within it with "/", in order; a link is a file."""
    return sorted(
        path.relative_to(folder).as_posix()
        for path in folder.rglob("*")
        if path.is_symlink() or not path.is_dir()
    )
