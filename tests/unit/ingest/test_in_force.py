"""What is in force after many deltas: the plan as SQL against a plain replay of the rows."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import date, timedelta

import duckdb

from ingest import in_force, quarantine
from ingest.contract import load_contracts
from ingest.durable import write_json
from ingest.engine import no_rows, quote, text
from ingest.raw import (
    FileReceipt,
    RawHistory,
    Receipt,
    chain_fingerprint,
    receipt_json,
)
from tests.unit.ingest.support import load, rows, valid, world, write_delivery

DELTAS, KEYS = 250, 60
PAYMENTS = load_contracts()["payments"]
COLUMNS = (
    *PAYMENTS.stored,
    ("_op", "VARCHAR"),
    ("_line_number", "BIGINT"),
    ("_delivery_id", "VARCHAR"),
    ("_business_date", "DATE"),
)


def write_delta(history: RawHistory, full: Receipt, before: str, name: str, changes: dict) -> str:
    """Lay a landed and judged delta into the raw history, as `load` would; its chain fingerprint.

    `changes` gives the amount of each key, None where it is deleted; key N stands on line N + 1 of
    the full delivery.
    """
    day = date.fromisoformat(name[:10])
    entry = FileReceipt("payments", "payments.csv", "", 0, len(changes), 0, "0")
    receipt = replace(full, delivery_id=name, business_date=day, mode="delta", digest=name,
                      entries=(entry,), verdict=None)  # fmt: skip
    fingerprint = chain_fingerprint(before, receipt)
    raw, judgement = history.raw / name, history.judgements / name
    raw.mkdir()
    judgement.mkdir()
    write_json(raw / "receipt.json", receipt_json(receipt))
    verdict = {"fingerprint": fingerprint, "rejected": {}, "kept": {}, "refusal": None}
    write_json(judgement / "verdict.json", verdict)
    sent = [
        f"SELECT 'P{key:012}' AS payment_id, {amount or 'NULL'} AS amount, {line} AS _line_number, "
        f"'{'U' if amount else 'D'}' AS _op, '{name}' AS _delivery_id, "
        f"DATE '{day}' AS _business_date"
        for line, (key, amount) in enumerate(changes.items(), 2)
    ]
    replaced = [f"SELECT 'payments' AS extract, {key + 1} AS line_number" for key in changes]
    for file, columns, parts in (
        (raw / "payments.parquet", COLUMNS, sent),
        (judgement / in_force.REPLACED, in_force.REPLACED_COLUMNS, replaced),
        (judgement / in_force.TOUCHED, in_force.TOUCHED_COLUMNS, []),
        (judgement / "quarantine.parquet", quarantine.COLUMNS, []),
    ):
        typed = " UNION ALL BY NAME ".join([no_rows(columns), *parts])
        casts = ", ".join(f"CAST({quote(column)} AS {kind}) AS {quote(column)}"
                          for column, kind in columns)  # fmt: skip
        duckdb.execute(f"COPY (SELECT {casts} FROM ({typed})) TO {text(file)} (FORMAT parquet)")
    return fingerprint


def test_rows_in_force_after_250_deltas_are_those_of_a_plain_replay(base):
    landing, home = base
    full = world()
    full["payments"] = [valid("payments", payment_id=f"P{key:012}") for key in range(1, KEYS)]
    write_delivery(landing, "2026-07-01-1", "2026-07-01", "full", full)
    assert load(landing, home).refused is None
    history = RawHistory(home)
    expected = {f"P{key:012}": ("150.00", "2026-07-01-1") for key in range(1, KEYS)}
    chance = random.Random(1)
    received, fingerprint = history.plan().deliveries[-1], history.plan().fingerprint
    for number in range(1, DELTAS + 1):
        name = f"{date(2026, 7, 1) + timedelta(days=number // 5)}-{number % 5 + 2}"
        changes = {key: f"{number}.00" if chance.random() < 0.7 else None
                   for key in chance.sample(range(1, KEYS), 3)}  # fmt: skip
        fingerprint = write_delta(history, received, fingerprint, name, changes)
        for key, amount in changes.items():
            expected.pop(f"P{key:012}", None)
            if amount:
                expected[f"P{key:012}"] = (amount, name)
    plan = history.plan()
    assert (len(plan.deliveries), plan.fingerprint) == (DELTAS + 2, fingerprint)
    history.expose(plan)
    found = rows(home, "SELECT payment_id, amount::VARCHAR, _delivery_id FROM raw.payments")
    assert sorted(found) == sorted((key, *row) for key, row in expected.items())
    assert rows(home, "SELECT count(*) FROM raw.charges") == [(1,)]
    assert rows(home, "SELECT count(*) FROM raw._deliveries") == [(DELTAS + 2,)]
    # A delta after them is judged on what they left.
    kept = next(iter(expected))
    write_delivery(landing, "2026-09-01-1", "2026-09-01", "delta",
                   {"payments": [valid("payments", payment_id=kept, amount="7.00")]})  # fmt: skip
    assert load(landing, home).refused is None
    where = f"WHERE payment_id = '{kept}'"
    assert rows(home, f"SELECT amount::VARCHAR FROM raw.payments {where}") == [("7.00",)]
