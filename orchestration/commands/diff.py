"""`vigie diff`: what differs between two releases.

Exit codes as `diff` has them: 0 nothing differs, 1 something does, 2 the command was not
understood; 3 it could not be told. Belongs here: reading the arguments, writing the page. Does not
belong here: comparing (release/difference), telling (diff_view.py).
"""

from __future__ import annotations

from pathlib import Path

import click

from orchestration.commands.options import help_of, language
from orchestration.files import write_whole
from orchestration.interrupts import heeded
from orchestration.settings import Settings
from orchestration.texts import say

_FILE = click.Path(dir_okay=False, path_type=Path)
FAILED = 3


@click.command(help=help_of("diff"))
@click.argument("before", metavar="R1")
@click.argument("after", metavar="R2")
@click.option("--json", "as_json", is_flag=True, help=help_of("status.json"))
@click.option("--html", "page", type=_FILE, metavar="FILE", help=help_of("diff.html"))
@language
def diff(before: str, after: str, as_json: bool, page: Path | None, lang: str | None) -> int:
    """Compare two releases."""
    settings = Settings.from_env(lang=lang)
    try:
        return _diff(settings, before, after, as_json, page)
    except Exception as error:
        error.exit_code = FAILED  # read by cli.main: 1 says that something differs
        raise


def _diff(settings: Settings, before: str, after: str, as_json: bool, page: Path | None) -> int:
    from orchestration.commands import diff_view as view
    from orchestration.progress import BarProgress, Progress, choose_progress
    from release.difference.compare import compare
    from release.difference.find import find

    sides = [find(word, settings.home) for word in (before, after)]
    progress = choose_progress(settings.lang)
    if not isinstance(progress, BarProgress):
        progress = Progress(settings.lang)  # lines would stand among what is told
    try:
        with heeded(), progress.step("diff"):
            found = compare(*sides, progress.advance)
    finally:
        progress.close()
    if page:
        write_whole(page, view.as_html(found, settings.lang))
        click.echo(say(settings.lang, "answer.done", path=page), err=True)
    if as_json:
        click.echo(view.as_json(found))
    else:
        for line in view.as_text(found, settings.lang):
            click.echo(line)
    return 0 if found.is_empty else 1
