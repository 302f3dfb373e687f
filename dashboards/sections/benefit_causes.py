"""Why benefits are paid: by the cause of their claims.

Belongs here: its chart and its sentence. Does not belong here: benefits as a whole (the page).
"""

from dashboards import charts, exhibits, queries, rankings, sheet
from dashboards.figures import From
from dashboards.formats import COUNT, EUROS
from dashboards.source import Reading

_MART = ("benefit", "mart_quarter")
_COUNTS = ("claims_submitted", "claims_granted", "claims_granted_automatically", "claims_refused")
_SQL = queries.beside(__file__)


def show(reading: Reading, chosen: dict) -> None:
    """Show the bridging right by pillar, carers by cause; the other benefits have none."""
    mart, language = From(reading, *_MART), reading.language
    sheet.heading(reading.text("chart_causes"))
    rows = reading.query(_SQL["by_cause"], **chosen)
    if rows.empty:
        sheet.info(reading.text("no_causes"))
        return
    told = rankings.named(rows, "cause")
    rows = reading.with_names(rows, cause="benefit_cause", benefit="benefit")
    rows["written"] = [
        reading.text("granted_count", count=language.number(count))
        for count in rows["claims_granted"]
    ]
    sentence = reading.text("chart_causes_few")
    if len(told):
        biggest = rows.loc[told.index[0]]
        sentence = reading.text(
            "chart_causes_sentence",
            cause=biggest["cause"],
            benefit=biggest["benefit"],
            amount=language.euros(biggest["paid_amount"], 0),
        )
    chart = charts.ranked_bars(
        rows,
        y="cause",
        x="paid_amount",
        x_title=f"{mart.label('paid_amount')} (€)",
        label="written",
        label_title=mart.label("claims_granted"),
    )
    columns = [
        *mart.columns(("benefit", "cause")),
        mart.column("paid_amount", EUROS),
        *mart.columns(_COUNTS, COUNT),
    ]
    exhibits.show(reading, "benefits_causes", chart, sentence, rows, columns)
