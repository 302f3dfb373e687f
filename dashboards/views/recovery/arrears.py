"""Arrears: how old they are, what changed since the last release, where they go in a quarter.

Belongs here: the queries and the sentences of this page. Does not belong here: what a figure means.
"""

import pandas as pd
import streamlit as st

from dashboards import asof, charts, charts_marks, charts_matrix, exhibits, figures, filters
from dashboards.access import parts
from dashboards.figures import Column
from dashboards.formats import COUNT, DAY, EUROS, SHARE, with_decimals
from dashboards.source import Reading, current

_AGEING = ("recovery", "mart_arrears_ageing")
_CHANGES = ("recovery", "mart_outstanding_changes")
_ROLL = ("recovery", "mart_roll_rates")
# From light to dark with age: the order is seen without the colours too.
_AGE_COLOURS = ("#C6DBEF", "#9ECAE1", "#6BAED6", "#4292C6", "#2171B5", "#084594")
_QUARTERS = 20
_CHOSEN = """
    from recovery.mart_arrears_ageing
    where account_type = $account_type and list_contains($natures, nature)
"""


def render(reading: Reading) -> None:
    """Draw the page."""
    with st.container(border=True):
        reading, chosen = _choose(reading)
    if chosen is None:
        return
    dates = reading.query(f"select distinct reference_date {_CHOSEN} order by 1", **chosen)
    if dates.empty:
        st.info(reading.text("arrears_none"), icon=":material/task_alt:")
    else:
        _ageing(reading, chosen, [d.date() for d in dates["reference_date"]])
    _changes(reading, chosen)
    _roll_rates(reading, chosen)


def _choose(reading: Reading) -> tuple[Reading, dict | None]:
    first, second = st.columns(2, gap="medium")
    if not asof.holds(reading, "mart_arrears_ageing"):
        return reading, None
    known = reading.query("select distinct account_type, nature from recovery.mart_arrears_ageing")
    if known.empty:
        st.info(reading.text("arrears_none"))
        return reading, None
    with first:
        types = [t for t in reading.labels("account_type") if t in set(known["account_type"])]
        kind = st.segmented_control(
            reading.label_of(*_AGEING, "account_type"),
            types,
            format_func=lambda code: reading.label("account_type", code),
            default=types[0],
            required=True,
            key="arrears_type",
        )
    with second:
        natures = filters.codes(
            reading,
            "arrears_natures",
            reading.label_of(*_AGEING, "nature"),
            "nature",
            sorted(set(known[known["account_type"] == kind]["nature"])),
        )
    return reading, {"account_type": kind, "natures": natures}


def _ageing(reading: Reading, chosen: dict, dates: list) -> None:
    language = reading.language
    now = reading.query(
        f"""select sum(outstanding_amount)::double as amount, sum(charges)::bigint as charges,
            coalesce(sum(outstanding_amount) filter (where age_bucket in ('731-1825', '>1825')),
                0)::double as old_amount,
            coalesce(sum(outstanding_amount) filter (where stage = 'none'), 0)::double as no_stage
            {_CHOSEN} and reference_date = $today""",
        today=dates[-1],
        **chosen,
    ).iloc[0]
    total = now["amount"] or 1
    figures.show_figures(
        reading,
        [
            figures.figure_of(
                reading,
                *_AGEING,
                "outstanding_amount",
                language.euros(now["amount"], 0),
                language.counted("arrears_charges", now["charges"]),
            ),
            figures.own_figure(
                reading,
                *_AGEING,
                "arrears_old",
                language.percent(now["old_amount"] / total),
                language.euros(now["old_amount"], 0),
            ),
            figures.own_figure(
                reading,
                *_AGEING,
                "arrears_no_stage",
                language.percent(now["no_stage"] / total),
                language.euros(now["no_stage"], 0),
            ),
        ],
    )
    st.subheader(reading.text("arrears_ageing"))
    by = st.segmented_control(
        reading.text("arrears_by"),
        ("age_bucket", "stage"),
        format_func=lambda name: reading.label_of(*_AGEING, name),
        default="age_bucket",
        required=True,
        key="arrears_by",
    )
    rows = reading.query(
        f"""select reference_date, {by} as part, sum(charges)::bigint as charges,
            sum(outstanding_amount)::double as outstanding_amount
            {_CHOSEN} and reference_date >= $since group by all order by reference_date""",
        since=dates[max(0, len(dates) - _QUARTERS)],
        **chosen,
    )
    rows["part_name"] = reading.named(by, rows["part"])
    rows["date"] = rows["reference_date"].map(language.day)
    known = [code for code in reading.labels(by) if code in set(rows["part"])]
    names = [reading.label(by, code) for code in known]
    colours = _AGE_COLOURS if by == "age_bucket" else _stage_colours(len(names))
    chart = charts.stacked_bars(
        rows,
        x="date",
        x_title=reading.label_of(*_AGEING, "reference_date"),
        y="outstanding_amount",
        y_title=reading.text("amount_axis"),
        part="part_name",
        parts=dict(zip(names, colours, strict=False)),
        order=list(dict.fromkeys(rows["date"])),
    )
    last = rows[rows["reference_date"] == rows["reference_date"].max()]
    biggest = last.loc[last["outstanding_amount"].idxmax()]
    sentence = reading.text(
        "arrears_ageing_sentence",
        date=language.day(dates[-1]),
        amount=language.euros(now["amount"], 0),
        part=biggest["part_name"],
        share=language.percent(biggest["outstanding_amount"] / total, 0),
    )
    columns = [
        figures.column_of(reading, *_AGEING, "reference_date", DAY),
        Column("part_name", reading.label_of(*_AGEING, by)),
        figures.column_of(reading, *_AGEING, "charges", COUNT),
        figures.column_of(reading, *_AGEING, "outstanding_amount", EUROS),
    ]
    exhibits.show(reading, "arrears_ageing", chart, sentence, rows.iloc[::-1], columns)


def _stage_colours(count: int) -> list[str]:
    """From light to dark along the procedure."""
    steps = max(count - 1, 1)
    low, high = (222, 235, 247), (8, 48, 107)
    return [
        "#"
        + "".join(f"{round(a + (b - a) * n / steps):02X}" for a, b in zip(low, high, strict=True))
        for n in range(count)
    ]


_STEPS = (
    ("outstanding_start_amount", "level", 1),
    ("newly_claimed_amount", "more", 1),
    ("collected_amount", "less", -1),
    ("relieved_amount", "less", -1),
    ("credited_amount", "less", -1),
    ("written_off_amount", "less", -1),
    ("prescribed_amount", "less", -1),
    ("outstanding_end_amount", "level", 1),
)


def _changes(reading: Reading, chosen: dict) -> None:
    language = reading.language
    st.subheader(reading.text("arrears_changes"))
    if not parts.is_shown(reading, "recovery.mart_outstanding_changes"):
        return
    names = [name for name, _, _ in _STEPS] + ["moved_in_amount", "moved_out_amount"]
    sums = ", ".join(f"sum({name})::double as {name}" for name in names)
    rows = reading.query(
        f"""select nature, stage, max(since_date) as since_date, {sums}
            from recovery.mart_outstanding_changes where list_contains($natures, nature)
            group by nature, stage""",
        natures=chosen["natures"],
    )
    if rows.empty:
        st.info(reading.text("arrears_changes_none"))
        return
    totals = rows[names].sum()
    labels = [reading.label_of(*_CHANGES, name) for name, _, _ in _STEPS]
    # Plus 0: no bar is called minus zero.
    values = [sign * totals[name] + 0.0 for name, _, sign in _STEPS]
    kinds = [
        kind if kind == "level" else ("more" if value > 0 else "less")
        for (_, kind, _), value in zip(_STEPS, values, strict=True)
    ]
    steps = pd.DataFrame({"step": labels, "value": values, "kind": kinds})
    steps["written"] = steps["value"].map(lambda value: language.euros(value, 0))
    since = rows["since_date"].iloc[0]
    is_whole = since is None or since != since
    sentence = reading.text(
        "arrears_changes_sentence_whole" if is_whole else "arrears_changes_sentence",
        since="–" if is_whole else language.day(since),
        start=language.euros(totals["outstanding_start_amount"], 0),
        end=language.euros(totals["outstanding_end_amount"], 0),
        claimed=language.euros(totals["newly_claimed_amount"], 0),
        collected=language.euros(totals["collected_amount"], 0),
    )
    chart = charts_marks.waterfall(
        steps,
        label="step",
        value="value",
        kind="kind",
        written="written",
        y_title=reading.text("amount_axis"),
    )
    rows["nature"] = reading.named("nature", rows["nature"])
    rows["stage"] = reading.named("stage", rows["stage"])
    order = [
        "outstanding_start_amount", "moved_in_amount", "moved_out_amount",
        *[name for name, kind, _ in _STEPS if kind != "level"], "outstanding_end_amount",
    ]  # fmt: skip
    columns = figures.columns_of(reading, *_CHANGES, ("nature", "stage"))
    columns += figures.columns_of(reading, *_CHANGES, order, EUROS)
    exhibits.show(reading, "arrears_changes", chart, sentence, rows, columns)


def _roll_rates(reading: Reading, chosen: dict) -> None:
    language = reading.language
    st.subheader(reading.text("arrears_roll"))
    dates = reading.query(
        "select distinct from_date, to_date from recovery.mart_roll_rates"
        " where account_type = $account_type order by from_date desc",
        account_type=chosen["account_type"],
    )
    if dates.empty:
        st.info(reading.text("arrears_roll_none"))
        return
    left, right = st.columns(2, gap="medium")
    spans = {
        f"{language.day(row.from_date)} → {language.day(row.to_date)}": row.from_date.date()
        for row in dates.itertuples()
    }
    with left:
        span = st.selectbox(reading.text("arrears_roll_quarter"), list(spans), key="arrears_span")
    with right:
        measure = st.segmented_control(
            reading.text("arrears_roll_measure"),
            ("amount", "debtors"),
            format_func=lambda name: reading.label_of(*_ROLL, f"share_{name}"),
            default="amount",
            required=True,
            key="arrears_measure",
        )
    rows = reading.query(
        """select from_state, to_state, debtors::bigint as debtors,
            outstanding_amount::double as outstanding_amount, share_debtors, share_amount
        from recovery.mart_roll_rates
        where account_type = $account_type and from_date = $from_date""",
        account_type=chosen["account_type"],
        from_date=spans[span],
    )
    states = reading.labels("arrears_state")
    rows["from_name"] = reading.named("arrears_state", rows["from_state"])
    rows["to_name"] = reading.named("arrears_state", rows["to_state"])
    share = f"share_{measure}"
    shown = rows[rows[share] > 0].copy()
    shown["short"] = shown[share].map(lambda value: language.percent(value))
    names = list(states.values())
    chart = charts_matrix.heatmap(
        shown,
        x="to_name",
        x_title=reading.label_of(*_ROLL, "to_state"),
        y="from_name",
        y_title="",
        value=share,
        value_title=reading.label_of(*_ROLL, share),
        written="short",
        details="short",
        x_order=names,
        y_order=names,
        step=34,
    )
    ages = [code for code in states if code in set(shown["from_state"]) and code != "not_due"]
    youngest = ages[0] if ages else "not_due"
    goes = rows[rows["from_state"] == youngest].set_index("to_state")[share]
    older = list(states)[list(states).index(youngest) + 1 : -1]
    sentence = reading.text(
        "arrears_roll_sentence",
        state=states[youngest],
        settled=language.percent(goes.get("settled", 0.0)),
        older=language.percent(goes.reindex(older).sum()),
        span=span,
    )
    columns = [
        Column("from_name", reading.label_of(*_ROLL, "from_state")),
        Column("to_name", reading.label_of(*_ROLL, "to_state")),
        figures.column_of(reading, *_ROLL, "debtors", COUNT),
        figures.column_of(reading, *_ROLL, "outstanding_amount", EUROS),
        figures.column_of(reading, *_ROLL, "share_debtors", with_decimals(SHARE, 2)),
        figures.column_of(reading, *_ROLL, "share_amount", with_decimals(SHARE, 2)),
    ]
    exhibits.show(
        reading,
        "arrears_roll",
        chart,
        sentence,
        rows,
        columns,
        note=reading.text("arrears_roll_scope"),
    )


render(current())
