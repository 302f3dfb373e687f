"""Prescription in a fund in which one charge alone is open: a world of its own, since what is open
beside it would hide whether it is looked up by its own number.
"""

from __future__ import annotations

from datetime import date

from tests.unit.recovery.test_recovery_rules import AS_OF, a_charge, account, add_payments
from tests.unit.workbench import build, read, write_history


def test_a_surcharge_is_prescribed_as_what_it_belongs_to_though_nothing_else_is_open(tmp_path):
    """C10: the contribution of 2018 is paid, and no other charge of the fund is open."""
    name, issued = account(7, 1), date(2018, 3, 1)
    paid = a_charge(name, issued, contribution_year=2018)
    surcharge = {"charge_id": "D000000799999", "charge_type": "surcharge_annual"}
    surcharge |= {"related_charge_id": paid["charge_id"], "contribution_year": 2020}
    world = {"charges": [paid, a_charge(name, date(2021, 1, 1), **surcharge)], "payments": []}
    add_payments(world, name, [(400, 100)])
    write_history(tmp_path, world, as_of=AS_OF)
    build(tmp_path, "+fct_open_charges")
    assert read(tmp_path, "select charge_id, prescription_date from recovery.fct_open_charges") == [
        ("D000000799999", date(2024, 1, 1))
    ]
