"""What a question is: the flags it knows, the query that answers it, the words for the answer.

Does not belong here: any question in particular.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from law.answer import Answer
from law.arguments import Flag

Values = dict[str, Any]
Rows = list[dict[str, Any]]


@dataclass(frozen=True)
class Query:
    """One file of law/queries and the SQL types of the columns it asks with."""

    name: str
    columns: dict[str, str]


@dataclass(frozen=True)
class Question:
    """One subcommand.

    prepare: parsed values -> the query and its columns; raises LawError on a contradiction.
    explain: (values, rows of the query, language) -> answer; raises LawError where the lists have
        no parameter, or the question lacks one that it turns out to need.
    """

    name: str
    flags: Sequence[Flag]
    prepare: Callable[[Values], tuple[Query, Values]]
    explain: Callable[[Values, Rows, str], Answer]
