"""`vigie status`: the state of the data folder.

Belongs here: the form it is told in. Does not belong here: what is known of it
(orchestration/status.py), alarms and metrics (watch).
"""

from __future__ import annotations

import click

from orchestration.commands.options import help_of, language
from orchestration.settings import Settings


@click.command(help=help_of("status"))
@click.option("--json", "as_json", is_flag=True, help=help_of("status.json"))
@click.option("--metrics", is_flag=True, help=help_of("status.metrics"))
@language
def status(as_json: bool, metrics: bool, lang: str | None) -> int:
    """State of the data folder."""
    import json

    from orchestration.status import read_status, render

    settings = Settings.from_env(lang=lang)
    state = read_status(settings)
    if metrics:
        from orchestration.watch.alarms import judge
        from orchestration.watch.metrics import write

        click.echo(str(write(settings, state, judge(settings, state))))
        return 0
    click.echo(json.dumps(state, ensure_ascii=False) if as_json else render(settings, state))
    return 0
