"""`vigie verify`: whether what the desk wrote is still what it wrote.

Belongs here: reading the arguments and saying what was found. Does not belong here: looking
(exports/register/chain.py for the register).
"""

from __future__ import annotations

import json

import click

from orchestration.options import help_of, language
from orchestration.settings import Settings
from orchestration.texts import say


@click.command(help=help_of("verify"))
@click.option("--register", "of_register", is_flag=True, help=help_of("verify.register"))
@click.option("--json", "as_json", is_flag=True, help=help_of("status.json"))
@language
def verify(of_register: bool, as_json: bool, lang: str | None) -> int:
    """Check the register."""
    if not of_register:
        raise click.UsageError(say(Settings.from_env(lang=lang).lang, "verify.what"))
    return _verify_register(Settings.from_env(lang=lang), as_json)


def _verify_register(settings: Settings, as_json: bool) -> int:
    import os

    from exports.register.chain import check
    from exports.register.store import Store

    store = Store(settings.home, os.environ.get("VIGIE_REGISTER"), lang=settings.lang)
    faults = check(store)
    sentences = [one.sentence(settings.lang) for one in faults]
    if as_json:
        click.echo(json.dumps({"register": store.where, "faults": sentences}, ensure_ascii=False))
        return 1 if faults else 0
    for sentence in sentences:
        click.echo(sentence, err=True)
    if faults:
        click.echo(say(settings.lang, "verify.remedy"), err=True)
        return 1
    click.echo(say(settings.lang, "verify.register_ok", where=store.where))
    return 0
