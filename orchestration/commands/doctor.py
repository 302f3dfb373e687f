"""`vigie doctor`: everything that lies in the data folder.

Belongs here: telling faults and warnings, the exit code. Does not belong here: looking
(orchestration/doctor).
"""

from __future__ import annotations

import click

from orchestration.commands.options import help_of, language
from orchestration.settings import Settings
from orchestration.texts import say


@click.command(help=help_of("doctor"))
@click.option("--quick", is_flag=True, help=help_of("doctor.quick"))
@click.option("--json", "as_json", is_flag=True, help=help_of("status.json"))
@language
def doctor(quick: bool, as_json: bool, lang: str | None) -> int:
    """Everything that lies in the data folder."""
    import json

    from orchestration.doctor import QUICK, WHOLE, examine

    settings = Settings.from_env(lang=lang)
    found = examine(settings, QUICK if quick else WHOLE)
    faults = [each.sentence(settings.lang) for each in found if each.is_fault]
    warnings = [each.sentence(settings.lang) for each in found if not each.is_fault]
    if as_json:
        click.echo(json.dumps({"faults": faults, "warnings": warnings}, ensure_ascii=False))
    else:
        for sentence in faults:
            click.echo(sentence, err=True)
        for sentence in warnings:
            click.echo(say(settings.lang, "doctor.warning", sentence=sentence))
        counts = {"faults": len(faults), "warnings": len(warnings), "home": settings.home}
        click.echo(say(settings.lang, "doctor.done", **counts))
    return 1 if faults else 0
