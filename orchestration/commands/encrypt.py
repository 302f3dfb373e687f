"""`vigie encrypt`: a plain data folder becomes an encrypted one, or (`--decrypt`) the other way.

Belongs here: reading the arguments, the report. Does not belong here: the change itself
(encrypt.py).
"""

from __future__ import annotations

import click

from orchestration.commands.options import help_of, language
from orchestration.errors import AnotherRunError, VigieError
from orchestration.settings import Settings
from orchestration.texts import say


@click.command(help=help_of("encrypt"))
@click.option("--decrypt", "is_opening", is_flag=True, help=help_of("encrypt.decrypt"))
@language
def encrypt(is_opening: bool, lang: str | None) -> int:
    """Change the form of every stored file."""
    from orchestration import lock, logs, private
    from orchestration.encrypt import change
    from orchestration.interrupts import heeded
    from orchestration.progress import choose_progress

    settings = Settings.from_env(opens=False, lang=lang)
    if not settings.home.is_dir():
        raise VigieError(say(settings.lang, "doctor.home", home=settings.home))
    private.set_mask()
    progress = choose_progress(settings.lang)
    try:
        with heeded(), lock.hold(settings.home):
            logs.log_to_file(settings)
            changed = change(settings, encrypt=not is_opening, progress=progress)
    except AnotherRunError as error:
        raise VigieError(say(settings.lang, "error.locked", detail=str(error))) from error
    finally:
        progress.close()
    said = "encrypt.opened" if is_opening else "encrypt.closed"
    click.echo(say(settings.lang, said, home=settings.home, files=changed))
    return 0
