"""Who is new on the worklist since the last release, and who is gone and why.

Belongs here: that comparison, as the release made it. Does not belong here: the list itself, what
came in (new_payments).
"""

from functools import partial

import pandas as pd

from dashboards import figures, grids, queries, sheet
from dashboards.figures import From
from dashboards.formats import EUROS
from dashboards.source import Reading

_MART = ("recovery", "mart_worklist_changes")
_SQL = queries.beside(__file__)


def show(reading: Reading, scope: dict) -> None:
    """Show the accounts of the chosen `types`, `offices` and `agents`."""
    mart, language = From(reading, *_MART), reading.language
    sheet.heading(reading.text("changes_heading"))
    since = reading.query(_SQL["since"])["since_date"].iloc[0]
    if pd.isna(since):
        sheet.info(reading.text("changes_no_release"))
        return
    totals = reading.query(_SQL["totals"], **scope)
    appeared = int(totals.loc[totals["movement"] == "appeared", "accounts"].sum())
    gone = totals[totals["movement"] == "gone"]
    figures.show_figures(
        reading,
        [
            mart.own_figure("changes_appeared", language.number(appeared)),
            mart.own_figure("changes_gone", language.number(int(gone["accounts"].sum()))),
        ],
    )
    if gone.empty:
        sheet.paragraph(reading.text("changes_none_gone", since=language.day(since)))
    else:
        why = reading.named("worklist_cause", gone["cause"])
        told = [
            f"{cause} ({language.number(count)})"
            for cause, count in zip(why, gone["accounts"], strict=True)
        ]
        sheet.paragraph(
            reading.text(
                "changes_sentence",
                since=language.day(since),
                causes=", ".join(told),
            )
        )
    lines = int(totals["accounts"].sum())
    if lines:
        columns = mart.columns(
            ("movement", "account_id", "cause", "reason", "next_action", "outstanding_amount",
             "office_code", "agent_id"),
            {"outstanding_amount": EUROS},
        )  # fmt: skip
        title = reading.text("changes_heading")
        read = partial(_rows, reading, scope)
        grids.show_list(reading, "worklist_changes", title, read, columns, lines)


def _rows(reading: Reading, scope: dict, lines: int) -> pd.DataFrame:
    return reading.with_names(
        reading.query(_SQL["list"], lines=lines, **scope),
        movement="worklist_movement",
        cause="worklist_cause",
        reason="worklist_reason",
        next_action="worklist_action",
        office_code="office",
    )
