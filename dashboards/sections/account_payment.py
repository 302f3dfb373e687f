"""What a payment of today would settle on one account, and which prescription would end with it.

Belongs here: that question. Does not belong here: what was paid (account_tables). The order in
which money covers charges is that of the ledger; nothing is kept of what is asked here.
"""

from decimal import Decimal, InvalidOperation

import pandas as pd

from dashboards import charges, filters, grids, queries, sheet, typed
from dashboards.figures import From
from dashboards.formats import DAY, EUROS, FLAG
from dashboards.source import Reading

_SQL = queries.beside(__file__)
_MOST = Decimal(10) ** 12


def show(reading: Reading, account: str, unallocated: float) -> None:
    """Ask for an amount and say what it would cover."""
    sheet.heading(reading.text("payment_heading"), level=3)
    asked = filters.words(
        f"{reading.page}_payment",
        reading.text("payment_amount"),
        lambda text: amount_of(text) is not None,
        placeholder="500,00",
        help=reading.text("payment_help"),
    )
    amount = amount_of(asked)
    if not asked:
        sheet.note(reading.text("payment_rule"))
    elif amount is None:
        sheet.warning(reading.text("payment_no_amount"), icon=":material/euro:")
    else:
        _told(reading, account, amount, Decimal(str(round(unallocated, 2))))


def amount_of(text: str) -> Decimal | None:
    """An amount as people in Belgium type it, more than 0 and in whole cents; else nothing."""
    try:
        amount = Decimal(typed.number(text.strip()))
    except InvalidOperation:
        return None
    if (
        not amount.is_finite()
        or not 0 < amount < _MOST
        or amount != amount.quantize(Decimal("0.01"))
    ):
        return None
    return amount


def _told(reading: Reading, account: str, amount: Decimal, unallocated: Decimal) -> None:
    language = reading.language
    # More was refunded than had come in: that comes first.
    used = amount + min(unallocated, Decimal(0))
    rows = reading.query(_SQL["would_settle"], account=account, amount=used)
    covered = Decimal(str(round(rows["covered_amount"].sum(), 2)))
    settled = rows[rows["is_settled"]]
    ends = settled["prescription_date"].dropna()
    told = [
        reading.text(
            "payment_sentence",
            amount=language.euros(amount),
            settled=language.counted("payment_settled", len(settled)),
            partly=language.counted("payment_partly", len(rows) - len(settled)),
        )
    ]
    if len(ends):
        told.append(
            reading.text(
                "payment_clocks",
                clocks=language.counted("payment_clock", len(ends)),
                first=language.day(ends.min()),
            )
        )
    if used > covered:
        told.append(reading.text("payment_left", left=language.euros(used - covered)))
    if used < amount:
        told.append(reading.text("payment_deficit", gap=language.euros(amount - used)))
    sheet.paragraph(" ".join(told), defined_by=reading.text("payment_rule"))
    if len(rows):
        _table(reading, rows)


def _table(reading: Reading, rows: pd.DataFrame) -> None:
    claims = From(reading, "contribution", "fct_charges")
    clocks = From(reading, "recovery", "mart_prescription")
    columns = [
        claims.own_column("charge", "account_charge"),
        claims.column("due_date", DAY),
        claims.column("outstanding_amount", EUROS),
        claims.own_column("covered_amount", "payment_covered", EUROS),
        claims.own_column("is_settled", "payment_is_settled", FLAG),
        clocks.own_column("ends_on", "payment_ends", DAY),
        clocks.own_column("goes_on", "payment_goes_on", DAY),
        claims.column("charge_id"),
    ]
    dates, is_settled = rows["prescription_date"], rows["is_settled"].astype(bool)
    shown = rows.assign(
        charge=charges.in_words(reading, rows),
        ends_on=dates.where(is_settled),
        goes_on=dates.where(~is_settled),
    )
    grids.show_table(reading, "account_payment", shown, columns)
