"""The same fund from files and out of its database, for ten days: the same release, row for row."""

from __future__ import annotations

import shutil
from datetime import date
from pathlib import Path

import duckdb
import psycopg
import pytest

from ingest.load import load_ready
from release.pointer import find_pointer
from release.reader import close_all
from sample import database
from sample.generate import generate
from tests.pipeline.world import differences, run_job, same_key
from tests.unit.source.databases import postgresql
from tests.worlds import PROJECT_SOURCE

DAYS = 10
# Which delivery brought a row, and on which line, is another one; what is known of the load also.
OF_THE_LOAD = ("meta.deliveries", "meta.quarantine", "meta.reconciliation")
# Indicators of the deliveries themselves: which came late, how many of their rows were accepted.
COMMITMENTS = ("service.fct_missed_items", "service.mart_commitments")
OF_DELIVERIES = {"SC38B", "SC38C"}
SECRET = "sehr-geheim-2026"


@pytest.fixture(scope="module")
def both(tmp_path_factory, request) -> tuple[Path, Path]:
    """(home from files, home from the database), a release in each."""
    folder = tmp_path_factory.mktemp("source")
    files, source = folder / "files", folder / "source"
    generate(files / "landing", affiliates=150, companies=80, deltas=DAYS, seed=7)
    (source / "landing").mkdir(parents=True)
    shutil.copytree(PROJECT_SOURCE, source / "sources" / "fund")
    with postgresql() as address, pytest.MonkeyPatch.context() as patch:
        patch.setenv("VIGIE_SOURCE_FUND", address.replace("postgres:@", f"postgres:{SECRET}@"))
        with psycopg.connect(address, autocommit=True) as connection:
            database.create(connection)
            for place, delivery in enumerate(sorted((files / "landing").glob("*/manifest.json"))):
                database.apply(connection, delivery.parent)
                day = date.fromisoformat(delivery.parent.name[:10])
                _extract(source, day)
                # Some go on from a delivery that was taken, some from one that still waits.
                if place in (0, 4):
                    assert load_ready(source / "landing", source).refused is None
    same_key(source, files)
    for home in (files, source):
        outcome = run_job(home)
        assert outcome.exit_code == 0, outcome.sentences
    # What looked at the releases after the runs keeps them open in this process.
    close_all()
    return files, source


def _extract(home: Path, day: date) -> None:
    from orchestration.cli import vigie

    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("VIGIE_HOME", str(home))
        code = vigie.main(
            ["extract", "--source", "fund", "--date", str(day)], standalone_mode=False
        )
    assert code == 0


def test_the_release_is_the_same_row_for_row(both):
    files, source = (find_pointer(home).path for home in both)
    assert differences(files, source, (*OF_THE_LOAD, *COMMITMENTS)) == []
    for table in COMMITMENTS:
        left, right = (
            [
                row
                for row in _rows(file, f"FROM {table} ORDER BY ALL")
                if row[0] not in OF_DELIVERIES
            ]
            for file in (files, source)
        )
        assert left == right
        assert left


def _rows(file: Path, query: str) -> list[tuple]:
    with duckdb.connect(str(file), read_only=True) as connection:
        return connection.execute(query).fetchall()


def test_the_open_quarantine_is_the_same(both):
    """A row that is still wrong when it comes again is open once for each delivery that brought it
    (F5): of the database's each row as the last delivery brought it, line by line, is that of the
    files, which bring it once."""
    query = (
        'FROM (SELECT delivery_id, extract, "key", rule, column_name, reason '
        "FROM meta.quarantine WHERE is_open {last}) SELECT * EXCLUDE (delivery_id) ORDER BY ALL"
    )
    last = 'QUALIFY delivery_id = max(delivery_id) OVER (PARTITION BY extract, "key")'
    files, source = (find_pointer(home).path for home in both)
    assert _rows(files, query.format(last="")) == _rows(source, query.format(last=last))
    assert _rows(files, query.format(last=""))
    # No delivery brings more of a key than the files do: nothing stands twice but by coming again.
    most = (
        'SELECT extract, "key", max(lines) FROM (SELECT delivery_id, extract, "key", count(*) AS '
        "lines FROM meta.quarantine WHERE is_open GROUP BY ALL) GROUP BY ALL ORDER BY ALL"
    )
    assert _rows(files, most) == _rows(source, most)


def test_one_full_and_ten_deltas_were_taken(both):
    with duckdb.connect(str(find_pointer(both[1]).path), read_only=True) as connection:
        assert connection.execute(
            "SELECT mode, count(*) FROM meta.deliveries GROUP BY ALL ORDER BY ALL"
        ).fetchall() == [("delta", DAYS), ("full", 1)]


def test_no_file_of_the_data_folder_holds_the_secret(both):
    holding = [
        path
        for path in both[1].rglob("*")
        if path.is_file() and SECRET.encode() in path.read_bytes()
    ]
    assert holding == []
