"""`vigie accept`: let a delivery in that is held.

Belongs here: reading the arguments. Does not belong here: who may be let in
(ingest/drop.py).
"""

from __future__ import annotations

import click

from orchestration.commands.options import help_of, language
from orchestration.settings import Settings
from orchestration.texts import say


@click.command(help=help_of("accept"))
@click.argument("delivery", metavar="DELIVERY")
@click.option("--reason", required=True, help=help_of("accept.reason"))
@language
def accept(delivery: str, reason: str, lang: str | None) -> int:
    """Let a delivery that is held in at the next run."""
    from ingest.drop import accept as let_in

    settings = Settings.from_env(lang=lang)
    let_in(settings.home, delivery, reason)
    click.echo(say(settings.lang, "accept.done", delivery_id=delivery))
    return 0
