"""How the cells that leave agree with the other tables of the answer and of the release, and what
the audit of the release said of them.

Belongs here: rules V20, which computes the equalities of coherence.yaml anew, and V21, which reads
`meta.checks`. Does not belong here: the tests themselves (dbt_project/tests), what the note says of
coherence (note/coherence.py).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path

import yaml

from exports.catalogue import TOTAL
from exports.validation.rule import Result
from exports.validation.view import View

_CENT = "0.005"
#: What meta.checks says of a check that went well.
_PASSED = ("pass", "passed")


@cache
def relations() -> tuple[dict, ...]:
    """Return the equalities of coherence.yaml."""
    path = Path(__file__).parent / "coherence.yaml"
    return tuple(yaml.safe_load(path.read_text(encoding="utf-8")))


def recomputed(view: View, _: Mapping) -> Result:
    """Each equality that the statistic takes part in holds for the cells that leave."""
    there = _tables(view)
    looked_at, failed, examples = 0, 0, []
    for relation in relations():
        terms = [*relation["one"], *relation["other"]]
        if view.code not in {term.get("statistic") for term in terms}:
            continue
        sides = [_side(view, relation, side, there) for side in ("one", "other")]
        if None in sides:
            continue
        row = view.cursor.execute(_compared(relation, sides)).fetchone()
        looked_at += row[0]
        failed += row[1]
        if row[1]:
            examples.append(f"{view.code} {relation['id']} {row[2]}".strip())
    return Result(looked_at, failed, examples[0] if examples else "")


def _tables(view: View) -> dict[str, set[str]]:
    """Return the columns of every table of the release."""
    found: dict[str, set[str]] = {}
    for schema, table, column in view.cursor.execute(
        "select table_schema, table_name, column_name from information_schema.columns"
    ).fetchall():
        found.setdefault(f"{schema}.{table}", set()).add(column)
    return found


def _compared(relation: dict, sides: Sequence[str]) -> str:
    """SQL: cells that both sides have and show, those that differ, the name of one of them."""
    names = ["ref_period", *relation["by"]]
    one, other = (
        f"select {', '.join(names)}, sum(value) as value, bool_or(value is null) as is_hidden"
        f" from ({side}) where ref_period is not null group by all having bool_or(is_first)"
        for side in sides
    )
    told = [f"case when {name} <> '{TOTAL}' then {name} end" for name in names]
    return f"""
        with one as ({one}), other as ({other})
        select count(*), count(*) filter (where differs), min(cell) filter (where differs)
        from (
            select abs(one.value - other.value) > {_CENT} as differs,
                concat_ws(' ', {", ".join(told)}) as cell
            from one inner join other using ({", ".join(names)})
            where not one.is_hidden and not other.is_hidden
        )"""


def _side(view: View, relation: dict, side: str, there: dict[str, set[str]]) -> str | None:
    """SQL of the terms of one side, or None when the release lacks a table of it."""
    found = []
    for term in relation[side]:
        is_first = f"{term is relation[side][0]} as is_first"
        if "sql" in term:
            if not there.keys() >= set(term["reads"]):
                return None
            names = ", ".join(["ref_period", *relation["by"]])
            found.append(f"select {names}, value, {is_first} from ({term['sql']})")
        else:
            term_sql = _term(view, relation["by"], term, there)
            if term_sql is None:
                return None
            found.append(f"select *, {is_first} from ({term_sql})")
    return " union all ".join(found)


def _term(view: View, by: Sequence[str], term: dict, there: dict[str, set[str]]) -> str | None:
    """SQL of a statistic's cells: those that leave when it is asked for, else the release's."""
    code, table = term["statistic"], f"statistics.stat_{term['statistic'].lower()}"
    if table not in there:
        return None
    value, source = "obs_value", table
    if code in view.tables:
        value, source = "shown", view.tables[code]
    names = {column: (term.get("names") or {}).get(column, column) for column in by}
    codes = term.get("codes") or {}
    free = {*names.values(), *(term.get("any") or ())}
    others = {"ref_period", "measure", "obs_value", "contributors", "largest_contribution"}
    dimensions = sorted(there[table] - others - {"second_contribution"})
    if not free <= set(dimensions) or not set(codes) <= set(dimensions):
        return None
    tests = [f"measure = '{term['measure']}'"]
    for name in dimensions:
        if name in codes:
            wanted = "ref_period" if codes[name] == "PERIOD" else f"'{codes[name]}'"
            tests.append(f'"{name}" = {wanted}')
        elif name not in free:
            tests.append(f"\"{name}\" = '{TOTAL}'")
    listed = "".join(f', "{name}" as {column}' for column, name in names.items())
    sign = "-" if term.get("sign") == -1 else ""
    return (
        f"select {term.get('period', 'ref_period')} as ref_period{listed}, {sign}{value} as value"
        f" from {source} where {' and '.join(tests)}"
    )


def audited(view: View, _: Mapping) -> Result:
    """Each check of the release that looks at the table of the statistic has passed; one that was
    never run counts as failed.
    """
    table = view.statistic.table.replace('"', "").rpartition(".")[2]
    rows = view.cursor.execute(
        "select check_id, status from meta.checks"
        " where kind = 'equation' and list_contains(string_split(subject, ', '), $table)"
        " order by check_id",
        {"table": table},
    ).fetchall()
    failed = [check for check, status in rows if status not in _PASSED]
    if not rows:
        return Result(1, 1, "statistics_add_up")
    return Result(len(rows), len(failed), failed[0] if failed else "")
