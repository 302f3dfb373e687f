"""Rules of one row and one file: rulings F1, F2, F3, F7, F8, and formats of a file."""

import duckdb
import hypothesis.strategies as st
import pytest
from hypothesis import HealthCheck, given, settings

from ingest.contract import load_contracts
from ingest.delivery import read_manifest
from ingest.verify import verify_file
from tests.unit.ingest.support import (
    NISS,
    as_csv,
    load,
    quarantine,
    rows,
    valid,
    write_delivery,
)

A, P = "A00000001", "P00000000{:04}"


def delta(base, tables, delivery_id="2026-07-01-1", **options):
    landing, home = base
    write_delivery(landing, delivery_id, delivery_id[:10], "delta", tables, **options)
    outcome = load(landing, home)
    assert outcome.refused is None, outcome.refused
    return home


def payments(values, column="amount"):
    return [
        valid("payments", payment_id=P.format(100 + n), **{column: value})
        for n, value in enumerate(values)
    ]


@pytest.mark.parametrize(
    ("column", "good", "bad"),
    [
        (
            "amount",
            ["10", "10.0", "-10.01", "007.50", "999999999999.99"],
            [
                "10.005",
                "infinity",
                "NaN",
                "1e3",
                "+5",
                ".5",
                "5.",
                " 5",
                "5 ",
                "1,5",
                "--5",
                "0x10",
                "9999999999999.99",
                "abc",
                "٣",
            ],
        ),
        (
            "value_date",
            ["2024-02-29", "1999-12-31"],
            [
                "2024-1-5",
                "2024-02-30",
                "2024/01/05",
                "20240105",
                " 2024-01-05",
                "2024-01-05 ",
                "2024-01-05T00:00:00",
                "infinity",
                "epoch",
                "0000-01-01",
                "05-01-2024",
            ],
        ),
    ],
)
def test_types_are_read_strictly(base, any_share, column, good, bad):
    home = delta(base, {"payments": payments([*good, *bad], column)})
    assert quarantine(home) == [
        ("payments", 2 + len(good) + n, "type", column) for n in range(len(bad))
    ]
    assert rows(home, "SELECT count(*) FROM raw.payments")[0][0] == 1 + len(good)


def test_integers_booleans_and_moments_are_read_strictly(base, any_share):
    good_at = {
        "2026-04-30T16:00:00": "16:00:00",
        "2026-04-30 16:00:00.5": "16:00:00.500000",
        "2026-04-30T16:00:00Z": "18:00:00",
        "2026-01-30T16:00:00+00:00": "17:00:00",
        "2026-04-30T16:00:00-0200": "20:00:00",
    }
    bad_at = [
        "2026-04-30",
        "2026-04-30T16:00",
        "2026-04-30T24:00:00",
        "2026-04-30t16:00:00",
        "2026-02-30T16:00:00",
        "2026-04-30T16:00:00 Europe/Paris",
        "2026-04-30T16:00:60",
    ]
    home = delta(
        base,
        {
            "contacts": [
                valid("contacts", contact_id=f"T{10 + n}", received_at=value)
                for n, value in enumerate([*good_at, *bad_at])
            ],
            "affiliations": [
                valid("affiliations", affiliation_id=f"F00000010{n}", first_activity=value)
                for n, value in enumerate(["true", "TRUE", "t", "1", "no"])
            ],
            "company_balances": [
                valid("company_balances", fiscal_year=value)
                for value in ["2021", "2022.0", "2e3", "+2020", "two", "99999999999"]
            ],
        },
    )
    found = quarantine(home)
    assert [row for row in found if row[0] == "contacts"] == [
        ("contacts", 2 + len(good_at) + n, "type", "received_at") for n in range(len(bad_at))
    ]
    assert [row[1:3] for row in found if row[0] == "affiliations"] == [
        (line, "type") for line in (3, 4, 5, 6)
    ]
    assert [row[1:3] for row in found if row[0] == "company_balances"] == [
        (line, "type") for line in (3, 4, 5, 6, 7)
    ]
    times = rows(
        home,
        "SELECT received_at::TIME::VARCHAR FROM raw.contacts "
        "WHERE contact_id <> 'T1' ORDER BY contact_id",
    )
    assert [
        time.ljust(len(want), "0") for (time,), want in zip(times, good_at.values(), strict=True)
    ] == list(good_at.values())


# One line a rule: extract, what is changed in a valid row, what must be said of it.
BROKEN = [
    ("affiliates", {"niss": ""}, ("required", "niss")),
    ("affiliates", {"niss": "80051700339"}, ("domain", "niss")),
    ("affiliates", {"niss": "8005170033"}, ("domain", "niss")),
    ("affiliates", {"niss": "80.05.17-003.38"}, ("domain", "niss")),
    ("affiliates", {"birth_date": "1899-12-31"}, ("domain", "birth_date")),
    ("affiliates", {"birth_date": "2026-07-02"}, ("domain", "birth_date")),
    ("affiliates", {"nationality": "ZZ"}, ("domain", "nationality")),
    ("affiliates", {"municipality_nis": "99999"}, ("domain", "municipality_nis")),
    ("affiliates", {"sex": "m"}, ("domain", "sex")),
    ("affiliates", {"sex": " M"}, ("domain", "sex")),
    ("affiliates", {"office_code": ""}, ("required", "office_code")),
    ("companies", {"enterprise_number": "0400003748"}, ("domain", "enterprise_number")),
    ("companies", {"status": "closed"}, ("required", "closed_date")),
    ("companies", {"status": "transferred_out"}, ("required", "closed_date")),
    ("affiliations", {"end_date": "2020-01-01"}, ("required", "end_reason")),
    ("affiliations", {"end_date": "2014-01-01", "end_reason": "death"}, ("domain", "end_date")),
    ("affiliations", {"nace_code": "6201"}, ("domain", "nace_code")),
    ("affiliations", {"profession_code": "5010"}, ("domain", "profession_code")),
    ("charges", {"amount": "0.00"}, ("domain", "amount")),
    ("charges", {"amount": "-5"}, ("domain", "amount")),
    ("charges", {"due_date": "2025-01-19"}, ("domain", "due_date")),
    ("charges", {"contribution_quarter": "5"}, ("domain", "contribution_quarter")),
    ("charges", {"contribution_year": "1989"}, ("domain", "contribution_year")),
    ("charges", {"charge_type": "cancellation", "amount": "-5"}, ("required", "related_charge_id")),
    (
        "charges",
        {"charge_type": "cancellation", "related_charge_id": "D000000000001"},
        ("domain", "amount"),
    ),
    (
        "payments",
        {"structured_communication": "000000000102"},
        ("domain", "structured_communication"),
    ),
    ("recovery_cases", {"closed_date": "2026-01-01"}, ("required", "closing_reason")),
    # A value outside its domain is not missing.
    (
        "recovery_cases",
        {"closed_date": "2026-01-01", "closing_reason": "x"},
        ("domain", "closing_reason"),
    ),
    ("affiliations", {"end_date": "2020-01-01", "end_reason": "x"}, ("domain", "end_reason")),
    ("benefit_claims", {"decision": "refused"}, ("required", "refusal_reason")),
    ("benefit_payments", {"units": "0"}, ("domain", "units")),
    ("transmissions", {"period": "2026-01"}, ("domain", "period")),
    ("contacts", {"closed_at": "2026-04-30T15:59:59"}, ("domain", "closed_at")),
    # The first broken one in the order type, required, domain; columns in contract order.
    ("charges", {"amount": "x", "charge_type": "", "due_date": "1"}, ("type", "due_date")),
    ("charges", {"amount": "0", "charge_type": ""}, ("required", "charge_type")),
    ("charges", {"amount": "0", "category": "boss"}, ("domain", "category")),
]
SOUND = [
    ("affiliates", {"niss": NISS[2], "municipality_nis": ""}),
    ("affiliates", {"niss": "17073003384", "nationality": "XX"}),
    ("affiliates", {"niss": "98472899765"}),
    ("companies", {"status": "closed", "closed_date": "2026-01-31"}),
    ("charges", {"amount": "-5", "charge_type": "regularisation"}),
    ("transmissions", {"period": "2026"}),
]


def test_each_rule_of_a_row_is_told(base, any_share):
    tables = {}
    for extract, changes in [(e, c) for e, c, _ in BROKEN] + SOUND:
        table = tables.setdefault(extract, [])
        key = {
            "affiliates": f"A1{len(table):07}",
            "companies": f"C1{len(table):07}",
            "affiliations": f"F1{len(table):08}",
            "charges": f"D1{len(table):011}",
            "payments": f"P1{len(table):011}",
        }.get(extract, f"X{len(table)}")
        row = valid(extract, **changes)
        row[next(iter(row))] = key
        table.append(row)
    home = delta(base, tables)
    seen, expected = {}, set()
    for extract, _, (rule, column) in BROKEN:
        seen[extract] = seen.get(extract, 0) + 1
        expected.add((extract, seen[extract] + 1, rule, column))
    assert set(quarantine(home)) == expected


def test_a_municipality_ends_with_its_merger(base, any_share):
    """44021 is open; 44011 (Deinze, old) ended in 2018; 44083 began in 2019 (G3)."""
    home = delta(
        base,
        {
            "companies": [
                valid("companies", company_id=f"C0000001{n}", municipality_nis=nis)
                for n, nis in enumerate(["44021", "44011", "44083", "23002"])
            ]
        },
    )
    assert [line for _, line, _, _ in quarantine(home)] == [3]


def test_all_rows_with_one_key_are_rejected(base, any_share):
    """F2: none is trusted, also a U and a D, also when one of them is broken already."""
    home = delta(
        base,
        {
            "payments": [
                valid("payments", payment_id=P.format(7)),
                {"_op": "D", "payment_id": P.format(7)},
                valid("payments", payment_id=P.format(8)),
                valid("payments", payment_id=P.format(8), amount="x"),
                valid("payments", payment_id=P.format(9)),
                valid("payments", payment_id=P.format(9), account_id="A00000009"),
            ]
        },
    )
    assert [row[1:] for row in quarantine(home)] == [
        (2, "duplicate_key", "payment_id"),
        (3, "duplicate_key", "payment_id"),
        (4, "duplicate_key", "payment_id"),
        (5, "type", "amount"),
        (6, "duplicate_key", "payment_id"),
        (7, "duplicate_key", "payment_id"),
    ]


@pytest.mark.usefixtures("any_share")
@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    st.lists(st.integers(1, 9), min_size=2, max_size=12),
    st.sampled_from(["csv", "parquet"]),
)
def test_repeated_keys_are_found_in_any_order(tmp_path_factory, numbers, format):
    """F2, wherever the second row with a key stands: beside, far behind, among others as old."""
    folder = tmp_path_factory.mktemp("repeated")
    sent = {"payments": [valid("payments", payment_id=P.format(number)) for number in numbers]}
    write_delivery(folder, "2026-07-01-1", "2026-07-01", "delta", sent, format=format)
    contracts = load_contracts()
    delivery = read_manifest(folder / "2026-07-01-1", contracts)
    verify_file(delivery, delivery.files[0], contracts["payments"], bytes(32), folder, folder)
    quarantined = folder / "quarantine-payments.parquet"
    found = (
        duckdb.sql(f"SELECT line_number, rule FROM '{quarantined}' ORDER BY line_number").fetchall()
        if quarantined.exists()
        else []
    )
    assert found == [
        (line, "duplicate_key")
        for line, number in enumerate(numbers, 2)
        if numbers.count(number) > 1
    ]


def test_keys_are_joined_and_values_masked(base, any_share):
    home = delta(
        base,
        {
            "incomes": [valid("incomes", net_income="12345.678")],
            "payments": [
                valid("payments", payment_id=P.format(5), channel="a very long channel name"),
                valid("payments", payment_id=P.format(6), channel="80051700338"),
            ],
        },
    )
    (income,), (long, number) = (
        quarantine(home, '"key", reason', f"extract = '{name}'") for name in ("incomes", "payments")
    )
    assert income[0] == "A00000001|2024"
    assert "12345" not in income[1]
    assert "(value hidden)" in income[1]
    assert "a very long …" in long[1]
    assert "channel name" not in long[1]
    assert "80051700338" not in number[1]


def test_another_operation_is_a_domain_error_and_a_delete_needs_its_key_only(base, any_share):
    home = delta(
        base,
        {
            "payments": [
                valid("payments", payment_id=P.format(5), _op="X"),
                valid("payments", payment_id=P.format(6), _op=""),
                {"_op": "D", "payment_id": P.format(1)},
                {"_op": "D", "payment_id": P.format(999)},
                {"_op": "D", "payment_id": "P1"},
                {"_op": "D", "payment_id": ""},
            ]
        },
    )
    assert [row[1:] for row in quarantine(home)] == [
        (2, "domain", "_op"),
        (3, "domain", "_op"),
        (6, "domain", "payment_id"),
        (7, "required", "payment_id"),
    ]
    assert rows(home, "SELECT count(*) FROM raw.payments") == [(0,)]


@pytest.mark.parametrize("format", ["csv", "csv.gz", "csv.zst", "parquet"])
def test_every_format_says_the_same(base, any_share, format, loaded_base):
    tables = {
        "payments": payments(["1.00", "10.005", "-3.10", ""]),
        "affiliates": [valid("affiliates", municipality_nis="")],
    }
    home = delta(base, tables, format=format)
    assert quarantine(home) == [
        ("payments", 3, "type", "amount"),
        ("payments", 5, "required", "amount"),
    ]
    assert rows(
        home,
        "SELECT _line_number, amount::VARCHAR FROM raw.payments "
        "WHERE _delivery_id = '2026-07-01-1' ORDER BY 1",
    ) == [(2, "1.00"), (4, "-3.10")]


def test_parquet_may_be_typed(base, any_share, tmp_path):
    import duckdb

    columns = list(valid("payments"))
    path = tmp_path / "typed.parquet"
    duckdb.sql(f"""COPY (SELECT 'U' AS _op, payment_id, account_id, value_date::DATE AS value_date,
        amount::DECIMAL(18, 4) AS amount, channel, charge_id, structured_communication
        FROM (VALUES {
        ", ".join(str(tuple(row.values())) for row in payments(["1.2", "1.2345"]))
    }) AS v({", ".join(columns)}))
        TO '{path}' (FORMAT parquet)""")
    home = delta(
        base,
        {"payments": payments(["1.2", "1.2345"])},
        format="parquet",
        content={"payments": path.read_bytes()},
    )
    assert quarantine(home) == [("payments", 3, "type", "amount")]


def test_a_typed_date_that_no_text_could_be_is_a_type_error(base, any_share, tmp_path):
    import duckdb

    table = payments(["1.00", "2.00", "3.00"])
    path = tmp_path / "typed.parquet"
    duckdb.sql(f"""COPY (SELECT 'U' AS _op, payment_id, account_id,
        CASE amount WHEN '2.00' THEN DATE 'infinity' WHEN '3.00' THEN DATE '10000-01-01'
        ELSE value_date::DATE END AS value_date, amount::DECIMAL(14, 2) AS amount, channel,
        charge_id, structured_communication
        FROM (VALUES {", ".join(str(tuple(row.values())) for row in table)})
            AS v({", ".join(valid("payments"))}) ORDER BY amount)
        TO '{path}' (FORMAT parquet)""")
    home = delta(
        base, {"payments": table}, format="parquet", content={"payments": path.read_bytes()}
    )
    assert quarantine(home) == [
        ("payments", 3, "type", "value_date"),
        ("payments", 4, "type", "value_date"),
    ]


def test_columns_are_found_by_name_and_crlf_and_quotes_are_read(base, any_share):
    table = [
        valid("contacts", contact_id="T7", topic="company"),
        valid("contacts", contact_id="T8", outcome="answered"),
    ]
    columns = [*reversed(valid("contacts")), "_op"]
    data = as_csv([{**row, "_op": "U"} for row in table], columns, "\r\n")
    data = data.replace(b"company", b'"company"').replace(b"T8", b'"T""8\r\n,"')
    home = delta(base, {"contacts": table}, content={"contacts": data})
    assert quarantine(home) == []
    assert rows(home, "SELECT contact_id, topic FROM raw.contacts ORDER BY 1") == [
        ('T"8\r\n,', "contribution"),
        ("T1", "contribution"),
        ("T7", "company"),
    ]


@pytest.mark.parametrize(("bad", "loads"), [(1, True), (2, False)])
def test_exactly_one_percent_loads(base, bad, loads):
    """F1: rows rejected by reference are included, and D rows count in rows."""
    landing, home = base
    table = payments(["5.00"] * 99)
    for row in table[:bad]:
        row["account_id"] = "A00000009"
    table.append({"_op": "D", "payment_id": P.format(1)})
    write_delivery(landing, "2026-07-01-1", "2026-07-01", "delta", {"payments": table})
    outcome = load(landing, home)
    assert (outcome.refused is None) is loads
    assert rows(home, "SELECT count(*) FROM raw._quarantine")[0][0] == (bad if loads else 0)
    if not loads:
        assert "2 of 100 rows are rejected, more than 1 %" in str(outcome.refused)
        assert not (home / "raw" / "2026-07-01-1").exists()


VALUES = st.sampled_from(
    [
        "A00000001",
        "C00000001",
        "A00000009",
        "X",
        "",
        "1.00",
        "0",
        "2025-01-01",
        "P000000000001",
        "P000000000002",
        "P000000000003",
        "transfer",
    ]
)


@settings(
    max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    table=st.lists(st.tuples(st.sampled_from("UDX"), VALUES, VALUES, VALUES, VALUES), max_size=12)
)
def test_delivered_is_accepted_plus_rejected(loaded_base, tmp_path_factory, monkeypatch, table):
    import shutil

    monkeypatch.setenv("VIGIE_MAX_REJECTED_PCT", "100")
    there = tmp_path_factory.mktemp("random") / "base"
    shutil.copytree(loaded_base, there)
    data = [
        {
            "_op": op,
            "payment_id": a,
            "account_id": b,
            "value_date": c,
            "amount": d,
            "channel": "transfer",
        }
        for op, a, b, c, d in table
    ]
    write_delivery(there / "landing", "2026-07-01-1", "2026-07-01", "delta", {"payments": data})
    outcome = load(there / "landing", there / "home")
    assert outcome.refused is None
    (receipt,) = outcome.loaded
    rejected = quarantine(there / "home", "line_number")
    stored = there / "home" / "raw" / "2026-07-01-1" / "payments.parquet"
    accepted = {
        line for (line,) in rows(there / "home", f"SELECT _line_number FROM '{stored}'")
    } - {line for (line,) in rejected}
    assert sorted([*accepted, *(line for (line,) in rejected)]) == list(range(2, len(data) + 2))
    assert receipt.rows_accepted == len(accepted)
    assert receipt.rows_rejected == len(rejected)
