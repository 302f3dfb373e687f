"""The limit on rejected rows: the share of a file past which it is refused (F1).

Here belongs the setting and the refusal, for rows refused by form (`verify.py`) and by judgement
(`judge.py`) alike. Why a row is refused stands there.
"""

import os
from decimal import Decimal, InvalidOperation

from ingest.errors import DeliveryRefused, IngestError
from ingest.texts import said

LIMIT_VARIABLE = "VIGIE_MAX_REJECTED_PCT"


def max_rejected_pct() -> Decimal:
    """Share of rejected rows past which a file is refused (F1). Errors: IngestError."""
    given = os.environ.get(LIMIT_VARIABLE, "1")
    try:
        limit = Decimal(given)
    except InvalidOperation:
        limit = Decimal("NaN")
    if not 0 <= limit <= 100 if limit.is_finite() else True:
        raise IngestError(said("error.percentage", variable=LIMIT_VARIABLE))
    return limit


def past_limit(rejected: int, rows: int) -> bool:
    """Exactly the limit still loads (F1)."""
    return rejected * 100 > max_rejected_pct() * rows


def too_many(delivery_id: str, file: str, rejected: int, rows: int, detail: str) -> DeliveryRefused:
    """The refusal past the limit of rejected rows (F1)."""
    return DeliveryRefused(
        delivery_id, file,
        said("limit.passed", rejected=rejected, rows=rows, limit=str(max_rejected_pct()),
             detail=detail),
        said("remedy.limit", variable=LIMIT_VARIABLE))
