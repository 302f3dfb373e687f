"""The words of a page of help that the parser of the command line writes itself, in the language of
the help.

Belongs here: headings, what kind of value an option takes, the option `--help`. Does not belong
here: what a command or an option does (each says it), what the parser refuses (usage.py).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

import click

from orchestration.commands.options import LANG, help_of
from orchestration.texts import say

#: Headings of the parser.
_SECTIONS = {"Options": "options", "Commands": "commands"}
#: What the parser calls kinds of values, and what stands for them (`help.word.<key>`).
_KINDS = {
    "OPTIONS": "options_given",
    "COMMAND": "command_given",
    "ARGS": "arguments_given",
    "DIRECTORY": "folder",
    "FILE": "file",
    "PATH": "path",
    "TEXT": "text",
    "NAME": "name",
    "INTEGER": "whole",
    "FLOAT": "number",
    "RANGE": "",
    "DATE": "date",
    "MOMENT": "moment",
    "FOLDER": "folder",
    "PACKAGE": "package",
    "DELIVERY": "delivery",
    "RELEASE": "release",
    "REASON": "reason",
    "RULE": "rule",
    "COLUMN": "column",
    "TABLE": "table",
}
_KIND = re.compile(r"(?<![\w$-])[A-Z]{4,}(?!\w)")
#: In square brackets behind the help of an option.
_DEFAULT, _REQUIRED = re.compile(r"(?<=[\[ ])default: "), re.compile(r"(?<=[\[ ])required(?=\])")


def _word(key: str) -> str:
    return say(LANG, f"help.word.{key}")


def _kinds(text: str) -> str:
    """A spelling with our words for kinds of values; what is none of them stays."""

    def ours(found: re.Match[str]) -> str:
        key = _KINDS.get(found[0])
        return found[0] if key is None else key and _word(key)

    return _KIND.sub(ours, text).replace(" >", ">").rstrip()


class Formatter(click.HelpFormatter):
    """Writes a page of help."""

    def write_usage(self, prog: str, args: str = "", prefix: str | None = None) -> None:
        """How a command is written."""
        super().write_usage(prog, _kinds(args), prefix or f"{_word('usage')} ")

    def write_heading(self, heading: str) -> None:
        """The title of a list."""
        # A colon has a space before it in French alone.
        title = _word(_SECTIONS[heading]) if heading in _SECTIONS else heading
        self.write(f"{'':>{self.current_indent}}{title}\n")

    def write_dl(self, rows: Sequence[tuple[str, str]], *args: int, **more: int) -> None:
        """A list of options or commands, each with what it is."""
        said = [
            (
                _kinds(spelling),
                _REQUIRED.sub(_word("required"), _DEFAULT.sub(_word("default"), text)),
            )
            for spelling, text in rows
        ]
        super().write_dl(said, *args, **more)


class HelpContext(click.Context):
    """A command whose help is written here."""

    formatter_class = Formatter


def in_our_words(command: click.Command) -> None:
    """Let a command, and those below it, write its help so."""
    for one in _walk(command):
        one.context_class = HelpContext
        asks = one.get_help_option(HelpContext(one, **(command.context_settings or {})))
        if asks is not None:
            asks.help = help_of("help")


def _walk(command: click.Command) -> Iterator[click.Command]:
    yield command
    for below in getattr(command, "commands", {}).values():
        yield from _walk(below)
