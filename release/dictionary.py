"""The dictionary of a release: what each table and column means, in French and Dutch, read from
`meta.dictionary`.

Readers (pages, exports) take labels and definitions from here and write none themselves. Does not
belong here: the making of the dictionary (orchestration/dictionary.py derives it from the dbt
YAML).
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from release.reader import Release


@dataclass(frozen=True)
class Entry:
    """A table (`column` None) or a column. Texts are empty where the declaration gives none."""

    schema: str
    table: str
    column: str | None
    data_type: str | None
    description: str
    labels: Mapping[str, str] = field(default_factory=dict)
    definitions: Mapping[str, str] = field(default_factory=dict)
    meta: Mapping[str, Any] = field(default_factory=dict)
    #: What it carries out ("§4, C1"): who doubts a figure reads there what it means to the cent.
    reference: str = ""

    def label(self, lang: str) -> str:
        """The label in `fr` or `nl`; the technical name where none is declared."""
        return self.labels.get(lang) or self.column or self.table

    def definition(self, lang: str) -> str:
        """The definition in `fr` or `nl`; the English description where none is declared."""
        return self.definitions.get(lang) or self.description


class Dictionary:
    """All entries of one release, found by name."""

    def __init__(self, entries: list[Entry]) -> None:
        self._entries = {(entry.schema, entry.table, entry.column): entry for entry in entries}

    def table(self, schema: str, table: str) -> Entry:
        """The entry of a table. Raises KeyError when the release has no such table."""
        return self._entries[schema, table, None]

    def column(self, schema: str, table: str, column: str) -> Entry:
        """The entry of a column. Raises KeyError when the table has no such column."""
        return self._entries[schema, table, column]

    def has(self, schema: str, table: str, column: str | None = None) -> bool:
        """Whether the release has a table, or a column of it."""
        return (schema, table, column) in self._entries

    def columns(self, schema: str, table: str) -> list[Entry]:
        """The columns of a table, in the order of the table."""
        return [
            entry
            for (in_schema, in_table, column), entry in self._entries.items()
            if (in_schema, in_table) == (schema, table) and column is not None
        ]

    def tables(self, schema: str | None = None) -> list[Entry]:
        """The tables of a schema, or of the whole release."""
        return [
            entry
            for (in_schema, _, column), entry in self._entries.items()
            if column is None and schema in (None, in_schema)
        ]


def read_dictionary(release: Release) -> Dictionary:
    """Read `meta.dictionary` of a release. Worth caching under the release id."""
    found = release.cursor().execute("select * from meta.dictionary order by position")
    names = [column[0] for column in found.description]
    return Dictionary([_entry(dict(zip(names, row, strict=True))) for row in found.fetchall()])


def _entry(row: Mapping[str, Any]) -> Entry:
    return Entry(
        row["schema_name"],
        row["table_name"],
        row["column_name"],
        row["data_type"],
        row["description"] or "",
        {"fr": row["label_fr"] or "", "nl": row["label_nl"] or ""},
        {"fr": row["definition_fr"] or "", "nl": row["definition_nl"] or ""},
        json.loads(row["meta_json"]) if row["meta_json"] else {},
        # Releases of before 29 November 2026 do not say it.
        row.get("definition") or "",
    )
