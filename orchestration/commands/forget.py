"""`vigie forget`: persons' identifiers go out of everything that stays.

Belongs here: reading the arguments, telling what was done, or whose time has passed. Does not
belong here: forgetting (orchestration/forget).
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import click

from orchestration.commands.options import help_of, language
from orchestration.errors import AnotherRunError, VigieError
from orchestration.settings import Settings
from orchestration.texts import say

if TYPE_CHECKING:
    from orchestration.forget.trace import Trace


@click.command(help=help_of("forget"))
@click.option("--account", help=help_of("forget.account"))
@click.option("--expired", "of_expired", is_flag=True, help=help_of("forget.expired"))
@click.option("--reason", help=help_of("forget.reason"))
@click.option("--json", "as_json", is_flag=True, help=help_of("forget.json"))
@language
def forget(
    account: str | None, of_expired: bool, reason: str | None, as_json: bool, lang: str | None
) -> int:
    """Forget a person, or all whose time has passed."""
    settings = Settings.from_env(lang=lang)
    if of_expired == (account is not None) or (as_json and (account or reason)):
        raise click.UsageError(say(settings.lang, "forget.whom"))
    if of_expired and reason is None:
        return _count(settings, as_json)
    if reason is None:
        raise click.UsageError(say(settings.lang, "forget.why"))
    from orchestration import lock
    from orchestration.forget import act

    try:
        with lock.hold(settings.home):
            trace: Trace | None
            if account is None:
                trace = act.forget_expired(settings, reason)
            else:
                trace = act.forget(settings, account, reason)
    except AnotherRunError as error:
        raise VigieError(say(settings.lang, "error.locked", detail=str(error))) from error
    if trace is None:
        click.echo(say(settings.lang, "forget.none_expired"))
        return 0
    values: dict[str, Any] = {"number": trace.number, "accounts": len(trace.accounts)}
    values |= {"deliveries": len(trace.deliveries), "releases": len(trace.releases)}
    values |= {"notes": trace.notes, "notices": trace.notices}
    click.echo(say(settings.lang, "forget.done", **values))
    click.echo(say(settings.lang, "forget.left", landing=settings.landing))
    return 0


def _count(settings: Settings, as_json: bool) -> int:
    """Whose time has passed, without forgetting anybody; names only where a program asks."""
    from orchestration.forget.expired import expired

    found = expired(settings)
    if as_json:
        persons = [
            {
                "accounts": one.accounts,
                "last_day": one.last_day.isoformat(),
                "kept_until": one.kept_until.isoformat(),
            }
            for one in found.persons
        ]
        told = {"as_of": found.as_of.isoformat(), "owing": found.owing, "persons": persons}
        click.echo(json.dumps(told))
        return 0
    lang = settings.lang
    count = {"persons": len(found.persons), "as_of": found.as_of.isoformat()}
    click.echo(say(lang, "forget.expired", **count))
    for year in sorted({one.last_day.year for one in found.persons}):
        of_year = sum(one.last_day.year == year for one in found.persons)
        click.echo(say(lang, "forget.of_year", year=year, persons=of_year))
    if found.owing:
        click.echo(say(lang, "forget.owing", persons=found.owing))
    if found.persons:
        click.echo(say(lang, "forget.how"))
    return 0
