"""`vigie law`: one question on the command line, or a file of them.

Exit codes: 0 answered; 1 not, with one sentence on standard error and nothing on standard output.
Does not belong here: what a question is (questions), how it is answered (ask.py).
"""

from __future__ import annotations

import codecs
import json
import math
import sys
from collections.abc import Sequence
from itertools import zip_longest
from pathlib import Path
from typing import Any, TextIO

from law.answer import Answer
from law.arguments import Flag, parse
from law.ask import COMMON, ask, ask_all, parse_question
from law.errors import LawError
from law.questions import QUESTIONS
from law.texts import LANGUAGES, default_language, say

HELP = {"-h", "--help"}


def main(arguments: Sequence[str]) -> int:
    """Runs `vigie law` with what follows it; returns the exit code."""
    lang = _language(arguments)
    if HELP & set(arguments):
        print(_help(arguments, lang))
        return 0
    try:
        if arguments and arguments[0] == "batch":
            return _batch(arguments[1:], lang)
        answer = ask(arguments, lang)
        as_json = parse_question(arguments)[1]["json"]
    except LawError as error:
        print(error.sentence(lang), file=sys.stderr)
        return 1
    print(answer.as_json() if as_json else answer.as_text())
    return 0


def _language(arguments: Sequence[str]) -> str:
    """The language asked for, also when the rest cannot be read."""
    for word, following in zip_longest(arguments, arguments[1:], fillvalue=""):
        given = following if word == "--lang" else word.removeprefix("--lang=")
        if word.startswith("--lang") and given in LANGUAGES:
            return given
    return default_language()


def _batch(arguments: Sequence[str], lang: str) -> int:
    """Every line of a file answered, in order, one line each."""
    files = [word for word in arguments[:1] if not word.startswith("--")]
    if not files:
        raise LawError("batch.file_missing")
    values = parse(arguments[1:], COMMON)
    name = files[0]
    try:
        content = sys.stdin.buffer.read() if name == "-" else Path(name).read_bytes()
    except OSError as error:
        raise LawError("batch.unreadable", file=name, reason=error.strerror or "") from error
    _answer_lines(_lines(content), values["lang"] or lang, sys.stdout)
    return 0


def _lines(content: bytes) -> list[bytes]:
    # Only line feeds end a line: JSON texts may hold the other separators that Python knows.
    lines = content.removeprefix(codecs.BOM_UTF8).split(b"\n")
    if lines and not lines[-1]:
        lines.pop()
    return lines


def _answer_lines(lines: Sequence[bytes], lang: str, out: TextIO) -> None:
    ids: list[Any] = []
    problems: dict[int, LawError] = {}
    questions: list[Sequence[str]] = []
    for place, line in enumerate(lines):
        identifier, question = None, []
        try:
            identifier, question = _read_line(line)
        except LawError as error:
            identifier = error.values.pop("id", None)
            problems[place] = error
        ids.append(identifier)
        questions.append(question)
    asked = [place for place in range(len(lines)) if place not in problems]
    outcomes: dict[int, Answer | LawError] = dict(problems)
    outcomes |= zip(asked, ask_all([questions[place] for place in asked], lang), strict=True)
    for place, identifier in enumerate(ids):
        outcome = outcomes[place]
        if isinstance(outcome, LawError):
            told = {"id": identifier, "error": outcome.sentence(lang)}
        else:
            told = {"id": identifier, **outcome.as_dict()}
        out.write(_as_line(told) + "\n")


def _as_line(told: dict[str, Any]) -> str:
    line = json.dumps(told, ensure_ascii=False)
    try:
        line.encode("utf-8")
    except UnicodeEncodeError:  # half a character (\\ud800), which JSON may hold and UTF-8 may not
        return json.dumps(told)
    return line


def _read_line(line: bytes) -> tuple[Any, list[str]]:
    """Identifier and arguments of one line of a batch."""
    try:
        read_line = json.loads(line.decode("utf-8"), parse_constant=_refused, parse_float=_finite)
    except (ValueError, RecursionError):
        raise LawError("batch.not_json") from None
    if not isinstance(read_line, dict):
        raise LawError("batch.not_json")
    identifier = read_line.get("id")
    if set(read_line) != {"id", "args"}:
        raise LawError("batch.keys", id=identifier)
    arguments = read_line["args"]
    if not isinstance(arguments, list) or not all(isinstance(word, str) for word in arguments):
        raise LawError("batch.args", id=identifier)
    return identifier, arguments


def _refused(word: str) -> None:
    raise ValueError(word)  # NaN and Infinity are no JSON


def _finite(digits: str) -> float:
    if math.isinf(number := float(digits)):
        raise ValueError(digits)
    return number


def _help(arguments: Sequence[str], lang: str) -> str:
    """How to ask: all questions, or the flags of the one that is named."""
    name = arguments[0]
    if name not in QUESTIONS:
        lines = [say(lang, "help.law"), ""]
        lines += [f"  {name:<15} {say(lang, f'help.{name}')}" for name in (*QUESTIONS, "batch")]
        return "\n".join([*lines, "", say(lang, "help.common")])
    lines = [say(lang, f"help.{name}"), ""]
    lines += [f"  {_usage(flag)}" for flag in QUESTIONS[name].flags]
    return "\n".join([*lines, "", say(lang, "help.common")])


def _usage(flag: Flag) -> str:
    shown = f"--{flag.name}" if flag.read is None else f"--{flag.name} …"
    shown = shown if flag.required else f"[{shown}]"
    return f"{shown}…" if flag.repeats else shown
