"""What changed since the last release: the movements of what is expected, and no stock beside them.

Belongs here: the movements. Does not belong here: from one stock to another (bridge), who paid
(new_payments).
"""

import pandas as pd

from dashboards import charts_marks, exhibits, queries, sheet
from dashboards.access import parts
from dashboards.figures import From
from dashboards.formats import EUROS
from dashboards.source import Reading

_MART = ("recovery", "mart_outstanding_changes")
_SQL = queries.beside(__file__)
_START, _END = "outstanding_start_amount", "outstanding_end_amount"
#: What makes more expected (1) or less (-1); moves between stages and natures are the rest.
_MOVEMENTS = {
    "newly_claimed_amount": 1,
    "collected_amount": -1,
    "relieved_amount": -1,
    "credited_amount": -1,
    "written_off_amount": -1,
    "prescribed_amount": -1,
    "reinstated_amount": 1,
    "moved_in_amount": 1,
    "moved_out_amount": -1,
}


def show(reading: Reading, natures: list[str]) -> None:
    """Show what changed of the chosen natures."""
    if not parts.is_shown(reading, "recovery.mart_outstanding_changes"):
        return
    mart = From(reading, *_MART)
    sheet.heading(reading.text("arrears_changes"))
    rows = reading.query(_SQL["changes"], natures=natures)
    if rows.empty:
        sheet.info(reading.text("arrears_changes_none"))
        return
    totals = rows[[_START, *_MOVEMENTS, _END]].sum().round(2)
    steps = movements(reading, totals)
    if len(steps) < 2:
        sheet.info(reading.text("arrears_changes_nothing"))
        return
    chart = charts_marks.waterfall(
        steps,
        label="step",
        value="value",
        kind="kind",
        written="written",
        y_title=reading.text("amount_axis"),
    )
    names = [_START, "moved_in_amount", "moved_out_amount", *list(_MOVEMENTS)[:-2], _END]
    columns = [*mart.columns(("nature", "stage")), *mart.columns(names, EUROS)]
    named = reading.with_names(rows, nature="nature", stage="stage")
    sentence = _sentence(reading, totals, rows["since_date"].iloc[0])
    exhibits.show(reading, "arrears_changes", chart, sentence, named, columns)


def movements(reading: Reading, totals: pd.Series) -> pd.DataFrame:
    """The movements that happened, then all of them together: `value`, `kind`, `written`."""
    mart = From(reading, *_MART)
    moves = {name: sign * totals[name] for name, sign in _MOVEMENTS.items()}
    # What goes from one stage to another comes in and goes out: only a rest is a movement.
    moves["moved_in_amount"] += moves.pop("moved_out_amount")
    found = [
        (mart.label(name), value, "more" if value > 0 else "less")
        for name, value in moves.items()
        if abs(value) >= 0.005
    ]
    change = totals[_END] - totals[_START]
    found.append((reading.text("arrears_changes_sum"), change, "sum"))
    steps = pd.DataFrame(found, columns=["step", "value", "kind"])
    steps["written"] = [reading.language.change(value, 0) for value in steps["value"]]
    return steps


def _sentence(reading: Reading, totals: pd.Series, since: pd.Timestamp) -> str:
    language = reading.language
    is_whole = pd.isna(since)
    return reading.text(
        "arrears_changes_sentence_whole" if is_whole else "arrears_changes_sentence",
        since="–" if is_whole else language.day(since),
        start=language.euros(totals[_START], 0),
        end=language.euros(totals[_END], 0),
        claimed=language.euros(totals["newly_claimed_amount"], 0),
        collected=language.euros(totals["collected_amount"], 0),
    )
