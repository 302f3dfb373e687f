"""What the commands of the command line have in common: help, language, dates, who acts.

Does not belong here: a command (the other modules).
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from typing import Any

import click

from orchestration.texts import LANGUAGES, default_language, say

LANG = default_language()
FOLDER = click.Path(file_okay=False, path_type=Path)


def help_of(key: str) -> str:
    """Return the help of a command or option, in the language of the environment."""
    return say(LANG, f"help.{key}")


class Date(click.ParamType):
    """A date as the interface writes it, nothing else (click's own type takes times too)."""

    name = "date"

    def convert(self, value: Any, param: Any, ctx: Any) -> date:
        """Return the date."""
        if isinstance(value, date):
            return value
        try:
            return datetime.strptime(value, "%Y-%m-%d").date()  # noqa: DTZ007
        except ValueError:
            # What is told of it: usage.py.
            self.fail(repr(value), param, ctx)


class Moment(click.ParamType):
    """A day and an hour; without a zone it is an hour of Brussels."""

    name = "moment"

    def convert(self, value: Any, param: Any, ctx: Any) -> datetime:
        """Return the moment, with the zone that was given or none."""
        if isinstance(value, datetime):
            return value
        try:
            return datetime.fromisoformat(value)
        except ValueError:
            self.fail(repr(value), param, ctx)


def language(command: Callable[..., Any]) -> Callable[..., Any]:
    """`--lang` of a command; without it the one that stands before the command counts."""

    def given(ctx: click.Context, _: Any, value: str | None) -> str | None:
        return value or ctx.find_root().params.get("lang")

    choice = click.Choice(LANGUAGES)
    return click.option("--lang", type=choice, callback=given, help=help_of("lang"))(command)


def acting(command: Callable[..., Any]) -> Callable[..., Any]:
    """`--as` of a command: who acts."""
    return click.option("--as", "who", metavar="NAME", help=help_of("request.as"))(command)


def tell_version(ctx: click.Context, _: click.Parameter, asked: bool) -> None:
    """`--version`: the version and the code, as they stand in every release that it builds."""
    if not asked or ctx.resilient_parsing:
        return
    # Late: it reads every file of a build, which no other command need wait for.
    from orchestration.fingerprint import code_version

    click.echo(f"vigie {code_version()}")
    ctx.exit()
