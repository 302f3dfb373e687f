"""The drop guard (H4): what waits, what does not, and how a person lets it in."""

import json
from decimal import Decimal

import pytest

from ingest.drop import accept
from ingest.errors import IngestError
from ingest.raw import RawHistory, status
from tests.unit.ingest.support import edit_manifest, load, rows, valid, world, write_delivery


def full(landing, day, payments, number=1, **more):
    tables = world()
    tables["payments"] = payments
    tables |= more
    return write_delivery(
        landing, f"2026-07-{day:02}-{number}", f"2026-07-{day:02}", "full", tables
    )


def payments(count, amount="10.00", first=0):
    return [
        valid("payments", payment_id=f"P{n:012}", amount=amount)
        for n in range(first, first + count)
    ]


@pytest.fixture
def hundred(tmp_path):
    landing, home = tmp_path / "landing", tmp_path / "home"
    full(landing, 1, payments(100))
    assert len(load(landing, home).loaded) == 1
    return landing, home


@pytest.mark.parametrize(
    ("after", "is_held"),
    [
        (payments(80), False),
        (payments(79), True),
        ([], True),
        (payments(100, "8.00"), False),
        (payments(100, "7.99"), True),
        (payments(100, "-10.00"), False),
        (payments(150), False),
        (payments(100, first=20), False),
        (payments(100, first=21), True),
    ],
    ids=["80", "79", "none", "8.00", "7.99", "refunds", "more", "20 others", "21 others"],
)
def test_more_than_twenty_percent_waits(hundred, after, is_held):
    landing, home = hundred
    full(landing, 2, after)
    outcome = load(landing, home)
    assert bool(outcome.held) is is_held
    assert outcome.refused is None
    assert rows(home, "SELECT count(*) FROM raw._deliveries") == [(1 if is_held else 2,)]


def test_ninety_nine_rows_are_too_few_to_tell(tmp_path):
    landing, home = tmp_path / "landing", tmp_path / "home"
    full(landing, 1, payments(99))
    full(landing, 2, [])
    assert len(load(landing, home).loaded) == 2


def test_deltas_count_into_what_is_in_force_and_are_not_held(hundred):
    landing, home = hundred
    gone = [{"_op": "D", **row} for row in payments(50)]
    write_delivery(landing, "2026-07-02-1", "2026-07-02", "delta", {"payments": gone})
    full(landing, 3, payments(50, first=50))
    assert len(load(landing, home).loaded) == 2


def test_a_rejected_row_that_keeps_its_version_is_not_lost(hundred, any_share):
    landing, home = hundred
    full(landing, 2, payments(70) + payments(30, "x", first=70))
    assert load(landing, home).held is None


def test_the_setting(hundred, monkeypatch):
    landing, home = hundred
    full(landing, 2, payments(50))
    monkeypatch.setenv("VIGIE_MAX_DROP_PCT", "49.9")
    assert load(landing, home).held
    for wrong in ("nan", "-1", "101", "much", ""):
        monkeypatch.setenv("VIGIE_MAX_DROP_PCT", wrong)
        with pytest.raises(IngestError, match="from 0 to 100"):
            load(landing, home)
    monkeypatch.setenv("VIGIE_MAX_DROP_PCT", "50")
    assert load(landing, home).held is None
    assert status(home)["held"] == []


def test_what_waits_is_told_with_both_figures_and_later_ones_wait_behind_it(hundred):
    landing, home = hundred
    full(landing, 2, payments(30, "1.00"))
    write_delivery(landing, "2026-07-03-1", "2026-07-03", "delta", {"payments": payments(1)})
    before = rows(home, "SELECT count(*) FROM raw.payments")
    outcome = load(landing, home)
    assert (outcome.loaded, outcome.waiting) == ([], ["2026-07-03-1"])
    for said in (
        "2026-07-02-1",
        "payments: 100 rows to 30",
        "1000.00 to 30.00 EUR",
        "vigie accept",
    ):
        assert said in str(outcome.held)
    assert rows(home, "SELECT count(*) FROM raw.payments") == before
    (held,) = status(home)["held"]
    assert held["delivery_id"] == "2026-07-02-1"
    assert held["extracts"] == [
        {
            "extract": "payments",
            "rows_before": 100,
            "rows_after": 30,
            "rows_lost": 70,
            "amount_before": "1000.00",
            "amount_after": "30.00",
        }
    ]
    assert not (home / "judgements" / "2026-07-02-1").exists()
    assert not (home / "raw" / "2026-07-02-1").exists()
    assert load(landing, home).held  # and waits the next time too


def test_an_accepted_one_loads_and_keeps_its_reason_through_a_reload(hundred):
    landing, home = hundred
    full(landing, 2, payments(30))
    write_delivery(landing, "2026-07-03-1", "2026-07-03", "delta", {"payments": payments(1)})
    load(landing, home)
    accept(home, "2026-07-02-1", " The archive was\n split off; it's meant ")
    assert len(load(landing, home).loaded) == 2
    reasons = "SELECT delivery_id, accepted_reason FROM raw._deliveries ORDER BY 1"
    told = [
        ("2026-07-01-1", None),
        ("2026-07-02-1", "The archive was split off; it's meant"),
        ("2026-07-03-1", None),
    ]
    assert rows(home, reasons) == told
    assert status(home)["held"] == []
    import shutil

    shutil.rmtree(home / "raw")
    shutil.rmtree(home / "judgements")
    assert load(landing, home).held is None
    assert rows(home, reasons) == told


def test_what_is_accepted_is_a_content(hundred):
    """The same id with other content is held again."""
    landing, home = hundred
    folder = full(landing, 2, payments(30))
    load(landing, home)
    accept(home, "2026-07-02-1", "meant")
    import shutil

    shutil.rmtree(folder)
    full(landing, 2, payments(20))
    assert load(landing, home).held


def test_only_what_waits_can_be_accepted_and_with_words(hundred):
    landing, home = hundred
    full(landing, 2, [])
    load(landing, home)
    for delivery, reason, says in (
        ("2026-07-01-1", "x", "not held; held: 2026-07-02-1"),
        ("../../x\x1b[2J", "x", "is not held"),
        ("2026-07-02-1", " \n", "in words"),
        ("2026-07-02-1", "x" * 1001, "at most 1000"),
        ("2026-07-02-1", "x\x1b[2J", "in words"),
        ("2026-07-02-1", "for 80.05.17-003.38", "national number"),
    ):
        with pytest.raises(IngestError, match=says) as wrong:
            accept(home, delivery, reason)
        assert str(wrong.value).isprintable()
    assert not (home / "accepted").exists() or not list((home / "accepted").iterdir())


def test_one_that_comes_again_better_or_not_at_all_waits_no_longer(hundred):
    landing, home = hundred
    folder = full(landing, 2, [])
    load(landing, home)
    edit_manifest(folder, mode="partial")
    outcome = load(landing, home)
    assert outcome.refused
    assert status(home)["held"] == []
    import shutil

    shutil.rmtree(folder)
    full(landing, 2, payments(90))
    assert len(load(landing, home).loaded) == 1
    assert not list((home / "refusals").glob("*"))


def test_a_damaged_note_is_told(hundred):
    landing, home = hundred
    full(landing, 2, [])
    load(landing, home)
    (home / "held" / "2026-07-02-1.json").write_text("{")
    with pytest.raises(IngestError, match=r"held/2026-07-02-1\.json is damaged"):
        status(home)
    assert load(landing, home).held
    held = json.loads((home / "held" / "2026-07-02-1.json").read_text())
    assert Decimal(held["limit_pct"]) == 20
    assert RawHistory(home).receipts()[0].accepted_reason == ""
