"""What refuses a whole delivery: rulings F9, G1, and that the message says where and what to do."""

import gzip
import json

import pyarrow as pa
import pytest

from ingest.raw import status
from tests.unit.ingest.support import (
    as_csv,
    as_parquet,
    edit_manifest,
    load,
    rows,
    valid,
    world,
    write_delivery,
)

COLUMNS = ["_op", *valid("payments")]
ROW = {**valid("payments", payment_id="P000000000009"), "_op": "U"}
GOOD = as_csv([ROW, {**ROW, "payment_id": "P000000000008"}], COLUMNS)
MANY = as_csv([{**ROW, "payment_id": f"P{n:012}"} for n in range(50000)], COLUMNS)


def refused(base, says, data=None, format="csv", table=None, mode="delta", **changes):
    """Write a delivery that must be refused with a message that holds `says`; nothing shows."""
    landing, home = base
    table = table if table is not None else {"payments": [ROW, ROW]}
    folder = write_delivery(
        landing,
        "2026-07-01-1",
        "2026-07-01",
        mode,
        table,
        format=format,
        content={"payments": data} if data else None,
    )
    for name, value in changes.items():
        edit_manifest(
            folder,
            None if name in ("delivery_id", "business_date", "mode", "files") else "payments",
            **{name: value},
        )
    outcome = load(landing, home)
    assert outcome.refused, "the delivery should be refused"
    message = str(outcome.refused)
    assert says in message
    assert "2026-07-01-1" in message
    assert outcome.loaded == []
    assert [path.name for path in (home / "raw").iterdir() if path.is_dir()] == ["2026-06-30-1"]
    assert json.loads((home / "refusals" / "2026-07-01-1.json").read_text())["message"] == message
    return message


def test_the_delivery_of_these_tests_is_sound(base):
    landing, home = base
    write_delivery(
        landing,
        "2026-07-01-1",
        "2026-07-01",
        "delta",
        {"payments": [ROW, ROW]},
        content={"payments": GOOD},
    )
    assert load(landing, home).refused is None


@pytest.mark.parametrize(
    ("says", "changes"),
    [
        ("sha256", {"sha256": "0" * 64}),
        ("64 hexadecimal", {"sha256": "abc"}),
        ("has 2 rows, the manifest announces 3", {"rows": 3}),
        ("control total", {"control_total": "300.01"}),
        ("control total is missing", {"control_total": None}),
        ("missing", {"file": "other.csv"}),
        ("named with a path", {"file": "../2026-06-30-1/payments.csv"}),
        ("named with a path", {"file": "/etc/hosts.csv"}),
        ("neither CSV", {"file": "manifest.json"}),
        ("unknown extract", {"extract": "invoices"}),
        ("control total is given", {"extract": "contacts"}),
        ("another delivery_id", {"delivery_id": "2026-07-01-2"}),
        ("neither full nor delta", {"mode": "partial"}),
        ("not a date", {"business_date": "01/07/2026"}),
        ("not a date", {"business_date": "2026-W27-3"}),
        ("must hold every extract", {"mode": "full"}),
        ("cannot be read", {"rows": "2"}),
        ("cannot be read", {"files": "payments.csv"}),
    ],
)
def test_manifest(base, says, changes):
    refused(base, says, GOOD, **changes)


@pytest.mark.parametrize(
    ("says", "data"),
    [
        ("line 3: the line has 9 fields, the header 8", GOOD.rstrip(b"\n") + b",\n"),
        ("line 3: the line has 7 fields", GOOD[:-14] + b"\n"),
        ("line 2: the line has 9 fields", GOOD.replace(b"transfer", b"a,b", 1)),
        ("line 3: the line is blank", GOOD.replace(b"\nU,P000000000008", b"\n\nU,P000000000008")),
        ("line 4: the line is blank", GOOD + b"\n"),
        ("line 2: the line holds bytes that are not UTF-8", GOOD.replace(b"transfer", b"\xe9", 1)),
        ("quote", GOOD.replace(b"transfer", b'"transfer', 1)),
        ("quote", GOOD.replace(b",transfer", b', "transfer"', 1)),
        ("quote", GOOD.replace(b"transfer", b'"trans"fer', 1)),
        ("quote", GOOD.replace(b"transfer", b'tr"ans"fer', 1)),
        ("header", b"\xff\xfe"),
        ("the column amount is there twice", GOOD.replace(b"value_date", b"amount", 1)),
        ("unknown column euros", GOOD.replace(b"amount", b"euros", 1)),
        ("missing column _op", as_csv([ROW, ROW], COLUMNS[1:])),
        ("missing column charge_id", as_csv([ROW, ROW], [c for c in COLUMNS if c != "charge_id"])),
        ("has 1 rows", as_csv([ROW], COLUMNS)),
    ],
    ids=range(16),
)
def test_lines_and_header(base, says, data):
    message = refused(base, says, data)
    assert "P00000000000" not in message


@pytest.mark.parametrize(
    ("format", "data"),
    [
        ("csv.gz", gzip.compress(MANY)[:-4]),
        ("csv.gz", gzip.compress(MANY)[:5000]),
        ("csv.gz", MANY),
        ("csv.zst", pa.compress(MANY, "zstd", asbytes=True)[:5000]),
        ("parquet", as_parquet([ROW, ROW], COLUMNS)[:-9]),
        ("parquet", GOOD),
    ],
    ids=range(6),
)
def test_damaged_files(base, format, data):
    refused(base, "2026-07-01-1/payments." + format, data, format)


def test_a_truncated_file_whose_lines_end_well_is_refused(base):
    """The cut falls on the end of a line and the manifest was made after it: the stream tells."""
    data = gzip.compress(GOOD)[:-8]
    assert "damaged or cut off" in refused(base, "gzip", data, "csv.gz")


def test_an_extract_twice_and_the_columns_of_a_full(base, tmp_path):
    landing, home = base
    folder = write_delivery(landing, "2026-07-01-1", "2026-07-01", "delta", {"payments": [ROW]})
    data = json.loads((folder / "manifest.json").read_text())
    edit_manifest(folder, files=data["files"] * 2)
    assert "twice" in str(load(landing, home).refused)
    other = tmp_path / "other"
    write_delivery(
        other,
        "2026-07-02-1",
        "2026-07-02",
        "full",
        world(),
        content={"payments": as_csv([ROW], COLUMNS)},
    )
    assert "no column _op" in str(load(other, home).refused)


def test_a_delta_before_any_full_waits_for_it(tmp_path):
    landing, home = tmp_path / "landing", tmp_path / "home"
    write_delivery(landing, "2026-07-01-1", "2026-07-01", "delta", {"payments": [ROW]})
    assert "before any full" in str(load(landing, home).refused)
    write_delivery(landing, "2026-06-30-1", "2026-06-30", "full", world())
    outcome = load(landing, home)
    assert outcome.refused is None
    assert [receipt.delivery_id for receipt in outcome.loaded] == ["2026-06-30-1", "2026-07-01-1"]
    assert not list((home / "refusals").iterdir())


def test_what_is_not_ready_or_not_named_is_left_alone(base):
    landing, home = base
    folder = write_delivery(landing, "2026-07-01-1", "2026-07-01", "delta", {"payments": [ROW]})
    (folder / "manifest.json").rename(folder / "later.json")
    (folder / "notes.txt").write_text("not named in the manifest")
    outcome = load(landing, home)
    assert (outcome.loaded, outcome.refused, outcome.waiting) == ([], None, [])
    (folder / "later.json").rename(folder / "manifest.json")
    assert len(load(landing, home).loaded) == 1


def test_before_a_refused_delivery_is_loaded_and_after_it_waits(base):
    """F10, G2; and a refused one may be sent again under the same id."""
    landing, home = base
    for number in (1, 2, 3):
        write_delivery(
            landing,
            f"2026-07-0{number}-1",
            f"2026-07-0{number}",
            "delta",
            {"payments": [{**ROW, "payment_id": f"P00000000001{number}"}]},
        )
    bad = landing / "2026-07-02-1"
    edit_manifest(bad, "payments", sha256="1" * 64)
    outcome = load(landing, home)
    assert [receipt.delivery_id for receipt in outcome.loaded] == ["2026-07-01-1"]
    assert outcome.refused.delivery_id == "2026-07-02-1"
    assert outcome.waiting == ["2026-07-03-1"]
    assert rows(home, "SELECT as_of_date::VARCHAR FROM raw._plan") == [("2026-07-01",)]
    import shutil

    shutil.rmtree(bad)
    write_delivery(landing, "2026-07-02-1", "2026-07-02", "delta", {"payments": [ROW]})
    assert len(load(landing, home).loaded) == 2
    assert not list((home / "refusals").iterdir())


def test_an_unreadable_manifest_holds_back_what_its_name_says(base):
    landing, home = base
    write_delivery(landing, "2026-07-01-1", "2026-07-01", "delta", {"payments": [ROW]})
    (landing / "2026-07-02-1").mkdir()
    (landing / "2026-07-02-1" / "manifest.json").write_text("{")
    outcome = load(landing, home)
    assert len(outcome.loaded) == 1
    assert "cannot be read" in str(outcome.refused)


def test_all_files_of_a_refused_delivery_are_told_at_once(base):
    landing, home = base
    tables = {name: [valid(name)] for name in ("affiliates", "payments", "contacts")}
    folder = write_delivery(landing, "2026-07-01-1", "2026-07-01", "delta", tables)
    edit_manifest(folder, "affiliates", sha256="0" * 64)
    edit_manifest(folder, "contacts", rows=7)
    refused = load(landing, home).refused
    assert [fault["file"] for fault in refused.faults] == ["affiliates.csv", "contacts.csv"]
    assert refused.file == "affiliates.csv"
    kept = json.loads((home / "refusals" / "2026-07-01-1.json").read_text())
    assert kept["faults"] == refused.faults
    assert "announces 7" in kept["faults"][1]["reason"]
    assert kept["reason"] == kept["faults"][0]["reason"]
    for name in ("affiliates", "contacts"):
        edit_manifest(folder, name, sha256="short", control_total=None)
    (folder / "payments.csv").unlink()
    assert [fault["file"] for fault in load(landing, home).refused.faults] == [
        "affiliates.csv",
        "payments.csv",
        "contacts.csv",
    ]


def test_every_rule_that_the_rows_of_a_refused_file_break_is_told(base):
    landing, home = base
    rows_ = [{**ROW, "amount": "x"}, {**ROW, "amount": "y", "payment_id": "P000000000008"}]
    rows_.append({**ROW, "channel": "cash", "payment_id": "P000000000007"})
    write_delivery(landing, "2026-07-01-1", "2026-07-01", "delta", {"payments": rows_})
    faults = load(landing, home).refused.faults
    assert "2 times amount" in faults[0]["reason"]
    assert "1 times channel" in faults[1]["reason"]
    assert "first on line 4" in faults[1]["reason"]


def test_the_state_names_the_file_of_rejected_rows(base, any_share):
    landing, home = base
    bad = {**ROW, "amount": "x"}
    write_delivery(landing, "2026-07-01-1", "2026-07-01", "delta", {"payments": [bad]})
    load(landing, home)
    assert status(home)["open_quarantine"] == [
        {
            "delivery_id": "2026-07-01-1",
            "file": "payments.csv",
            "extract": "payments",
            "rule": "type",
            "rows": 1,
        }
    ]
