"""`vigie rollback`: an earlier release becomes the current one, or stops being held.

Belongs here: reading the arguments, telling what was done. Does not belong here: what a rollback is
(rollback.py).
"""

from __future__ import annotations

import click

from orchestration.commands.options import help_of, language
from orchestration.errors import AnotherRunError, VigieError
from orchestration.settings import Settings
from orchestration.texts import say


@click.command(help=help_of("rollback"))
@click.argument("release", required=False, metavar="[RELEASE]")
@click.option("--reason", required=True, help=help_of("rollback.reason"))
@click.option("--until-next", is_flag=True, help=help_of("rollback.until_next"))
@click.option("--lift", "is_lift", is_flag=True, help=help_of("rollback.lift"))
@language
def rollback(
    release: str | None, reason: str, until_next: bool, is_lift: bool, lang: str | None
) -> int:
    """Go back to a release that is kept, or end that."""
    from orchestration import lock
    from orchestration.errors import shown
    from orchestration.rollback import go_back, lift

    settings = Settings.from_env(lang=lang)
    if bool(release) == is_lift or (is_lift and until_next):
        raise click.UsageError(say(settings.lang, "rollback.form"))
    try:
        with lock.hold(settings.home):
            if is_lift:
                pointer = lift(settings, reason)
                click.echo(say(settings.lang, "rollback.lifted", release=pointer.release_id))
                return 0
            said = go_back(settings, shown(release), reason, until_next=until_next)
    except AnotherRunError as error:
        raise VigieError(say(settings.lang, "error.locked", detail=str(error))) from error
    key = "rollback.done_next" if until_next else "rollback.done"
    click.echo(say(settings.lang, key, release=release, left=said.left or "—"))
    return 0
