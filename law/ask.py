"""Asking: one question, or many at once.

Questions of one kind go into one table and one query, so ten thousand cost little more than one.
Does not belong here: reading the command line's files, printing (cli.py).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from functools import cache
from typing import Any

import duckdb

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
        found = _rows(engine or _engine(), queries[group], [asked[place][2] for place in places])
        for place, rows in zip(places, found, strict=True):
            name, values, _ = asked[place]
            spoken = values["lang"] or lang or default_language()
            try:
                if rows is None:
                    raise LawError("question.not_computable")
                outcomes[place] = QUESTIONS[name].explain(values, rows, spoken)
            except LawError as error:
                outcomes[place] = error
    return outcomes


def _rows(
    engine: Engine, query: Query, questions: Sequence[dict[str, Any]]
) -> list[list[dict[str, Any]] | None]:
    """The rows that answer each question; None for one whose figures no type holds, which stops
    none of the others.
    """
    found: list[list[dict[str, Any]] | None] = [[] for _ in questions]
    try:
        for row in engine.answer(query.name, query.columns, questions):
            found[row["line"]].append(row)
    except (duckdb.DataError, UnicodeEncodeError):
        if len(questions) == 1:
            return [None]
        half = len(questions) // 2
        return [
            *_rows(engine, query, questions[:half]),
            *_rows(engine, query, questions[half:]),
        ]
    return found


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
