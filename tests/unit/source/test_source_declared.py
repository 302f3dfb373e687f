"""Declarations that cannot be meant are told by file and key; secrets lie where nobody else reads,
and nothing tells them.
"""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
import yaml

from ingest.errors import SourceError
from ingest.source.declared import read_source, source_names
from ingest.source.extract import extract
from orchestration.doctor import examine
from orchestration.doctor.sources import declarations, secrets
from orchestration.settings import Settings
from tests.worlds import PROJECT_SOURCE

PASSWORD = "Gr0ße%Geheim:nis@x/y"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The example of the repository as the source `fund` of a data folder."""
    return Path(shutil.copytree(PROJECT_SOURCE, tmp_path / "home" / "sources" / "fund"))


def home_of(folder: Path) -> Path:
    return folder.parents[1]


def change(file: Path, **said: object) -> None:
    """Change keys of a declaration; None takes one away."""
    kept = {**yaml.safe_load(file.read_text()), **said}
    file.write_text(
        yaml.safe_dump({key: value for key, value in kept.items() if value is not None})
    )


def refused(folder: Path) -> str:
    with pytest.raises(SourceError) as told:
        read_source(home_of(folder), "fund")
    return str(told.value)


def test_the_example_is_understood(folder):
    source = read_source(home_of(folder), "fund")
    assert source_names(home_of(folder)) == ["fund"]
    assert len(source.mappings) == 26
    assert all(mapping.has_deltas for mapping in source.mappings.values())
    assert source.mappings["charges"].rows.columns["due_date"] == "due_date"


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        ({"engine": "oracle"}, "fund/source.yaml: engine is neither postgresql nor sqlalchemy."),
        ({"url_file": "x"}, "fund/source.yaml: give one of url, url_env and url_file."),
        ({"url_env": None}, "fund/source.yaml: give one of url, url_env and url_file."),
        (
            {"password_env": "A", "password_file": "b"},
            "fund/source.yaml: give one of password_env and password_file.",
        ),
        (
            {"schedule": "every night"},
            "fund/source.yaml: schedule is not five fields as cron writes",
        ),
        (
            {"schedule": "99 2 * * *"},
            "fund/source.yaml: schedule is not five fields as cron writes",
        ),
        (
            {"schedule": "15 2 * *"},
            "fund/source.yaml: schedule is not five fields as cron writes",
        ),
        ({"day_ends": 6}, "fund/source.yaml: day_ends is not an hour written 'HH:MM', in quotes."),
        ({"passwort": "x"}, "fund/source.yaml: unknown key passwort; known are "),
        ({"url_env": 5}, "fund/source.yaml: url_env is not a text."),
    ],
)
def test_a_source_that_cannot_be_meant(folder, said, sentence):
    change(folder / "source.yaml", **said)
    assert refused(folder).startswith(sentence)


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        ({"sql": "SELECT 1"}, "give either table or sql."),
        ({"table": None}, "give either table or sql."),
        ({"table": "fund.charges; DROP TABLE x"}, "table is not the name of a table"),
        ({"columns": {"ammount": "amount"}}, "columns: ammount is no column of the extract; its"),
        ({"columns": {"amount": None}}, "columns: amount is not an SQL expression; quote it"),
        ({"columns": {"amount": True}}, "columns: amount is not an SQL expression; quote it"),
        ({"columns": ["amount"]}, "columns is not a list of names and SQL expressions."),
        ({"tombstones": None}, "a delta by change_column does not see deleted rows; give either"),
        ({"deletes": "never"}, "a delta by change_column does not see deleted rows; give either"),
        ({"deletes": "sometimes"}, "deletes can only be 'never'"),
        ({"compare": "keys"}, "compare finds changed and deleted rows by itself; leave out"),
        ({"compare": "rows"}, "compare can only be 'keys'."),
        ({"change_column": None}, "tombstones and deletes mean nothing without change_column."),
        ({"change_column": "changed_at"}, "overlap is missing or not understood; say how long"),
        (
            {"change_column": "changed_at", "overlap": "2 fortnights"},
            "overlap is missing or not under",
        ),
        ({"overlap": "2 hours"}, "overlap means nothing without a change_column other than xmin."),
        ({"table": None, "sql": "SELECT 1"}, "change_column: xmin is known of a table only"),
        ({"tombstones": {"table": "gone"}}, "tombstones: change_column is missing; it tells when"),
        (
            {"tombstones": {"table": "gone", "change_column": "xmin", "columns": {"amount": "x"}}},
            "tombstones: columns: amount is no column of the extract; its columns are charge_id.",
        ),
    ],
)
def test_a_mapping_that_cannot_be_meant(folder, said, sentence):
    change(folder / "charges.yaml", **said)
    told = refused(folder)
    assert told.startswith("fund/charges.yaml: ")
    assert told.removeprefix("fund/charges.yaml: ").startswith(sentence)


def test_files_that_are_no_declarations(folder):
    (folder / "charges.yaml").write_text("table: fund.charges\n  sql: x\n")
    assert refused(folder) == "fund/charges.yaml, line 2: the file is not YAML."
    (folder / "charges.yaml").write_bytes(b"table: \xe9\n")
    assert refused(folder) == "fund/charges.yaml: the file is not UTF-8."
    (folder / "charges.yaml").unlink()
    assert refused(folder).startswith("fund: no mapping for charges; a full delivery holds every")
    (folder / "chargen.yaml").write_text("table: x")
    assert refused(folder).startswith("fund/chargen.yaml: there is no extract chargen;")


def test_a_name_that_is_no_source(folder):
    for name in ("nothing", "../fund", "Fund", "."):
        with pytest.raises(SourceError, match=r"There is no source .* known: fund\."):
            read_source(home_of(folder), name)


# -- secrets -----------------------------------------------------------------------------------


def tried(folder: Path) -> str:
    """What an extract says that cannot get in."""
    landing = home_of(folder) / "landing"
    landing.mkdir(exist_ok=True)
    with pytest.raises(SourceError) as told:
        extract(home_of(folder), "fund", landing)
    assert list(landing.iterdir()) == []
    error = told.value
    while error:  # nothing is chained either: a log writes chains out
        assert PASSWORD not in str(error)
        assert "Geheim" not in repr(error)
        error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    return str(told.value)


def test_a_password_in_the_declaration_is_refused(folder):
    change(folder / "source.yaml", url_env=None, url="postgresql://me:Geheim@127.0.0.1:1/x")
    assert tried(folder).startswith("fund/source.yaml: url holds a password; take it out")


def test_a_file_that_others_can_read_is_refused(folder):
    change(
        folder / "source.yaml",
        password_file="secret",
        url_env=None,
        url="postgresql://me@127.0.0.1:1/x",
    )
    secret = folder / "secret"
    assert tried(folder).startswith("fund/source.yaml: password_file: the file it names cannot be")
    secret.write_text(PASSWORD + "\n")
    for mode in (0o640, 0o604, 0o644):
        secret.chmod(mode)
        assert "can be read by others; set its mode to 0600" in tried(folder)
    secret.chmod(0o600)
    assert tried(folder) == (
        "fund/source.yaml: the database cannot be reached: no server answers at its host and port."
    )


def test_addresses_that_are_wrong_are_told_without_a_part_of_them(folder, monkeypatch):
    monkeypatch.delenv("VIGIE_SOURCE_FUND", raising=False)
    assert "url_env: the variable it names is not set" in tried(folder)
    for address, sentence in (
        (f"nonsense {PASSWORD}", "it is not the address of a database"),
        ("mysql://me:Geheim@127.0.0.1/x", "the address does not begin with postgresql://"),
        ("postgresql://me:Geheim@127.0.0.1:1/x", "no server answers at its host and port"),
        ("postgresql://me:Geheim@127.0.0.1:1/x?sslmode=Geheim", "the address is not one that the"),
        ("postgresql://me:Geheim@nowhere.invalid/x", "its host is not known"),
    ):
        monkeypatch.setenv("VIGIE_SOURCE_FUND", address)
        assert sentence in tried(folder)


def test_a_password_with_every_sign_arrives_as_it_is(folder, server, monkeypatch):
    import psycopg

    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute("DROP ROLE IF EXISTS entrant")
        connection.execute(f"CREATE ROLE entrant LOGIN PASSWORD '{PASSWORD}'")
    monkeypatch.setenv("VIGIE_SOURCE_FUND", server.replace("postgres:@", "entrant@"))
    monkeypatch.setenv("THE_PASSWORD", PASSWORD)
    change(folder / "source.yaml", password_env="THE_PASSWORD")
    # In, and the schema `fund` is not there.
    assert tried(folder).startswith("fund/affiliates.yaml: table: the database does not take it")


def test_the_doctor_looks_at_sources(folder):
    settings = Settings.from_env(home=home_of(folder), lang="en")
    assert [*declarations(settings), *secrets(settings)] == []
    change(folder / "source.yaml", url_env=None, url_file="address")
    assert [one.key for one in secrets(settings)] == ["secret_lost"]
    (folder / "address").write_text("postgresql://me:Geheim@127.0.0.1:1/x")
    (folder / "address").chmod(0o640)
    (found,) = secrets(settings)
    assert (found.key, found.is_fault) == ("secret_open", True)
    for lang in ("fr", "nl", "en"):
        assert str(folder / "address") in found.sentence(lang)
    (folder / "address").chmod(0o600)
    assert list(secrets(settings)) == []
    change(folder / "charges.yaml", compare="rows")
    (found,) = declarations(settings)
    assert found.sentence("en") == "fund/charges.yaml: compare can only be 'keys'."
    assert found.key in {one.key for one in examine(settings)}
