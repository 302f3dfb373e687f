"""The drop guard: a full delivery that would take away too much waits until a person accepts it.

Here belongs the rule (H4), its setting, and what is kept of a delivery that waits and of one that
was accepted. When it is asked, and what waits behind, belongs to `load.py`.

Choices: a row is lost when its key is in force before and not after (a rejected row that keeps its
earlier version is not lost); both figures are looked at in extracts of 100 rows or more; a delivery
that is loaded already is not held when it is judged anew. What is accepted is a content: the same
id with other content is held again.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import TYPE_CHECKING

from ingest import in_force
from ingest.bounds import file_stem, told
from ingest.durable import write_json
from ingest.engine import connect, quote
from ingest.errors import IngestError
from ingest.in_force import Member
from ingest.masking import holds_number
from ingest.texts import said

if TYPE_CHECKING:  # the library behind contracts is slow to import
    from ingest.contract import Contract

DROP_VARIABLE = "VIGIE_MAX_DROP_PCT"
ROWS = 100
REASON_CHARACTERS = 1000


@dataclass(frozen=True)
class Drop:
    """What a full delivery would take from one extract: rows in force before and after it, how many
    of those before are gone, and absolute amounts added up (None without a column `amount`).
    """

    extract: str
    rows_before: int
    rows_after: int
    rows_lost: int
    amount_before: Decimal | None
    amount_after: Decimal | None

    def is_past(self, limit: Decimal) -> bool:
        """Whether it is more than a share (0-100) of what there was; exactly the share is not."""
        if self.rows_lost * 100 > limit * self.rows_before:
            return True
        if self.amount_before is None:
            return False
        return (self.amount_before - self.amount_after) * 100 > limit * self.amount_before


class DeliveryHeld(IngestError):
    """A delivery that waits for a person. Attributes: `delivery_id`, `business_date`, `digest`,
    `drops`.
    """

    def __init__(self, delivery_id: str, business_date: date, digest: str, drops: Sequence[Drop]):
        self.delivery_id, self.business_date, self.digest = delivery_id, business_date, digest
        self.drops = tuple(drops)
        figures = "; ".join(_figures(drop) for drop in drops)
        super().__init__(f"Delivery {delivery_id} is held: it would take away more than "
                         f"{max_drop_pct()} % of what is in force ({figures}); accept it with "
                         f"vigie accept {delivery_id} --reason TEXT, or correct it at the source.")


def max_drop_pct() -> Decimal:
    """Share past which a full delivery waits (H4). Errors: IngestError."""
    try:
        limit = Decimal(os.environ.get(DROP_VARIABLE, "20"))
    except InvalidOperation:
        limit = Decimal("NaN")
    if not limit.is_finite() or not 0 <= limit <= 100:
        raise IngestError(said("error.percentage", variable=DROP_VARIABLE))
    return limit


def find_drops(contracts: Mapping[str, Contract], chain: Sequence[Member], member: Member,
               spill: Path) -> list[Drop]:
    """What a judged full delivery would take away, by extract, past the limit alone."""
    limit, found = max_drop_pct(), []
    with connect(spill) as connection:
        for contract in contracts.values() if chain else ():
            before = in_force.rows_in_force(contract, chain)
            rows = connection.execute(f"SELECT count(*) FROM ({before})").fetchone()[0]
            if rows < ROWS:
                continue
            keys = ", ".join(quote(key) for key in contract.keys)
            amount = "coalesce(sum(abs(amount)), 0)" if contract.has_amount else "any_value(NULL)"
            held = keys + (", amount" if contract.has_amount else "")
            after = in_force.rows_in_force(contract, [*chain, member])
            drop = Drop(contract.name, rows, *connection.execute(f"""
                WITH before AS (SELECT {held} FROM ({before})),
                     after AS (SELECT {held} FROM ({after}))
                SELECT (SELECT count(*) FROM after),
                       (SELECT count(*) FROM before ANTI JOIN after USING ({keys})),
                       (SELECT {amount} FROM before), (SELECT {amount} FROM after)""").fetchone())
            if drop.is_past(limit):
                found.append(drop)
    return found


# -- what is kept: held/<id>.json until it loads, accepted/<id>.json for ever ----------------------


def note_held(home: Path, held: DeliveryHeld | None) -> None:
    """Keep which delivery waits, and only that one: there is never a second before it is let in."""
    folder = home / "held"
    name = f"{file_stem(held.delivery_id)}.json" if held else None
    for file in folder.glob("*.json"):
        if file.name != name:
            file.unlink()
    if held:
        folder.mkdir(parents=True, exist_ok=True)
        write_json(folder / name, {
            "delivery_id": held.delivery_id, "business_date": held.business_date.isoformat(),
            "digest": held.digest, "limit_pct": str(max_drop_pct()), "message": str(held),
            "held_at": _now(), "extracts": [asdict(drop) for drop in held.drops]})


def read_held(home: Path) -> list[dict]:
    """The deliveries that wait, as `note_held` kept them. Errors: IngestError on a broken file."""
    return [_read(file) for file in sorted((home / "held").glob("*.json"))]


def accept(home: Path, delivery_id: str, reason: str) -> None:
    """Let a delivery that waits in at the next run; the reason is kept for ever.

    Errors: IngestError when it does not wait or the reason is none.
    """
    reason = " ".join(reason.split())
    if not reason or len(reason) > REASON_CHARACTERS or not reason.isprintable():
        raise IngestError(said("error.reason", most=REASON_CHARACTERS))
    if holds_number(reason):
        raise IngestError(said("error.reason_number"))
    file = home / "held" / f"{file_stem(told(delivery_id))}.json"
    if not file.exists():
        waiting = ", ".join(held["delivery_id"] for held in read_held(home)) or "–"
        raise IngestError(said("error.not_held", delivery_id=told(delivery_id), held=waiting))
    held = _read(file)
    (home / "accepted").mkdir(parents=True, exist_ok=True)
    write_json(home / "accepted" / file.name, {**held, "reason": reason, "accepted_at": _now()})


def accepted_reason(home: Path, delivery_id: str, digest: str) -> str:
    """Why this very content was accepted; empty when nobody did."""
    file = home / "accepted" / f"{file_stem(delivery_id)}.json"
    if not file.exists():
        return ""
    accepted = _read(file)
    return accepted["reason"] if accepted["digest"] == digest else ""


def _read(file: Path) -> dict:
    try:
        data = json.loads(file.read_text(encoding="utf-8"))
        data["digest"], data["delivery_id"], data["extracts"], data.setdefault("reason", "")
    except (OSError, ValueError, TypeError, KeyError, AttributeError, RecursionError):
        raise IngestError(said("error.accepted", file=f"{file.parent.name}/{told(file.name)}")
                          ) from None
    return data


def _figures(drop: Drop) -> str:
    amounts = "" if drop.amount_before is None else (
        f", amounts {drop.amount_before} to {drop.amount_after} EUR")
    return (f"{drop.extract}: {drop.rows_before} rows to {drop.rows_after}, {drop.rows_lost} of "
            f"them gone{amounts}")


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")
