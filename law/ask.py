"""Asking: one question, or many at once.

Questions of one kind go into one table and one query, so ten thousand cost little more than one.
Does not belong here: reading the command line's files, printing (cli.py).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from functools import cache
from typing import Any

from law import arguments as read
from law.answer import Answer
from law.arguments import Flag, parse
from law.engine import Engine
from law.errors import LawError
from law.questions import QUESTIONS
from law.questions.kind import Query
from law.texts import LANGUAGES, default_language

#: Flags that every question knows.
COMMON = (Flag("json"), Flag("lang", read.choice(*LANGUAGES)))
Outcome = Answer | LawError


@cache
def _engine() -> Engine:
    return Engine()


def ask(arguments: Sequence[str], lang: str | None = None) -> Answer:
    """The answer to one question, given as on the command line (subcommand first).

    Raises:
        LawError: the question is not well put, or the law has no parameter for it.
    """
    (outcome,) = ask_all([arguments], lang)
    if isinstance(outcome, LawError):
        raise outcome
    return outcome


def ask_all(
    questions: Sequence[Sequence[str]], lang: str | None = None, engine: Engine | None = None
) -> list[Outcome]:
    """An answer or an error per question, in their order.

    Args:
        lang: language of the answers, where a question does not name its own.
        engine: one of the caller's own (an engine serves one thread); else that of the process.
    """
    outcomes: list[Any] = [None] * len(questions)
    groups: dict[str, list[int]] = defaultdict(list)
    queries: dict[str, Query] = {}
    asked: dict[int, tuple[str, dict[str, Any], dict[str, Any]]] = {}
    for place, arguments in enumerate(questions):
        try:
            name, values = parse_question(arguments)
            query, columns = QUESTIONS[name].prepare(values)
        except LawError as error:
            outcomes[place] = error
            continue
        queries[query.name] = query
        groups[query.name].append(place)
        asked[place] = (name, values, columns)
    for group, places in groups.items():
        query = queries[group]
        rows = (engine or _engine()).answer(
            query.name, query.columns, [asked[place][2] for place in places]
        )
        by_line: dict[int, list[dict[str, Any]]] = defaultdict(list)
        for row in rows:
            by_line[row["line"]].append(row)
        for line, place in enumerate(places):
            name, values, _ = asked[place]
            spoken = values["lang"] or lang or default_language()
            try:
                outcomes[place] = QUESTIONS[name].explain(values, by_line[line], spoken)
            except LawError as error:
                outcomes[place] = error
    return outcomes


def parse_question(arguments: Sequence[str]) -> tuple[str, dict[str, Any]]:
    """Name of the question and its values.

    Raises:
        LawError: no such question, or a flag or value that it does not take.
    """
    if not arguments:
        raise LawError("question.missing", choices=", ".join(QUESTIONS))
    name, *rest = arguments
    if name not in QUESTIONS:
        raise LawError("question.unknown", value=name, choices=", ".join(QUESTIONS))
    return name, parse(rest, (*QUESTIONS[name].flags, *COMMON))
