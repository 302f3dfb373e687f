"""Rejected rows: the columns that are kept of them, and how a value is told in a reason.

Belongs here: the shape of quarantine, the same for rows rejected by form (`verify.py`) and by
judgement (`judge.py`). Does not belong here: why a row is rejected; what may not be told
(`masking.py`).
"""

from ingest.contract import Column
from ingest.masking import hidden

COLUMNS = (("delivery_id", "VARCHAR"), ("extract", "VARCHAR"), ("line_number", "BIGINT"),
           ("key", "VARCHAR"), ("rule", "VARCHAR"), ("column_name", "VARCHAR"),
           ("reason", "VARCHAR"))
REMEDY = "correct the row at the source and deliver it again."


def told_value(column: Column | None, source: str) -> str:
    """SQL of a value as a reason may tell it: shortened, a personal one never.

    `source` is SQL of the text; no column: the operation of a delta.
    """
    if column and column.personal != "none":
        return "'(value hidden)'"
    safe = hidden(source)
    return (f"'\"' || CASE WHEN length({source}) > 16 THEN left({safe}, 12) || '…' "
            f"ELSE {safe} END || '\"'")
