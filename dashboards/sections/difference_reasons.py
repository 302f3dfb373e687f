"""Why charges differ from the law: by reason, in charges and in money.

Belongs here: its chart and its sentence. Does not belong here: the charges one by one
(sections/differences.py), how many are right (the page of accuracy, whose query gives the rows).
"""

from dataclasses import replace

import pandas as pd

from dashboards import charts, exhibits, sheet
from dashboards.figures import Column, From
from dashboards.formats import COUNT, EUROS
from dashboards.source import Reading

_MART = ("contribution", "mart_accuracy")


def show(reading: Reading, rows: pd.DataFrame) -> None:
    """Show the reasons, with the most money first (rows of `by_reason`)."""
    mart, language = From(reading, *_MART), reading.language
    sheet.heading(reading.text("accuracy_chart_reason"))
    if rows.empty:
        sheet.info(reading.nothing("accuracy_none_differ"))
        return
    rows = reading.with_names(rows, difference_reason="difference_reason")
    rows["written"] = rows["charges"].map(language.number)
    first, stake = rows.iloc[0], mart.label("absolute_difference_amount")
    sentence = reading.text(
        "accuracy_chart_reason_sentence",
        reason=first["difference_reason"],
        charges=first["written"],
        amount=language.euros(first["amount"], 0),
    )
    chart = charts.ranked_bars(
        rows,
        y="difference_reason",
        x="amount",
        x_title=f"{stake} (€)",
        label="written",
        label_title=mart.label("charges"),
    )
    columns = [
        mart.column("difference_reason"),
        mart.column("charges", COUNT),
        Column("amount", stake, "", EUROS),
        replace(mart.column("difference_amount", EUROS), name="net"),
    ]
    exhibits.show(reading, "accuracy_reasons", chart, sentence, rows, columns)
