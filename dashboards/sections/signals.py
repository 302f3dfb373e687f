"""What asks for somebody today, for the first page: promises missed or about to be, the worklist,
prescriptions, statistics that are due, deliveries and checks.

Belongs here: one short part per subject, each left out for whom it is not. Does not belong here:
the pages where the work is done.
"""

from collections.abc import Callable
from datetime import timedelta

import pandas as pd

from dashboards import clock, figures, grids, measures, rankings, sheet
from dashboards.desk import listing, promise
from dashboards.figures import Column, From
from dashboards.formats import COUNT, with_decimals
from dashboards.queries import beside
from dashboards.sections import follow
from dashboards.source import Reading
from release.refusals import refusals

_SQL = beside(__file__)
#: Days ahead that the first page looks for debts that prescribe.
PRESCRIPTION_DAYS = 30
#: Values have units of their own: each is written as its own says.
_VALUE = with_decimals(COUNT, 1)
_COMMITMENTS = ("service", "mart_commitments")
_WORKLIST = ("recovery", "mart_worklist")
_PRESCRIPTION = ("recovery", "mart_prescription")


def promises(reading: Reading, quarter: str) -> None:
    """Promises with a target that were missed, and those that the running quarter misses so far."""
    if not reading.holds(*_COMMITMENTS):
        return
    sheet.heading(reading.text("home_promises"))
    running = reading.running_quarter()
    rows, columns = promise_rows(reading, quarter, [quarter, running])
    if rows.empty:
        sheet.success(reading.text("home_promises_kept", quarter=reading.language.quarter(quarter)))
        return
    fund = rows[rows["is_missed"]]
    sheet.paragraph(
        reading.text(
            "home_promises_sentence",
            quarter=reading.language.quarter(quarter),
            missed=_count(reading, fund["quarter"] == quarter),
            running=_count(reading, fund["quarter"] == running),
        )
    )
    grids.show_table(reading, "home_promises", rows, columns)
    follow.listed(reading, "promises_missed")


def promise_rows(
    reading: Reading, quarter: str, quarters: list[str]
) -> tuple[pd.DataFrame, list[Column]]:
    """Return the promises that somebody missed in these quarters, those of the fund first, and
    their columns. `quarter`: the one whose misses stand on top."""
    rows = reading.query(_SQL["promises"], quarters=quarters, least=rankings.LEAST)
    names = reading.labels("office")

    def written(write: Callable, column: str) -> list[str]:
        return [write(reading, *pair) for pair in zip(rows[column], rows["unit"], strict=True)]

    rows["title"] = rows["code"].map(promise_titles(reading))
    rows["written"] = [
        measures.at_least(value, measures.beyond(reading, row, of_fund=True))
        for value, (_, row) in zip(
            written(measures.write_value, "value"), rows.iterrows(), strict=True
        )
    ]
    rows["aim"] = written(measures.write_target, "target")
    rows["where"] = [", ".join(names.get(one, one) for one in found) for found in rows["offices"]]
    rows["_first"] = ~(rows["is_missed"] & (rows["quarter"] == quarter))
    rows = rows.sort_values(["_first", "code", "quarter"], ignore_index=True)
    mart = From(reading, *_COMMITMENTS)
    return rows, [
        mart.column("code"),
        Column("title", reading.text("home_promise"), wide=True),
        mart.column("quarter"),
        Column(
            "value",
            reading.text("home_fund_value"),
            format=_VALUE,
            reference=mart.reference,
            written="written",
        ),
        Column(
            "target",
            mart.label("target"),
            format=_VALUE,
            reference=mart.reference,
            written="aim",
        ),
        Column(
            "denominator",
            reading.text("items"),
            reading.text("items_help"),
            COUNT,
            reference=mart.reference,
        ),
        Column(
            "where",
            reading.text("home_offices"),
            reading.text("home_offices_help", least=rankings.LEAST),
            wide=True,
            reference=mart.reference,
        ),
    ]


def promise_titles(reading: Reading) -> dict[str, str]:
    """Return what each promise is called where it stands without the others, by its code."""
    found = reading.query(_SQL["names"], lang=reading.lang)
    return dict(zip(found["code"], found["title"], strict=True))


def recovery(reading: Reading) -> None:
    """The worklist and what is lost within thirty days."""
    if not (reading.holds(*_WORKLIST) and reading.holds(*_PRESCRIPTION)):
        return
    sheet.heading(reading.text("home_recovery"))
    number, euros = reading.language.number, reading.language.euros
    work, lost = worklist_totals(reading), lost_within(reading, PRESCRIPTION_DAYS)
    worklist, clocks = From(reading, *_WORKLIST), From(reading, *_PRESCRIPTION)
    first = reading.language.day(lost["first_date"]) if lost["charges"] else "–"
    figures.show_figures(
        reading,
        [
            worklist.own_figure(
                "worklist_accounts", number(work["accounts"]), euros(work["amount"], 0)
            ),
            worklist.own_figure("worklist_overdue", number(work["due"])),
            clocks.own_figure(
                "home_prescribed",
                euros(lost["amount"], 0),
                reading.language.counted("account_charges", lost["charges"]),
            ),
            clocks.own_figure("home_first_prescription", first),
        ],
    )
    follow.figures(reading, "prescribed_soon")


def worklist_totals(reading: Reading) -> pd.Series:
    """Return accounts, amount (EUR) and accounts due of the worklist."""
    return reading.query(_SQL["worklist"], today=reading.looked_on).iloc[0]


def lost_within(reading: Reading, days: int) -> pd.Series:
    """Return accounts, charges, amount (EUR) and first date of what prescribes within `days`."""
    today = reading.looked_on
    until = today + timedelta(days=days)
    return reading.query(_SQL["prescriptions"], today=today, until=until).iloc[0]


def checks(reading: Reading) -> pd.Series:
    """Return the number of checks of the release, and of those that found something."""
    return reading.query(_SQL["checks"]).iloc[0]


def requests(reading: Reading) -> None:
    """Requests for statistics that wait, those that are late."""
    if "requests" not in reading.right.pages:
        return
    sheet.heading(reading.text("home_statistics"))
    found = promise.from_register(reading)
    promise.told(reading, found)
    if not found.unread:
        listing.figures(reading, found.requests.values(), clock.today())


def data(reading: Reading) -> None:
    """Deliveries that were not taken and checks that found something."""
    if "deliveries" not in reading.right.pages:
        return
    sheet.heading(reading.text("home_data"))
    judgements = checks(reading)
    waiting = refusals()
    held = sum(one.is_held for one in waiting)
    number = reading.language.number
    of_all = reading.text("home_of_checks", count=number(judgements["checks"]))
    deliveries, judged = From(reading, "meta", "deliveries"), From(reading, "meta", "checks")
    figures.show_figures(
        reading,
        [
            deliveries.own_figure("home_refused", number(len(waiting) - held)),
            deliveries.own_figure("home_held", number(held)),
            judged.own_figure("home_checks", number(judgements["found"]), of_all),
        ],
    )


def _count(reading: Reading, which: pd.Series) -> str:
    return reading.language.number(int(which.sum()))
