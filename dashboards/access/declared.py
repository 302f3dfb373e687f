"""access.yaml, read strictly: which tables there are, what each role may see.

Belongs here: reading and refusing. Does not belong here: what follows for a person (person.py),
whether a table is in a release (the release says it; a contract test holds both together).
"""

from __future__ import annotations

from dataclasses import MISSING, dataclass, fields
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from dashboards.access.cells import Cells
from dashboards.access.errors import DeclarationError
from dashboards.navigation import declared as declared_pages

FILE = Path(__file__).resolve().parents[1] / "access.yaml"
OPEN, INSIDE, PERSONS, CELLS = "open", "inside", "persons", "cells"
_KINDS = (OPEN, INSIDE, PERSONS, CELLS)
_OFFICE_KEYS = ("office_code", "account_id", "affiliate_id", "company_id")
ALL, CLAIM = "all", "claim"


@dataclass(frozen=True)
class Role:
    """What a role may see. `tables`: names as declared, `schema.*` for all of a schema."""

    id: str
    label_fr: str
    label_nl: str
    pages: tuple[str, ...]
    tables: frozenset[str]
    offices: str
    named: bool
    threshold: int

    def label(self, lang: str) -> str:
        """Return what the role is called."""
        return self.label_nl if lang == "nl" else self.label_fr


@dataclass(frozen=True)
class Declaration:
    """The whole file. `kinds`: each table (or `schema.*`) by what it is; `keys`: of tables of
    persons, the column by which their office is found; `cells`: marts that are cut."""

    kinds: dict[str, str]
    keys: dict[str, str]
    cells: dict[str, Cells]
    given_to_none: dict[str, str]
    roles: dict[str, Role]

    def entry_of(self, table: str) -> str | None:
        """Return the name under which a table of a release is declared, or None."""
        every = f"{table.partition('.')[0]}.*"
        return table if table in self.kinds else every if every in self.kinds else None


class _Text(str):
    """A text that knows its line."""

    line = 0


class _Loader(yaml.SafeLoader):
    """Texts with their lines; the same key twice is an error."""


def _text(loader: yaml.SafeLoader, node: yaml.ScalarNode) -> _Text:
    made = _Text(node.value)
    made.line = node.start_mark.line + 1
    return made


def _mapping(loader: yaml.SafeLoader, node: yaml.MappingNode) -> dict:
    made: dict = {}
    for key_node, value_node in node.value:
        key = loader.construct_object(key_node, deep=True)
        if key in made:
            raise DeclarationError(_at(key, f"{key} stands twice"))
        made[key] = loader.construct_object(value_node, deep=True)
    return made


_Loader.add_constructor("tag:yaml.org,2002:str", _text)
_Loader.add_constructor("tag:yaml.org,2002:map", _mapping)


@cache
def declaration() -> Declaration:
    """Return what access.yaml says. Raises DeclarationError."""
    return read(FILE.read_text(encoding="utf-8"))


def read(text: str) -> Declaration:
    """Read a declaration.

    Raises:
        DeclarationError: a word, page, table or role that does not exist, with its line.
    """
    try:
        content = yaml.load(text, _Loader)
    except yaml.YAMLError as error:
        raise DeclarationError(f"access.yaml: {' '.join(str(error).split())}") from error
    _only(content, "the file", {"tables", "roles"})
    tables = content["tables"]
    _only(tables, "tables", {*_KINDS, "given_to_none"})
    kinds: dict[str, str] = {}
    for kind in _KINDS:
        for name in tables[kind]:
            if name in kinds:
                raise DeclarationError(_at(name, f"{name} is declared twice"))
            kinds[name] = kind
    for name, key in tables[PERSONS].items():
        _one_of(key, _OFFICE_KEYS, f"{name}: the column of its office")
    cells = {name: _cells(name, given) for name, given in tables[CELLS].items()}
    roles = {name: _role(name, given, kinds) for name, given in content["roles"].items()}
    return Declaration(kinds, dict(tables[PERSONS]), cells, tables["given_to_none"] or {}, roles)


def _cells(table: str, given: dict) -> Cells:
    required = {f.name for f in fields(Cells) if f.default is f.default_factory is MISSING}
    _only(given, table, {f.name for f in fields(Cells)} - {"table"}, required - {"table"})
    values: dict[str, Any] = {"table": str(table)}
    for name, value in given.items():
        if name == "margin":
            ((column, total),) = value.items()
            value = (column, total)
        values[str(name)] = tuple(value) if isinstance(value, list) else value
    made = Cells(**values)
    apart = [(dimensions, made.dimensions) for dimensions in made.disjoint.values()]
    for listed, among in (
        *apart, (made.disjoint, made.persons),
        (made.fractions, made.sums), (made.parts, made.sums), (made.rounded, made.period),
        *((parts, made.sums) for parts in made.parts.values()),
    ):  # fmt: skip
        for name in listed:
            _one_of(name, among, table)
    return made


def _role(name: str, given: dict, kinds: dict[str, str]) -> Role:
    wanted = {f.name for f in fields(Role)} - {"id"}
    _only(given, name, wanted, wanted)
    pages = {page.id for page in declared_pages()[1]}
    for page in given["pages"]:
        _one_of(page, pages, f"{name}: page")
    tables: set[str] = set()
    for table in given["tables"]:
        found = _tables(table, kinds)
        if not found:
            raise DeclarationError(_at(table, f"{name}: there is no table {table}"))
        tables |= found
    _one_of(given["offices"], (ALL, CLAIM), f"{name}: offices")
    role = Role(name, **{**given, "pages": tuple(given["pages"]), "tables": frozenset(tables)})
    if not isinstance(role.named, bool) or not isinstance(role.threshold, int):
        raise DeclarationError(_at(name, f"{name}: named is true or false, threshold a number"))
    for table in sorted(tables):
        if kinds[table] == PERSONS and not role.named:
            raise DeclarationError(_at(name, f"{name} is shown no names, but {table} holds them"))
    return role


def _tables(name: str, kinds: dict[str, str]) -> set[str]:
    """A kind, a table, or all tables of a schema."""
    if name in _KINDS:
        return {table for table, kind in kinds.items() if kind == name}
    if name in kinds:
        return {str(name)}
    if name.endswith(".*"):
        return {table for table in kinds if table.startswith(name[:-1])}
    return set()


def _only(given: Any, where: str, known: set[str], required: set[str] | None = None) -> None:
    if not isinstance(given, dict):
        raise DeclarationError(f"access.yaml: {where} is no list of names with values.")
    for name in given:
        _one_of(name, known, where)
    for name in sorted((known if required is None else required) - set(given)):
        raise DeclarationError(_at(where, f"{where}: {name} is missing"))


def _one_of(name: Any, known: Any, where: str) -> None:
    if name not in known:
        among = ", ".join(sorted(map(str, known)))
        raise DeclarationError(_at(name, f"{where}: {name} is none of {among}"))


def _at(name: Any, fault: str) -> str:
    line = getattr(name, "line", 0)
    return f"access.yaml{f', line {line}' if line else ''}: {fault}."
