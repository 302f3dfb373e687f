"""The files that did not keep a promise, one by one.

Belongs here: their list. Does not belong here: how many there are of all (sections/
promise_detail.py).
"""

import pandas as pd

from dashboards import grids, queries, sheet
from dashboards.access import parts
from dashboards.figures import From
from dashboards.formats import COUNT, DAY, EUROS
from dashboards.source import Reading

_SQL = queries.beside(__file__)
_LISTED = 500
_DAYS = ("started_date", "deadline_date", "done_date")
_FORMS = {"days_over": COUNT, "amount": EUROS, **dict.fromkeys(_DAYS, DAY)}


def show(reading: Reading, measure: pd.Series, office: str, quarter: str) -> None:
    """Show the missed items of a measure (a row of the overview), the latest first."""
    if not parts.is_shown(reading, "service.fct_missed_items"):
        return
    language = reading.language
    sheet.heading(reading.text("missed_items"), 3)
    chosen = {"code": measure["code"], "quarter": quarter, "office": office}
    count = int(reading.query(_SQL["count"], **chosen)["items"].iloc[0])
    if not count:
        sheet.success(reading.text("missed_none"))
        return
    rows = reading.query(_SQL["listed"], **chosen, today=reading.looked_on, listed=_LISTED)
    rows["days_over"] = rows["days_over"].astype("Float64").astype(float)
    worst = rows["days_over"].max()
    said = {"all": language.number(count), "shown": language.number(len(rows))}
    if pd.isna(worst):
        sheet.paragraph(reading.text("missed_sentence_plain", **said))
    else:
        sheet.paragraph(language.counted("missed_sentence", worst, **said))
        day = {"today": reading.looked_on, "date": reading.release.business_date}
        sheet.note(
            reading.text("days_counted", **{key: language.day(one) for key, one in day.items()})
        )
    lists = {"office_code": "office"}
    if pd.notna(measure["breakdown_list"]):
        lists["breakdown_code"] = measure["breakdown_list"]
    rows = reading.with_names(rows, **lists)
    # A column that says nothing of this promise is left out.
    told = [name for name in rows.columns if rows[name].notna().any()]
    columns = From(reading, "service", "fct_missed_items").columns(told, _FORMS)
    grids.show_table(reading, f"commitment_missed_{measure['code']}", rows, columns)
