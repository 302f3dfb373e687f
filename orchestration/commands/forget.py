"""`vigie forget`: one person's identifiers go out of everything that stays.

Belongs here: reading the arguments, telling what was done. Does not belong here: forgetting
(orchestration/forget).
"""

from __future__ import annotations

import click

from orchestration.commands.options import help_of, language
from orchestration.errors import AnotherRunError, VigieError
from orchestration.settings import Settings
from orchestration.texts import say


@click.command(help=help_of("forget"))
@click.option("--account", required=True, help=help_of("forget.account"))
@click.option("--reason", required=True, help=help_of("forget.reason"))
@language
def forget(account: str, reason: str, lang: str | None) -> int:
    """Forget a person."""
    from orchestration import lock
    from orchestration.forget.act import forget as carry_out

    settings = Settings.from_env(lang=lang)
    try:
        with lock.hold(settings.home):
            trace = carry_out(settings, account, reason)
    except AnotherRunError as error:
        raise VigieError(say(settings.lang, "error.locked", detail=str(error))) from error
    values = {"number": trace.number, "accounts": len(trace.accounts), "notes": trace.notes}
    values |= {"deliveries": len(trace.deliveries), "releases": len(trace.releases)}
    values |= {"notices": trace.notices}
    click.echo(say(settings.lang, "forget.done", **values))
    click.echo(say(settings.lang, "forget.left", landing=settings.landing))
    return 0
