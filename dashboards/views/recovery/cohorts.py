"""Cohorts of claims: what each quarter's claims brought in, what they may still bring, how fast.

Belongs here: the queries and the sentences of this page. Does not belong here: the estimate itself,
which comes with the release, segment by segment; here segments are only added up.
"""

import pandas as pd
import streamlit as st

from dashboards import (
    asof,
    charts_curves,
    charts_matrix,
    exhibits,
    figures,
    filters,
    grids,
    queries,
    sheet,
)
from dashboards.access import parts
from dashboards.cohort_cells import MART, SEGMENT, cell_columns, parameters, read_cells
from dashboards.figures import Column, From
from dashboards.formats import COUNT, EUROS, SHARE, TEXT, Format, with_decimals
from dashboards.source import Reading, current

_SHOWN_COHORTS = 20
_CURVES = 5
_DAYS = 1825
_SQL = queries.beside(__file__)


def render(reading: Reading) -> None:
    """Draw the page."""
    with st.container(border=True):
        other, chosen = _choose(reading)
    if chosen is None:
        return
    cells = read_cells(reading, chosen)
    if cells.empty:
        st.info(reading.text("cohorts_empty"), icon=":material/filter_alt_off:")
        return
    _figures(reading, chosen, cells)
    _heatmap(reading, chosen, cells)
    _curves(reading, chosen, cells)
    if other is not None and asof.holds(other, "mart_arrears_cohorts"):
        _comparison(reading, other, chosen, cells)
    _completion(reading, chosen)
    _time_to_payment(reading, chosen)


def _choose(reading: Reading) -> tuple[Reading | None, dict | None]:
    """The release to compare with, and what is chosen; nothing where there is nothing to choose."""
    top, bottom = st.columns(3, gap="medium"), st.columns([3, 2, 2], gap="medium")
    if not asof.holds(reading, "mart_arrears_cohorts"):
        return None, None
    known = reading.query(_SQL["known"])
    if known.empty:
        sheet.info(reading.text("cohorts_empty"))
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
    language = reading.language
    seen = cells[~cells["is_projection"]]
    latest = seen.loc[seen.groupby("cohort_quarter")["quarters_since_due"].idxmax()]
    claimed, collected = latest["claimed_amount"].sum(), latest["collected_amount"].sum()
    year = seen[seen["quarters_since_due"] == 4]
    figures.show_figures(
        reading,
        [
            figures.figure_of(
                reading,
                *MART,
                "claimed_amount",
                language.euros(claimed, 0),
                reading.text("cohorts_span", first=chosen["first"], last=chosen["last"]),
            ),
            figures.figure_of(
                reading,
                *MART,
                "collected_amount",
                language.euros(collected, 0),
                reading.text(
                    "of_claimed", share=language.percent(collected / claimed if claimed else None)
                ),
            ),
            figures.own_figure(
                reading,
                *MART,
                "cohorts_after_year",
                language.percent(
                    year["collected_amount"].sum() / year["claimed_amount"].sum()
                    if year["claimed_amount"].sum()
                    else None
                ),
            ),
        ],
    )


def _heatmap(reading: Reading, chosen: dict, cells: pd.DataFrame) -> None:
    st.subheader(reading.text("cohorts_heatmap"))
    shown = cells[cells["quarters_since_due"] <= 16].dropna(subset=["value"]).copy()
    share = chosen["metric"] == "share"
    # Inside a cell only the number: the doubt stands in the table and at the pointer.
    shown["short"] = (
        shown["value"].map(lambda v: reading.language.number(100 * v))
        if share
        else shown["value"].map(lambda v: reading.language.number(v / 1000))
    )
    chart = charts_matrix.heatmap(
        shown,
        x="quarters_since_due",
        x_title=reading.label_of(*MART, "quarters_since_due"),
        y="cohort_quarter",
        y_title="",
        value="value",
        value_title=reading.text(f"cohorts_metric_{chosen['metric']}"),
        written="short",
        details="written",
        x_order=sorted(set(shown["quarters_since_due"])),
        y_order=sorted(set(shown["cohort_quarter"])),
        faded="is_projection",
        share=share,
    )
    exhibits.show(
        reading,
        "cohorts_heatmap",
        chart,
        _heatmap_sentence(reading, cells),
        cells,
        cell_columns(reading),
        note=reading.text("cohorts_thousands") if not share else "",
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


def _curves(reading: Reading, chosen: dict, cells: pd.DataFrame) -> None:
    st.subheader(reading.text("cohorts_curves"))
    quarters = sorted(set(cells["cohort_quarter"]))
    # The latest, and the same quarter of the years before.
    usual = [quarters[-1 - 4 * n] for n in range(_CURVES) if len(quarters) > 4 * n]
    key = "cohorts_shown"
    if key in st.session_state:
        st.session_state[key] = [q for q in st.session_state[key] if q in quarters]
    picked = st.multiselect(
        reading.text("cohorts_pick"),
        quarters,
        default=None if key in st.session_state else sorted(usual),
        max_selections=8,
        key=key,
    )
    picked = sorted(picked or usual)
    rows = cells[cells["cohort_quarter"].isin(picked)].dropna(subset=["value"]).copy()
    last_seen = rows[~rows["is_projection"]].groupby("cohort_quarter")["quarters_since_due"].max()
    turning = rows[
        ~rows["is_projection"]
        & (rows["quarters_since_due"] == rows["cohort_quarter"].map(last_seen))
    ]
    rows = pd.concat([rows, turning.assign(is_projection=True, low=turning["value"],
                                           high=turning["value"])])  # fmt: skip
    chart = charts_curves.curves_with_band(
        rows,
        x="quarters_since_due",
        x_title=reading.label_of(*MART, "quarters_since_due"),
        y="value",
        low="low",
        high="high",
        y_title=reading.text(f"cohorts_metric_{chosen['metric']}"),
        series="cohort_quarter",
        order=picked,
        estimated="is_projection",
        format=".0%" if chosen["metric"] == "share" else None,
        written="written",
    )
    youngest = cells[cells["cohort_quarter"] == picked[-1]].iloc[-1]
    sentence = reading.text(
        "cohorts_curves_sentence" if youngest["is_projection"] else "cohorts_curves_sentence_seen",
        cohort=picked[-1],
        value=youngest["written"],
        quarters=reading.language.number(youngest["quarters_since_due"]),
    )
    shown = cells[cells["cohort_quarter"].isin(picked)]
    exhibits.show(
        reading,
        "cohorts_curves",
        chart,
        sentence,
        shown,
        cell_columns(reading),
        note=reading.text("cohorts_method"),
    )


def _comparison(reading: Reading, other: Reading, chosen: dict, cells: pd.DataFrame) -> None:
    """The same cohorts as two releases know them."""
    language = reading.language
    st.subheader(reading.text("cohorts_comparison"))
    keys = ["cohort_quarter", "quarters_since_due"]
    theirs = read_cells(other, chosen)
    theirs = theirs[~theirs["is_projection"]]
    ours = cells[~cells["is_projection"]]
    amounts = ["claimed_amount", "collected_amount"]
    both = ours[keys + amounts].merge(
        theirs[keys + amounts], on=keys, how="outer", suffixes=("", "_other")
    )
    for name in amounts:
        both[f"{name}_change"] = (both[name] - both[f"{name}_other"]).round(2)
    changed = both[
        (both["claimed_amount_change"].fillna(1) != 0)
        | (both["collected_amount_change"].fillna(1) != 0)
    ]
    st.markdown(
        reading.text(
            "cohorts_comparison_sentence",
            changed=language.number(len(changed)),
            all=language.number(len(both)),
            this=language.day(reading.release.business_date),
            other=language.day(other.release.business_date),
        )
    )
    label = {name: reading.label_of(*MART, name) for name in amounts}
    columns = [
        figures.column_of(reading, *MART, "cohort_quarter"),
        figures.column_of(reading, *MART, "quarters_since_due", COUNT),
    ]
    for name in amounts:
        day = language.day(reading.release.business_date)
        other_day = language.day(other.release.business_date)
        change = reading.text("cohorts_change")
        columns += [
            Column(name, f"{label[name]} ({day})", "", EUROS),
            Column(f"{name}_other", f"{label[name]} ({other_day})", "", EUROS),
            Column(f"{name}_change", f"{label[name]} ({change})", "", EUROS),
        ]
    grids.show_table(reading, "cohorts_comparison", changed, columns)


def _completion(reading: Reading, chosen: dict) -> None:
    language = reading.language
    table = ("recovery", "mart_cohort_completion")
    st.subheader(reading.text("cohorts_completion"))
    if not parts.is_shown(reading, "recovery.mart_cohort_completion"):
        return
    rows = reading.query(
        f"""select nature, affiliation_origin, cohorts, cohorts_projected, last_quarters_since_due,
            tail_factor, claimed_amount::double as claimed_amount,
            collected_amount::double as collected_amount,
            expected_amount::double as expected_amount,
            standard_error_amount::double as standard_error_amount
        from recovery.mart_cohort_completion where {SEGMENT} order by expected_amount desc""",
        **parameters(chosen, "account_type", "natures", "origins"),
    )
    if rows.empty:
        st.info(reading.text("cohorts_empty"))
        return
    expected = rows["expected_amount"].sum()
    error = float((rows["standard_error_amount"] ** 2).sum() ** 0.5)
    st.markdown(
        reading.text(
            "cohorts_completion_sentence",
            expected=language.euros(expected, 0),
            error=language.euros(1.96 * error, 0),
            claimed=language.percent(
                expected / rows["claimed_amount"].sum() if rows["claimed_amount"].sum() else None
            ),
        )
    )
    rows["nature"] = reading.named("nature", rows["nature"])
    rows["affiliation_origin"] = reading.named("origin", rows["affiliation_origin"])

    def column(name: str, format: Format = TEXT) -> Column:
        return figures.column_of(reading, *table, name, format)

    columns = [
        column("nature"),
        column("affiliation_origin"),
        column("claimed_amount", EUROS),
        column("collected_amount", EUROS),
        column("expected_amount", EUROS),
        column("standard_error_amount", EUROS),
        column("cohorts_projected", COUNT),
        column("last_quarters_since_due", COUNT),
        column("tail_factor", with_decimals(COUNT, 3)),
    ]
    grids.show_table(reading, "cohorts_completion", rows, columns)


def _time_to_payment(reading: Reading, chosen: dict) -> None:
    language = reading.language
    table = ("recovery", "mart_time_to_payment")
    st.subheader(reading.text("cohorts_time"))
    if not parts.is_shown(reading, "recovery.mart_time_to_payment"):
        return
    # One point a week is all that is seen; the release has every day.
    rows = reading.query(
        """select nature, days_since_due, at_risk, open_share, paid_share, relieved_share,
            prescribed_share, irrecoverable_share
        from recovery.mart_time_to_payment
        where account_type = $account_type and list_contains($natures, nature)
            and days_since_due <= $days
        qualify row_number() over (
            partition by nature, (days_since_due + 6) // 7 order by days_since_due desc
        ) = 1
        order by nature, days_since_due""",
        days=_DAYS,
        **parameters(chosen, "account_type", "natures"),
    )
    if rows.empty:
        st.info(reading.text("cohorts_empty"))
        return
    codes = [code for code in reading.labels("nature") if code in set(rows["nature"])]
    order = [reading.label("nature", code) for code in codes]
    rows["nature"] = reading.named("nature", rows["nature"])
    paid = reading.label_of(*table, "paid_share")
    chart = charts_curves.stepped_shares(
        rows,
        x="days_since_due",
        x_title=reading.label_of(*table, "days_since_due"),
        y="paid_share",
        y_title=paid,
        series="nature",
        order=order,
    )
    after = reading.query(
        """select
            max(paid_share) filter (where days_since_due <= 0) as on_time,
            max(paid_share) filter (where days_since_due <= 90) as quarter,
            max(paid_share) filter (where days_since_due <= 365) as year
        from recovery.mart_time_to_payment
        where account_type = $account_type and nature = $nature""",
        account_type=chosen["account_type"],
        nature=codes[0],
    ).iloc[0]
    sentence = reading.text(
        "cohorts_time_sentence",
        nature=order[0],
        on_time=language.percent(after["on_time"]),
        quarter=language.percent(after["quarter"]),
        year=language.percent(after["year"]),
    )
    names = (
        "paid_share",
        "relieved_share",
        "prescribed_share",
        "irrecoverable_share",
        "open_share",
    )
    columns = [
        figures.column_of(reading, *table, "nature"),
        figures.column_of(reading, *table, "days_since_due", COUNT),
        figures.column_of(reading, *table, "at_risk", COUNT),
        *(figures.column_of(reading, *table, name, with_decimals(SHARE, 2)) for name in names),
    ]
    exhibits.show(
        reading,
        "cohorts_time",
        chart,
        sentence,
        rows,
        columns,
        note=reading.text("cohorts_time_scope"),
    )


render(current())
