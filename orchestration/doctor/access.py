"""The record of accesses to the pages: every line, their order, its end.

Does not belong here: the record itself (dashboards/access/log.py), the page that shows it.
"""

from __future__ import annotations

from collections.abc import Iterator

from orchestration.doctor.finding import Finding
from orchestration.settings import Settings

_BREAKS = {
    "changed": "access_changed",
    "unreadable": "access_unreadable",
    "cut": "access_cut",
}


def accesses(settings: Settings) -> Iterator[Finding]:
    """The record is what the servers of pages wrote; a data folder nobody looked at has none."""
    # Late: the pages, which a run does not need.
    from dashboards.access import log

    fault = log.read(settings.home).fault
    if fault is not None:
        values = {"file": f"{log.FOLDER}/{fault.file}", "line": fault.line}
        yield Finding(_BREAKS[fault.why], is_fault=True, values=values)


def mail(settings: Settings) -> Iterator[Finding]:
    """Mail is set up so that it can be used, its password for this account alone; without a server
    messages are files."""
    from orchestration.mail import MailError, server_of

    try:
        server_of(settings)
    except MailError as error:
        yield Finding("told", is_fault=True, values={"sentence": str(error)})


def login(settings: Settings) -> Iterator[Finding]:
    """The login is set up so that it can be used; a data folder without one shows its pages on
    this machine alone."""
    from dashboards.access import login
    from dashboards.access.errors import LoginError
    from dashboards.i18n import DEFAULT, LANGUAGES, words

    try:
        login.setup(settings.home)
    except LoginError as error:
        lang = settings.lang if settings.lang in LANGUAGES else DEFAULT
        sentence = words(lang)[error.key].format(**error.values)
        yield Finding("told", is_fault=True, values={"sentence": sentence})
