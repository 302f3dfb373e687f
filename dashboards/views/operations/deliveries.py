"""Deliveries and checks for those who look after the data: what came in and what tallies.

Belongs here: the queries and the sentences of this page. Does not belong here: judging rows or
figures, which was done before the release was published.
"""

from functools import partial

import streamlit as st

from dashboards import figures
from dashboards.figures import Column
from dashboards.source import Reading, current

# What a person does about a rule, in their language; the reason of one row is written by the check.
_REMEDIES = {
    "domain": "quarantine_domain",
    "duplicate_key": "quarantine_duplicate_key",
    "reference": "quarantine_reference",
    "required": "quarantine_required",
    "type": "quarantine_type",
}
# So many findings are written out; all are in the table.
_SAID = 10
# What the checks of a published release can find: those that only warn.
_WARNINGS = {
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
    st.title(reading.text("deliveries_title"))
    st.markdown(reading.text("deliveries_intro"))
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
            own("quarantine", "open_quarantine", number(quarantine["rows"].sum())),
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
    rows["loaded_at"] = rows["loaded_at"].map(reading.language.moment).astype(object)
    rows["business_date"] = rows["business_date"].dt.strftime("%d/%m/%Y")
    columns = [_meta(reading, "deliveries", name) for name in ("delivery_id", "business_date")]
    columns += [_meta(reading, "deliveries", name) for name in ("mode", "loaded_at")]
    counts = ("files", "rows_delivered", "rows_accepted", "rows_rejected")
    columns += [_meta(reading, "deliveries", name, number) for name in counts]
    figures.show_table(reading, "deliveries", rows, columns)


def _quarantine_rows(reading: Reading):
    # `is_open` is a column beyond the agreed ones; without it every row counts as open.
    has_flag = not reading.query(
        "select 1 as found from information_schema.columns where table_schema = 'meta'"
        " and table_name = 'quarantine' and column_name = 'is_open'"
    ).empty
    where = "where is_open" if has_flag else ""
    return reading.query(
        f"select extract, rule, count(*) as rows, max(reason) as example from meta.quarantine"
        f" {where} group by extract, rule order by rows desc, extract, rule"
    )


def _quarantine(reading: Reading, rows) -> None:
    st.subheader(reading.text("section_quarantine"))
    if rows.empty:
        st.success(reading.text("quarantine_none"), icon=":material/check_circle:")
        return
    number = reading.language.number
    rows["todo"] = [
        reading.text(_REMEDIES[rule]) if rule in _REMEDIES else "" for rule in rows["rule"]
    ]
    rows["rule"] = reading.named("quarantine_rule", rows["rule"])
    most = rows.iloc[0]
    st.markdown(
        reading.text(
            "quarantine_sentence",
            count=number(rows["rows"].sum()),
            extract=most["extract"],
            rule=most["rule"],
        )
    )
    columns = [
        _meta(reading, "quarantine", "extract"),
        _meta(reading, "quarantine", "rule"),
        Column("rows", reading.text("count"), "", number),
        Column("todo", reading.text("quarantine_todo"), wide=True),
        Column("example", reading.text("quarantine_example"), wide=True),
    ]
    figures.show_table(reading, "quarantine", rows, columns, wraps=True)


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
        st.markdown(f"- `{row.check_id}` ({number(row.failures)}) : {row.explanation}")
    columns = [_meta(reading, "checks", name) for name in ("check_id", "subject", "severity")]
    columns += [_meta(reading, "checks", "failures", number)]
    columns += [Column("example", reading.text("checks_example"), wide=True)]
    figures.show_table(reading, "checks", shown, columns, wraps=True)


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
    columns += [_meta(reading, "reconciliation", name, language.euros) for name in amounts]
    figures.show_table(reading, "reconciliation", rows, columns)


def _meta(reading: Reading, table: str, name: str, write=None) -> Column:
    return figures.column_of(reading, "meta", table, name, write)


render(current())
