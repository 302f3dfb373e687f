"""`vigie letter`: the board's page about a quarter, in both languages.

Belongs here: reading the arguments, writing the files. Does not belong here: what stands in the
letter (dashboards/paper/letter.py).
"""

from __future__ import annotations

import re
from pathlib import Path

import click

from orchestration.commands.options import FOLDER, help_of, language
from orchestration.errors import VigieError
from orchestration.files import write_whole
from orchestration.interrupts import heeded
from orchestration.settings import Settings
from orchestration.texts import say

_LANGUAGES = ("fr", "nl")
_QUARTER = re.compile(r"[0-9]{4}Q[1-4]")


@click.command(help=help_of("letter"))
@click.option("--quarter", required=True, metavar="2026Q3", help=help_of("letter.quarter"))
@click.option("--out", type=FOLDER, required=True, help=help_of("answer.out"))
@language
def letter(quarter: str, out: Path, lang: str | None) -> int:
    """The board's page about a quarter."""
    from streamlit.logger import set_log_level

    # Pages are read here without a server, which Streamlit would warn about line by line.
    set_log_level("ERROR")
    from dashboards.i18n import Language
    from dashboards.paper.letter import NoLetter
    from dashboards.paper.letter import letter as write
    from dashboards.typed import quarter as typed_quarter
    from release.reader import open_release

    settings = Settings.from_env(lang=lang)
    asked = typed_quarter(quarter)
    if not _QUARTER.fullmatch(asked):
        raise click.UsageError(say(settings.lang, "letter.form"))
    release = open_release(settings.home)
    with heeded():
        try:
            written = {spoken: write(release, asked, spoken) for spoken in _LANGUAGES}
        except NoLetter as none:
            spoken = Language("nl" if settings.lang == "nl" else "fr")
            raise VigieError(str(spoken.text(str(none), quarter=spoken.quarter(asked)))) from None
        out.mkdir(parents=True, exist_ok=True)
        for spoken, pdf in written.items():
            path = out / f"board_{asked}_{release.id}_{spoken}.pdf"
            write_whole(path, pdf)
            click.echo(say(settings.lang, "answer.done", path=path))
    return 0
