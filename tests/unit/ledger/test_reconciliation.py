"""Where general ledger and warehouse differ: a warning, or an error that stops (F12, H5)."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from tests.unit.workbench import build, found_by, read, write_history

# Month: what the warehouse holds and the ledger says, and what that is.
MONTHS = {
    "2025-01": ("100000.00", "100000.00", "equal"),
    "2025-02": ("100000.00", "101000.00", "small"),  # 1 %, 1 000 EUR: not more
    "2025-03": ("100000.00", "101000.01", "error"),
    "2025-04": ("100000.00", "98999.99", "error"),
    "2025-05": ("50000.00", "51000.00", "small"),  # 2 %, but not more than 1 000 EUR
    "2025-06": ("50000.00", "51000.01", "error"),
    "2025-07": ("200000.00", "201500.00", "small"),  # 1 500 EUR, but not more than 1 %
    "2025-08": (None, "1000.00", "small"),
    "2025-09": (None, "1000.01", "error"),
    "2025-10": ("0.01", "0.02", "small"),
}


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    """Payments and ledger totals of these months."""
    folder = tmp_path_factory.mktemp("reconciliation")
    payments = [
        {
            "payment_id": f"P{number:012d}",
            "account_id": "A00000001",
            "value_date": f"{month}-15",
            "amount": held,
        }
        for number, (month, (held, _, _)) in enumerate(MONTHS.items())
        if held
    ]
    totals = [
        {"period": month, "ledger_line": "payments_received", "amount": said}
        for month, (_, said, _) in MONTHS.items()
    ]
    write_history(folder, {"payments": payments, "ledger_totals": totals}, as_of=date(2025, 12, 31))
    build(folder, "+reconciliation")
    return folder


def failing(home, test: str) -> set[str]:
    """Months that a data test finds."""
    return {period for period, *_ in found_by(home, test)}


def months(*kinds: str) -> set[str]:
    return {month for month, (_, _, kind) in MONTHS.items() if kind in kinds}


def test_every_difference_is_told(home):
    assert failing(home, "ledger_reconciles") == months("small", "error")


def test_a_large_one_stops_the_publication(home):
    assert failing(home, "ledger_is_close") == months("error")


def test_how_large_is_a_setting(home, monkeypatch):
    monkeypatch.setenv("VIGIE_LEDGER_MAX_EUR", "0")
    monkeypatch.setenv("VIGIE_LEDGER_MAX_PCT", "1.5")
    assert failing(home, "ledger_is_close") == {
        "2025-05",
        "2025-06",
        "2025-08",
        "2025-09",
        "2025-10",
    }


def test_the_difference_is_exact(home):
    (found,) = read(home, "select difference from meta.reconciliation where period = ?", "2025-04")
    assert found == (Decimal("-1000.01"),)
