"""`vigie sample`: deliveries of the synthetic fund.

Belongs here: reading the arguments, progress. Does not belong here: what is made (sample).
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from orchestration.commands.options import FOLDER, Date, help_of, language
from orchestration.settings import Settings
from orchestration.texts import say


@click.command(help=help_of("sample"))
@click.option("--out", type=FOLDER, required=True, help=help_of("sample.out"))
@click.option("--affiliates", type=click.IntRange(min=1), help=help_of("sample.affiliates"))
@click.option("--companies", type=click.IntRange(min=0), help=help_of("sample.companies"))
@click.option("--from", "start", type=Date(), help=help_of("sample.from"))
@click.option("--to", "end", type=Date(), help=help_of("sample.to"))
@click.option("--deltas", type=click.IntRange(min=0), help=help_of("sample.deltas"))
@click.option("--seed", type=int, help=help_of("sample.seed"))
@click.option(
    "--format", "fmt", type=click.Choice(["csv", "parquet"]), help=help_of("sample.format")
)
@language
def sample(out: Path, lang: str | None, **options: Any) -> int:
    """Deliveries of the synthetic fund."""
    from orchestration.progress import choose_progress
    from sample import generate

    settings = Settings.from_env(lang=lang)
    progress = choose_progress(settings.lang)
    try:
        with progress.step("sample"):
            generate(out, **{name: value for name, value in options.items() if value is not None})
    finally:
        progress.close()
    click.echo(say(settings.lang, "sample.done", out=out))
    return 0
