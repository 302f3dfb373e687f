"""Which claims are prescribed in the end: the list that the recovery desk should find.

Belongs here: what is left open on old charges and whether a step interrupted the term. Does not
belong here: how the charges came about.
"""

from __future__ import annotations

import numpy as np

from .calendar import add_months, day
from .calibration import Context
from .charges import CANCELLATION, COMPANY_SURCHARGE, QUARTERLY, TYPES
from .frame import Frame
from .recovery import ACKNOWLEDGEMENT, CLAIM, JUDGMENT, LETTER, SERVED, SUMMONS
from .truth import Truth, euro, keys

_INTERRUPTING = (LETTER, SERVED, SUMMONS, JUDGMENT, ACKNOWLEDGEMENT, CLAIM)
_YEAR_START = np.array([day(year, 1, 1) for year in range(1990, 2100)])


def list_prescribed(ctx: Context, frames: list[Frame], truth: Truth) -> None:
    """Adds the charges of one chunk that are prescribed on the day of the last delivery."""
    by_name = {frame.extract: frame for frame in frames}
    charges = by_name["charges"]
    columns = charges.columns
    if not len(charges):
        return
    kind = columns["charge_type"].at
    year = columns["contribution_year"]
    open_cents = _outstanding(ctx, by_name)
    # A regularisation runs from 1 January of the third year, all else from the next year.
    start = np.where(kind == TYPES.index("regularisation"), year + 3, year + 1)
    term = _YEAR_START[start + 5 - 1990].astype(np.int64)
    parent = np.searchsorted(columns["charge_id"], columns["related_charge_id"])
    follows = (kind >= QUARTERLY) & (kind <= COMPANY_SURCHARGE) & (kind != CANCELLATION)
    follows &= columns["related_charge_id"] >= 0
    follows &= kind != TYPES.index("company_contribution")
    owner = np.where(follows, np.minimum(parent, len(kind) - 1), np.arange(len(kind)))
    old = np.flatnonzero((open_cents > 0) & (term[owner] <= ctx.last))
    if not len(old):
        return
    roots = np.unique(owner[old])
    final = term.copy()
    final[roots] = _interrupted(by_name, columns, roots, term)
    lost = old[final[owner[old]] <= ctx.last]
    truth.add(
        "prescribed_claim", "charges", keys("D", 12, columns["charge_id"][lost]),
        outstanding=euro(open_cents[lost]),
    )  # fmt: skip


def _outstanding(ctx: Context, by_name: dict[str, Frame]) -> np.ndarray:
    """What is open on each charge row after the last delivery, by the imputation of the fund."""
    columns = by_name["charges"].columns
    ids, amount = columns["charge_id"], columns["amount"]
    kind = columns["charge_type"].at
    account = columns["account_id"]
    base = int(account[0])
    net = np.where((kind == CANCELLATION) | (amount < 0), 0, amount)
    size = int(account.max()) - base + 1

    def take_off(target: np.ndarray, cents: np.ndarray) -> None:
        np.subtract.at(net, np.searchsorted(ids, target), cents)

    void = kind == CANCELLATION
    take_off(columns["related_charge_id"][void], -amount[void])
    if "relief_effects" in by_name:
        effects = by_name["relief_effects"].columns
        take_off(effects["charge_id"], effects["amount"])
    net = np.maximum(net, 0)
    frame = by_name["payments"]
    pays = frame.columns
    valid = np.ones(len(frame), dtype=bool)
    if frame.deleted is not None:
        valid = frame.deleted > ctx.last
    named = valid & (pays["charge_id"] >= 0)
    covered = np.zeros(len(ids), dtype=np.int64)
    np.add.at(covered, np.searchsorted(ids, pays["charge_id"][named]), pays["amount"][named])
    pool = np.zeros(size + 1, dtype=np.int64)
    free = valid & (pays["charge_id"] < 0)
    position = np.clip(pays["account_id"] - base, 0, size)
    np.add.at(pool, position[free], pays["amount"][free])
    np.add.at(pool, account - base, np.maximum(covered - net, 0))
    credit = (amount < 0) & (kind != CANCELLATION)
    np.add.at(pool, account[credit] - base, -amount[credit])
    length = net - np.minimum(covered, net)
    end = np.cumsum(length)
    first = np.searchsorted(account, account)  # rows are sorted by account
    begin = end - length - (end[first] - length[first])
    paid = np.clip(pool[account - base] - begin, 0, length)
    return length - paid


def _interrupted(by_name, columns, roots: np.ndarray, term: np.ndarray) -> np.ndarray:
    """Prescription date of some charges after the interrupting steps of their cases."""
    links, steps = by_name["recovery_case_charges"].columns, by_name["recovery_steps"].columns
    wanted = np.isin(links["charge_id"], columns["charge_id"][roots])
    case, charge = links["case_id"][wanted], links["charge_id"][wanted]
    stops = np.isin(steps["step_type"].at, _INTERRUPTING)
    step_case, step_on = steps["case_id"][stops], steps["step_date"][stops].astype(np.int64)
    order = np.lexsort((step_on, step_case))
    step_case, step_on = step_case[order], step_on[order]
    low = np.searchsorted(step_case, case, side="left")
    count = np.searchsorted(step_case, case, side="right") - low
    rows = np.repeat(np.arange(len(case)), count)
    k = np.arange(len(rows)) - np.repeat(np.cumsum(count) - count, count)
    root = np.searchsorted(columns["charge_id"][roots], charge)[rows]
    on = step_on[low[rows] + k]
    order = np.lexsort((on, root))
    root, on = root[order], on[order]
    begins = np.searchsorted(root, root)
    rank = np.arange(len(root)) - begins
    current = term[roots].copy()
    issue = columns["issue_date"][roots].astype(np.int64)
    for step in range(int(rank.max()) + 1 if len(rank) else 0):
        here = rank == step
        at, when = root[here], on[here]
        moves = (when >= issue[at]) & (when < current[at])
        later = add_months(when, 60).astype(np.int64)
        current[at] = np.where(moves, np.maximum(current[at], later), current[at])
    return current
