"""`vigie answer`: a package of statistics.

Belongs here: reading the arguments, telling what was found. Does not belong here: making it
(exports/answer.py).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import click

from orchestration.commands.options import FOLDER, Date, help_of, language
from orchestration.interrupts import heeded
from orchestration.settings import Settings
from orchestration.texts import say


@click.command(help=help_of("answer"))
@click.argument("codes", nargs=-1, required=True, metavar="CODE…")
@click.option("--period", required=True, help=help_of("answer.period"))
@click.option("--profile", default="public", show_default=True, help=help_of("answer.profile"))
@click.option("--as-of", type=Date(), help=help_of("answer.as_of"))
@click.option("--out", type=FOLDER, required=True, help=help_of("answer.out"))
@click.option("--earlier", type=FOLDER, multiple=True, help=help_of("answer.earlier"))
@language
def answer(codes: Sequence[str], lang: str | None, **options: Any) -> int:
    """Statistics package."""
    from exports.answer import answer as write

    settings = Settings.from_env(lang=lang)
    # Packages exist in the two languages of the fund; English is for the command line alone.
    spoken = "nl" if settings.lang == "nl" else "fr"
    with heeded():
        package = write(list(codes), home=settings.home, lang=spoken, **options)
    for code in package.left_out:
        click.echo(say(settings.lang, "answer.left_out", code=code), err=True)
    for finding in package.findings:
        if not finding.passed:
            sentence = finding.sentence(spoken)
            said = {"rule": finding.rule, "code": finding.code, "sentence": sentence}
            click.echo(say(settings.lang, f"answer.{finding.level}", **said), err=True)
    for path in package.paths:
        click.echo(say(settings.lang, "answer.done", path=path))
    return 0
