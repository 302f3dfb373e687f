"""Figures do not depend on how accounts are cut into slices (macros/slices.sql)."""

from __future__ import annotations

from datetime import date

import duckdb
import pytest

from tests.unit.workbench import build, write_history

# Two blocks of accounts; what one points to lies in the other.
AFFILIATE, COMPANY = "A00000901", "C00002711"


def a_charge(number: int, account: str, kind: str, **more: object) -> dict:
    """A charge of 100 EUR, due on 31 March 2023 and never paid."""
    return {
        "charge_id": f"D{number:012d}",
        "account_id": account,
        "charge_type": kind,
        "contribution_year": 2023,
        "issue_date": "2023-01-20",
        "due_date": "2023-03-31",
        "amount": "100.00",
        **more,
    }


WORLD = {
    "charges": [
        a_charge(1, AFFILIATE, "provisional", contribution_quarter=1, category="main"),
        a_charge(2, COMPANY, "company_contribution"),
        # A surcharge and a regularisation that point to a charge of another account.
        a_charge(3, AFFILIATE, "surcharge_quarterly", related_charge_id="D000000000002",
                 issue_date="2023-07-20", due_date="2023-08-20", amount="3.00"),
        a_charge(4, COMPANY, "company_surcharge", related_charge_id="D000000000001",
                 issue_date="2023-07-20", due_date="2023-08-20", amount="4.00"),
        a_charge(5, AFFILIATE, "surcharge_quarterly", related_charge_id="D000000000001",
                 issue_date="2023-07-20", due_date="2023-08-20", amount="3.00"),
    ],
    "payments": [
        {"payment_id": "P000000000001", "account_id": AFFILIATE, "value_date": "2023-12-01",
         "amount": "50.00", "charge_id": "D000000000002"},
    ],
}  # fmt: skip


@pytest.fixture(scope="module")
def homes(tmp_path_factory):
    """The same world in one slice and in several."""
    built = []
    for rows in ("3000000", "1"):
        home = tmp_path_factory.mktemp(f"slices_{rows}")
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv("VIGIE_SLICE_ROWS", rows)
            write_history(home, WORLD, as_of=date(2025, 6, 30))
            build(home, "+path:models/marts/contribution", "+path:models/marts/recovery")
        built.append(home / "warehouse")
    return built


def test_the_world_is_cut(homes):
    with duckdb.connect(str(homes[1] / "work.duckdb"), read_only=True) as connection:
        query = "select count(*) from intermediate.int_ledger__account_slices"
        assert connection.execute(query).fetchone()[0] > 2


@pytest.mark.parametrize("file", ["candidate", "work"])
def test_every_table_is_the_same(homes, file):
    with duckdb.connect() as connection:
        for name, home in zip("lr", homes, strict=True):
            connection.execute(f"attach '{home / file}.duckdb' as {name} (read_only)")
        tables = connection.execute(
            "select schema_name || '.' || table_name from duckdb_tables() where database_name = 'l'"
        ).fetchall()
        different = [
            table
            for (table,) in tables
            if not table.endswith("account_slices")
            and connection.execute(
                f"select count(*) from ((from l.{table} except all from r.{table})"
                f" union all (from r.{table} except all from l.{table}))"
            ).fetchone()
            != (0,)
        ]
    assert tables
    assert different == []
