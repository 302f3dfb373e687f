"""What was paid and not due: repaid, waived, still owed, about to prescribe.

Belongs here: its chart and its sentence. Does not belong here: what is paid (the page of benefits).
"""

from dashboards import charts, exhibits, queries, sheet
from dashboards.access import parts
from dashboards.charts import BLUE, GREY, VERMILLION
from dashboards.figures import Column, From
from dashboards.formats import COUNT, EUROS
from dashboards.source import Reading

_SQL = queries.beside(__file__)
_COLOURS = {"repaid_amount": BLUE, "waived_amount": GREY, "outstanding_amount": VERMILLION}


def show(reading: Reading) -> None:
    """Show undue payments by cause."""
    if not parts.is_shown(reading, "benefit.mart_overpayments"):
        return
    mart, euros = From(reading, "benefit", "mart_overpayments"), reading.language.euros
    sheet.heading(reading.text("overpayments"))
    rows = reading.query(_SQL["by_cause"])
    if rows.empty:
        sheet.info(reading.nothing("overpayments_none"))
        return
    rows = reading.with_names(rows, cause="overpayment_cause")
    total = rows.drop(columns=["cause"]).sum()
    sentence = reading.text(
        "overpayments_sentence",
        amount=euros(total["amount"], 0),
        repaid=euros(total["repaid_amount"], 0),
        outstanding=euros(total["outstanding_amount"], 0),
        soon=euros(total["soon_amount"], 0),
    )
    chart = charts.stacked_columns(
        rows,
        x="cause",
        parts={name: (mart.label(name), colour) for name, colour in _COLOURS.items()},
        x_title=mart.label("cause"),
        y_title=reading.text("amount_axis"),
    )
    columns = [
        mart.column("cause"),
        Column("count", reading.text("count"), format=COUNT),
        *mart.columns(("amount", *_COLOURS), EUROS),
        *(
            Column(name, reading.text(name), format=EUROS)
            for name in ("prescribed_amount", "soon_amount")
        ),
    ]
    exhibits.show(reading, "benefits_overpayments", chart, sentence, rows, columns)
