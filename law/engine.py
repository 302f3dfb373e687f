"""The rules of law of the dbt project, in a DuckDB of their own in memory.

Rules are functions of the database (`dbt_project/functions`, see functions.py), lists are the seeds
of the law, and what follows from lists alone are models of `models/intermediate/law`: the very same
files answer a question without dbt, without a release and without a data folder. Lists and models
are loaded when a query first names them. Does not belong here: any rule, any legal figure, the
wording of answers.
"""

from __future__ import annotations

import glob
import re
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

import duckdb
import yaml

from law import functions

PROJECT = Path(__file__).resolve().parent.parent / "dbt_project"
SEEDS = PROJECT / "seeds" / "law"
MODELS = PROJECT / "models" / "intermediate" / "law"
QUERIES = Path(__file__).resolve().parent / "queries"
# How a model of dbt names the table that it reads.
_REF = re.compile(r"\{\{ ref\('(\w+)'\) \}\}")
_TABLE = re.compile(r"\b(?:int_law__|law_)\w+")


class Engine:
    """One database in memory with the functions and the lists of law. Not thread-safe."""

    def __init__(self) -> None:
        self._connection = duckdb.connect(
            config={"autoinstall_known_extensions": False, "autoload_known_extensions": False}
        )
        # Lists are tiny: starting threads would cost more than they save.
        self._connection.execute("set threads = 1")
        self._loaded: set[str] = set()
        functions.load(self._connection)

    def rows(self, query: str) -> list[dict[str, Any]]:
        """Rows of a query over lists and models of law, as dictionaries by column."""
        self._load(query)
        cursor = self._connection.execute(query)
        names = [column[0] for column in cursor.description]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]

    def answer(
        self, query: str, columns: Mapping[str, str], questions: Sequence[Mapping[str, Any]]
    ) -> list[dict[str, Any]]:
        """Runs a query of `law/queries` over a table of questions.

        Args:
            query: name of the file, without `.sql`; it reads the relation `questions`.
            columns: SQL type of each column of the questions; `line` is added in front.
            questions: one value per column each, as text; what is missing is null.

        Returns:
            The rows of the query; its column `line` is the place of the question they answer.
        """
        lists = [list(range(len(questions)))]
        lists += [[question.get(name) for question in questions] for name in columns]
        # A parameter makes DuckDB import pandas, which takes longer than one answer; in a batch
        # parameters are what is quick.
        places = ["?"] * len(lists) if len(questions) > 1 else [_literal(one) for one in lists]
        select = [f"unnest({places[0]}::integer[]) as line"]
        select += [
            f"unnest({place}::varchar[])::{kind} as {name}"
            for place, (name, kind) in zip(places[1:], columns.items(), strict=True)
        ]
        self._connection.execute(
            f"create or replace temp table questions as select {', '.join(select)}",
            lists if len(questions) > 1 else None,
        )
        return self.rows((QUERIES / f"{query}.sql").read_text(encoding="utf-8"))

    def _load(self, query: str) -> None:
        """The lists and models that a query names, as tables."""
        for name in sorted(set(_TABLE.findall(query))):
            if name in self._loaded:
                continue
            self._loaded.add(name)
            model, seed = MODELS / f"{name}.sql", SEEDS / f"{name}.csv"
            if model.is_file():
                select = _REF.sub(r"\1", model.read_text(encoding="utf-8"))
                self._load(select)
                self._connection.execute(f"create table {name} as {select}")
            elif seed.is_file():
                options = f"header = true, auto_detect = false, columns = {_types()[name]!r}"
                self._connection.execute(
                    f"create table {name} as select * from read_csv("
                    f"{_quoted(glob.escape(str(seed)))}, {options}, hive_partitioning = false)"
                )


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def _literal(values: Sequence[Any]) -> str:
    """A list as SQL writes it, of what a question holds: nothing, a list, or what is cast from
    text."""
    written = [
        "null"
        if value is None
        else _literal(value)
        if isinstance(value, list)
        else _quoted(str(value))
        for value in values
    ]
    return f"[{', '.join(written)}]"


@cache
def _types() -> dict[str, dict[str, str]]:
    """Column types of each list, as its contract declares them."""
    declared: Iterable[dict[str, Any]] = yaml.load(
        (SEEDS / "_law.yml").read_text(encoding="utf-8"),
        Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader),
    )["seeds"]
    return {seed["name"]: seed["config"]["column_types"] for seed in declared}
