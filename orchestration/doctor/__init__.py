"""`vigie doctor`: everything that lies in a data folder, looked at, and each fault told with its
remedy.

Belongs here: which checks there are and in which order. A check is a function of the settings that
gives findings (finding.py); it repairs nothing. The quick ones read no file wholly: they also stand
at the start of `vigie run` and `vigie serve`. Does not belong here: checks of figures (audit.py).
"""

from __future__ import annotations

import contextlib
import logging
from collections.abc import Callable, Iterator

from ingest.faults import Owner
from orchestration.doctor import access, desk, folder, memory, sources, stored
from orchestration.doctor.finding import Finding
from orchestration.faults import owner
from orchestration.logs import log_to_file
from orchestration.settings import Settings

log = logging.getLogger("vigie")
Check = Callable[[Settings], Iterator[Finding]]

QUICK: tuple[Check, ...] = (
    folder.space,
    folder.closed,
    stored.key,
    stored.receipts,
    stored.pointers,
    stored.clock,
)
WHOLE: tuple[Check, ...] = (
    *QUICK,
    folder.modes,
    folder.orphans,
    stored.chain,
    stored.raw_files,
    stored.releases,
    stored.encrypted,
    stored.forgotten,
    memory.storage,
    desk.register,
    sources.declarations,
    sources.secrets,
    access.login,
    access.mail,
    access.accesses,
)


def examine(settings: Settings, checks: tuple[Check, ...] = WHOLE) -> list[Finding]:
    """What is wrong with a data folder, in the order of the checks. A check that cannot be carried
    out is itself a finding.
    """
    found: list[Finding] = []
    if not settings.home.is_dir():
        return [Finding("home", is_fault=True, values={"home": settings.home})]
    for check in checks:
        try:
            found += check(settings)
        except Exception as error:
            if owner(error) is Owner.OURS:
                with contextlib.suppress(OSError):  # no log on a disk that takes none
                    log_to_file(settings)
                log.warning("check %s", check.__name__, exc_info=error)
            found.append(Finding.of(settings, error))
    return list({(each.key, str(each.values)): each for each in found}.values())
