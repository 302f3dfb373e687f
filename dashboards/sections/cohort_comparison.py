"""The same cohorts as two releases know them.

Belongs here: what differs between them. Does not belong here: the choice of the other release
(asof), years at equal age (cohort_years).
"""

import pandas as pd

from dashboards import grids, sheet
from dashboards.figures import Column, From
from dashboards.formats import COUNT, EUROS
from dashboards.sections.cohort_cells import MART, read_cells
from dashboards.source import Reading

_KEYS = ["cohort_quarter", "quarters_since_due"]
_AMOUNTS = ["claimed_amount", "collected_amount"]


def show(reading: Reading, other: Reading, chosen: dict, cells: pd.DataFrame) -> None:
    """Show the cells that differ."""
    mart, language, text = From(reading, *MART), reading.language, reading.text
    this, that = (language.day(one.release.business_date) for one in (reading, other))
    sheet.heading(text("cohorts_comparison"))
    both = _seen(cells).merge(
        _seen(read_cells(other, chosen)), on=_KEYS, how="outer", suffixes=("", "_other")
    )
    for name in _AMOUNTS:
        both[f"{name}_change"] = (both[name] - both[f"{name}_other"]).round(2)
    changed = both[(both[[f"{name}_change" for name in _AMOUNTS]].fillna(1) != 0).any(axis=1)]
    sheet.paragraph(
        text(
            "cohorts_comparison_sentence",
            changed=language.number(len(changed)),
            all=language.number(len(both)),
            this=this,
            other=that,
        )
    )
    columns = mart.columns(_KEYS, {"quarters_since_due": COUNT})
    difference = text("cohorts_change")
    for name in _AMOUNTS:
        label = mart.label(name)
        columns += [
            Column(name, f"{label} ({this})", format=EUROS),
            Column(f"{name}_other", f"{label} ({that})", format=EUROS),
            Column(f"{name}_change", f"{label} ({difference})", format=EUROS),
        ]
    grids.show_table(reading, "cohorts_comparison", changed, columns)


def _seen(cells: pd.DataFrame) -> pd.DataFrame:
    return cells.loc[~cells["is_projection"], _KEYS + _AMOUNTS]
