"""`vigie notify`: send what is due, judge alarms, write the metrics; for a clock that is not the
orchestrator's, and for somebody who has mended the mail server.

Belongs here: reading the arguments, telling what happened. Does not belong here: the work (watch,
sending).
"""

from __future__ import annotations

import click

from orchestration.commands.options import help_of, language
from orchestration.interrupts import heeded
from orchestration.logs import log_to_file
from orchestration.moments import moment
from orchestration.settings import Settings
from orchestration.texts import say


@click.command(help=help_of("notify"))
@language
def notify(lang: str | None) -> int:
    """Send what is due, judge alarms, write the metrics."""
    from orchestration.watch.after import watch
    from orchestration.watch.alarms import current

    settings = Settings.from_env(lang=lang)
    log_to_file(settings)
    with heeded():
        failed = watch(settings)
    for sentence in failed:
        click.echo(sentence, err=True)
    for name, said in current(settings).items():
        told = {**said, "since": moment(settings.lang, said["since"])}
        click.echo(say(settings.lang, "notify.alarm", name=name, **told))
    if not failed:
        click.echo(say(settings.lang, "notify.done"))
    return 1 if failed else 0
