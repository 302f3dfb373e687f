"""Who took up the bridging right of those who met its event.

Belongs here: the years by kind of event, and the doubt about them. Does not belong here: claims and
payments (the page of benefits).
"""

import pandas as pd

from dashboards import grids, queries, rankings, sheet
from dashboards.figures import Column, From
from dashboards.formats import COUNT, SHARE
from dashboards.source import Reading

_SQL = queries.beside(__file__)
_COUNTS = ("persons", "persons_claiming", "persons_claiming_automatically", "persons_granted")


def show(reading: Reading) -> None:
    """Show persons who met an event, who asked, and who was granted, by year."""
    number = reading.language.number
    sheet.heading(reading.text("take_up"))
    rows = reading.query(_SQL["years"])
    if rows.empty:
        sheet.info(reading.nothing("take_up_none"))
        return
    rows["take_up_rate"] = rankings.part(reading, rows, "persons_granted", "persons")
    told = rankings.named(rows, "event_kind")
    rows = reading.with_names(rows, event_kind="insolvency_kind")
    last = rows.loc[told.index[0] if len(told) else rows.index[0]]
    sheet.paragraph(
        reading.text(
            "take_up_sentence",
            year=last["year"],
            event=last["event_kind"],
            granted=number(last["persons_granted"]),
            persons=number(last["persons"]),
        )
    )
    _unlikely(reading, rows)
    mart = From(reading, "benefit", "mart_take_up")
    columns = [
        Column("year", reading.text("step_year")),
        mart.column("event_kind"),
        *mart.columns(_COUNTS, COUNT),
        mart.column("take_up_rate", SHARE),
    ]
    grids.show_table(reading, "benefits_take_up", rows, columns)


def _unlikely(reading: Reading, rows: pd.DataFrame) -> None:
    """Warn where nobody took up a right although claims of that kind were granted: the events and
    the claims do not find each other."""
    if not reading.may_see("benefit", "fct_claims"):
        return
    never = rows.groupby("kind")["persons_granted"].sum()
    for kind in never[never == 0].index:
        claims = reading.query(_SQL["granted_of_kind"], kind=kind)["claims"].iloc[0]
        if claims:
            event = reading.label("insolvency_kind", kind)
            sheet.warning(reading.language.counted("take_up_unlikely", claims, event=event))
