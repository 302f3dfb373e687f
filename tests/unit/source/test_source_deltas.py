"""A delta holds every change since the last delivery that stands, whenever it was committed."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import psycopg
import pyarrow.parquet as pq
import pytest

from ingest.errors import SourceError
from ingest.load import load_ready
from tests.unit.ingest.support import valid, world, write_delivery
from tests.unit.source.databases import DAY, Fund

TOMORROW = DAY + timedelta(days=1)
BY_TIME = {"change_column": "changed_at", "overlap": "0 seconds", "deletes": "never"}
BY_NUMBER = {"change_column": "changed_no", "overlap": 0, "deletes": "never"}
WAYS = {
    "xmin": {"change_column": "xmin", "deletes": "never"},
    "time": BY_TIME,
    "compare": {"compare": "keys"},
}


def payment(number: int, **changes: str) -> dict[str, str]:
    return valid("payments", payment_id=f"P{number:012d}", **changes)


def told(written, extract: str = "payments") -> list[tuple[str, str]]:
    """(operation, first key) of the rows of a delta, in order; the numbers of payments."""
    path: Path = written.path / f"{extract}.parquet"
    if not path.exists():
        return []
    table = pq.read_table(path)
    assert table.column_names[0] == "_op"
    return sorted(zip(table["_op"].to_pylist(), table[1].to_pylist(), strict=True))


def upserts(*numbers: int) -> list[tuple[str, str]]:
    return [("U", f"P{number:012d}") for number in numbers]


@pytest.fixture(params=WAYS)
def by(request, fund: Fund) -> Fund:
    """A fund whose payments are told in one of the ways, its full delivery extracted."""
    fund.declare("payments", **WAYS[request.param])
    assert fund.extract().mode == "full"
    return fund


def test_what_did_not_change_is_left_out_and_nothing_at_all_is_a_delivery(fund):
    fund.declare("payments", compare="keys")
    fund.extract()
    written = fund.extract()
    assert (written.mode, written.rows, written.why_full) == ("delta", {}, "")
    assert [path.name for path in written.path.iterdir()] == ["manifest.json"]
    outcome = load_ready(fund.landing, fund.home)
    assert (outcome.refused, len(outcome.loaded)) == (None, 2)


def test_new_and_changed_rows_are_told(by):
    by.insert("payments", payment(2))
    assert set(upserts(2)) <= set(told(by.extract()))
    by.run(
        "UPDATE payments SET amount = '1.00', changed_at = now() WHERE payment_id = %s",
        "P000000000002",
    )
    assert set(upserts(2)) <= set(told(by.extract()))


@pytest.mark.parametrize("writes_first", [True, False], ids=["wrote", "only-began"])
def test_a_row_that_is_committed_late_is_not_lost(by, writes_first):
    """A transaction began before the delivery, and ends after it: also one that had no number yet
    because it had not written.
    """
    with psycopg.connect(by.address) as late:
        late.execute("SELECT now()")
        if writes_first:
            by.insert("payments", payment(2), late)
        by.insert("payments", payment(3))
        assert ("U", "P000000000002") not in told(by.extract())
        if not writes_first:
            by.insert("payments", payment(2), late)
        late.commit()
    assert ("U", "P000000000002") in told(by.extract())
    # And a third one goes on: nothing is held for ever.
    by.insert("payments", payment(4))
    assert ("U", "P000000000004") in told(by.extract())


def test_rows_of_a_savepoint_committed_late_are_not_lost(fund):
    fund.extract()
    with psycopg.connect(fund.address) as late, late.transaction():
        fund.insert("payments", payment(2), late)
        with late.transaction():
            fund.insert("payments", payment(3), late)
        fund.insert("payments", payment(4))
        assert told(fund.extract()) == upserts(4)
    # What was told beside the running transaction is told once more.
    assert told(fund.extract()) == upserts(2, 3, 4)
    assert told(fund.extract()) == []


def test_rows_stay_told_when_the_table_is_cleaned_between(fund):
    fund.extract()
    fund.insert("payments", payment(2))
    fund.run("VACUUM (FREEZE) payments")
    assert told(fund.extract()) == upserts(2)
    fund.insert("payments", payment(3))
    fund.run("VACUUM (FULL, FREEZE) payments")
    assert set(upserts(3)) <= set(told(fund.extract()))


def test_a_sequence_with_numbers_that_come_late_needs_its_overlap(fund):
    fund.declare("payments", **{**BY_NUMBER, "overlap": 10})
    fund.extract()
    with psycopg.connect(fund.address) as late:
        fund.insert("payments", payment(2), late)
        fund.insert("payments", payment(3))
        fund.extract()
        late.commit()
    assert set(upserts(2, 3)) <= set(told(fund.extract()))


@pytest.mark.parametrize("kind", ["timestamptz", "timestamp", "date"])
def test_a_row_of_the_future_hides_no_change(fund, kind):
    fund.run(f"ALTER TABLE payments ALTER changed_at TYPE {kind}")
    fund.run("UPDATE payments SET changed_at = '2999-01-01'")
    fund.declare("payments", **{**BY_TIME, "overlap": "2 days"})
    fund.extract()
    fund.insert("payments", payment(2))
    assert set(upserts(2)) <= set(told(fund.extract("delta")))


def test_a_full_shows_one_state_whatever_is_committed_while_it_is_read(fund):
    """A charge and its payment, committed together while the extracts are being read."""
    from ingest.source import extract as module

    done = []

    def while_reading(name: str, rows: int, place: int, total: int) -> None:
        if name == "charges" and not done:
            done.append(True)
            with psycopg.connect(fund.address) as other:
                fund.insert("charges", valid("charges", charge_id="D000000000002"), other)
                fund.insert("payments", payment(2, charge_id="D000000000002"), other)

    written = module.extract(fund.home, "test", fund.landing, "full", DAY, while_reading)
    assert done
    assert written.rows["payments"] == 1


# -- deleted rows ------------------------------------------------------------------------------


@pytest.fixture
def gone(fund: Fund) -> Fund:
    """A fund that notes its deleted payments."""
    fund.run("CREATE TABLE gone (id text, gone_at timestamptz DEFAULT now())")
    fund.declare(
        "payments",
        change_column="xmin",
        tombstones={"table": "gone", "columns": {"payment_id": "id"}, "change_column": "xmin"},
    )
    for number in (2, 3):
        fund.insert("payments", payment(number))
    fund.extract()
    return fund


def delete(fund: Fund, number: int) -> None:
    with fund.connection.transaction():
        fund.run("DELETE FROM payments WHERE payment_id = %s", f"P{number:012d}")
        fund.run("INSERT INTO gone (id) VALUES (%s)", f"P{number:012d}")


def test_deleted_rows_are_told_by_their_key(gone):
    delete(gone, 2)
    written = gone.extract()
    assert told(written) == [("D", "P000000000002")]
    row = pq.read_table(written.path / "payments.parquet").to_pylist()[0]
    assert {name for name, value in row.items() if value is not None} == {"_op", "payment_id"}
    assert told(gone.extract()) == []
    assert load_ready(gone.landing, gone.home).refused is None


def test_a_row_that_came_back_is_not_deleted(gone):
    delete(gone, 2)
    gone.insert("payments", payment(2, amount="7.00"))
    delete(gone, 3)
    assert told(gone.extract()) == [("D", "P000000000003"), *upserts(2)]


def test_compared_rows_that_are_gone_are_told(fund):
    fund.declare("payments", compare="keys")
    for number in (2, 3):
        fund.insert("payments", payment(number))
    fund.extract()
    fund.run("DELETE FROM payments WHERE payment_id = 'P000000000002'")
    fund.run("UPDATE payments SET amount = NULL WHERE payment_id = 'P000000000003'")
    assert told(fund.extract()) == [("D", "P000000000002"), *upserts(3)]
    assert told(fund.extract()) == []


def test_a_key_that_is_there_twice_is_told_whole(fund):
    """The door refuses both rows of such a key: a delta with one of them would be taken."""
    fund.declare("payments", compare="keys")
    for amount in ("1.00", "2.00"):
        fund.insert("payments", payment(2, amount=amount))
    fund.extract()
    fund.run("UPDATE payments SET amount = '3.00' WHERE amount = '2.00'")
    assert told(fund.extract()) == upserts(2, 2)
    fund.run("DELETE FROM payments WHERE amount = '3.00'")
    assert told(fund.extract()) == upserts(2)


def test_what_is_compared_keeps_no_personal_value(fund):
    fund.declare("affiliates", compare="keys")
    fund.insert("affiliates", valid("affiliates", affiliate_id="80051700338"))
    written = fund.extract()
    kept = fund.folder / "state" / written.delivery_id / "affiliates.parquet"
    table = pq.read_table(kept)
    assert table.column_names == ["affiliate_id", "_key", "_row"]
    # A key that is not one could be anything.
    assert sorted(table["affiliate_id"].to_pylist(), key=str) == ["A00000001", "A00000002", None]
    said = kept.read_bytes()
    for row in world()["affiliates"]:
        assert row["niss"].encode() not in said
    assert b"80051700338" not in said


# -- what became of the deliveries before ------------------------------------------------------


def refuse(fund: Fund) -> None:
    """Most payments of the next delivery break a rule, so that the door refuses it."""
    fund.insert("payments", payment(2, channel="cash"))


def test_after_a_refusal_the_next_delta_holds_again_what_was_refused(by):
    assert load_ready(by.landing, by.home).refused is None
    refuse(by)
    by.insert("contacts", valid("contacts", contact_id="T2"))
    refused = by.extract()
    assert load_ready(by.landing, by.home).refused.delivery_id == refused.delivery_id
    # One that was extracted before the refusal was seen rests on it as well.
    by.run("UPDATE payments SET channel = 'transfer', changed_at = now() WHERE channel = 'cash'")
    again = by.extract(day=TOMORROW)
    assert again.unsound == [refused.delivery_id]
    assert set(upserts(2)) <= set(told(again))
    assert ("U", "T2") in told(again, "contacts")
    # It waits behind the refused one until that is taken away.
    assert load_ready(by.landing, by.home).waiting == [again.delivery_id]
    (by.landing / refused.delivery_id).rename(by.landing.parent / "away")
    assert [one.delivery_id for one in load_ready(by.landing, by.home).loaded] == [
        again.delivery_id
    ]


def test_a_delivery_that_vanished_unread_is_told_again(by):
    by.insert("payments", payment(2))
    lost = by.extract()
    (by.landing / lost.delivery_id).rename(by.landing.parent / "lost")
    after = by.extract()
    assert set(upserts(2)) <= set(told(after))
    # Whatever rests on a lost one is not gone on from either.
    (by.landing / after.delivery_id).rename(by.landing.parent / "lost too")
    assert set(upserts(2)) <= set(told(by.extract()))


def test_compared_with_every_state_that_may_have_been_taken(fund):
    """A value goes there and back while a delivery between is lost: the one that was taken after
    it has to be put right.
    """
    fund.declare("payments", compare="keys")
    fund.extract()
    fund.insert("contacts", valid("contacts", contact_id="T2"))
    lost = fund.extract()
    fund.run("UPDATE payments SET amount = '9.00'")
    fund.insert("payments", payment(2))
    taken = fund.extract()
    (fund.landing / lost.delivery_id).rename(fund.landing.parent / "lost")
    assert len(load_ready(fund.landing, fund.home).loaded) == 2
    fund.run("DELETE FROM payments WHERE payment_id = 'P000000000002'")
    fund.run("UPDATE payments SET amount = %s", valid("payments")["amount"])
    assert told(taken) == upserts(1, 2)
    assert told(fund.extract()) == [("D", "P000000000002"), *upserts(1)]


def test_another_full_delivery_means_a_full_one(fund):
    fund.extract()
    assert load_ready(fund.landing, fund.home).refused is None
    write_delivery(fund.landing, "2026-07-01-1", "2026-07-01", "full", world())
    assert load_ready(fund.landing, fund.home).refused is None
    written = fund.extract(day=TOMORROW)
    assert (written.mode, written.delivery_id) == ("full", "2026-07-01-10")
    assert written.delivery_id > "2026-07-01-1"


def test_a_delta_that_is_asked_for_and_not_possible_is_refused(fund):
    with pytest.raises(SourceError, match="a delta is not possible, no earlier delivery stands"):
        fund.extract("delta")
    fund.extract()
    fund.declare(
        "charges",
        change_column="xmin",
        deletes="never",
        columns={"amount": "round(amount::numeric, 2)"},
    )
    with pytest.raises(SourceError, match="the mapping of charges has changed since"):
        fund.extract("delta")
    assert fund.extract().why_full.startswith("the mapping of charges has changed")
    fund.declare("charges", table="charges")
    with pytest.raises(SourceError, match="charges has neither change_column nor compare"):
        fund.extract("delta")


def test_a_database_that_was_restored_means_a_full_one(new_fund, server):
    fund = new_fund("ENCODING 'UTF8'")
    fund.extract()
    fund.declare_source(url_env="VIGIE_SOURCE_OTHER")
    name = fund.connection.info.dbname
    fund.close()
    other = fund.address.replace(f"/{name}", "/restored")
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE restored TEMPLATE {name}")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("VIGIE_SOURCE_OTHER", other)
        assert fund.extract().why_full.startswith("the database is not the one of")


def test_days_do_not_go_back(fund):
    fund.extract(day=TOMORROW)
    with pytest.raises(SourceError, match="was extracted for a later day than 2026-06-30"):
        fund.extract(day=DAY)


def test_the_ids_of_a_day_rise(fund):
    names = [fund.extract().delivery_id for _ in range(3)]
    assert names == ["2026-06-30-01", "2026-06-30-02", "2026-06-30-03"]


def test_states_that_nothing_goes_on_from_are_removed(fund):
    for _ in range(9):
        fund.extract()
    kept = sorted(path.name for path in (fund.folder / "state").iterdir() if path.is_dir())
    assert len(kept) == 6
    assert kept[-1] == "2026-06-30-09"
    assert fund.extract().mode == "delta"


def test_a_damaged_state_is_told(fund):
    written = fund.extract()
    file = fund.folder / "state" / written.delivery_id / "state.json"
    file.write_text(file.read_text().replace("full", "fool"))
    with pytest.raises(SourceError, match="is damaged; remove that folder"):
        fund.extract()
