"""The tables and columns of microdata, as tables.yaml declares them.

Belongs here: reading the declaration, labels from the dictionary of the release. Does not belong
here: how rows are made (the SQL files), how the dictionary is written (dictionary.py).
"""

from dataclasses import dataclass
from functools import cache
from pathlib import Path

import yaml

from exports.errors import StaleRelease
from exports.texts import sentence
from release.dictionary import Dictionary, Entry

FOLDER = Path(__file__).parent


@dataclass(frozen=True)
class Column:
    """One column: `type` is string, integer, boolean, date or quarter; `list_name` its codes."""

    name: str
    type: str
    required: bool
    list_name: str
    labels: dict[str, str]
    definitions: dict[str, str]


@dataclass(frozen=True)
class Table:
    """One file: its columns in order, and those whose values are never there twice together."""

    name: str
    titles: dict[str, str]
    key: tuple[str, ...]
    columns: tuple[Column, ...]
    sql: str


@cache
def _declaration() -> dict:
    return yaml.safe_load((FOLDER / "tables.yaml").read_text(encoding="utf-8"))


def recipients() -> tuple[str, ...]:
    """Return the profiles that may have microdata."""
    return tuple(_declaration()["recipients"])


def record_types() -> list[str]:
    """Return the flows and kinds of requests that leave."""
    return list(_declaration()["record_types"])


def tables(dictionary: Dictionary, release_id: str, lang: str) -> tuple[Table, ...]:
    """Return the tables; raise StaleRelease when the release lacks what they are made of."""
    shared = _declaration()["shared"]
    found = []
    for name, said in _declaration()["tables"].items():
        columns = tuple(
            _column(column, own or shared[column], dictionary, release_id, lang)
            for column, own in said["columns"].items()
        )
        sql = (FOLDER / f"{name}.sql").read_text(encoding="utf-8")
        titles = {"fr": said["title_fr"], "nl": said["title_nl"]}
        found.append(Table(name, titles, tuple(said["key"]), columns, sql))
    return tuple(found)


def _column(name: str, said: dict, dictionary: Dictionary, release_id: str, lang: str) -> Column:
    labels = {one: said.get(f"label_{one}", "") for one in ("fr", "nl")}
    definitions = {one: said.get(f"definition_{one}", "") for one in ("fr", "nl")}
    if "of" in said:
        entry = _entry(said["of"], dictionary, release_id, lang)
        labels = {one: entry.label(one) for one in labels}
        # The English description is for engineers.
        definitions = {one: entry.definitions.get(one) or labels[one] for one in definitions}
    return Column(
        name,
        said["type"],
        said.get("required", False),
        said.get("list", ""),
        labels,
        definitions,
    )


def _entry(of: str, dictionary: Dictionary, release_id: str, lang: str) -> Entry:
    schema, table, column = of.split(".")
    try:
        return dictionary.column(schema, table, column)
    except KeyError as error:
        raise StaleRelease(sentence("stale_release", lang, release=release_id, what=of)) from error
