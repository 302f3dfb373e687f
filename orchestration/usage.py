"""A command that was not understood: one sentence, in the language of who gave it.

Belongs here: what the parser of the command line finds wrong, in words of ours. Does not belong
here: what a command refuses by itself (its own errors), the words (texts.yaml).
"""

from __future__ import annotations

import re
from collections.abc import Sequence

import click

from orchestration.commands.options import Date, Moment
from orchestration.errors import shown
from orchestration.texts import LANGUAGES, default_language, say

# The parser quotes what it was given, but for numbers.
_GIVEN = re.compile(r"'([^']*)'|\"([^\"]*)\"|^(-?\d+(?:\.\d+)?)")


def asked_language(arguments: Sequence[str]) -> str:
    """The language that the words of a command ask for, whether or not it is understood; without
    one, that of the environment.
    """
    asked = ""
    for place, word in enumerate(arguments):
        if word == "--":
            break
        if word.startswith("--lang="):
            asked = word.partition("=")[2]
        elif word == "--lang":
            asked = "".join(arguments[place + 1 : place + 2])
    return asked if asked in LANGUAGES else default_language()


def usage_sentence(error: click.UsageError, lang: str) -> str:
    """What is wrong, and which help shows how it is written."""
    if isinstance(error, click.exceptions.NoArgsIsHelpError):
        return error.message
    command = error.ctx.command_path if error.ctx else "vigie"
    what = _what(error, lang)
    return say(lang, "usage.sentence", what=what, command=command) if what else error.message


def _what(error: click.UsageError, lang: str) -> str:
    """Empty: an error of ours, which is a sentence."""
    if isinstance(error, click.MissingParameter):
        return say(lang, "usage.missing", name=_name(error.param, error))
    if isinstance(error, click.NoSuchOption):
        return say(lang, "usage.no_option", name=shown(error.option_name))
    if isinstance(error, click.BadOptionUsage):
        key = "usage.no_value" if "does not take" in error.message else "usage.value"
        return say(lang, key, name=shown(error.option_name))
    if isinstance(error, click.BadParameter):
        return _bad_value(error, lang)
    if "unexpected extra argument" in error.message:
        extra = error.message.partition("(")[2].rstrip(").")
        return say(lang, "usage.extra", given=shown(extra))
    if isinstance(error.ctx and error.ctx.command, click.Group):
        existing = ", ".join(error.ctx.command.list_commands(error.ctx))
        given = _given(error.message)
        key = "usage.no_command" if given else "usage.which_command"
        return say(lang, key, given=given, existing=existing)
    return ""


def _bad_value(error: click.BadParameter, lang: str) -> str:
    kind = error.param.type if error.param else None
    said = {"name": _name(error.param, error), "given": _given(error.message)}
    if isinstance(kind, click.Choice):
        return say(lang, "usage.choice", existing=", ".join(map(str, kind.choices)), **said)
    if isinstance(kind, (Date, Moment)):
        return say(lang, f"usage.{kind.name}", **said)
    if isinstance(kind, click.Path):
        is_there = "does not exist" not in error.message
        return say(lang, "usage.folder" if is_there else "usage.absent", **said)
    if isinstance(kind, (click.types.IntParamType, click.types.FloatParamType)):
        least = getattr(kind, "min", None)
        bound = "" if least is None else say(lang, "usage.least", least=least)
        return say(lang, "usage.number", bound=bound, **said)
    return say(lang, "usage.other", reason=shown(error.message), **said)


def _name(param: click.Parameter | None, error: click.BadParameter) -> str:
    if param is None:
        return str(error.param_hint or "?")
    return (
        max(param.opts, key=len)
        if isinstance(param, click.Option)
        else param.make_metavar(error.ctx)
    )


def _given(message: str) -> str:
    found = _GIVEN.search(message)
    return shown(next((one for one in found.groups() if one), "")) if found else ""
