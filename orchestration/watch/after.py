"""What follows a run: subscribers are sent what is due, alarms are judged and told, metrics are
written. Also by the clock (sensors.py) and by hand (`vigie notify`).

Belongs here: that order, and that nothing of it fails a run. Does not belong here: the work itself.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any, TypeVar

from orchestration.faults import failure_sentence
from orchestration.settings import Settings
from orchestration.texts import say
from orchestration.watch import runs

log = logging.getLogger("vigie")
_Found = TypeVar("_Found")


def after_run(settings: Settings, run_id: str, outcome: str | None = None) -> list[str]:
    """Note that a run ended (`outcome`: done or failed; None: as its steps say), and tell what
    follows; returns sentences about what could not be done."""
    runs.ended(settings, run_id, outcome)
    return watch(settings)


def watch(settings: Settings) -> list[str]:
    """Send, judge, tell, write; returns sentences about what could not be done, each of which
    stands in the log."""
    from orchestration.sending import send_due
    from orchestration.status import read_status
    from orchestration.watch import alarms, metrics

    failed: list[str] = []
    count = _tried(settings, failed, lambda: send_due(settings))
    if count is not None:
        log.info("notices: %s", count)
        if count.failed or count.unsure:
            failed.append(
                say(settings.lang, "notify.unsent", failed=count.failed, unsure=count.unsure)
            )
    state: dict[str, Any] | None = _tried(settings, failed, lambda: read_status(settings))
    if state is None:
        return failed
    raised = _tried(settings, failed, lambda: alarms.judge(settings, state))
    if raised is None:
        # What could not be judged is not over.
        return failed
    failed += _tried(settings, failed, lambda: alarms.tell(settings, raised)) or []
    _tried(settings, failed, lambda: metrics.write(settings, state, raised))
    return failed


def _tried(settings: Settings, failed: list[str], work: Callable[[], _Found]) -> _Found | None:
    """What work gives; None, with a sentence, where it fails: the run was done before."""
    try:
        return work()
    except Exception as error:  # a release that was published stays published
        log.error("watching failed", exc_info=error)
        failed.append(failure_sentence(settings, settings.lang, "notify", error))
        return None
