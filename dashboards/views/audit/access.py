"""Accesses for the auditor: who looked at what, which account was opened, whether the record holds.

Belongs here: the choices and the sentences of this page. Does not belong here: the record itself
(dashboards/access/log.py), what counts as an access (dashboards/access/watch.py).
"""

from datetime import timedelta

import pandas as pd

from dashboards import clock, figures, filters, grids, sheet
from dashboards.access import log
from dashboards.access.declared import declaration
from dashboards.figures import Column, Figure
from dashboards.formats import MOMENT
from dashboards.i18n import BRUSSELS
from dashboards.navigation import declared as declared_pages
from dashboards.outside import is_account
from dashboards.source import Reading, current

#: So many lines are listed; narrower choices show the others, and the file holds all chosen.
_LISTED = 1000
_DAYS = 30
_BREAKS = {
    "changed": "access_chain_changed",
    "unreadable": "access_chain_unreadable",
    "cut": "access_chain_cut",
}
_WHAT = {
    log.PAGE: "access_what_page",
    log.ACCOUNT: "access_what_account",
    log.DOWNLOAD: "access_what_download",
    log.LOGIN: "access_what_login",
    log.NOTICE: "access_what_notice",
}


def render(reading: Reading) -> None:
    """Draw the page."""
    chain = log.read()
    _chain(reading, chain)
    if not chain.lines:
        sheet.info(reading.text("access_none"), icon=":material/filter_alt_off:")
        return
    rows = _choose(reading, _rows(reading, chain.lines))
    _figures(reading, rows)
    _list(reading, rows)


def _chain(reading: Reading, chain: log.Chain) -> None:
    """Whether what was written is still what stands there."""
    if chain.fault is None:
        told = reading.text("access_chain_holds", last=chain.last[:16])
        sheet.success(told, icon=":material/link:")
        return
    told = reading.text(_BREAKS[chain.fault.why], file=chain.fault.file, line=chain.fault.line)
    sheet.alert(told)


def _rows(reading: Reading, lines: list[log.Line]) -> pd.DataFrame:
    """One row per access, the newest first."""
    titles = {page.id: page.title(reading.lang) for page in declared_pages()[1]}
    roles = {role.id: role.label(reading.lang) for role in declaration().roles.values()}
    rows = pd.DataFrame(
        {
            "at": pd.Timestamp(line.at),
            "day": line.at.astimezone(BRUSSELS).date(),
            "name": line.access.name or line.access.subject,
            "subject": line.access.subject,
            "roles": ", ".join(roles.get(role, role) for role in line.access.roles),
            "what": reading.text(_WHAT[line.access.what]),
            "page_id": line.access.page,
            "page": titles.get(line.access.page, line.access.page),
            "account": line.access.account,
            "download": line.access.download,
            "filters": ", ".join(f"{name}={value}" for name, value in line.access.filters.items()),
            "release": line.access.release,
        }
        for line in lines
    )
    return rows.iloc[::-1].reset_index(drop=True)


def _choose(reading: Reading, rows: pd.DataFrame) -> pd.DataFrame:
    today = clock.today()
    since = today - timedelta(days=_DAYS)
    every = reading.text("all")
    people = {"": every, **{one: one for one in sorted(set(rows["name"]))}}
    seen = rows[rows["page_id"] != ""]
    pages = {"": every, **dict(sorted(zip(seen["page_id"], seen["page"], strict=True)))}
    name, page, account, days = filters.side_by_side(
        lambda: filters.one_of("access_name", reading.text("access_person"), list(people), people),
        lambda: filters.one_of("access_page", reading.text("access_page"), list(pages), pages),
        lambda: filters.words(
            "access_account", reading.text("access_account"), _is_account, placeholder="A00000001"
        ),
        lambda: filters.days(
            reading,
            "access_days",
            reading.text("access_days"),
            since,
            today,
        ),
    )
    first, last = days
    kept = rows["day"].between(first, last)
    if name:
        kept &= rows["name"] == name
    if page:
        kept &= rows["page_id"] == page
    if account:
        kept &= rows["account"] == account.upper()
    return rows[kept].reset_index(drop=True)


def _is_account(text: str) -> bool:
    return is_account(text.strip().upper())


def _figures(reading: Reading, rows: pd.DataFrame) -> None:
    number = reading.language.number
    opened = rows[rows["account"] != ""]
    figures.show_figures(
        reading,
        [
            _figure(reading, "access_accesses", number(len(rows))),
            _figure(reading, "access_people", number(rows["subject"].nunique())),
            _figure(reading, "access_accounts", number(opened["account"].nunique())),
            _figure(reading, "access_downloads", number((rows["download"] != "").sum())),
        ],
    )


def _figure(reading: Reading, key: str, value: str) -> Figure:
    law = str(reading.text("access_law"))
    return Figure(reading.text(key), value, reading.text(f"{key}_help"), reference=law)


def _list(reading: Reading, rows: pd.DataFrame) -> None:
    if rows.empty:
        sheet.info(reading.text("access_nobody"), icon=":material/filter_alt_off:")
        return
    number = reading.language.number
    if len(rows) > _LISTED:
        shown = {"shown": number(_LISTED), "all": number(len(rows))}
        sheet.note(reading.text("access_shown", **shown))
    columns = [
        Column("at", reading.text("access_at"), format=MOMENT),
        Column("name", reading.text("access_person")),
        Column("roles", reading.text("access_roles")),
        Column("what", reading.text("access_what")),
        Column("page", reading.text("access_page")),
        Column("account", reading.text("access_account")),
        Column("download", reading.text("access_file")),
        Column("filters", reading.text("access_filters"), wide=True),
        Column("release", reading.text("access_release")),
        Column("subject", reading.text("access_subject"), reading.text("access_subject_help")),
    ]
    grids.show_table(reading, "access_lines", rows.head(_LISTED), columns)


render(current())
