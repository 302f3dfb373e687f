"""Years of cohorts at equal age: each against the year before, in points and in euros.

Belongs here: that comparison, and what of it is volume and what is rate. Does not belong here:
cohorts quarter by quarter (cohorts page), what another release knew (cohort_comparison).
"""

import pandas as pd

from dashboards import charts, comparison, exhibits, filters, queries, sheet
from dashboards.figures import Column, From
from dashboards.formats import COUNT, EUROS, SHARE, YEAR, with_decimals
from dashboards.sections.cohort_cells import MART, SEGMENT, parameters
from dashboards.source import Reading

_SQL = queries.beside(__file__)
#: A year after the quarter of the claims most of what comes in has come in.
_USUAL_AGE = 4


def show(reading: Reading, chosen: dict) -> None:
    """Show every year whose claims have reached the chosen age."""
    text, language = reading.text, reading.language
    sheet.heading(text("cohorts_years"))
    asked = parameters(chosen, *SEGMENT)
    ages = [str(age) for age in reading.query(_SQL["ages"], **asked)["quarters_since_due"]]
    if not ages:
        sheet.info(reading.nothing("cohorts_empty"))
        return
    age = filters.one_of(
        "cohorts_age",
        text("cohorts_age"),
        ages,
        {code: language.counted("cohorts_quarters", int(code)) for code in ages},
        default=str(_USUAL_AGE),
    )
    rows = reading.query(_SQL["years"], age=int(age), **asked)
    rows["year"] = rows["cohort_year"].astype(str)
    rows["is_partial"] = rows["quarters"] < 4
    rows["points"] = 100 * (rows["compared_rate"] - rows["before_rate"])
    chart = charts.rate_line(
        rows,
        x="year",
        x_title=text("cohorts_year"),
        y="rate",
        y_title=text("cohorts_metric_share"),
        order=list(rows["year"]),
        hollow="is_partial",
    )
    exhibits.show(
        reading,
        "cohorts_years",
        chart,
        _sentence(reading, rows, int(age)),
        rows.iloc[::-1],
        _columns(reading),
        note=text("cohorts_years_scope"),
    )


def _sentence(reading: Reading, rows: pd.DataFrame, age: int) -> str:
    language = reading.language
    told = {"age": language.counted("cohorts_quarters", age)}
    compared = rows[rows["compared_quarters"] > 0]
    if compared.empty:
        last = rows.iloc[-1]
        told |= {"year": last["year"], "rate": language.percent(last["rate"])}
        return reading.text("cohorts_years_sentence_one", **told)
    last = compared.iloc[-1]
    return reading.text(
        "cohorts_years_sentence",
        **told,
        quarters=language.counted("cohorts_same", last["compared_quarters"]),
        year=last["year"],
        before=int(last["cohort_year"]) - 1,
        rate=language.percent(last["compared_rate"]),
        before_rate=language.percent(last["before_rate"]),
        points=comparison.change(reading, SHARE, last["compared_rate"], last["before_rate"]),
        rate_amount=language.change(last["rate_amount"], 0),
        volume_amount=language.change(last["volume_amount"], 0),
        change_amount=language.change(last["change_amount"], 0),
    )


def _columns(reading: Reading) -> list[Column]:
    mart, share = From(reading, *MART), with_decimals(SHARE, 2)
    own = mart.own_column
    return [
        own("cohort_year", "cohorts_year", YEAR),
        own("quarters", "cohorts_year_quarters", COUNT),
        *mart.columns(("claimed_amount", "collected_amount"), EUROS),
        own("rate", "cohorts_year_rate", share),
        own("compared_quarters", "cohorts_year_compared", COUNT),
        own("compared_rate", "cohorts_year_compared_rate", share),
        own("before_rate", "cohorts_year_before_rate", share),
        own("points", "cohorts_year_points", with_decimals(COUNT, 2)),
        own("rate_amount", "cohorts_year_rate_amount", EUROS),
        own("volume_amount", "cohorts_year_volume_amount", EUROS),
        own("change_amount", "cohorts_year_change", EUROS),
    ]
