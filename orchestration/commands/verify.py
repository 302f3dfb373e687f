"""`vigie verify`: whether what the desk wrote is still what it wrote.

Belongs here: reading the arguments and saying what was found. Does not belong here: looking
(exports/verify for a package, exports/register/chain.py for the register).
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import click

from orchestration.commands.options import FOLDER, help_of, language
from orchestration.interrupts import heeded
from orchestration.settings import Settings
from orchestration.texts import say


@click.command(help=help_of("verify"))
@click.argument("package", type=click.Path(path_type=Path), required=False, metavar="PACKAGE")
@click.option("--earlier", type=FOLDER, multiple=True, help=help_of("verify.earlier"))
@click.option(
    "--key",
    "keys",
    type=click.Path(dir_okay=False, path_type=Path),
    multiple=True,
    help=help_of("verify.key"),
)
@click.option("--home", type=FOLDER, help=help_of("verify.home"))
@click.option("--register", "of_register", is_flag=True, help=help_of("verify.register"))
@click.option("--json", "as_json", is_flag=True, help=help_of("status.json"))
@language
def verify(
    package: Path | None,
    earlier: Sequence[Path],
    keys: Sequence[Path],
    home: Path | None,
    of_register: bool,
    as_json: bool,
    lang: str | None,
) -> int:
    """Check a package, or the register."""
    settings = Settings.from_env(home=home, lang=lang)
    if of_register == (package is not None):
        raise click.UsageError(say(settings.lang, "verify.what"))
    if package is not None:
        return _verify_package(settings, package, earlier, keys, as_json)
    if keys:
        raise click.UsageError(say(settings.lang, "verify.key_for_package"))
    return _verify_register(settings, as_json)


@click.command("desk-key", help=help_of("desk_key"))
@click.option("--rotate", "is_new", is_flag=True, help=help_of("desk_key.rotate"))
@language
def desk_key(is_new: bool, lang: str | None) -> int:
    """The public half of the key that signs packages."""
    from exports.signature import public_key, rotate

    settings = Settings.from_env(lang=lang)
    # Sentences about keys exist in the languages of packages.
    spoken = "nl" if settings.lang == "nl" else "fr"
    if is_new:
        rotate(settings.home, spoken)
    name, pem = public_key(settings.home, spoken)
    click.echo(
        say(settings.lang, "desk_key.changed" if is_new else "desk_key.is", name=name), err=True
    )
    click.echo(pem, nl=False)
    return 0


def _verify_package(
    settings: Settings,
    package: Path,
    earlier: Sequence[Path],
    keys: Sequence[Path],
    as_json: bool,
) -> int:
    from exports.signature import read_public_key
    from exports.verify import verify_package
    from exports.verify.check import ATTENTION, UNPROVEN, WRONG
    from exports.verify.texts import say as said

    lang = settings.lang
    # Sentences about statistics exist in the languages of packages.
    spoken = "nl" if lang == "nl" else "fr"
    named = [read_public_key(one, spoken) for one in keys] or None
    with heeded():
        checks = verify_package(package, settings.home, spoken, earlier, named)
    states = {one.state for one in checks}
    code = 1 if {WRONG, UNPROVEN} & states else 0
    outcome = "verify.package_override" if ATTENTION in states else "verify.package_ok"
    if code:
        outcome = "verify.package_wrong" if WRONG in states else "verify.package_unproven"
    if as_json:
        found = [
            {"check": one.name, "state": one.state, "sentence": one.sentence(lang)}
            for one in checks
        ]
        # Who let it leave without a second check, and why; null of any other package.
        alone = next((one.values for one in checks if one.state == ATTENTION), None)
        told = {"package": str(package), "ok": not code, "override": alone, "checks": found}
        click.echo(json.dumps(told, ensure_ascii=False))
        return code
    for one in checks:
        state = said(f"state_{one.state}", lang)
        click.echo(f"{state:<14}{one.sentence(lang)}")
    click.echo(say(lang, outcome), err=bool(code))
    return code


def _verify_register(settings: Settings, as_json: bool) -> int:
    import os

    from exports.register.chain import check, resealed
    from exports.register.store import Store

    store = Store(settings.home, os.environ.get("VIGIE_REGISTER"), lang=settings.lang)
    with heeded():
        faults, seals = check(store), resealed(store)
    sentences = [one.sentence(settings.lang) for one in faults]
    # The next delivery ties all lines so far to what a recipient holds.
    is_proven = all(one.is_anchored for one in seals)
    told_seals = [one.sentence(settings.lang) for one in seals]
    if as_json:
        told = {"register": store.where, "faults": sentences, "resealed": told_seals}
        click.echo(json.dumps(told, ensure_ascii=False))
        return 0 if is_proven and not faults else 1
    for sentence in sentences:
        click.echo(sentence, err=True)
    if faults:
        # Of a register that does not open nobody knows that it is damaged.
        if not all(one.is_out_of_reach for one in faults):
            click.echo(say(settings.lang, "verify.remedy"), err=True)
        return 1
    # What is not there is not whole: who looks in the wrong folder is told.
    key = "verify.register_ok" if store.exists() else "verify.no_register"
    if not is_proven:
        key = "verify.register_resealed"
    click.echo(say(settings.lang, key, where=store.where), err=not is_proven)
    for sentence in told_seals:
        click.echo(sentence, err=not is_proven)
    return 0 if is_proven else 1
