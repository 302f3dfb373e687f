"""The release before, for the tables that compare with it: `warehouse/previous.duckdb`, which
dbt attaches read-only as the database `previous`.

Which tables and columns of it are read is said in the sources of the dbt project. Does not belong
here: the comparisons (recovery.mart_outstanding_changes, mart_new_payments,
mart_worklist_changes).
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import duckdb
import yaml

from orchestration.settings import DBT_PROJECT, Settings
from release.errors import ReleaseError
from release.proof import check
from release.reader import standing
from storage import databases

NAME = "previous"
SOURCES = DBT_PROJECT / "models" / "staging" / "_sources.yml"
Column = tuple[str, str, str, str]


def put_previous(settings: Settings, before: date, *, but: Path | None = None) -> None:
    """Lay the newest release that is as of an earlier date beside the candidate; where there is
    none to compare with, a database with the same tables and no row.

    So a release as of a date is compared with the one that it was, or would have been, compared
    with on that day (as long as retention keeps that one).

    Args:
        before: the date the candidate is as of.
        but: a release that is known to be damaged.
    """
    file = previous_file(settings)
    file.unlink(missing_ok=True)
    release = _newest(settings, before, but)
    if release is None:
        put_nothing(settings)
        return
    try:
        # A second name of the same file: it is only read, and stays when retention drops the first.
        os.link(release, file)
    except OSError:  # a file system without second names
        shutil.copyfile(release, file)


def put_nothing(settings: Settings) -> None:
    """A database with the tables that are read of a release, all empty."""
    file = previous_file(settings)
    file.unlink(missing_ok=True)
    tables: dict[tuple[str, str], list[str]] = {}
    for schema, table, column, kind in needed_columns():
        tables.setdefault((schema, table), []).append(f'"{column}" {kind}')
    with databases.connect(file) as connection:
        for (schema, table), columns in tables.items():
            connection.execute(f"create schema if not exists {schema}")
            connection.execute(f"create table {schema}.{table} ({', '.join(columns)})")


def previous_file(settings: Settings) -> Path:
    """Where the release before lies while a build works."""
    settings.warehouse.mkdir(parents=True, exist_ok=True)
    return settings.warehouse / f"{NAME}.duckdb"


def needed_columns() -> Iterator[Column]:
    """(schema, table, column, type) of all that dbt reads of the release before."""
    for source in yaml.safe_load(SOURCES.read_text(encoding="utf-8"))["sources"]:
        if source.get("database") == NAME:
            for table in source["tables"]:
                for column in table["columns"]:
                    kind = column["data_type"].upper()
                    yield source["schema"], table["name"], column["name"], kind


def _newest(settings: Settings, before: date, but: Path | None) -> Path | None:
    """The file of that release, when it is whole and has every column that is read. One of another
    shape was made by other code: nothing is compared with it.
    """
    earlier = (
        release
        for release in standing(settings.home)
        if release.business_date < before and release.path != but
    )
    release = next(earlier, None)
    if release is None:
        return None
    try:
        check(release.path)
        found = release.cursor().execute(
            "select schema_name, table_name, column_name, data_type from duckdb_columns() "
            "where database_name = current_database()"
        )
        held: set[Column] = set(found.fetchall())
    except (ReleaseError, OSError, duckdb.Error):
        return None
    return release.path if held.issuperset(needed_columns()) else None
