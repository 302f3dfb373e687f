"""`vigie restore`: an empty folder becomes the data folder of a copy, and proves it.

Belongs here: reading the arguments, the report. Does not belong here: bringing back, proving
(orchestration/backup).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

import click

from orchestration.commands.options import FOLDER, help_of, language
from orchestration.settings import Settings
from orchestration.texts import say

_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.command(help=help_of("restore"))
@click.option("--from", "source", type=FOLDER, required=True, help=help_of("restore.from"))
@click.option("--home", type=FOLDER, required=True, help=help_of("restore.home"))
@click.option("--key", "key_files", type=_FILE, multiple=True, help=help_of("restore.key"))
@click.option("--backup", "backup_id", metavar="ID", help=help_of("restore.backup"))
@click.option("--passphrase-file", type=_FILE, help=help_of("backup.passphrase_file"))
@language
def restore(
    source: Path,
    home: Path,
    key_files: Sequence[Path],
    backup_id: str | None,
    passphrase_file: Path | None,
    lang: str | None,
) -> int:
    """Bring a data folder back from a copy, with proof."""
    from orchestration import lock, logs
    from orchestration.backup import keys, proof
    from orchestration.backup.restore import bring_back, missing_traces, note, refuse
    from orchestration.backup.store import Copies
    from orchestration.forget.act import replay
    from orchestration.interrupts import heeded
    from orchestration.progress import choose_progress

    home = home.absolute()
    settings = Settings.from_env(home=home, landing=home / "landing", lang=lang)
    copies = Copies(source, settings.lang)
    manifest = copies.read(backup_id)
    is_closed = any(keys.is_encrypted(file) for file in key_files)
    secret = keys.passphrase(settings.lang, passphrase_file) if is_closed else None
    given = keys.read(settings.lang, key_files, secret)
    refuse(settings, copies, manifest, given)
    progress = choose_progress(settings.lang)
    found: list[proof.Proof] = []
    try:
        with heeded(), copies.alone():
            bring_back(settings, copies, manifest, given, progress)
            with lock.hold(settings.home):
                logs.log_to_file(settings)
                replayed = replay(settings, missing_traces(settings, copies))
                found += proof.prove(settings, manifest, progress)
                note(settings, manifest, [asdict(one) for one in found])
    finally:
        progress.close()
    missing = sorted(set(manifest.beside_keys) - set(given))
    click.echo(say(settings.lang, "restore.report", id=manifest.backup_id, home=settings.home))
    for one in found:
        mark = say(settings.lang, "restore.holds" if one.passed else "restore.fails")
        click.echo(f"  {mark:<8} {one.sentence(settings.lang)}", err=not one.passed)
    if replayed:
        click.echo(say(settings.lang, "restore.forgotten", count=len(replayed)))
    if missing:
        click.echo(say(settings.lang, "restore.not_given", names=", ".join(missing)))
    failed = sum(not one.passed for one in found)
    key = "restore.failed" if failed else "restore.done"
    click.echo(say(settings.lang, key, failed=failed, proofs=len(found), home=settings.home))
    return 1 if failed else 0
