"""How long it takes until claims are paid.

Belongs here: the curves of the natures. Does not belong here: amounts (cohorts page).
"""

from dashboards import charts_curves, exhibits, queries, sheet
from dashboards.access import parts
from dashboards.figures import From
from dashboards.formats import COUNT, SHARE, with_decimals
from dashboards.sections.cohort_cells import parameters
from dashboards.source import Reading

_MART = ("recovery", "mart_time_to_payment")
_SQL = queries.beside(__file__)
_DAYS = 1825
_SHARES = ("paid_share", "relieved_share", "prescribed_share", "irrecoverable_share", "open_share")


def show(reading: Reading, chosen: dict) -> None:
    """Show one curve for each chosen nature."""
    if not parts.is_shown(reading, "recovery.mart_time_to_payment"):
        return
    mart, percent = From(reading, *_MART), reading.language.percent
    sheet.heading(reading.text("cohorts_time"))
    asked = parameters(chosen, "account_type", "natures")
    rows = reading.query(_SQL["curves"], days=_DAYS, **asked)
    if rows.empty:
        sheet.info(reading.nothing("cohorts_empty"))
        return
    there = set(rows["nature"])
    names = {code: name for code, name in reading.labels("nature").items() if code in there}
    first = next(iter(names))
    rows = reading.with_names(rows, nature="nature")
    chart = charts_curves.stepped_shares(
        rows,
        x="days_since_due",
        x_title=mart.label("days_since_due"),
        y="paid_share",
        y_title=mart.label("paid_share"),
        series="nature",
        order=list(names.values()),
    )
    after = reading.query(_SQL["after"], account_type=chosen["account_type"], nature=first).iloc[0]
    sentence = reading.text(
        "cohorts_time_sentence",
        nature=names[first],
        **{name: percent(after[name]) for name in ("on_time", "quarter", "year")},
    )
    columns = [
        mart.column("nature"),
        *mart.columns(("days_since_due", "at_risk"), COUNT),
        *mart.columns(_SHARES, with_decimals(SHARE, 2)),
    ]
    scope = reading.text("cohorts_time_scope")
    exhibits.show(reading, "cohorts_time", chart, sentence, rows, columns, note=scope)
