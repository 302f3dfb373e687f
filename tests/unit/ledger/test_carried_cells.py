"""T08 carried on from the last release equals T08 computed anew, to the last contribution."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import duckdb
import pytest

from tests.unit.ledger.workbench import build_ledger, write_history
from tests.unit.ledger.worlds import AMOUNTS, AS_OF, change_world, draw_world

STATISTIC = ("+stat_t08", "claim_types")


@pytest.mark.parametrize(
    ("share", "amounts", "is_carried"),
    [(0.002, AMOUNTS, True), (1.0, [Decimal("0.01")], False)],
    ids=["few changes", "all amounts fall below what the lists know"],
)
def test_carried_equals_computed_anew(tmp_path, share, amounts, is_carried):
    world = draw_world(5, 1500)
    later, changes = change_world(6, world, share, amounts)
    carried, anew = tmp_path / "carried", tmp_path / "anew"
    carried.mkdir()
    anew.mkdir()
    next_day = AS_OF + timedelta(days=1)
    write_history(carried, world, as_of=AS_OF)
    build_ledger(carried, *STATISTIC)
    write_history(carried, later, as_of=next_day, previous=AS_OF, changes=changes)
    build_ledger(carried, *STATISTIC)
    write_history(anew, later, as_of=next_day)
    build_ledger(anew, *STATISTIC)
    with duckdb.connect() as con:
        for name, home in (("carried", carried), ("anew", anew)):
            file = home / "warehouse" / "candidate.duckdb"
            con.execute(f"attach '{file}' as {name}_release (read_only)")
        con.execute(f"attach '{carried}/warehouse/work.duckdb' as work (read_only)")
        tables = [f"{name}_release.statistics.stat_t08" for name in ("carried", "anew")]
        for one, other in (tables, tables[::-1]):
            assert con.execute(f"from {one} except all from {other}").fetchall() == []
        assert con.execute(f"select count(*) from {tables[0]}").fetchone()[0] > 100
        # Both ways are taken: lists that suffice although they are cut, and lists that do not.
        cut, unknown = con.execute(
            "select count(*) filter (where contributors > len(leaders)),"
            " count(*) filter (where not is_known)"
            " from work.intermediate.int_statistics__cells_carried"
        ).fetchone()
        assert cut > 0
        assert (unknown == 0) is is_carried
