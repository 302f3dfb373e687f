"""The rules of law of the dbt project, in a DuckDB of their own in memory.

dbt's macros and models of law are plain Jinja over a few words of dbt (ref, adapter.dispatch,
return). Those words are given here, so that the very same files answer a question without dbt,
without a release and without a data folder. Lists and models are loaded when a query first refers
to them. Does not belong here: any rule, any legal figure, the wording of answers.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

import duckdb
import jinja2
import yaml

PROJECT = Path(__file__).resolve().parent.parent / "dbt_project"
SEEDS = PROJECT / "seeds" / "law"
MODELS = PROJECT / "models" / "intermediate" / "law"
MACROS = ("calendar.sql", "aggregates.sql", "arithmetic.sql", "law/*.sql")
QUERIES = Path(__file__).resolve().parent / "queries"


class Engine:
    """One database in memory with the lists of law, and the macros over them. Not thread-safe."""

    def __init__(self) -> None:
        self._connection = duckdb.connect(
            config={"autoinstall_known_extensions": False, "autoload_known_extensions": False}
        )
        # Lists are tiny: starting threads would cost more than they save.
        self._connection.execute("set threads = 1")
        self._loaded: set[str] = set()
        self._jinja = jinja2.Environment(
            extensions=["jinja2.ext.do"], undefined=jinja2.StrictUndefined, autoescape=False
        )
        # dbt's `return` ends a macro with a value; every macro of law returns text only, and
        # nothing after it, so passing the text through is the same.
        self._jinja.globals.update(
            {"ref": self.ref, "adapter": _Adapter(self._jinja), "return": lambda text: text}
        )
        sources = [
            file.read_text(encoding="utf-8")
            for pattern in MACROS
            for file in sorted((PROJECT / "macros").glob(pattern))
        ]
        module = self._jinja.from_string("\n".join(sources)).module
        self._jinja.globals.update(
            {name: value for name, value in vars(module).items() if not name.startswith("_")}
        )

    def ref(self, name: str) -> str:
        """The name of a list or model of law, loaded now if it was not yet; dbt's `ref`."""
        if name not in self._loaded:
            self._loaded.add(name)
            model = MODELS / f"{name}.sql"
            if model.is_file():
                query = self.render(model.read_text(encoding="utf-8"))
                self._connection.execute(f"create table {name} as {query}")
            else:
                options = f"header = true, auto_detect = false, columns = {_types()[name]!r}"
                self._connection.execute(
                    f"create table {name} as select * from read_csv(?, {options})",
                    [str(SEEDS / f"{name}.csv")],
                )
        return name

    def render(self, template: str, **values: Any) -> str:
        """SQL of a template that uses the macros of law."""
        return self._jinja.from_string(template).render(**values)

    def rows(self, template: str, **values: Any) -> list[dict[str, Any]]:
        """Rows of a query, as dictionaries by column."""
        cursor = self._connection.execute(self.render(template, **values))
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
        select = ["unnest(?::integer[]) as line"]
        select += [f"unnest(?::varchar[])::{kind} as {name}" for name, kind in columns.items()]
        self._connection.execute(
            f"create or replace temp table questions as select {', '.join(select)}", lists
        )
        return self.rows((QUERIES / f"{query}.sql").read_text(encoding="utf-8"))


class _Adapter:
    """dbt's dispatch: the macro for this engine, else the general one."""

    def __init__(self, environment: jinja2.Environment) -> None:
        self._macros = environment.globals

    def dispatch(self, name: str) -> Any:
        return self._macros.get(f"duckdb__{name}") or self._macros[f"default__{name}"]


@cache
def _types() -> dict[str, dict[str, str]]:
    """Column types of each list, as its contract declares them."""
    declared: Iterable[dict[str, Any]] = yaml.load(
        (SEEDS / "_law.yml").read_text(encoding="utf-8"),
        Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader),
    )["seeds"]
    return {seed["name"]: seed["config"]["column_types"] for seed in declared}
