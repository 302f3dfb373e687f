"""`vigie extract`: from an operational database to landing.

Belongs here: reading the arguments, showing progress, what is said at the end. Does not belong
here: what a source is and how it is read (ingest.source).
"""

from __future__ import annotations

from datetime import date
from pathlib import Path

import click

from orchestration.commands.options import FOLDER, Date, help_of, language
from orchestration.interrupts import heeded
from orchestration.settings import Settings
from orchestration.texts import say


@click.command(help=help_of("extract"))
@click.option("--source", "name", required=True, metavar="NAME", help=help_of("extract.source"))
@click.option("--full", is_flag=True, help=help_of("extract.full"))
@click.option("--delta", is_flag=True, help=help_of("extract.delta"))
@click.option("--date", "business_date", type=Date(), help=help_of("extract.date"))
@click.option("--landing", type=FOLDER, help=help_of("run.landing"))
@language
def extract(
    name: str,
    full: bool,
    delta: bool,
    business_date: date | None,
    landing: Path | None,
    lang: str | None,
) -> int:
    """One delivery of a source."""
    from ingest.texts import in_language
    from orchestration.extraction import extract as write
    from orchestration.progress import choose_progress

    settings = Settings.from_env(landing=landing, lang=lang)
    if full and delta:
        raise click.UsageError(say(settings.lang, "extract.both"))
    progress = choose_progress(settings.lang)

    def on_rows(name: str, rows: int, done: int, total: int) -> None:
        progress.advance(say(settings.lang, "extract.rows", extract=name, rows=rows), done, total)

    try:
        with progress.step("extract"), heeded():
            mode = "full" if full else "delta" if delta else None
            written = write(settings, name, mode, business_date, on_rows)
            for each, rows in written.rows.items():
                progress.note(say(settings.lang, "extract.rows", extract=each, rows=rows))
    finally:
        progress.close()
    if written.why_full:
        reason = in_language(written.why_full, settings.lang)
        click.echo(say(settings.lang, "extract.why_full", reason=reason))
    if written.unsound:
        told = ", ".join(written.unsound)
        click.echo(say(settings.lang, "extract.unsound", deliveries=told), err=True)
    values = {"delivery_id": written.delivery_id, "date": written.business_date}
    values |= {"rows": sum(written.rows.values()), "path": written.path}
    done = "extract.done_delta" if written.mode == "delta" else "extract.done_full"
    click.echo(say(settings.lang, done, **values))
    return 0
