"""The general ledger of the synthetic fund: monthly totals that the rows add up to.

Belongs here: adding rows up by month and line as each delivery knows them, and the planted
differences. Does not belong here: the rows.
"""

from __future__ import annotations

import numpy as np

from .calendar import FAR, NULL_DATE, month_index
from .calibration import Context
from .charges import CANCELLATION, COMPANY, COMPANY_SURCHARGE, COSTS
from .frame import Codes, Frame
from .truth import Truth, money_text

LINES = [
    "contributions_charged",
    "surcharges_charged",
    "company_contributions_charged",
    "payments_received",
    "relief_granted",
    "benefits_paid",
    "overpayments_established",
]
_MONTHS = 12 * 150


class GeneralLedger:
    """Totals by delivery (0 the full one, k the k-th delta), line and month, in cents."""

    def __init__(self, ctx: Context) -> None:
        self.ctx = ctx
        self.totals = np.zeros((ctx.deltas + 1, len(LINES), _MONTHS), dtype=np.int64)
        self.booked = np.zeros_like(self.totals, dtype=bool)  # a total of 0 is a total too

    def add(self, frame: Frame) -> None:
        """Adds the rows of a frame that the ledger counts."""
        columns, extract = frame.columns, frame.extract
        if extract == "charges":
            kind = columns["charge_type"].at
            # A cancellation counts on the line of what it cancels.
            void = np.flatnonzero(kind == CANCELLATION)
            parent = np.searchsorted(columns["charge_id"], columns["related_charge_id"][void])
            kind = kind.copy()
            kind[void] = kind[parent]
            line = np.where(kind == COMPANY, 2, 0)
            line = np.where(np.isin(kind, (2, 3, COSTS, COMPANY_SURCHARGE)), 1, line)
            self._book(frame, columns["issue_date"], line)
        elif extract == "payments":
            self._book(frame, columns["value_date"], 3)
        elif extract == "relief_effects":
            self._book(frame, columns["effective_date"], 4)
        elif extract == "benefit_payments":
            self._book(frame, columns["paid_date"], 5)
        elif extract == "benefit_overpayments":
            self._book(frame, columns["established_date"], 6)

    def _book(self, frame: Frame, on, line) -> None:
        ctx = self.ctx
        counted = on != NULL_DATE
        line = np.broadcast_to(line, on.shape)
        # A paid date in the days of the deltas shows on that day.
        since = np.maximum(frame.known, on) if frame.extract == "benefit_payments" else frame.known
        stage = np.clip(since.astype(np.int64) - ctx.full, 0, None)
        counted &= stage <= ctx.deltas
        self._count(stage, line, on, frame.columns["amount"], counted)
        if frame.deleted is not None:
            gone = counted & (frame.deleted < FAR)
            self._count(frame.deleted - ctx.full, line, on, -frame.columns["amount"], gone)

    def _count(self, stage, line, on, cents, rows) -> None:
        rows = np.flatnonzero(rows)
        month = month_index(on[rows]) - month_index(np.array([0]))[0]
        shape = self.totals.shape
        at = (stage[rows] * shape[1] + line[rows]) * shape[2] + month
        # Sums of cents below 2**53 are exact in floating point.
        self.booked.reshape(-1)[at] = True
        flat = np.bincount(at, weights=cents[rows], minlength=int(np.prod(shape)))
        self.totals += np.rint(flat).astype(np.int64).reshape(shape)

    def frame(self, truth: Truth) -> Frame:
        """Extract `ledger_totals`: a row per month and line, corrected by the deltas."""
        ctx = self.ctx
        known = np.cumsum(self.totals, axis=0)
        line, month = np.nonzero(self.booked.any(axis=0))
        order = np.lexsort((line, month))
        line, month = line[order], month[order]
        error = self._differences(line, month, truth)
        base = [f"{1970 + m // 12}-{m % 12 + 1:02d}" for m in range(_MONTHS)]
        first = np.argmax(self.booked[:, line, month], axis=0)
        frame = Frame(
            "ledger_totals",
            {
                "period": Codes(month, base),
                "ledger_line": Codes(line, LINES),
                "amount": known[-1, line, month] + error,
            },
            ctx.full + first,
        )
        # The latest change first: where a total changes twice, the earliest content must win.
        for stage in reversed(range(ctx.deltas)):
            changed = known[stage + 1, line, month] != known[stage, line, month]
            rows = np.flatnonzero(changed & (first <= stage))
            self._before(frame, rows, ctx.full + stage + 1, known[stage, line, month][rows]
                         + error[rows])  # fmt: skip
        return frame

    @staticmethod
    def _before(frame: Frame, rows, until: int, cents) -> None:
        frame.hide("amount", until, cents, rows)

    def _differences(self, line, month, truth: Truth) -> np.ndarray:
        """A few months where the ledger says something else on purpose."""
        rng = self.ctx.rng("ledger")
        error = np.zeros(len(line), dtype=np.int64)
        for wanted in (3, 0, 1, 4)[: int(self.ctx.anomalies["ledger_months"])]:
            end = month_index(np.array([self.ctx.full]))[0]
            rows = np.flatnonzero((line == wanted) & (month < end - 2))
            if not len(rows):
                continue
            row = rows[rng.integers(0, len(rows))]
            error[row] = rng.integers(1000, 90_000)
            period = f"{1970 + month[row] // 12}-{month[row] % 12 + 1:02d}"
            truth.add("ledger_difference", "ledger_totals", [f"{period}|{LINES[line[row]]}"],
                      difference=money_text(int(error[row])))  # fmt: skip
        return error
