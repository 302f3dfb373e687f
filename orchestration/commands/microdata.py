"""`vigie microdata`: careers by quarter, for INASTI.

Belongs here: reading the arguments. Does not belong here: making them
(exports/microdata).
"""

from __future__ import annotations

from typing import Any

import click

from orchestration.commands.options import FOLDER, Date, help_of, language
from orchestration.interrupts import heeded
from orchestration.settings import Settings
from orchestration.texts import say


@click.command(help=help_of("microdata"))
@click.option("--period", required=True, help=help_of("microdata.period"))
@click.option("--profile", required=True, help=help_of("microdata.profile"))
@click.option("--as-of", type=Date(), help=help_of("answer.as_of"))
@click.option("--out", type=FOLDER, required=True, help=help_of("answer.out"))
@language
def microdata(lang: str | None, **options: Any) -> int:
    """Careers by quarter for INASTI."""
    from exports.microdata import write_microdata

    settings = Settings.from_env(lang=lang)
    spoken = "nl" if settings.lang == "nl" else "fr"
    with heeded():
        written = write_microdata(home=settings.home, lang=spoken, **options)
    for path in written.paths:
        rows = written.rows.get(path.name)
        key = "answer.done" if rows is None else "microdata.done"
        click.echo(say(settings.lang, key, path=path, rows=rows))
    return 0
