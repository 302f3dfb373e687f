"""Rejected rows: the columns that are kept of them, and how a value is told in a reason.

Belongs here: the shape of quarantine, the same for rows rejected by form (`verify.py`) and by
judgement (`judge.py`). Does not belong here: why a row is rejected; what may not be told
(`masking.py`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ingest.masking import hidden
from ingest.texts import said

if TYPE_CHECKING:  # the library behind contracts is slow to import
    from ingest.contract import Column

COLUMNS = (("delivery_id", "VARCHAR"), ("extract", "VARCHAR"), ("line_number", "BIGINT"),
           ("key", "VARCHAR"), ("rule", "VARCHAR"), ("column_name", "VARCHAR"),
           ("reason", "VARCHAR"))
REMEDY = said("remedy.row")
HIDDEN_VALUE = "(value hidden)"


def reason_end(says: str) -> str:
    """How the reason of a rejected row ends: the rule it breaks, and what to do."""
    return f"{says}; {REMEDY}."


def told_value(column: Column | None, source: str) -> str:
    """SQL of a value as a reason may tell it: shortened, a personal one never.

    `source` is SQL of the text; no column: the operation of a delta.
    """
    if column and column.personal != "none":
        return f"'{HIDDEN_VALUE}'"
    safe = hidden(source)
    return (f"'\"' || CASE WHEN length({source}) > 16 THEN left({safe}, 12) || '…' "
            f"ELSE {safe} END || '\"'")
