"""How much the cohorts may still bring in, segment by segment.

Belongs here: the sum of the segments and its doubt. Does not belong here: the estimate (warehouse).
"""

from dashboards import figures, grids, queries, sheet
from dashboards.access import parts
from dashboards.figures import From
from dashboards.formats import COUNT, EUROS, with_decimals
from dashboards.sections.cohort_cells import SEGMENT, WIDTH, parameters
from dashboards.source import Reading

_MART = ("recovery", "mart_cohort_completion")
_SQL = queries.beside(__file__)
_AMOUNTS = ("claimed_amount", "collected_amount", "expected_amount", "standard_error_amount")


def show(reading: Reading, chosen: dict) -> None:
    """Show the chosen segments."""
    if not parts.is_shown(reading, "recovery.mart_cohort_completion"):
        return
    mart, language = From(reading, *_MART), reading.language
    sheet.heading(reading.text("cohorts_completion"))
    rows = reading.query(_SQL["segments"], **parameters(chosen, *SEGMENT))
    if rows.empty:
        sheet.info(reading.nothing("cohorts_empty"))
        return
    expected, claimed = rows["expected_amount"].sum(), rows["claimed_amount"].sum()
    error = float((rows["standard_error_amount"] ** 2).sum() ** 0.5)
    sheet.paragraph(
        reading.text(
            "cohorts_completion_sentence",
            expected=language.euros(expected, 0),
            error=language.euros(WIDTH * error, 0),
            claimed=language.percent(expected / claimed if claimed else None),
        ),
        figures.defined_by(reading, mart.reference),
    )
    columns = [
        *mart.columns(("nature", "affiliation_origin")),
        *mart.columns(_AMOUNTS, EUROS),
        *mart.columns(("cohorts_projected", "last_quarters_since_due"), COUNT),
        mart.column("tail_factor", with_decimals(COUNT, 3)),
    ]
    named = reading.with_names(rows, nature="nature", affiliation_origin="origin")
    grids.show_table(reading, "cohorts_completion", named, columns)
