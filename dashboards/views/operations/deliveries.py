"""Deliveries and checks for those who look after the data: what came in and what tallies.

Belongs here: the order and the sentences of this page, and the deliveries that were not taken. Does
not belong here: its queries (deliveries.sql), the rows refused (sections/quarantine.py), judging
rows or figures, which was done before the release was published.
"""

import pandas as pd

from dashboards import figures, filters, grids, queries, sheet
from dashboards.figures import Column, From
from dashboards.formats import COUNT, DAY, EUROS, MOMENT, NOTHING
from dashboards.outside import Markdown, is_delivery
from dashboards.sections import quarantine
from dashboards.source import Reading, current
from release.refusals import refusals

_SQL = queries.beside(__file__)
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
    totals = reading.query(_SQL["totals"]).iloc[0]
    rejected = quarantine.read(reading)
    checks = reading.query(_SQL["checks"])
    found = checks[checks["failures"] > 0]
    months = reading.query(_SQL["months"])
    different = months[months["difference"] != 0]
    counts = {
        ("quarantine", "open_quarantine"): len(rejected),
        ("checks", "checks_warned"): len(found),
        ("reconciliation", "ledger_differences"): len(different),
    }
    _figures(reading, totals, counts)
    _deliveries(reading, totals)
    quarantine.show(reading, rejected)
    _checks(reading, checks, found)
    _reconciliation(reading, months, different)


def _figures(reading: Reading, totals: pd.Series, counts: dict[tuple[str, str], int]) -> None:
    number, day = reading.language.number, reading.language.day
    deliveries, last = From(reading, "meta", "deliveries"), totals["last_date"]
    figures.show_figures(
        reading,
        [
            deliveries.own_figure("last_delivery", day(last) if pd.notna(last) else NOTHING),
            deliveries.own_figure("rows_delivered", number(totals["delivered"])),
            *(
                From(reading, "meta", table).own_figure(key, number(count))
                for (table, key), count in counts.items()
            ),
        ],
    )


def _deliveries(reading: Reading, totals: pd.Series) -> None:
    number = reading.language.number
    sheet.heading(reading.text("section_deliveries"))
    sheet.paragraph(
        reading.text(
            "deliveries_sentence",
            count=number(totals["deliveries"]),
            delivered=number(totals["delivered"]),
            accepted=number(totals["accepted"]),
            rejected=number(totals["rejected"]),
        )
    )
    rows = reading.with_names(reading.query(_SQL["deliveries"]), mode="delivery_mode")
    counts = ("files", "rows_delivered", "rows_accepted", "rows_rejected")
    forms = {"business_date": DAY, "loaded_at": MOMENT, **dict.fromkeys(counts, COUNT)}
    columns = From(reading, "meta", "deliveries").columns(rows.columns, forms)
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
        sheet.error(Markdown("\n".join([lines[0], "", *lines[1:]])))


def _checks(reading: Reading, checks: pd.DataFrame, found: pd.DataFrame) -> None:
    number = reading.language.number
    sheet.heading(reading.text("section_checks"))
    count = number(len(checks))
    if found.empty:
        sheet.success(reading.text("checks_none", count=count))
        return
    passed = number(len(checks) - len(found))
    sheet.paragraph(
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
        sheet.paragraph(
            reading.text(
                "found_by_check",
                check=row.check_id,
                count=number(row.failures),
                explanation=row.explanation,
            )
        )
    mart, names = From(reading, "meta", "checks"), ("check_id", "subject", "severity", "failures")
    columns = mart.columns(names, {"failures": COUNT})
    columns.append(Column("example", reading.text("checks_example"), wide=True))
    grids.show_table(reading, "checks", shown, columns)


def _reconciliation(reading: Reading, months: pd.DataFrame, different: pd.DataFrame) -> None:
    language = reading.language
    sheet.heading(reading.text("section_reconciliation"))
    all_months = language.number(len(months))
    if different.empty:
        sheet.success(reading.text("reconciliation_none", all=all_months))
    else:
        sheet.paragraph(
            reading.text(
                "reconciliation_sentence",
                count=language.number(len(different)),
                all=all_months,
                amount=language.euros(different["difference"].abs().sum()),
            )
        )
    only = filters.yes_no(
        "deliveries_differing", reading.text("only_differences"), not different.empty
    )
    rows = reading.with_names(different if only else months, ledger_line="ledger_line")
    amounts = dict.fromkeys(("ledger_amount", "warehouse_amount", "difference"), EUROS)
    columns = From(reading, "meta", "reconciliation").columns(rows.columns, amounts)
    grids.show_table(reading, "reconciliation", rows, columns)


render(current())
