"""Moments across the changes of the clock (H3), numbers that cannot be (H1), codes of before a
merger (H2), and when a delivery was first loaded (H9)."""

import shutil
from datetime import date

import pytest

from ingest import load as loading
from ingest.codes import merged_codes, valid_codes
from ingest.errors import IngestError
from ingest.raw import RawHistory
from tests.unit.ingest.support import load, quarantine, rows, valid, world, write_delivery


def contacts(pairs):
    return [
        valid("contacts", contact_id=f"T{n}", received_at=received, first_answer_at=answered)
        for n, (received, answered) in enumerate(pairs, 10)
    ]


def deliver(base, tables, format="csv"):
    landing, home = base
    write_delivery(landing, "2026-07-01-1", "2026-07-01", "delta", tables, format=format)
    outcome = load(landing, home)
    assert outcome.refused is None, outcome.refused
    return home


@pytest.mark.parametrize("format", ["csv", "parquet"])
@pytest.mark.parametrize(
    ("received", "answered", "rule", "stored"),
    [
        # 26 October 2025: 02:00 to 03:00 comes twice, first at +02:00.
        ("2025-10-26T02:50:00+02:00", "2025-10-26T02:10:00+01:00", None, ("02:50:00", "02:10:00")),
        ("2025-10-26T02:10:00+01:00", "2025-10-26T02:50:00+02:00", "domain", None),
        ("2025-10-26T02:10:00", "2025-10-26T02:50:00", None, ("02:10:00", "02:50:00")),
        ("2025-10-26T02:50:00", "2025-10-26T02:10:00", "domain", None),
        # Without offset the first is meant: 02:30 is 02:30+02:00.
        ("2025-10-26T02:30:00+02:00", "2025-10-26T02:30:00", None, ("02:30:00", "02:30:00")),
        ("2025-10-26T02:30:00", "2025-10-26T02:30:00+02:00", None, ("02:30:00", "02:30:00")),
        ("2025-10-26T02:30:00+01:00", "2025-10-26T02:30:00", "domain", None),
        ("2025-10-26T02:30:00", "2025-10-26T02:10:00+01:00", None, ("02:30:00", "02:10:00")),
        ("2025-10-26T00:50:00Z", "2025-10-26T02:10:00+01:00", None, ("02:50:00", "02:10:00")),
        ("2025-10-26T01:59:59", "2025-10-26T03:00:00", None, ("01:59:59", "03:00:00")),
        # 30 March 2025: 02:00 to 03:00 does not exist.
        ("2025-03-30T02:00:00", "", "type", None),
        ("2025-03-30T02:59:59", "", "type", None),
        ("2025-03-30T01:00:00", "2025-03-30T02:30:00", "type", None),
        ("2025-03-30T01:59:59", "2025-03-30T03:00:00", None, ("01:59:59", "03:00:00")),
        ("2025-03-30T01:30:00+01:00", "2025-03-30T03:10:00+02:00", None, ("01:30:00", "03:10:00")),
        # With an offset the instant exists, whatever a clock in Brussels shows.
        ("2025-03-30T02:30:00+01:00", "2025-03-30T03:30:00", None, ("03:30:00", "03:30:00")),
        ("2025-03-30T02:30:00+02:00", "2025-03-30T01:29:00", "domain", None),
    ],
)
def test_moments_are_compared_as_instants(
    base, any_share, received, answered, rule, stored, format
):
    home = deliver(base, {"contacts": contacts([(received, answered)])}, format)
    found = rows(
        home,
        "SELECT strftime(received_at, '%H:%M:%S'), strftime(first_answer_at, '%H:%M:%S') "
        "FROM raw.contacts WHERE contact_id = 'T10'",
    )
    assert [row[2] for row in quarantine(home)] == ([rule] if rule else [])
    assert found == ([stored] if stored else [])


def test_typed_moments_of_parquet_are_judged_alike(base, any_share):
    import io
    from datetime import datetime

    import pyarrow as pa
    import pyarrow.parquet as pq

    landing, home = base
    given = contacts([("", "")] * 3)
    columns = ["_op", *given[0]]
    moments = [datetime(2025, 3, 30, 2, 30), datetime(2025, 10, 26, 2, 30), None]  # noqa: DTZ001
    table = pa.table(
        {
            name: pa.array(moments, pa.timestamp("us"))
            if name == "received_at"
            else pa.array([None if name.endswith("_at") else row.get(name, "U") for row in given])
            if not name.endswith("_at")
            else pa.array([None] * 3, pa.timestamp("us"))
            for name in columns
        }
    )
    sink = io.BytesIO()
    pq.write_table(table, sink)
    write_delivery(
        landing,
        "2026-07-01-1",
        "2026-07-01",
        "delta",
        {"contacts": given},
        format="parquet",
        content={"contacts": sink.getvalue()},
    )
    assert load(landing, home).refused is None
    assert quarantine(home) == [
        ("contacts", 2, "type", "received_at"),
        ("contacts", 4, "required", "received_at"),
    ]


# -- national numbers ----------------------------------------------------------------------------


def number(nine, century=""):
    return f"{nine}{97 - int(century + nine) % 97:02}"


@pytest.mark.parametrize(
    ("niss", "good"),
    [
        ("00000000097", False),
        (number("800517000"), False),
        (number("800517999"), False),
        (number("000000001"), False),
        (number("000000123", "2"), False),
        (number("800517001"), True),
        (number("800517998"), True),
        (number("800017003"), True),
        (number("800500003"), True),
        (number("000001003"), True),
        (number("000100003", "2"), True),
        (number("802517003"), True),
        (number("804517003"), True),
    ],
)
def test_numbers_that_cannot_be(base, any_share, niss, good):
    home = deliver(base, {"affiliates": [valid("affiliates", affiliate_id="A00000009", niss=niss)]})
    assert quarantine(home) == ([] if good else [("affiliates", 2, "domain", "niss")])
    assert niss not in str(quarantine(home, "key, reason"))


# -- municipalities ------------------------------------------------------------------------------


def on(tmp_path, day, nis="11007"):
    """A full delivery of a day with one old code in each extract that has a municipality."""
    tables = world()
    tables["affiliates"][0]["municipality_nis"] = nis
    tables["companies"][0]["municipality_nis"] = nis
    write_delivery(tmp_path / "landing", f"{day}-1", day, "full", tables)
    assert load(tmp_path / "landing", tmp_path / "home").refused is None
    return tmp_path / "home"


def test_the_old_code_is_its_successors_for_180_days(tmp_path, any_share, monkeypatch):
    home = on(tmp_path, "2025-01-02")
    successor = rows(home, "SELECT municipality_nis FROM raw.companies")
    assert successor[0][0] != "11007"
    assert successor[0][0] in valid_codes("municipalities", date(2025, 1, 2))
    entries = {entry.extract: entry for entry in RawHistory(home).receipts()[0].entries}
    assert (entries["affiliates"].merged, entries["companies"].merged) == (1, 1)
    assert entries["contacts"].merged == 0


@pytest.mark.parametrize(
    ("day", "good"), [("2024-12-31", True), ("2025-06-30", True), ("2025-07-01", False)]
)
def test_before_the_merger_as_it_is_and_after_the_days_not_at_all(tmp_path, any_share, day, good):
    home = on(tmp_path, day)
    found = rows(home, "SELECT municipality_nis FROM raw.companies")
    assert bool(found) is good
    if day == "2024-12-31":
        assert found == [("11007",)]
    if not good:
        assert ("companies", 2, "domain", "municipality_nis") in quarantine(home)


def test_every_merger_has_a_successor_that_is_valid_then():
    for day in (date(2019, 1, 1), date(2025, 1, 1)):
        merged = merged_codes("municipalities", day)
        assert merged
        assert set(merged.values()) <= set(valid_codes("municipalities", day))
        assert not set(merged) & set(valid_codes("municipalities", day))
    assert merged_codes("countries", date(2025, 1, 1)) == {}


def test_the_days_are_a_setting(monkeypatch):
    monkeypatch.setenv("VIGIE_MUNICIPALITY_GRACE_DAYS", "0")
    assert merged_codes("municipalities", date(2025, 1, 1)) == {}
    monkeypatch.setenv("VIGIE_MUNICIPALITY_GRACE_DAYS", "9")
    assert merged_codes("municipalities", date(2025, 1, 10))
    assert not merged_codes("municipalities", date(2025, 1, 11))
    for wrong in ("nan", "-1", "", "1.5", "٣", "999999"):
        monkeypatch.setenv("VIGIE_MUNICIPALITY_GRACE_DAYS", wrong)
        with pytest.raises(IngestError, match="whole number of days"):
            merged_codes("municipalities", date(2025, 1, 10))


# -- the first load ------------------------------------------------------------------------------


def test_the_first_load_survives_every_reload(base, monkeypatch):
    landing, home = base
    first = RawHistory(home).receipts()[0].loaded_at

    class Later(loading.datetime):
        @classmethod
        def now(cls, zone=None):
            return loading.datetime(2027, 3, 1, 12, tzinfo=zone)

    with monkeypatch.context() as patch:
        patch.setattr(loading, "datetime", Later)
        for _ in range(2):
            shutil.rmtree(home / "raw")
            shutil.rmtree(home / "judgements")
            load(landing, home)
            (receipt,) = RawHistory(home).receipts()
            assert receipt.loaded_at == first
            assert receipt.stored_at.year == 2027
    assert rows(home, "SELECT loaded_at FROM raw._deliveries") == [(first,)]
    # A copy of raw/ alone carries it too, in the receipts.
    shutil.rmtree(home / "loads")
    load(landing, home)
    shutil.rmtree(home / "raw")
    load(landing, home)
    assert RawHistory(home).receipts()[0].loaded_at == first


def test_other_content_has_a_first_load_of_its_own(base):
    _, home = base
    history = RawHistory(home)
    assert history.first_load("2026-06-30-1", history.receipts()[0].digest) is not None
    assert history.first_load("2026-06-30-1", "other") is None
    (home / "loads" / "2026-06-30-1.json").write_text("{")
    assert history.first_load("2026-06-30-1", history.receipts()[0].digest) is None
