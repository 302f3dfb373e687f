"""The five figures of the board: at equal age, and a change whose parts add up to the cent."""

from datetime import date
from decimal import Decimal
from types import SimpleNamespace

import pandas as pd
import pytest

from dashboards import source
from dashboards.i18n import Language
from dashboards.sections.board import RATE, VOLUME, board, end_of, last_whole
from tests.unit.dashboards.drawn import query


@pytest.mark.parametrize(
    ("day", "quarter"),
    [(date(2026, 9, 29), "2026Q2"), (date(2026, 9, 30), "2026Q3"), (date(2026, 10, 1), "2026Q3"),
     (date(2026, 12, 31), "2026Q4"), (date(2027, 1, 1), "2026Q4")],
)  # fmt: skip
def test_a_quarter_is_whole_on_its_last_day(day, quarter):
    assert last_whole(day) == quarter
    assert end_of("2026Q4") == date(2026, 12, 31)
    assert end_of("2026Q1") == date(2026, 3, 31)


@pytest.mark.usefixtures("fund")
def test_the_figures_are_those_of_charges_that_fell_due_and_what_was_paid_by_then():
    """Counted anew from charges and allocations."""
    found = board(source.begin(Language("fr")))
    for quarter, now in ((found.quarter, True), (found.before, False)):
        year, number = int(quarter[:4]), int(quarter[-1])
        first, last = date(year, 3 * number - 2, 1), end_of(quarter)
        ((claimed,),) = query(
            "select sum(net_amount) from contribution.fct_charges"
            " where due_date between $first and $last and (charge_type in"
            " ('provisional', 'company_contribution')"
            " or (charge_type = 'regularisation' and gross_amount > 0))",
            first=first,
            last=last,
        )
        ((collected,),) = query(
            "select sum(allocated_amount) from contribution.fct_allocations as a"
            " inner join contribution.fct_charges as c using (charge_id)"
            " where c.due_date between $first and $last and a.value_date <= $last"
            " and a.credit_type = 'payment' and (c.charge_type in"
            " ('provisional', 'company_contribution')"
            " or (c.charge_type = 'regularisation' and c.gross_amount > 0))",
            first=first,
            last=last,
        )
        assert (found.claimed.now if now else found.claimed.before) == claimed
        assert (found.collected.now if now else found.collected.before) == collected


@pytest.mark.usefixtures("fund")
def test_the_parts_of_a_change_add_up_to_the_cent():
    found = board(source.begin(Language("fr")))
    for figure in (found.claimed, found.collected, found.outstanding):
        assert figure.drivers
        assert sum(part.amount for part in figure.drivers) == figure.change
        sizes = [abs(part.amount) for part in figure.drivers]
        assert sizes == sorted(sizes, reverse=True)
    assert {part.kind for part in found.collected.drivers} == {VOLUME, RATE}
    assert found.rate.now == found.collected.now / found.claimed.now


def test_volume_is_at_the_rate_of_the_year_before():
    """Claimed 1 000 to 1 200, paid 800 to 900: 160 by volume, -60 by rate; a new nature is all
    volume."""
    cells = pd.DataFrame(
        {
            "nature": ["main", "student"],
            "claimed_now": [1200.0, 100.0],
            "collected_now": [900.0, 7.0],
            "claimed_before": [1000.0, 0.0],
            "collected_before": [800.0, 0.0],
        }
    )
    none = {"nature": [], "now_amount": [], "before_amount": [], "claim_year": [],
            "perception_pct": []}  # fmt: skip
    reading = SimpleNamespace(
        query=lambda _, **values: cells if "quarter" in values else pd.DataFrame(none),
        entry=lambda *_: SimpleNamespace(meta={}),
        lang="fr",
    )
    found = board(reading, "2026Q3")
    assert [(one.nature, one.kind, one.amount) for one in found.collected.drivers] == [
        ("main", VOLUME, Decimal("160.00")),
        ("main", RATE, Decimal("-60.00")),
        ("student", VOLUME, Decimal("7.00")),
    ]
    assert found.collected.change == Decimal("107.00")
    assert found.perception.change is None
