"""Which line brought a row, and what became of every version: against the rows in force that a
build reads, over random deliveries."""

from __future__ import annotations

import random

import pytest

from explain.lineage import Lineage
from ingest.raw import RawHistory
from tests.unit.ingest.support import load, rows, valid, world, write_delivery
from tests.unit.ingest.test_order import random_delta

KEYS = {"charges": "charge_id", "payments": "payment_id", "affiliates": "affiliate_id"}


def lineage_of(home) -> Lineage:
    return Lineage(home, [one.delivery_id for one, _ in RawHistory(home).judged()])


@pytest.mark.parametrize("seed", [3, 8])
def test_a_version_in_force_is_the_row_that_a_build_reads(tmp_path, monkeypatch, seed):
    # Among a handful of rows a single bad one is more than the limits allow.
    monkeypatch.setenv("VIGIE_MAX_REJECTED_PCT", "100")
    monkeypatch.setenv("VIGIE_MAX_DROP_PCT", "100")
    landing, home = tmp_path / "landing", tmp_path / "home"
    chance = random.Random(seed)
    write_delivery(landing, "2026-06-01-1", "2026-06-01", "full", world())
    for day in range(2, 7):
        name = f"2026-06-{day:02d}"
        write_delivery(landing, f"{name}-1", name, "delta", random_delta(chance))
    second = world()
    # F4: the earlier version of a charge whose row is refused stays; another charge is gone.
    second["charges"] = [valid("charges", amount="x"), valid("charges", charge_id="D000000000077")]
    write_delivery(landing, "2026-06-08-1", "2026-06-08", "full", second)
    write_delivery(landing, "2026-06-09-1", "2026-06-09", "delta", random_delta(chance))
    load(landing, home)
    found = lineage_of(home)
    states = set()
    for extract, key in KEYS.items():
        known = [value for (value,) in rows(home, f"SELECT {key} FROM raw.{extract}")]
        every = known + [f"D{number:012}" for number in range(6)]
        versions = found.versions(extract, (key,), key, every)
        states |= {one["state"] for one in versions}
        assert sorted(
            (one[key], one["delivery_id"], one["line_number"])
            for one in versions
            if one["state"] == "in_force"
        ) == sorted(rows(home, f"SELECT {key}, _delivery_id, _line_number FROM raw.{extract}"))
    assert states >= {"in_force", "replaced"}


def test_a_release_knows_only_its_own_deliveries(tmp_path):
    landing, home = tmp_path / "landing", tmp_path / "home"
    write_delivery(landing, "2026-06-01-1", "2026-06-01", "full", world())
    corrected = {"charges": [valid("charges", amount="12.34")]}
    write_delivery(landing, "2026-06-02-1", "2026-06-02", "delta", corrected)
    load(landing, home)
    key = valid("charges")["charge_id"]
    both = lineage_of(home).versions("charges", ("charge_id",), "charge_id", [key])
    assert [one["state"] for one in both] == ["replaced", "in_force"]
    (first,) = Lineage(home, ["2026-06-01-1"]).versions(
        "charges", ("charge_id",), "charge_id", [key]
    )
    assert first["state"] == "in_force"
    assert first["amount"] == both[0]["amount"] != both[1]["amount"]
