"""`vigie contracts`: what the source must send, as pages to give to it.

Belongs here: reading the arguments, writing the files. Does not belong here: what stands on a page
(contract_pages.py).
"""

from __future__ import annotations

from pathlib import Path

import click

from orchestration.commands.options import FOLDER, help_of, language
from orchestration.files import write_whole
from orchestration.settings import Settings
from orchestration.texts import say


@click.command(help=help_of("contracts"))
@click.option("--out", type=FOLDER, required=True, help=help_of("answer.out"))
@click.option(
    "--against",
    type=click.Path(path_type=Path),
    metavar="FOLDER|FILE",
    help=help_of("contracts.against"),
)
@language
def contracts(out: Path, against: Path | None, lang: str | None) -> int:
    """Pages of the contracts, with what changed."""
    from ingest.contract import load_contracts, read_contracts
    from ingest.contract_changes import released, shape
    from orchestration.contract_pages import pages

    settings = Settings.from_env(lang=lang)
    now, before = load_contracts(), released()
    if against:
        named = {name: shape(contract) for name, contract in read_contracts(against).items()}
        # One file says nothing of the other extracts.
        before = named if against.is_dir() else {**before, **named}
    written = list(pages(now, before, settings.lang))
    for name, page in written:
        write_whole(out / name, page)
    click.echo(say(settings.lang, "contracts.done", count=len(written), path=out / "index.html"))
    return 0
