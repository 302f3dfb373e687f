"""Others by the same mappings, through SQLAlchemy: SQLite, and PostgreSQL by that road."""

from __future__ import annotations

import sqlite3
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pyarrow.parquet as pq
import pytest
import yaml

from ingest.contract import load_contracts
from ingest.errors import SourceError
from ingest.source.extract import extract
from tests.unit.ingest.support import load, quarantine, rows, valid, world
from tests.unit.source.databases import DAY


class Lite:
    """A small fund in SQLite, and a data folder with a source over it."""

    def __init__(self, folder: Path, monkeypatch: pytest.MonkeyPatch):
        self.home, self.landing, self.file = folder / "home", folder / "landing", folder / "f.db"
        self.folder = self.home / "sources" / "test"
        self.folder.mkdir(parents=True)
        self.landing.mkdir()
        monkeypatch.setenv("VIGIE_SOURCE_TEST", f"sqlite:///{self.file}")
        self.connection = sqlite3.connect(self.file, isolation_level=None)
        self.connection.execute("PRAGMA journal_mode = wal")
        for name, contract in load_contracts().items():
            fields = ", ".join(
                f"{column.name} {'' if column.name == 'amount' else 'text'}"
                for column in contract.columns
            )
            self.connection.execute(f"CREATE TABLE {name} ({fields}, changed_at text, n integer)")
            self.declare(name, compare="keys")
        for name, each in world().items():
            for row in each:
                self.insert(name, row)
        self.connection.execute("CREATE TABLE gone (id text, gone_at text)")
        (self.folder / "source.yaml").write_text("engine: sqlalchemy\nurl_env: VIGIE_SOURCE_TEST\n")

    def insert(self, name: str, row: dict, changed_at: str = "2026-06-30 10:00:00") -> None:
        filled = {column: value for column, value in row.items() if value != ""}
        filled |= {"changed_at": changed_at, "n": int(changed_at[11:13])}
        self.connection.execute(
            f"INSERT INTO {name} ({', '.join(filled)}) VALUES ({', '.join('?' * len(filled))})",
            list(filled.values()),
        )

    def declare(self, name: str, **said: object) -> None:
        said = said if "sql" in said else {"table": name, **said}
        (self.folder / f"{name}.yaml").write_text(yaml.safe_dump(said))

    def extract(self, mode: str | None = None, day=DAY):
        return extract(self.home, "test", self.landing, mode, day)


@pytest.fixture
def lite(tmp_path, monkeypatch) -> Lite:
    return Lite(tmp_path, monkeypatch)


def payment(number: int, **changes: object) -> dict:
    return valid("payments", payment_id=f"P{number:012d}", **changes)


def told(written) -> list[tuple[str, str]]:
    table = pq.read_table(written.path / "payments.parquet")
    return sorted(zip(table["_op"].to_pylist(), table["payment_id"].to_pylist(), strict=True))


def test_a_fund_arrives_and_its_values_are_judged(lite, monkeypatch):
    monkeypatch.setenv("VIGIE_MAX_REJECTED_PCT", "100")
    lite.insert("payments", payment(2, amount=123456789))  # an integer of the database
    lite.insert("payments", payment(3, amount="0.10"))
    lite.insert("payments", payment(4, amount="5.555"))
    lite.insert("payments", payment(5, amount=None))
    lite.extract()
    assert load(lite.landing, lite.home).refused is None
    assert [
        str(amount)
        for (amount,) in rows(
            lite.home,
            "SELECT amount FROM raw.payments WHERE payment_id > 'P000000000001' ORDER BY ALL",
        )
    ] == ["0.10", "123456789.00"]
    assert quarantine(lite.home, "line_number, rule") == [(5, "type"), (6, "required")]


@pytest.mark.parametrize(
    "change",
    [
        {"change_column": "changed_at", "overlap": "1 hour"},
        {"change_column": "n", "overlap": 1},
    ],
)
def test_deltas_by_column_and_tombstones(lite, change):
    lite.declare(
        "payments",
        **change,
        tombstones={
            "table": "gone",
            "columns": {"payment_id": "id"},
            "change_column": "gone_at",
            "overlap": "1 hour",
        },
    )
    lite.insert("payments", payment(2), "2026-06-30 12:00:00")
    lite.extract()
    lite.connection.execute("DELETE FROM payments WHERE payment_id = 'P000000000001'")
    lite.connection.execute("INSERT INTO gone VALUES ('P000000000001', '2026-06-30 12:30:00')")
    # Late, but within the overlap.
    lite.insert("payments", payment(3), "2026-06-30 11:30:00")
    lite.insert("payments", payment(4), "2026-06-30 13:00:00")
    found = told(lite.extract())
    assert {("D", "P000000000001"), ("U", "P000000000003"), ("U", "P000000000004")} <= set(found)
    assert ("U", "P000000000001") not in found


def test_a_row_of_the_future_hides_no_change(lite):
    lite.declare("payments", change_column="changed_at", overlap="1 day", deletes="never")
    lite.insert("payments", payment(2), "2999-01-01 12:00:00")
    lite.extract()
    lite.insert("payments", payment(3), f"{datetime.now(UTC):%Y-%m-%d %H:%M:%S}")
    assert ("U", "P000000000003") in told(lite.extract("delta"))


def test_deltas_by_comparison(lite):
    lite.insert("payments", payment(2))
    lite.extract()
    lite.connection.execute("DELETE FROM payments WHERE payment_id = 'P000000000002'")
    lite.insert("payments", payment(3))
    assert told(lite.extract()) == [("D", "P000000000002"), ("U", "P000000000003")]
    written = lite.extract(day=DAY + timedelta(days=1))
    assert (written.mode, written.rows) == ("delta", {})


def test_one_state_and_nobody_writes(lite):
    seen = []

    def while_reading(name: str, rows: int, place: int, total: int) -> None:
        if name == "charges" and not seen:
            lite.insert("payments", payment(2))
            seen.append(name)

    written = extract(lite.home, "test", lite.landing, "full", DAY, while_reading)
    assert (seen, written.rows["payments"]) == (["charges"], 1)


def test_what_cannot_be_read_is_one_sentence(lite, monkeypatch):
    lite.declare("payments", compare="keys", columns={"amount": "no_such + 1"})
    with pytest.raises(SourceError, match=r"payments\.yaml: columns: amount: the database"):
        lite.extract()
    lite.declare("payments", change_column="xmin", deletes="never")
    with pytest.raises(SourceError, match="xmin"):
        lite.extract()
    lite.declare("payments", compare="keys")
    lite.connection.execute("UPDATE mandates SET mandate_id = CAST(x'4de9' AS text)")
    with pytest.raises(SourceError, match=r"test/mandates\.yaml"):
        lite.extract()
    monkeypatch.setenv("VIGIE_SOURCE_TEST", f"sqlite:///{lite.file}.not")
    with pytest.raises(SourceError, match="the database cannot be reached"):
        lite.extract()
    assert not Path(f"{lite.file}.not").exists()
    monkeypatch.setenv("VIGIE_SOURCE_TEST", "nodatabase://Geheim@x/y")
    with pytest.raises(SourceError, match="no driver is installed") as found:
        lite.extract()
    assert "Geheim" not in str(found.value)
    assert list(lite.landing.iterdir()) == []


def test_postgresql_by_that_road_gives_the_same_values(new_fund, monkeypatch):
    fund = new_fund(
        types={
            "payments.amount": "numeric",
            "payments.value_date": "date",
            "contacts.received_at": "timestamptz",
            "affiliations.first_activity": "boolean",
        },
        rows={
            "payments": [
                payment(1, amount="5.50"),
                payment(2, amount="NaN"),
                payment(3, value_date="infinity"),
            ]
        },
    )
    fund.declare("charges", compare="keys")
    for name in load_contracts():
        fund.declare(name, compare="keys")
    by_adbc = fund.extract("full").path
    fund.declare_source(engine="sqlalchemy")
    monkeypatch.setenv(
        "VIGIE_SOURCE_TEST", fund.address.replace("postgresql:", "postgresql+psycopg:")
    )
    by_other = fund.extract("full").path
    for name in load_contracts():
        left, right = (pq.read_table(folder / f"{name}.parquet") for folder in (by_adbc, by_other))
        assert left.sort_by(left.column_names[0]) == right.sort_by(right.column_names[0])
