"""Deliveries and checks for those who look after the data: what came in and what tallies.

Belongs here: the queries and the sentences of this page, and the deliveries that were not taken.
Does not belong here: judging rows or figures, which was done before the release was published.
"""

from functools import partial

import pandas as pd
import streamlit as st

from dashboards import downloads, figures, filters, grids
from dashboards.figures import Column
from dashboards.formats import COUNT, DAY, EUROS, MOMENT, NOTHING, TEXT, Format
from dashboards.outside import is_delivery
from dashboards.source import Reading, current
from release.refusals import refusals

_RULES = ("type", "required", "domain", "duplicate_key", "reference")
#: So many rows of the quarantine are listed; the workbook has them all.
_LISTED = 500
# So many findings are written out; all are in the table.
_SAID = 10
# What the checks of a published release can find: those that only warn.
_WARNINGS = {
    "claims_follow_their_event": "check_claims_follow_their_event",
    "claims_have_their_affiliate": "check_claims_have_their_affiliate",
    "directors_have_their_affiliate": "check_directors_have_their_affiliate",
    "directors_have_their_company": "check_directors_have_their_company",
    "ledger_reconciles": "check_ledger_reconciles",
    "load_times_follow_business_dates": "check_load_times_follow_business_dates",
    "municipality_codes_are_current": "check_municipality_codes_are_current",
    "persons_are_one": "check_persons_are_one",
    "professions_are_listed": "check_professions_are_listed",
    "stored_files_are_proven": "check_stored_files_are_proven",
}


def render(reading: Reading) -> None:
    """Draw the page."""
    _not_taken(reading)
    totals = reading.query(
        """
        select max(business_date) as last_date, count(*) as deliveries,
            coalesce(sum(rows_delivered), 0)::bigint as delivered,
            coalesce(sum(rows_accepted), 0)::bigint as accepted,
            coalesce(sum(rows_rejected), 0)::bigint as rejected
        from meta.deliveries"""
    ).iloc[0]
    quarantine = _quarantine_rows(reading)
    checks = reading.query(
        "select check_id, subject, severity, status, failures, explanation from meta.checks"
        " order by severity, check_id"
    )
    found = checks[checks["failures"] > 0]
    months = reading.query(
        "select period, ledger_line, ledger_amount, warehouse_amount, difference"
        " from meta.reconciliation order by period desc, ledger_line"
    )
    different = months[months["difference"] != 0]
    _figures(reading, totals, quarantine, found, different)
    _deliveries(reading, totals)
    _quarantine(reading, quarantine)
    _checks(reading, checks, found)
    _reconciliation(reading, months, different)


def _figures(reading: Reading, totals, quarantine, found, different) -> None:
    number, day = reading.language.number, reading.language.day
    own = partial(figures.own_figure, reading, "meta")
    last = totals["last_date"]
    figures.show_figures(
        reading,
        [
            own("deliveries", "last_delivery", day(last) if last == last and last else "–"),
            own("deliveries", "rows_delivered", number(totals["delivered"])),
            own("quarantine", "open_quarantine", number(len(quarantine))),
            own("checks", "checks_warned", number(len(found))),
            own("reconciliation", "ledger_differences", number(len(different))),
        ],
    )


def _deliveries(reading: Reading, totals) -> None:
    number = reading.language.number
    st.subheader(reading.text("section_deliveries"))
    st.markdown(
        reading.text(
            "deliveries_sentence",
            count=number(totals["deliveries"]),
            delivered=number(totals["delivered"]),
            accepted=number(totals["accepted"]),
            rejected=number(totals["rejected"]),
        )
    )
    rows = reading.query(
        "select delivery_id, business_date, mode, loaded_at, files, rows_delivered, rows_accepted,"
        " rows_rejected from meta.deliveries order by business_date desc, delivery_id desc"
    )
    rows["mode"] = reading.named("delivery_mode", rows["mode"])
    columns = [
        _meta(reading, "deliveries", "delivery_id"),
        _meta(reading, "deliveries", "business_date", DAY),
        _meta(reading, "deliveries", "mode"),
        _meta(reading, "deliveries", "loaded_at", MOMENT),
    ]
    counts = ("files", "rows_delivered", "rows_accepted", "rows_rejected")
    columns += [_meta(reading, "deliveries", name, COUNT) for name in counts]
    grids.show_table(reading, "deliveries", rows, columns)


def _not_taken(reading: Reading) -> None:
    """A red banner for each delivery that is refused or held: since when, and all its faults."""
    for refused in refusals():
        unnamed = reading.text("refused_unnamed")
        since = reading.language.moment(refused.since) if refused.since else NOTHING
        lines = [
            reading.text(
                "refused_held" if refused.is_held else "refused_since",
                delivery=refused.delivery_id if is_delivery(refused.delivery_id) else unnamed,
                since=since,
            )
        ]
        for fault in refused.faults:
            file = fault.file if is_delivery(fault.file) else reading.text("refused_whole")
            said = "; ".join(filter(None, (fault.reason, fault.remedy)))
            lines.append(reading.text("refused_fault", file=file, said=said))
        st.error("\n".join([lines[0], "", *lines[1:]]), icon=":material/block:")


def _quarantine_rows(reading: Reading) -> pd.DataFrame:
    """Rows that wait for a correction, each with what a reader needs to find and mend it."""
    rows = reading.query(
        "select * from meta.quarantine order by delivery_id desc, extract, line_number"
    )
    # `is_open` is a column beyond the agreed ones; without it every row counts as open.
    if "is_open" in rows:
        rows = rows[rows["is_open"].astype(bool)]
    # A release that does not name the file names the extract, of which each delivery has one.
    rows = rows.assign(file=rows.get("file", rows["extract"]))
    for name in ("why", "do"):
        told = {rule: reading.text(f"quarantine_{name}_{rule}") for rule in _RULES}
        rows[f"rule_{name}"] = rows["rule"].map(told).astype(object)
    return rows.reset_index(drop=True)


def _quarantine(reading: Reading, rows: pd.DataFrame) -> None:
    st.subheader(reading.text("section_quarantine"))
    if rows.empty:
        st.success(reading.text("quarantine_none"), icon=":material/check_circle:")
        return
    number = reading.language.number
    sums = (
        rows.groupby(["extract", "rule"], as_index=False)
        .size()
        .sort_values(["size", "extract", "rule"], ascending=[False, True, True])
    )
    most = sums.iloc[0]
    st.markdown(
        reading.text(
            "quarantine_sentence",
            count=number(len(rows)),
            extract=most["extract"],
            rule=reading.label("quarantine_rule", most["rule"]),
        )
    )
    chosen = _chosen_rows(reading, rows)
    listed = chosen.assign(rule=reading.named("quarantine_rule", chosen["rule"]))
    if len(listed) > _LISTED:
        shown = {"shown": number(_LISTED), "all": number(len(listed))}
        st.caption(reading.text("quarantine_shown", **shown))
    columns = [
        _meta(reading, "quarantine", "delivery_id"),
        Column("file", reading.text("quarantine_file")),
        _meta(reading, "quarantine", "line_number", COUNT),
        _meta(reading, "quarantine", "key"),
        _meta(reading, "quarantine", "column_name"),
        _meta(reading, "quarantine", "rule"),
        Column("rule_why", reading.text("quarantine_why"), wide=True),
        Column("rule_do", reading.text("quarantine_todo"), wide=True),
        Column("reason", reading.text("quarantine_example"), wide=True),
    ]
    grids.show_table(reading, "quarantine", listed.head(_LISTED), columns)
    title = reading.text("section_quarantine")
    downloads.offer_workbook(reading, "quarantine", title, lambda: listed, columns)


def _chosen_rows(reading: Reading, rows: pd.DataFrame) -> pd.DataFrame:
    """Rows of the deliveries, files and rules that a reader chooses."""
    deliveries, extracts, rules = filters.side_by_side(
        *(
            partial(
                filters.codes,
                reading,
                f"quarantine_{name}",
                reading.label_of("meta", "quarantine", name),
                list_name,
                sorted(set(rows[name])),
            )
            for name, list_name in (
                ("delivery_id", ""),
                ("extract", ""),
                ("rule", "quarantine_rule"),
            )
        )
    )
    return rows[
        rows["delivery_id"].isin(deliveries)
        & rows["extract"].isin(extracts)
        & rows["rule"].isin(rules)
    ]


def _checks(reading: Reading, checks, found) -> None:
    number = reading.language.number
    st.subheader(reading.text("section_checks"))
    count = number(len(checks))
    if found.empty:
        st.success(reading.text("checks_none", count=count), icon=":material/check_circle:")
        return
    passed = number(len(checks) - len(found))
    st.markdown(
        reading.text("checks_sentence", passed=passed, count=count, found=number(len(found)))
    )
    grave = {"warn": reading.text("severity_warn"), "error": reading.text("severity_error")}
    # The audit writes what it found behind what the check says.
    said = found["explanation"].str.partition(" Example: ")
    shown = found.assign(
        severity=found["severity"].replace(grave),
        explanation=[
            reading.text(_WARNINGS[check]) if check in _WARNINGS else english
            for check, english in zip(found["check_id"], said[0], strict=True)
        ],
        example=said[2],
    )
    # In a table a sentence is cut; the few that are found can be read.
    for row in shown.head(_SAID).itertuples():
        st.markdown(
            reading.text(
                "found_by_check",
                check=row.check_id,
                count=number(row.failures),
                explanation=row.explanation,
            )
        )
    columns = [_meta(reading, "checks", name) for name in ("check_id", "subject", "severity")]
    columns += [_meta(reading, "checks", "failures", COUNT)]
    columns += [Column("example", reading.text("checks_example"), wide=True)]
    grids.show_table(reading, "checks", shown, columns)


def _reconciliation(reading: Reading, months, different) -> None:
    language = reading.language
    st.subheader(reading.text("section_reconciliation"))
    all_months = language.number(len(months))
    if different.empty:
        message = reading.text("reconciliation_none", all=all_months)
        st.success(message, icon=":material/check_circle:")
    else:
        st.markdown(
            reading.text(
                "reconciliation_sentence",
                count=language.number(len(different)),
                all=all_months,
                amount=language.euros(different["difference"].abs().sum()),
            )
        )
    only = st.toggle(reading.text("only_differences"), value=not different.empty, key="only_diff")
    rows = (different if only else months).copy()
    rows["ledger_line"] = reading.named("ledger_line", rows["ledger_line"])
    amounts = ("ledger_amount", "warehouse_amount", "difference")
    columns = [_meta(reading, "reconciliation", name) for name in ("period", "ledger_line")]
    columns += [_meta(reading, "reconciliation", name, EUROS) for name in amounts]
    grids.show_table(reading, "reconciliation", rows, columns)


def _meta(reading: Reading, table: str, name: str, format: Format = TEXT) -> Column:
    return figures.column_of(reading, "meta", table, name, format)


render(current())
