"""Whether the data are of after the period they tell of.

Belongs here: rules V40 and V41. Does not belong here: how old the release is today, since the same
request on the same release has the same findings.
"""

from __future__ import annotations

from collections.abc import Mapping

from exports.tables import blocks_of
from exports.validation.completeness import has_ended
from exports.validation.rule import Result
from exports.validation.view import View


def ended(view: View, _: Mapping) -> Result:
    """The business date of the release is on or after the last day of each period."""
    return _looked(view, [] if _is_of_contribution_years(view) else list(view.part.ref_periods))


def running(view: View, _: Mapping) -> Result:
    """A contribution year that is given has ended: T08 alone gives running ones (S1)."""
    return _looked(view, list(view.part.ref_periods) if _is_of_contribution_years(view) else [])


def _is_of_contribution_years(view: View) -> bool:
    return any("contribution_year" in block.frequencies for block in blocks_of(view.statistic))


def _looked(view: View, periods: list[str]) -> Result:
    late = [ref for ref in periods if not has_ended(ref, view.contents.business_date)]
    return Result(len(periods), len(late), f"{view.code} {late[0]}" if late else "")
