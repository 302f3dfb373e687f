"""The lines of the deliveries: which file and line brought a row, in every version of it.

Belongs here: reading the raw history by key, and what became of each version. Does not belong here:
which rows are in force for a build (ingest/in_force.py, whose definition this follows for a single
key), rows refused (meta.quarantine of a release has them, with file and line).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import Any

from explain.asking import literal, rows_of
from ingest.engine import connect
from ingest.raw import RawHistory, Receipt
from storage.parquet import parquet

Version = dict[str, Any]
#: Stamps of a stored row, by the names they have in an explanation.
_STAMPS = {"_delivery_id": "delivery_id", "_line_number": "line_number", "_op": "operation"}
_HIDDEN = {"_business_date", "person_key"}
FORCE, REPLACED, DELETED, REFUSED, GONE = "in_force", "replaced", "deleted", "refused", "gone"


class Lineage:
    """The raw history up to the deliveries of one release, each landed and judged."""

    def __init__(self, home: Path, deliveries: Collection[str]) -> None:
        self._history = RawHistory(home)
        self._known = frozenset(deliveries)

    @cached_property
    def _receipts(self) -> list[Receipt]:
        return [one for one, _ in self._history.judged() if one.delivery_id in self._known]

    @cached_property
    def _connection(self) -> Any:
        return connect(None)

    @cached_property
    def _places(self) -> Mapping[str, int]:
        return {one.delivery_id: place for place, one in enumerate(self._receipts)}

    def versions(
        self, extract: str, key: Sequence[str], column: str, values: Iterable[str]
    ) -> list[Version]:
        """Every version that was delivered of the rows with one of these values in a column.

        Args:
            key: the columns that make a row the same row.
            column: text column that is asked.

        Returns:
            Rows in the order of deliveries: delivery_id, file, line_number, operation, state
            (`in_force`, `replaced`, `deleted`, `refused`, `gone`), then the columns of the extract.
        """
        wanted = sorted(set(values))
        files = {
            one.delivery_id: entry.file
            for one in self._receipts
            for entry in one.entries
            if entry.extract == extract
        }
        stored = [self._history.raw / name / f"{extract}.parquet" for name in files]
        stored = [file for file in stored if file.is_file()]
        if not wanted or not stored:
            return []
        found = rows_of(
            self._connection.execute(
                f"select * from {parquet(stored)} where {column} in "
                f"({', '.join(map(literal, wanted))})"
            )
        )
        refused = self._refused(extract, found)
        kept = self._kept(extract, column, wanted)
        versions = [
            {
                "delivery_id": row["_delivery_id"],
                "file": files[row["_delivery_id"]],
                "line_number": row["_line_number"],
                "operation": row.get("_op") or "U",
                "state": REFUSED if _line(row) in refused else "",
                **{name: row[name] for name in row if name not in {*_STAMPS, *_HIDDEN}},
            }
            for row in found
        ]
        versions.sort(key=lambda one: (self._places[one["delivery_id"]], one["line_number"]))
        self._judge(versions, key, kept)
        return versions

    def _refused(self, extract: str, found: Sequence[Mapping[str, Any]]) -> set[tuple[str, int]]:
        """Lines that the judgement refused: they are stored, and not in force."""
        files = [
            self._history.judgements / one.delivery_id / "quarantine.parquet"
            for one in self._receipts
            if one.verdict and extract in one.verdict.rejected
        ]
        if not found or not files:
            return set()
        rows = self._connection.execute(
            f"select delivery_id, line_number from {parquet(files)} where extract = "
            f"{literal(extract)}"
        )
        return set(rows.fetchall())

    @cached_property
    def _last_full(self) -> int:
        return max((at for at, one in enumerate(self._receipts) if one.mode == "full"), default=0)

    def _kept(self, extract: str, column: str, wanted: Sequence[str]) -> set[tuple[str, int]]:
        """Lines from before the last full delivery that stay in force, for what it brought of them
        was refused (F4)."""
        if not self._receipts:
            return set()
        full = self._receipts[self._last_full]
        if not full.verdict or extract not in full.verdict.kept:
            return set()
        file = self._history.judgements / full.delivery_id / "kept" / f"{extract}.parquet"
        rows = self._connection.execute(
            f"select _delivery_id, _line_number from {parquet([file])} where {column} in "
            f"({', '.join(map(literal, wanted))})"
        )
        return set(rows.fetchall())

    def _judge(
        self, versions: Sequence[Version], key: Sequence[str], kept: set[tuple[str, int]]
    ) -> None:
        """Fill in `state`. A full delivery is the whole: what it does not bring is gone, but for
        what is kept."""
        by_key: dict[tuple, list[Version]] = {}
        for one in versions:
            by_key.setdefault(tuple(one[name] for name in key), []).append(one)
        for mine in by_key.values():
            taken = [one for one in mine if one["state"] != REFUSED]
            for one in taken:
                one["state"] = REPLACED
            if not taken:
                continue
            last = taken[-1]
            is_kept = (last["delivery_id"], last["line_number"]) in kept
            if last["operation"] == "D":
                last["state"] = DELETED
            elif self._places[last["delivery_id"]] < self._last_full and not is_kept:
                last["state"] = GONE
            else:
                last["state"] = FORCE


def _line(row: Mapping[str, Any]) -> tuple[str, int]:
    return row["_delivery_id"], row["_line_number"]
