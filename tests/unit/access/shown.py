"""What a page shows as counts, read from its memory of what it drew (dashboards/sheet.py).

Belongs here: finding counts in figures, tables and sentences, and what those count that count no
persons. Does not belong here: drawing a page.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from streamlit.testing.v1 import AppTest

from dashboards import sheet
from dashboards.formats import COUNT
from dashboards.i18n import LANGUAGES, words

#: Columns (of a table of a page) that count no persons, nor companies, nor what is theirs: by what
#: they count.
NO_PERSONS = {
    "cohorts_curves.quarters_since_due": "quarters since a due date",
    "cohorts_heatmap.quarters_since_due": "quarters since a due date",
    "cohorts_years.quarters": "quarters of a year",
    "cohorts_years.compared_quarters": "quarters of a year",
    "checks.failures": "rows that a check of a delivery found, for who mends them",
}
#: The same of figures, by the key of their label.
NO_PERSONS_FIGURES = {
    "access_accesses": "lines of the register of accesses",
    "access_accounts": "accounts that users opened, which the register names for the auditor",
    "access_downloads": "files that users took",
    "access_people": "users of the pages",
    "checks_warned": "checks",
    "home_checks": "checks",
    "home_held": "deliveries",
    "home_refused": "deliveries",
    "ledger_differences": "months of a ledger account",
    "open_quarantine": "rows of deliveries, for who mends them",
    "rows_delivered": "rows of deliveries",
}
#: Words after which a number counts persons or what is theirs, in both languages.
_COUNTED = re.compile(
    r"(?<![\d.,\u00a0\u202f–−-])([1-4])[ \u00a0\u202f]+"
    r"(?:affili|assur|b[ée]n[ée]ficiaire|compte|cotisation|d[ée]biteur|demande|dossier|indépendant"
    r"|message|paiement|personne|soci[ée]t"
    r"|aangeslot|aanvra|bericht|betaling|bijdrage|debiteur|personen|persoon|rekening|schuldena"
    r"|uitkering|vennootsch|zelfstandig)",
    re.IGNORECASE,
)
_PLAIN = re.compile(r"[1-4]")


def small(app: AppTest, below: int) -> Iterator[str]:
    """Yield each count of persons between nothing and `below` that a page shows."""
    others = {words(lang)[key] for key in NO_PERSONS_FIGURES for lang in LANGUAGES}
    for item in app.session_state["vigie_shown"]:
        if isinstance(item, sheet.Table | sheet.Exhibit):
            yield from _in_table(item, below)
        if isinstance(item, sheet.Figures):
            for figure in item.figures:
                if figure.label in others:
                    continue
                if _PLAIN.fullmatch(figure.value.removeprefix("max.").strip()):
                    yield f"{figure.label}: {figure.value}"
        texts = [getattr(item, name, "") for name in ("text", "sentence", "note")]
        if isinstance(item, sheet.Figures):
            texts = [part for one in item.figures for part in (one.beside, *one.compared)]
        for text in texts:
            for found in _COUNTED.finditer(str(text)):
                yield f"{found.group()} … in: {text}"


def _in_table(item: sheet.Table | sheet.Exhibit, below: int) -> Iterator[str]:
    for column in item.columns:
        told_apart = f"{item.key}.{column.name}"
        if column.format != COUNT or told_apart in NO_PERSONS or column.written:
            continue
        for value in item.rows[column.name].dropna():
            if 0 < float(value) < below:
                yield f"{told_apart}: {value}"
