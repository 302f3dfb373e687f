"""Values that a database can hold arrive as they are, and the contract says what they are worth."""

from __future__ import annotations

from decimal import Decimal

import pyarrow.parquet as pq
import pytest

from ingest.contract import load_contracts
from ingest.delivery import read_manifest
from ingest.errors import SourceError
from tests.unit.ingest.support import load, quarantine, rows, valid


@pytest.fixture(autouse=True)
def _any_share(monkeypatch):
    """Small files have a large share of bad rows."""
    monkeypatch.setenv("VIGIE_MAX_REJECTED_PCT", "100")


def charge(number: int, **changes: str) -> dict[str, str]:
    return valid("charges", charge_id=f"D{number:012d}", **changes)


def loaded(fund):
    written = fund.extract("full")
    outcome = load(fund.landing, fund.home)
    assert outcome.refused is None, outcome.refused
    assert [receipt.delivery_id for receipt in outcome.loaded] == [written.delivery_id]
    return written


def test_a_fund_arrives_whole_and_for_its_account_alone(fund):
    written = loaded(fund)
    assert quarantine(fund.home) == []
    assert written.rows["affiliates"] == 2
    files = sorted(path.name for path in written.path.iterdir())
    assert files == sorted(["manifest.json", *(f"{name}.parquet" for name in load_contracts())])
    assert {path.stat().st_mode & 0o777 for path in written.path.iterdir()} == {0o600}
    assert written.path.stat().st_mode & 0o777 == 0o700
    assert [path.name for path in fund.landing.iterdir()] == [written.delivery_id]


def test_numbers_are_judged_by_the_contract_and_never_go_through_a_double(new_fund):
    huge = "12345678901234567890.12"
    given = {
        2: "5.555",
        3: "100.5000",
        4: "NaN",
        5: "Infinity",
        6: "123456789012.34",
        7: huge,
        8: "-0.01",
    }
    fund = new_fund(
        types={"charges.amount": "numeric"},
        rows={
            "charges": [
                charge(number, amount=amount, charge_type="regularisation")
                for number, amount in given.items()
            ]
        },
    )
    written = loaded(fund)
    stored = dict(
        zip(
            *pq.read_table(written.path / "charges.parquet", columns=["charge_id", "amount"])
            .to_pydict()
            .values(),
            strict=True,
        )
    )
    # As the server writes them; only zeros past the cents are no value.
    assert stored == {f"D{number:012d}": text for number, text in {**given, 3: "100.50"}.items()}
    accepted = dict(rows(fund.home, "SELECT charge_id, amount FROM raw.charges"))
    assert accepted == {
        "D000000000003": Decimal("100.50"),
        "D000000000006": Decimal("123456789012.34"),
        "D000000000008": Decimal("-0.01"),
    }
    places = {f"D{number:012d}": line for line, number in enumerate(given, 2)}
    assert {
        (key, line, column)
        for key, line, column in quarantine(
            fund.home, '"key", line_number, column_name', "extract = 'charges'"
        )
    } == {(key, places[key], "amount") for key in places if key not in accepted}


def test_the_control_total_is_exact(new_fund):
    cents = ["0.1", "0.20", "999999999999.99", "0.01"]
    fund = new_fund(
        types={"charges.amount": "numeric(14, 2)"},
        rows={"charges": [charge(number, amount=amount) for number, amount in enumerate(cents, 2)]},
    )
    written = fund.extract("full")
    delivery = read_manifest(written.path, load_contracts())
    found = next(entry for entry in delivery.files if entry.extract == "charges")
    assert str(found.control_total) == "1000000000000.30"
    assert load(fund.landing, fund.home).refused is None


def test_infinite_days_and_moments_are_quarantined_with_their_line(new_fund):
    days = ["infinity", "-infinity", "2026-04-01", "4713-01-01 BC", "20000-01-01"]
    fund = new_fund(
        types={"payments.value_date": "date", "contacts.received_at": "timestamp"},
        rows={
            "payments": [
                valid("payments", payment_id=f"P{number:012d}", value_date=day)
                for number, day in enumerate(days, 1)
            ],
            "contacts": [
                valid("contacts", contact_id=f"T{number}", received_at=moment)
                for number, moment in enumerate(["infinity", "2026-04-30 16:00"], 1)
            ],
        },
    )
    loaded(fund)
    assert quarantine(fund.home) == [
        ("contacts", 2, "type", "received_at"),
        ("payments", 2, "type", "value_date"),
        ("payments", 3, "type", "value_date"),
        ("payments", 5, "type", "value_date"),
        ("payments", 6, "type", "value_date"),
    ]
    assert [str(day) for (day,) in rows(fund.home, "SELECT value_date FROM raw.payments")] == [
        "2026-04-01"
    ]


def test_moments_with_a_zone_are_the_instant_they_mean(new_fund):
    # The hour that comes twice in autumn, and what another zone calls it.
    given = [
        "2025-10-26 02:30:00+02",
        "2025-10-26 02:30:00+01",
        "2026-04-30 23:00:00-05",
        "2026-04-30 16:00:00.123456+02",
    ]
    fund = new_fund(
        "ENCODING 'UTF8'",
        types={"contacts.received_at": "timestamptz"},
        rows={
            "contacts": [
                valid("contacts", contact_id=f"T{number}", received_at=moment)
                for number, moment in enumerate(given, 1)
            ]
        },
    )
    fund.run("SET TimeZone = 'Asia/Tokyo'")
    fund.run(
        f"ALTER ROLE postgres IN DATABASE {fund.connection.info.dbname} "
        "SET TimeZone = 'America/New_York'"
    )
    fund.run(
        f"ALTER ROLE postgres IN DATABASE {fund.connection.info.dbname} SET DateStyle = 'German'"
    )
    loaded(fund)
    assert quarantine(fund.home) == []
    assert [
        str(moment)
        for (moment,) in rows(fund.home, "SELECT received_at FROM raw.contacts ORDER BY contact_id")
    ] == [
        "2025-10-26 02:30:00",
        "2025-10-26 02:30:00",
        "2026-05-01 06:00:00",
        "2026-04-30 16:00:00.123456",
    ]


def test_an_empty_text_stays_apart_from_none_in_the_file(new_fund):
    fund = new_fund()
    fund.run("UPDATE affiliations SET nace_code = '', end_date = NULL")
    written = loaded(fund)
    table = pq.read_table(written.path / "affiliations.parquet")
    assert table["nace_code"].to_pylist() == [""]
    assert table["end_date"].to_pylist() == [None]
    # Empty is null, says the interface.
    assert rows(fund.home, "SELECT nace_code FROM raw.affiliations") == [(None,)]


def test_texts_with_every_sign_of_a_csv_arrive(new_fund):
    # No column of the interface is free text: what must not be is told, and hurts no neighbour.
    nasty = 'a,"b"\r\nc\tœ€ \U0001f600'
    fund = new_fund(
        rows={"mandates": [valid("mandates", mandate_id=nasty), valid("mandates", mandate_id="M2")]}
    )
    loaded(fund)
    assert rows(fund.home, "SELECT mandate_id FROM raw.mandates ORDER BY ALL") == [
        ("M2",),
        (nasty,),
    ]


LATIN = "ENCODING 'LATIN1' LC_COLLATE 'C' LC_CTYPE 'C'"
ASCII = "ENCODING 'SQL_ASCII' LC_COLLATE 'C' LC_CTYPE 'C'"


def test_a_latin1_database_is_read_as_utf8(new_fund):
    fund = new_fund(LATIN, rows={"mandates": [valid("mandates", mandate_id="Médéric")]})
    assert fund.run("SELECT octet_length(mandate_id) FROM mandates").fetchone() == (7,)
    loaded(fund)
    assert rows(fund.home, "SELECT mandate_id FROM raw.mandates") == [("Médéric",)]


@pytest.fixture
def unsaid(new_fund):
    """A database that does not know its encoding, with `Médéric €` in Windows-1252 and nulls."""
    fund = new_fund(
        ASCII,
        rows={"mandates": [valid("mandates", mandate_id=f"M{number}") for number in range(1, 4)]},
    )
    fund.run(
        "UPDATE mandates SET mandate_id = 'M' || chr(233) || 'd' || chr(233) || 'ric ' || "
        "chr(128), end_date = NULL WHERE mandate_id = 'M2'"
    )
    return fund


def test_texts_that_are_not_utf8_are_one_sentence_and_no_delivery(unsaid):
    with pytest.raises(SourceError) as told:
        unsaid.extract("full")
    assert str(told.value).startswith(
        "test/mandates.yaml: columns: mandate_id: a text of the "
        "database is not UTF-8; say in source.yaml"
    )
    assert list(unsaid.landing.iterdir()) == []


def test_the_encoding_of_such_texts_can_be_said(unsaid):
    unsaid.declare_source(encoding="cp1252")
    loaded(unsaid)
    assert rows(unsaid.home, "SELECT mandate_id FROM raw.mandates ORDER BY ALL") == [
        ("M1",),
        ("M3",),
        ("Médéric €",),
    ]


def test_an_encoding_that_has_not_one_byte_a_sign_is_refused(unsaid):
    unsaid.declare_source(encoding="utf-16")
    with pytest.raises(SourceError, match="not one of one byte a sign"):
        unsaid.extract("full")


def test_an_expression_that_meets_what_it_cannot_take_names_the_mapping(fund):
    fund.declare(
        "charges",
        change_column="xmin",
        deletes="never",
        columns={"due_date": "to_date(charge_id, 'YYYY-MM-DD')"},
    )
    with pytest.raises(SourceError) as told:
        fund.extract("full")
    assert str(told.value).startswith(
        "test/charges.yaml: the database stopped the query half way: "
        "an expression meets a value it cannot take"
    )
    assert "D0000" not in str(told.value)
    assert list(fund.landing.iterdir()) == []
