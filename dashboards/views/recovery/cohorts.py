"""Cohorts of claims: what each quarter's claims brought in, what they may still bring, how fast.

Belongs here: the choices and the heat map of this page. Does not belong here: the estimate itself,
which comes with the release, segment by segment; curves, years, other releases, times (sections).
"""

import pandas as pd
import streamlit as st

from dashboards import asof, charts_matrix, exhibits, figures, filters, queries, sheet
from dashboards.figures import From
from dashboards.sections import (
    cohort_comparison,
    cohort_completion,
    cohort_curves,
    cohort_years,
    time_to_payment,
)
from dashboards.sections.cohort_cells import MART, cell_columns, read_cells
from dashboards.source import Reading, current

_SHOWN_COHORTS = 20
_AGES = 16
_SQL = queries.beside(__file__)


def render(reading: Reading) -> None:
    """Draw the page."""
    if not asof.holds(reading, MART[1]):
        return
    with st.container(border=True):
        other, chosen = _choose(reading)
    cells = read_cells(reading, chosen) if chosen else pd.DataFrame()
    if cells.empty:
        sheet.info(reading.nothing("cohorts_empty"), icon=":material/filter_alt_off:")
        return
    _figures(reading, chosen, cells)
    _heatmap(reading, chosen, cells)
    cohort_curves.show(reading, chosen, cells)
    cohort_years.show(reading, chosen)
    if other is not None and asof.holds(other, MART[1]):
        cohort_comparison.show(reading, other, chosen, cells)
    cohort_completion.show(reading, chosen)
    time_to_payment.show(reading, chosen)


def _choose(reading: Reading) -> tuple[Reading | None, dict | None]:
    """The release to compare with, and what is chosen; nothing where there is nothing to choose."""
    top, bottom = st.columns(3, gap="medium"), st.columns([3, 2, 2], gap="medium")
    known = reading.query(_SQL["known"])
    if known.empty:
        return None, None
    mart = From(reading, *MART)
    with top[0]:
        types = {
            code: label
            for code, label in reading.labels("account_type").items()
            if code in set(known["account_type"])
        }
        kind = filters.one_of_few("cohorts_type", mart.label("account_type"), types)
    within = known[known["account_type"] == kind]

    def codes(name: str, list_name: str) -> list[str]:
        available = sorted(set(within[name]))
        return filters.codes(
            reading, f"cohorts_{list_name}s", mart.label(name), list_name, available
        )

    with top[1]:
        natures = codes("nature", "nature")
    with top[2]:
        origins = codes("affiliation_origin", "origin")
    with bottom[0]:
        metrics = {
            one: reading.text(f"cohorts_metric_{one}") for one in ("share", "amount", "open")
        }
        metric = filters.one_of_few("cohorts_metric", reading.text("cohorts_metric"), metrics)
    with bottom[1]:
        first, last = filters.period_range(
            reading,
            "cohorts_quarters",
            mart.label("cohort_quarter"),
            sorted(set(within["cohort_quarter"])),
            _SHOWN_COHORTS,
        )
    with bottom[2]:
        other = asof.choose_other(reading, "cohorts_other")
    return other, {
        "account_type": kind, "natures": natures, "origins": origins, "first": first, "last": last,
        "metric": metric,
    }  # fmt: skip


def _figures(reading: Reading, chosen: dict, cells: pd.DataFrame) -> None:
    mart, language = From(reading, *MART), reading.language
    seen = cells[~cells["is_projection"]]
    latest = seen.loc[seen.groupby("cohort_quarter")["quarters_since_due"].idxmax()]
    claimed, collected = latest["claimed_amount"].sum(), latest["collected_amount"].sum()
    year = seen[seen["quarters_since_due"] == 4]
    due, paid = year["claimed_amount"].sum(), year["collected_amount"].sum()
    span = reading.text("cohorts_span", first=chosen["first"], last=chosen["last"])
    share = language.percent(collected / claimed if claimed else None)
    figures.show_figures(
        reading,
        [
            mart.figure("claimed_amount", language.euros(claimed, 0), span),
            mart.figure(
                "collected_amount",
                language.euros(collected, 0),
                reading.text("of_claimed", share=share),
            ),
            mart.own_figure("cohorts_after_year", language.percent(paid / due if due else None)),
        ],
    )


def _heatmap(reading: Reading, chosen: dict, cells: pd.DataFrame) -> None:
    mart, is_share = From(reading, *MART), chosen["metric"] == "share"
    sheet.heading(reading.text("cohorts_heatmap"))
    shown = cells[cells["quarters_since_due"] <= _AGES].dropna(subset=["value"]).copy()
    # Inside a cell only the number, in per cent or thousands: the doubt stands in the table and at
    # the pointer.
    scale = 100 if is_share else 0.001
    shown["short"] = (scale * shown["value"]).map(reading.language.number)
    chart = charts_matrix.heatmap(
        shown,
        x="quarters_since_due",
        x_title=mart.label("quarters_since_due"),
        y="cohort_quarter",
        y_title="",
        value="value",
        value_title=reading.text(f"cohorts_metric_{chosen['metric']}"),
        written="short",
        details="written",
        x_order=sorted(set(shown["quarters_since_due"])),
        y_order=sorted(set(shown["cohort_quarter"])),
        faded="is_projection",
        share=is_share,
    )
    note = "" if is_share else reading.text("cohorts_thousands")
    sentence = _heatmap_sentence(reading, cells)
    exhibits.show(
        reading, "cohorts_heatmap", chart, sentence, cells, cell_columns(reading), note=note
    )


def _heatmap_sentence(reading: Reading, cells: pd.DataFrame) -> str:
    seen = cells[~cells["is_projection"] & (cells["quarters_since_due"] == 1)]
    if len(seen) < 2:
        return reading.text("cohorts_heatmap_sentence_short")
    shares = seen["collected_amount"] / seen["claimed_amount"].where(seen["claimed_amount"] != 0)
    first, last = seen.iloc[0], seen.iloc[-1]
    return reading.text(
        "cohorts_heatmap_sentence",
        first=first["cohort_quarter"],
        first_share=reading.language.percent(shares.iloc[0]),
        last=last["cohort_quarter"],
        last_share=reading.language.percent(shares.iloc[-1]),
    )


render(current())
