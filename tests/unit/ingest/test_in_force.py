"""What is in force after many deltas: the plan as SQL against a plain replay of the rows."""

from __future__ import annotations

import random
from datetime import date, timedelta

from ingest.load import load_ready
from ingest.raw import RawHistory
from tests.unit.ingest.support import rows, valid, write_delivery

DELTAS = 250
KEYS = 60


def test_rows_in_force_after_250_deltas_are_those_of_a_plain_replay(base):
    landing, home = base
    chance = random.Random(1)
    payments = {"P000000000001": ("150.00", "2026-06-30-1")}
    contacts = {"T1": ("email", "2026-06-30-1")}
    for number in range(DELTAS):
        day = date(2026, 7, 1) + timedelta(days=number)
        tables = {"payments": [], "contacts": []}
        for key in chance.sample(range(1, KEYS), 2):
            key = f"P{key:012}"
            if chance.random() < 0.3:
                tables["payments"].append({"_op": "D", "payment_id": key})
                payments.pop(key, None)
            else:
                amount = f"{number + 1}.00"
                tables["payments"].append(valid("payments", payment_id=key, amount=amount))
                payments[key] = (amount, f"{day}-1")
        if number % 10 == 0:
            key = f"T{chance.randint(1, 5)}"
            tables["contacts"].append(valid("contacts", contact_id=key, channel="phone"))
            contacts[key] = ("phone", f"{day}-1")
        write_delivery(landing, f"{day}-1", str(day), "delta",
                       {name: sent for name, sent in tables.items() if sent})
    assert load_ready(landing, home).refused is None
    history = RawHistory(home)
    plan = history.plan()
    assert len(plan.deliveries) == DELTAS + 1
    history.expose(plan)
    for name, key, value, expected in (("payments", "payment_id", "amount", payments),
                                       ("contacts", "contact_id", "channel", contacts)):
        found = rows(home, f"SELECT {key}, {value}::VARCHAR, _delivery_id FROM raw.{name}")
        assert sorted(found) == sorted((k, *row) for k, row in expected.items())
    assert rows(home, "SELECT count(*) FROM raw.charges") == [(1,)]
