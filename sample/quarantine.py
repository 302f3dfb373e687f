"""Rows that must be refused, added to the files on purpose, and what becomes of some of them.

Belongs here: how a row is spoiled, for each rule of the interface. Does not belong here: wrong
but well-formed facts (they are planted where the facts are made). Spoiled rows are additional
rows with keys of their own, so that nothing else is refused because of them except where that
is the purpose.
"""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from .calendar import date_of, day_of
from .calibration import Context
from .frame import Frame, to_arrow
from .general_ledger import LINES, GeneralLedger
from .schema import KEYS, SCHEMA
from .truth import Truth
from .writer import DeliveryWriter, empty_table

#: extract -> rule -> (column, spoiled text); None: emptied
SPOILS: dict[str, list[tuple[str, str, str | None]]] = {
    "affiliates": [
        ("domain", "niss", "CHECKSUM"),
        ("domain", "sex", "Z"),
        ("type", "birth_date", "1980-02-30"),
        ("required", "language", None),
        ("domain", "municipality_nis", "99999"),
    ],
    "affiliations": [
        ("reference", "affiliate_id", "A99999999"),
        ("domain", "category", "principal"),
        ("required", "registered_date", None),
        ("type", "start_date", "01/04/2024"),
    ],
    "incomes": [("domain", "source", "estimate"), ("type", "received_date", "2024-13-01")],
    "charges": [
        ("reference", "account_id", "A99999999"),
        ("domain", "charge_type", "contribution"),
        ("type", "due_date", "2024-06-31"),
        ("required", "issue_date", None),
    ],
    "payments": [
        ("reference", "account_id", "A99999998"),
        ("domain", "channel", "cash"),
        ("type", "value_date", "20240630"),
    ],
    "companies": [("domain", "enterprise_number", "CHECKSUM"), ("domain", "legal_form", "GmbH")],
    "company_balances": [("domain", "balance_sheet_total", "-1.00")],
    "recovery_steps": [("reference", "case_id", "K999999999"), ("domain", "step_type", "visit")],
    "notices": [("reference", "account_id", "A99999997"), ("required", "latest_date", None)],
    "contacts": [("domain", "topic", "weather"), ("type", "received_at", "yesterday")],
    "transmissions": [("domain", "flow", "fax"), ("domain", "period", "2024-Q1")],
}
#: kinds that a delta sends again, whole
CORRECTED = {("affiliates", "niss"), ("payments", "channel"), ("contacts", "topic"),
             ("notices", "latest_date")}  # fmt: skip


class Quarantine:
    """Keeps a few good rows of the first chunks as patterns, then writes the spoiled ones."""

    def __init__(self, ctx: Context, fmt: str) -> None:
        self.ctx, self.fmt = ctx, fmt
        self.patterns: dict[str, list[dict]] = {}
        self.rows: dict[str, int] = {}

    def look(self, frame: Frame, columns: dict, rows: np.ndarray) -> None:
        """Counts rows and takes patterns from the middle of the first chunk."""
        name = frame.extract
        self.rows[name] = self.rows.get(name, 0) + len(rows)
        if name not in SPOILS or name in self.patterns or len(rows) < 50:
            return
        most = int(self.ctx.anomalies["quarantine"]["most"])
        chosen = rows[np.linspace(len(rows) // 4, len(rows) // 2, 2 * most).astype(int)]
        table = to_arrow(frame, columns, chosen)
        texts = [_texts(table.column(i)) for i in range(table.num_columns)]
        names = table.column_names
        self.patterns[name] = [
            dict(zip(names, record, strict=True)) for record in zip(*texts, strict=True)
        ]

    def write(self, full: DeliveryWriter, days: list[DeliveryWriter], ledger: GeneralLedger,
              truth: Truth) -> None:  # fmt: skip
        """Appends the spoiled rows to the full delivery, and corrections to the deltas."""
        setting = self.ctx.anomalies["quarantine"]
        for extract, spoils in SPOILS.items():
            total = self.rows.get(extract, 0)
            # Far below the limit of one row in a hundred, whatever the size.
            allowed = int(total * 0.004) // (len(spoils) + 2)
            count = min(max(1, round(total * float(setting["share"]) / (len(spoils) + 2))),
                        int(setting["most"]), allowed)  # fmt: skip
            if count < 1 or extract not in self.patterns:
                continue
            serial = 0
            for rule, column, value in spoils:
                if rule == "type" and self.fmt == "parquet":
                    continue  # a typed file cannot hold another type
                for _ in range(count):
                    serial += 1
                    good = self._fresh(extract, serial)
                    bad = good | {column: _spoil(good[column], value)}
                    self._append(full, extract, bad)
                    self._tell(truth, full, extract, bad, rule, column)
                    if (extract, column) in CORRECTED and serial % 2 == 1 and days:
                        on = days[(serial - 1) % len(days)]
                        self._correct(on, extract, good, ledger, truth)
            for _ in range(count):
                serial += 1
                good = self._fresh(extract, serial)
                for _ in range(2):
                    self._append(full, extract, good)
                    self._tell(truth, full, extract, good, "duplicate_key", KEYS[extract][0])
            if extract == "affiliates":
                self._child(full, days, truth)

    def _child(self, full, days, truth: Truth) -> None:
        """A period of a person whose own row is refused is refused too, and comes again."""
        if "affiliations" not in self.patterns:
            return
        parent = self._fresh("affiliates", 1)
        good = self._fresh("affiliations", 90) | {
            "affiliate_id": parent["affiliate_id"], "category": "complementary",
            "start_date": self._day(-40), "end_date": "", "end_reason": "",
            "origin": "voluntary", "requested_date": self._day(-45),
            "registered_date": self._day(-38),
        }  # fmt: skip
        self._append(full, "affiliations", good)
        self._tell(truth, full, "affiliations", good, "reference", "affiliate_id")
        if days:
            self._append(days[0], "affiliations", good, delta=True)
            truth.add("quarantine_corrected", "affiliations", [good["affiliation_id"]],
                      delivery_id=days[0].delivery_id)  # fmt: skip

    def _day(self, offset: int) -> str:
        return date_of(self.ctx.full + offset).isoformat()

    def _fresh(self, extract: str, serial: int) -> dict[str, str]:
        """A good row with a key that no other row has."""
        patterns = self.patterns[extract]
        record = dict(patterns[serial % len(patterns)])
        key = KEYS[extract][0]
        if extract == "incomes":
            return record | {"income_year": str(1990 + serial % 20)}
        if extract == "company_balances":
            return record | {"fiscal_year": str(1990 + serial % 20)}
        head = record[key].rstrip("0123456789")
        width = len(record[key]) - len(head)
        record[key] = f"{head}{9 * 10 ** (width - 1) + 8 * 10 ** (width - 2) + serial}"
        if extract == "affiliates":
            record["niss"] = _niss(serial)
            record["birth_date"] = "1970-01-01"
        if extract == "companies":
            stem = 19_900_000 + serial
            record["enterprise_number"] = f"{stem}{97 - stem % 97:02d}"
        if extract == "charges":
            record |= {"related_charge_id": "", "charge_type": "provisional", "amount": "100.00"}
            record["due_date"] = max(record["due_date"], record["issue_date"])
        if extract == "payments":
            record |= {"charge_id": "", "structured_communication": ""}
        if extract == "notices":
            record["corrected_by"] = ""
        return record

    def _correct(self, delta, extract: str, good: dict, ledger, truth: Truth) -> None:
        """Sends the row again as it should be."""
        self._append(delta, extract, good, delta=True)
        truth.add("quarantine_corrected", extract, [_key(extract, good)],
                  delivery_id=delta.delivery_id)  # fmt: skip
        if extract == "payments":
            year, month = int(good["value_date"][:4]), int(good["value_date"][5:7])
            stage = day_of(delta.business_date) - self.ctx.full
            line = LINES.index("payments_received")
            at = (stage, line, (year - 1970) * 12 + month - 1)
            ledger.totals[at] += _cents(good["amount"])
            ledger.booked[at] = True

    def _append(self, writer: DeliveryWriter, extract: str, record: dict, delta=False) -> None:
        if delta:
            record = {"_op": "U"} | record
        cents = _cents(record["amount"]) if "amount" in SCHEMA[extract] else 0
        file = writer.file(extract)
        if self.fmt == "csv":
            file.append_text([record], cents)
            return
        schema = empty_table(extract, delta).schema
        arrays = [
            pa.array([record.get(field.name) or None], pa.string()).cast(field.type)
            for field in schema
        ]
        file.append(pa.table(arrays, schema=schema))

    @staticmethod
    def _tell(truth: Truth, full: DeliveryWriter, extract, record, rule, column) -> None:
        truth.add("quarantine", extract, [_key(extract, record)], line=full.file(extract).rows + 1,
                  rule=rule, column=column, delivery_id=full.delivery_id)  # fmt: skip


def _key(extract: str, record: dict) -> str:
    return "|".join(record[name] for name in KEYS[extract])


def _cents(text: str) -> int:
    whole, _, part = text.partition(".")
    sign = -1 if whole.startswith("-") else 1
    return sign * (abs(int(whole)) * 100 + int(part or 0))


def _texts(column: pa.ChunkedArray) -> list[str]:
    """Values as a CSV file shows them."""
    if pa.types.is_boolean(column.type):
        return ["" if v is None else str(v).lower() for v in column.to_pylist()]
    if pa.types.is_timestamp(column.type):
        return ["" if v is None else v.isoformat(sep=" ") for v in column.to_pylist()]
    return ["" if v is None else str(v) for v in column.to_pylist()]


def _niss(serial: int) -> str:
    """A national number of 1970-01-00, outside what the persons of the fund use."""
    stem = 70_01_00_000 + 500 + serial
    return f"{stem:09d}{97 - stem % 97:02d}"


def _spoil(text: str, value: str | None) -> str:
    if value is None:
        return ""
    if value == "CHECKSUM":
        return text[:-2] + f"{(int(text[-2:]) % 97) + 1:02d}"
    return value
