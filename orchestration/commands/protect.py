"""`vigie protect`, `vigie attack`: disclosure control of any table.

Belongs here: reading the arguments. Does not belong here: doing it
(exports/disclosure/command.py).
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from orchestration.commands.options import LANG, help_of, language


@click.command(help=help_of("protect"))
@click.argument("spec", type=click.Path(path_type=Path), metavar="SPEC.json|TABLE.csv")
@click.option("--out", type=click.Path(path_type=Path), help=help_of("protect.out"))
@click.option("--dimensions", help=help_of("protect.dimensions"))
@click.option("--hierarchy", multiple=True, metavar="DIM=FILE", help=help_of("protect.hierarchy"))
@click.option("--value", default="value", show_default=True, help=help_of("protect.value"))
@click.option("--contributor", help=help_of("protect.contributor"))
@click.option("--options", type=click.Path(path_type=Path), help=help_of("protect.options"))
@click.option("--threshold", type=float, help=help_of("protect.threshold"))
@click.option("--table", type=click.Path(path_type=Path), help=help_of("protect.table"))
@click.option("--round", "base", type=float, metavar="BASE", help=help_of("protect.round"))
@language
def protect(spec: Path, lang: str | None, **options: Any) -> int:
    """Disclosure control of any table."""
    from exports.disclosure.command import protect_file

    return protect_file(spec, lang=lang or LANG, **options)


@click.command(help=help_of("attack"))
@click.argument("spec", type=click.Path(path_type=Path), metavar="SPEC.json|TABLE.csv")
@click.option("--out", type=click.Path(path_type=Path), help=help_of("protect.out"))
@click.option("--suppressed", metavar="COLUMN", help=help_of("attack.suppressed"))
@click.option("--dimensions", help=help_of("attack.dimensions"))
@click.option("--hierarchy", multiple=True, metavar="DIM=FILE", help=help_of("protect.hierarchy"))
@click.option("--value", help=help_of("attack.value"))
@click.option("--threshold", type=float, help=help_of("attack.threshold"))
@language
def attack(spec: Path, lang: str | None, **options: Any) -> int:
    """What an attacker works out of a table with hidden cells."""
    from exports.disclosure.command import attack_file

    return attack_file(spec, lang=lang or LANG, **options)
