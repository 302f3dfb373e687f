"""`vigie check`: what the door would say of a delivery, without loading it.

Belongs here: reading the arguments, writing the page. Does not belong here: judging
(ingest/check.py), telling (check_view.py).
"""

from __future__ import annotations

from pathlib import Path

import click

from orchestration.commands.options import FOLDER, help_of, language
from orchestration.files import write_whole
from orchestration.interrupts import heeded
from orchestration.settings import Settings

_FILE = click.Path(dir_okay=False, path_type=Path)


@click.command(help=help_of("check"))
@click.argument("folder", type=FOLDER, metavar="FOLDER")
@click.option("--json", "as_json", is_flag=True, help=help_of("status.json"))
@click.option("--html", "page", type=_FILE, metavar="FILE", help=help_of("check.html"))
@click.option("--rows", type=click.IntRange(min=0), help=help_of("check.rows"))
@language
def check(
    folder: Path, as_json: bool, page: Path | None, rows: int | None, lang: str | None
) -> int:
    """Judge a delivery; exit 0 when the door would take it whole."""
    from ingest.check import ROWS
    from ingest.check import check as judge
    from orchestration.commands import check_view as view

    settings = Settings.from_env(lang=lang)
    with heeded():
        report = judge(folder, settings.home, ROWS if rows is None else rows)
    if page:
        write_whole(page, view.as_html(report, settings.lang))
    if as_json:
        click.echo(view.as_json(report, settings.lang))
    else:
        for line in view.as_text(report, settings.lang):
            click.echo(line)
    return 0 if report.passes else 1
