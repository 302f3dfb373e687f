"""Notices: one text file per failed run, refused delivery or alarm, for the person on duty, in
`$VIGIE_HOME/notices`.

Does not belong here: the sentences about errors (run.py has them), technical details (the log has
them).
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from orchestration.files import write_whole
from orchestration.settings import Settings
from orchestration.texts import say
from release.pointer import find_pointer

log = logging.getLogger("vigie")
#: Pages of the run book that say what to do.
RUN_FAILED = "docs/runbook/run-failed.md"
CHECK_FAILED = "docs/runbook/check-failed.md"
REFUSED = "docs/runbook/delivery-refused.md"
HELD = "docs/runbook/delivery-held.md"


def write_notice(
    settings: Settings, run_id: str, sentences: Sequence[str], page: str = RUN_FAILED
) -> Path:
    """Write the notice of a run, in the language of the settings. One run has one notice: what is
    said later is added to it, what it says already is not said twice. `page`: of the run book.
    """
    now = datetime.now(ZoneInfo("Europe/Brussels"))
    settings.notices.mkdir(parents=True, exist_ok=True)
    written = sorted(settings.notices.glob(f"*_{run_id[:8]}.txt"))
    file = written[0] if written else settings.notices / f"{now:%Y-%m-%dT%H%M%S}_{run_id[:8]}.txt"
    before = file.read_text(encoding="utf-8", errors="replace") if written else ""
    new = [sentence for sentence in sentences if sentence not in before]
    if not new:
        return file
    pointer = find_pointer(settings.home)
    effect = (
        say(settings.lang, "notice.effect.stays", release_id=pointer.release_id)
        if pointer
        else say(settings.lang, "notice.effect.none")
    )
    text = say(
        settings.lang,
        "notice",
        when=f"{now:%Y-%m-%d %H:%M}",
        sentence="\n".join(new),
        effect=effect,
        log=settings.logs / "vigie.log",
        run_id=run_id,
        page=page,
    )
    write_whole(file, "\n".join(part for part in (before, text) if part))
    log.warning("notice %s: %s", file.name, " ".join(new))
    return file


def write_alarm(settings: Settings, name: str, sentence: str, page: str) -> Path:
    """Write the notice of an alarm that begins, in the language of the settings."""
    now = datetime.now(ZoneInfo("Europe/Brussels"))
    settings.notices.mkdir(parents=True, exist_ok=True)
    file = settings.notices / f"{now:%Y-%m-%dT%H%M%S}_alarm-{name}.txt"
    text = say(
        settings.lang, "notice.alarm", when=f"{now:%Y-%m-%d %H:%M}", sentence=sentence, page=page
    )
    write_whole(file, text)
    log.warning("alarm %s: %s", name, sentence)
    return file
