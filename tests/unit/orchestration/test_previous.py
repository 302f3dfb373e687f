"""The release before: the same file when it has what is read of it, else its tables without a
row.
"""

from __future__ import annotations

import re
from datetime import date, timedelta

import duckdb
import pytest

from orchestration.previous import needed_columns, previous_file, put_nothing, put_previous
from orchestration.settings import PROJECT, Settings
from release.publish import publish
from release.reader import close_all

DAY = date(2026, 6, 30)
NAME = "2026-06-30_20260701T030000Z"
PUBLISHED, LATER = DAY, DAY + timedelta(days=1)


@pytest.fixture
def settings(tmp_path):
    yield Settings.from_env(home=tmp_path, statistics="")
    close_all()


def publish_release(settings, *more: str) -> None:
    """A release with every column that is read, one row each, and what more statements do."""
    put_nothing(settings)
    previous_file(settings).rename(settings.candidate)
    with duckdb.connect(str(settings.candidate)) as connection:
        connection.execute(f"insert into meta.release values (date '{DAY}')")
        connection.execute("create table meta.more (a integer)")
        for statement in more:
            connection.execute(statement)
    publish(settings.home, settings.candidate, NAME, DAY)


def rows(settings) -> int:
    with duckdb.connect(str(previous_file(settings)), read_only=True) as connection:
        held = connection.execute(
            "select schema_name, table_name, column_name, data_type from duckdb_columns() "
            "where database_name = current_database()"
        ).fetchall()
        assert set(held) >= set(needed_columns())
        return connection.execute("select count(*) from meta.release").fetchone()[0]


def test_what_is_read_of_the_release_before_is_declared_once():
    """Declared are the tables that models read, each column once."""
    columns = [(schema, table, column) for schema, table, column, _ in needed_columns()]
    assert len(set(columns)) == len(columns)
    models = (PROJECT / "dbt_project" / "models").rglob("*.sql")
    code = "\n".join(path.read_text(encoding="utf-8") for path in models)
    read = set(re.findall(r"source\('previous_(\w+)', '(\w+)'\)", code))
    assert read == {(schema, table) for schema, table, _ in columns}
    assert ("meta", "release") in read


def test_without_a_release_there_are_tables_without_rows(settings):
    put_previous(settings, LATER)
    assert rows(settings) == 0


def test_the_current_release_is_laid_there_and_not_copied(settings):
    publish_release(settings)
    put_previous(settings, LATER)
    assert rows(settings) == 1
    assert (
        previous_file(settings).stat().st_ino
        == next(settings.releases.glob("*.duckdb")).stat().st_ino
    )
    # Laid out again, as the next build does, the release stays what it is.
    put_previous(settings, LATER)
    assert rows(settings) == 1


def test_on_a_file_system_without_second_names_it_is_copied(settings, monkeypatch):
    def refuse(*_):
        raise OSError("no links")

    publish_release(settings)
    monkeypatch.setattr("orchestration.previous.os.link", refuse)
    put_previous(settings, LATER)
    assert rows(settings) == 1


@pytest.mark.parametrize(
    "other",
    [
        "alter table recovery.fct_open_charges drop column stage",
        "alter table contribution.fct_charges alter gross_amount type double",
    ],
)
def test_a_release_of_another_shape_is_not_compared_with(settings, other):
    publish_release(settings, other)
    put_previous(settings, LATER)
    assert rows(settings) == 0


@pytest.mark.parametrize(("days", "found"), [(-1, 0), (0, 0), (1, 1)])
def test_only_a_release_as_of_an_earlier_date_is_compared_with(settings, days, found):
    publish_release(settings)
    put_previous(settings, PUBLISHED + timedelta(days=days))
    assert rows(settings) == found


def test_a_damaged_release_is_not_compared_with(settings):
    publish_release(settings)
    (release,) = settings.releases.glob("*.duckdb")
    put_previous(settings, LATER, but=release)
    assert rows(settings) == 0
    release.chmod(0o600)
    with release.open("r+b") as file:
        file.seek(-1, 2)
        last = file.read(1)
        file.seek(-1, 2)
        file.write(bytes([last[0] ^ 1]))
    put_previous(settings, LATER)
    assert rows(settings) == 0
