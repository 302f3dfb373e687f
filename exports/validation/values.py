"""Values that cannot be: shares beyond 0 to 100 %, negative counts.

Belongs here: rules V50 and V51, on the cells of the release that are asked for, shown or not. Does
not belong here: values that are only surprising (plausibility.py).
"""

from __future__ import annotations

from collections.abc import Mapping

from exports.units import unit_of
from exports.validation.rule import Result
from exports.validation.view import View


def ratios(view: View, settings: Mapping) -> Result:
    """Every share in percent lies between 0 and 100; below 0 where what it is the share of is below
    0 itself (more was paid back than came in).
    """
    unbounded = (settings.get("unbounded") or {}).get(view.code, ())
    shares = [
        measure
        for measure in view.statistic.measures
        if measure.unit == "PCT" and measure.name not in unbounded
    ]
    paid_back = " or ".join(
        f"(measure = '{measure.name}' and {_below_zero(view, measure.numerator)})"
        for measure in shares
        if measure.numerator
    )
    wrong = f"held > 100 or (held < 0 and not ({paid_back or 'false'}))"
    return view.count(wrong, _among([measure.name for measure in shares]))


def _below_zero(view: View, numerator: str) -> str:
    """SQL: the cell beside this one, of another measure, is negative."""
    same = " and ".join(
        f"beside.{name} = {view.table}.{name}" for name in view.keys if name != '"measure"'
    )
    return (
        f"exists (select 1 from {view.table} as beside"
        f" where {same} and beside.measure = '{numerator}' and beside.held < 0)"
    )


def counts(view: View, _: Mapping) -> Result:
    """No count is negative."""
    counted = [m.name for m in view.statistic.measures if unit_of(m.unit).kind == "count"]
    return view.count("held < 0", _among(counted))


def _among(measures: list[str]) -> str:
    listed = ", ".join(f"'{name}'" for name in measures)
    return f"held is not null and measure in ({listed})" if measures else "false"
