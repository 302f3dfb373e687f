"""`vigie backup`: a copy of the data folder, the copies that there are, whether they are whole.

Belongs here: reading the arguments, telling what was done. Does not belong here: copying
(orchestration/backup).
"""

from __future__ import annotations

from pathlib import Path

import click

from orchestration.commands.options import FOLDER, help_of, language
from orchestration.errors import BackupError
from orchestration.interrupts import heeded
from orchestration.moments import megabytes
from orchestration.settings import Settings
from orchestration.texts import say

_FILE = click.Path(dir_okay=False, path_type=Path)


@click.command(help=help_of("backup"))
@click.option("--to", "target", type=FOLDER, help=help_of("backup.to"))
@click.option("--keep", type=click.IntRange(min=1), help=help_of("backup.keep"))
@click.option("--keys-to", type=_FILE, help=help_of("backup.keys_to"))
@click.option("--passphrase-file", type=_FILE, help=help_of("backup.passphrase_file"))
@click.option("--list", "listed", type=FOLDER, help=help_of("backup.list"))
@click.option("--verify", "verified", type=FOLDER, help=help_of("backup.verify"))
@language
def backup(
    target: Path | None,
    keep: int | None,
    keys_to: Path | None,
    passphrase_file: Path | None,
    listed: Path | None,
    verified: Path | None,
    lang: str | None,
) -> int:
    """Copy the data folder; or look at copies."""
    settings = Settings.from_env(lang=lang)
    asked = [one for one in (target, listed, verified) if one is not None]
    if len(asked) != 1 or (target is None and (keep or keys_to)):
        raise click.UsageError(say(settings.lang, "backup.form"))
    with heeded():
        if listed is not None:
            return _list(settings, listed)
        if verified is not None:
            return _verify(settings, verified)
        return _make(settings, target, keep, keys_to, passphrase_file)


def _make(
    settings: Settings,
    target: Path,
    keep: int | None,
    keys_to: Path | None,
    passphrase_file: Path | None,
) -> int:
    from orchestration.backup import keys, make
    from orchestration.backup.store import Copies
    from orchestration.progress import choose_progress

    copies, lang = Copies(target, settings.lang), settings.lang
    secret = None
    if keys_to is not None:
        if keys_to.absolute().is_relative_to(copies.root):
            raise BackupError(say(lang, "backup.keys_inside", file=keys_to))
        # Before anything is copied: what was asked for can be done.
        secret = keys.passphrase(lang, passphrase_file)
    progress = choose_progress(lang)
    try:
        with copies.alone():
            wanted = make.need(settings, copies)
            values = {
                "files": wanted.files,
                "size": megabytes(lang, wanted.size),
                "free": megabytes(lang, wanted.free),
            }
            progress.note(say(lang, "backup.need", **values))
            made = make.make(settings, copies, progress)
            gone, freed = copies.keep(keep) if keep else ([], 0)
    finally:
        progress.close()
    manifest = made.manifest
    values = {
        "id": manifest.backup_id,
        "files": len(manifest.files),
        "size": megabytes(lang, manifest.size),
    }
    copied = {"copied": made.copied_files, "copied_size": megabytes(lang, made.copied_bytes)}
    click.echo(say(lang, "backup.done", folder=copies.root, **values, **copied))
    if gone:
        click.echo(say(lang, "backup.gone", count=len(gone), size=megabytes(lang, freed)))
    if secret is not None:
        names = keys.write(settings, keys_to, secret)
        click.echo(say(lang, "backup.keys_written", file=keys_to, names=", ".join(names)))
    else:
        names = ", ".join([*manifest.keys, *manifest.beside_keys])
        click.echo(say(lang, "backup.keys_apart", names=names))
    return 0


def _list(settings: Settings, folder: Path) -> int:
    from orchestration.backup.store import Copies

    copies = Copies(folder, settings.lang)
    copies.require()
    for name in copies.ids():
        found = copies.read(name)
        values = {"id": name, "finished": found.finished_at, "files": len(found.files)}
        values |= {"size": megabytes(settings.lang, found.size), "release": found.release_id or "—"}
        click.echo(say(settings.lang, "backup.line", **values))
    return 0


def _verify(settings: Settings, folder: Path) -> int:
    from orchestration.backup.store import Copies

    copies = Copies(folder, settings.lang)
    # Also says that there is one.
    copies.read()
    rotten, contents, read = copies.rotten()
    for one in rotten:
        key = "backup.content_missing" if one.missing else "backup.content_rotten"
        files = ", ".join(one.paths[:3])
        click.echo(say(settings.lang, key, sha256=one.sha256, files=files), err=True)
    values = {
        "copies": len(copies.ids()),
        "contents": contents,
        "size": megabytes(settings.lang, read),
    }
    click.echo(say(settings.lang, "backup.verified", **values, faults=len(rotten)))
    return 1 if rotten else 0
