"""`vigie run`: load, build, audit, publish.

Belongs here: reading the arguments, progress, what is told at the end. Does not belong here:
the run (execute.py), its words (summary.py).
"""

from __future__ import annotations

import time
from datetime import date
from pathlib import Path

import click

from orchestration.commands.options import FOLDER, Date, help_of, language
from orchestration.errors import AnotherRunError, VigieError
from orchestration.settings import Settings
from orchestration.texts import say


@click.command(help=help_of("run"))
@click.option("--landing", type=FOLDER, help=help_of("run.landing"))
@click.option("--as-of", type=Date(), help=help_of("run.as_of"))
@language
def run(landing: Path | None, as_of: date | None, lang: str | None) -> int:
    """Load, build, audit, publish."""
    from orchestration.progress import choose_progress

    settings = Settings.from_env(landing=landing, lang=lang)
    settings.require_landing()
    start = time.monotonic()
    progress = choose_progress(settings.lang)
    try:
        from orchestration.execute import execute

        outcome = execute(settings, as_of, progress)
    except AnotherRunError as error:
        raise VigieError(say(settings.lang, "error.locked", detail=str(error))) from error
    finally:
        progress.close()
    for sentence in outcome.sentences:
        click.echo(sentence, err=True)
    from orchestration.summary import render

    click.echo(render(outcome, time.monotonic() - start))
    return outcome.exit_code
