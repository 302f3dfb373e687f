"""What is stored is what was written: hashes in receipt and verdict, amounts, lost receipts."""

import json
import random
from decimal import Decimal

import pytest

from ingest.errors import IngestError, MachineError
from ingest.load import load_ready
from ingest.raw import RawHistory
from orchestration.counts import count_held
from orchestration.settings import Settings
from tests.unit.ingest.support import load, valid, write_delivery

ROWS = [
    valid("payments", payment_id="P000000000009", amount="7.00"),
    valid("payments", payment_id="P000000000008", amount="0.50", account_id="A99999999"),
    valid("payments", payment_id="P000000000007", amount="-3.25", channel="cash"),
    valid("payments", payment_id="P000000000006", amount="2.5e1"),
]


@pytest.fixture
def stored(base, any_share):
    """A home with a full delivery and a delta that has rejected rows of every kind."""
    landing, home = base
    write_delivery(landing, "2026-07-01-1", "2026-07-01", "delta", {"payments": ROWS})
    assert load(landing, home).refused is None
    return landing, RawHistory(home)


def files(history):
    return sorted([*history.raw.rglob("*.parquet"), *history.judgements.rglob("*.parquet")])


def test_every_stored_file_is_proven(stored):
    _, history = stored
    plan = history.plan()
    assert plan.unproven == []
    history.prove(plan)
    named = {
        folder / receipt.delivery_id / name
        for receipt in plan.deliveries
        for folder, names in (
            (history.raw, receipt.stored),
            (history.judgements, receipt.verdict.stored),
        )
        for name in names
    }
    assert named == set(files(history))


def test_a_flipped_bit_in_any_stored_file_stops_the_build(stored):
    _, history = stored
    chance = random.Random(7)
    for file in files(history):
        whole = file.read_bytes()
        flipped = bytearray(whole)
        flipped[chance.randrange(len(whole))] ^= 1 << chance.randrange(8)
        file.write_bytes(flipped)
        with pytest.raises(MachineError, match="its sha256 differs") as stop:
            history.prove(history.plan())
        assert str(file) in str(stop.value)
        file.unlink()
        with pytest.raises(MachineError, match="not there any more"):
            history.prove(history.plan())
        file.write_bytes(whole)
    history.prove(history.plan())


def test_a_receipt_or_verdict_that_was_changed_or_lost_stops_everything(stored):
    landing, history = stored
    for file in (
        history.raw / "2026-06-30-1" / "receipt.json",
        history.judgements / "2026-07-01-1" / "verdict.json",
    ):
        whole = file.read_text()
        for damaged in ("", "{", "[]", "[" * 100_000, whole.replace("1", "2", 1)):
            file.write_text(damaged)
            with pytest.raises(IngestError, match="damaged or not there"):
                load_ready(landing, history.home)
        file.write_text(whole)
    receipt = history.raw / "2026-06-30-1" / "receipt.json"
    receipt.unlink()
    with pytest.raises(IngestError, match=r"raw/2026-06-30-1/receipt\.json"):
        load_ready(landing, history.home)
    with pytest.raises(IngestError, match="damaged or not there"):
        history.plan()


def test_a_home_of_the_version_before_works_and_is_told(stored):
    """No hashes, no seals, no amounts of rejected rows: the judgements are made anew, the files of
    the deliveries stay unproven until they are loaded again."""
    landing, history = stored
    for file in history.raw.glob("*/receipt.json"):
        data = json.loads(file.read_text())
        del data["stored"], data["seal"]
        for entry in data["entries"]:
            del entry["rejected_amount"]
        file.write_text(json.dumps(data))
    for file in history.judgements.glob("*/verdict.json"):
        data = json.loads(file.read_text())
        del data["stored"], data["seal"]
        file.write_text(json.dumps(data))
    outcome = load_ready(landing, history.home)
    assert outcome.refused is None
    assert len(outcome.known) == 2
    plan = history.plan()
    assert plan.unproven == ["2026-06-30-1", "2026-07-01-1"]
    assert all(receipt.verdict.stored for receipt in plan.deliveries)
    history.prove(plan)
    settings = Settings.from_env(home=history.home, landing=landing)
    assert all(held.amounts_balance for held in count_held(settings, plan.deliveries))


def test_the_amounts_stored_and_rejected_are_the_control_total(stored):
    landing, history = stored
    settings = Settings.from_env(home=history.home, landing=landing)
    held = count_held(settings, history.plan().deliveries)
    assert all(one.amounts_balance for one in held)
    (one,) = [h for h in held if (h.delivery_id, h.extract) == ("2026-07-01-1", "payments")]
    assert (one.control_total, one.stored_amount, one.quarantined_amount) == (
        Decimal("29.25"),
        Decimal("7.50"),
        Decimal("21.75"),
    )
    (entry,) = history.plan().deliveries[1].entries
    assert Decimal(entry.rejected_amount) == one.quarantined_amount


def test_an_amount_lost_since_is_seen(stored):
    import duckdb

    landing, history = stored
    file = history.raw / "2026-06-30-1" / "charges.parquet"
    with duckdb.connect() as connection:
        connection.execute(f"create table t as from '{file}'")
        connection.execute("update t set amount = amount + 0.01")
        connection.execute(f"copy t to '{file}' (format parquet)")
    settings = Settings.from_env(home=history.home, landing=landing)
    wrong = [h for h in count_held(settings, history.plan().deliveries) if not h.amounts_balance]
    assert [(h.delivery_id, h.extract) for h in wrong] == [("2026-06-30-1", "charges")]
