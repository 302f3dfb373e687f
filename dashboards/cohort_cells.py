"""Cells of cohorts as a page shows them: segments added up, a metric, a band.

Belongs here: reading and adding up what the release estimates segment by segment. Does not belong
here: the estimate itself (warehouse), filters, charts.
"""

import pandas as pd

from dashboards import figures
from dashboards.figures import Column
from dashboards.formats import COUNT, DAY, EUROS, FLAG, TEXT, Format
from dashboards.source import Reading

MART = ("recovery", "mart_arrears_cohorts")
#: Half the width of a 95 % band, in standard errors.
_WIDTH = 1.96
SEGMENT = """
    account_type = $account_type and list_contains($natures, nature)
    and list_contains($origins, affiliation_origin)
"""
# Segments are estimated one by one, so their errors are taken as independent and their squares add
# up. A segment that cannot be projected stays at what it has brought in.
_CELLS = f"""
    with chosen as (
        select * from recovery.mart_arrears_cohorts
        where {SEGMENT} and cohort_quarter between $first and $last
    ),
    observed as (
        select cohort_quarter, quarters_since_due, observation_date, sum(charges) as charges,
            sum(claimed_amount) as claimed_amount, sum(collected_amount) as collected_amount
        from chosen where not is_projection group by all
    ),
    latest as (
        select cohort_quarter, max(quarters_since_due) as quarters_since_due
        from observed group by cohort_quarter
    ),
    base as (select observed.* from observed natural join latest),
    segment_base as (
        select chosen.cohort_quarter, nature, affiliation_origin, collected_amount
        from chosen inner join latest
            on chosen.cohort_quarter = latest.cohort_quarter
            and chosen.quarters_since_due = latest.quarters_since_due
        where not is_projection
    ),
    added as (
        select chosen.cohort_quarter, chosen.quarters_since_due, chosen.observation_date,
            sum(chosen.collected_amount - segment_base.collected_amount) as added_amount,
            case when count(*) = count(standard_error_amount)
                then sqrt(sum(power(standard_error_amount::double, 2))) end as standard_error
        from chosen inner join segment_base
            on chosen.cohort_quarter = segment_base.cohort_quarter
            and chosen.nature = segment_base.nature
            and chosen.affiliation_origin = segment_base.affiliation_origin
        where is_projection group by all
    )
    select cohort_quarter, quarters_since_due, observation_date, charges::bigint as charges,
        claimed_amount::double as claimed_amount, collected_amount::double as collected_amount,
        false as is_projection, 0.0 as standard_error
    from observed
    union all
    select base.cohort_quarter, added.quarters_since_due, added.observation_date,
        base.charges::bigint, base.claimed_amount::double,
        (base.collected_amount + added.added_amount)::double, true, added.standard_error
    from added inner join base on added.cohort_quarter = base.cohort_quarter
    order by cohort_quarter, quarters_since_due
"""


def parameters(chosen: dict, *names: str) -> dict:
    return {name: chosen[name] for name in names}


def read_cells(reading: Reading, chosen: dict) -> pd.DataFrame:
    """One row per cohort and quarter since due; `value` is what the metric shows."""
    names = ("account_type", "natures", "origins", "first", "last")
    cells = reading.query(_CELLS, **parameters(chosen, *names)).copy()
    claimed = cells["claimed_amount"].where(cells["claimed_amount"] != 0)
    band = cells["standard_error"]
    if chosen["metric"] == "share":
        cells["value"] = cells["collected_amount"] / claimed
        cells["error"] = band / claimed
        top = 1.0
    elif chosen["metric"] == "amount":
        cells["value"], cells["error"], top = cells["collected_amount"], band, float("inf")
    else:
        cells["value"] = cells["claimed_amount"] - cells["collected_amount"]
        cells["error"], top = band, float("inf")
    # More than everything cannot come in: the band stops there.
    cells["low"] = (cells["value"] - _WIDTH * cells["error"]).clip(lower=0)
    cells["high"] = (cells["value"] + _WIDTH * cells["error"]).clip(upper=top)
    cells["written"] = [
        _write(reading, chosen, value, error if estimated else 0)
        for value, error, estimated in zip(
            cells["value"], cells["error"], cells["is_projection"], strict=True
        )
    ]
    return cells


def _write(reading: Reading, chosen: dict, value: float, error: float) -> str:
    language = reading.language
    if chosen["metric"] == "share":
        written = language.percent(value, 0)
        return (
            f"{written} ± {language.number(100 * _WIDTH * error, 0)}"
            if error and error == error
            else written
        )
    written = language.euros(value, 0)
    return f"{written} ± {language.number(_WIDTH * error)}" if error and error == error else written


def cell_columns(reading: Reading) -> list[Column]:
    def column(name: str, format: Format = TEXT) -> Column:
        return figures.column_of(reading, *MART, name, format)

    return [
        column("cohort_quarter"),
        column("quarters_since_due", COUNT),
        column("observation_date", DAY),
        column("charges", COUNT),
        column("claimed_amount", EUROS),
        column("collected_amount", EUROS),
        Column(
            "standard_error",
            reading.entry(*MART, "standard_error_amount").label(reading.lang),
            reading.entry(*MART, "standard_error_amount").definition(reading.lang),
            EUROS,
        ),
        column("is_projection", FLAG),
    ]
