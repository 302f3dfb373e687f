"""Lapses of the recovery dossiers, as they can be seen in the files of a chunk.

Belongs here: measuring what is missing before a judicial step and which dossiers lie still, so
that the truth lists what is in the files and no more (a planted gap may be filled by another
dossier of the same account, a dossier may be closed before the gap matters). Does not belong
here: planting (recovery.py).
"""

from __future__ import annotations

import numpy as np

from .calendar import FAR, date_of
from .calibration import Context
from .frame import Frame
from .recovery import (
    CONTACT,
    FORMAL,
    ISSUED,
    LETTER,
    NOT_REACHED,
    REMINDER,
    SERVED,
    SUMMONS,
)
from .truth import Truth, keys


def list_lapses(ctx: Context, frames: list[Frame], truth: Truth) -> None:
    """Adds the lapses before first judicial steps and the judicial dossiers without a step in
    the 90 days before the full delivery."""
    by_name = {frame.extract: frame for frame in frames}
    cases, steps = by_name["recovery_cases"], by_name["recovery_steps"]
    case_ids = cases.columns["case_id"]
    accounts = cases.columns["account_id"]
    prefix = cases.account
    count = len(case_ids)
    if not count:
        return
    of = np.searchsorted(case_ids, steps.columns["case_id"])
    kind = steps.columns["step_type"].at
    on = steps.columns["step_date"].astype(np.int64)

    def first(kinds) -> np.ndarray:
        found = np.full(count, FAR, dtype=np.int64)
        rows = np.isin(kind, kinds)
        np.minimum.at(found, of[rows], on[rows])
        return found

    judicial = first((ISSUED, SERVED, SUMMONS))
    goes = judicial < FAR
    for name, needed in (("missing_reminder", REMINDER), ("missing_formal_notice", FORMAL),
                         ("missing_registered_letter", LETTER)):  # fmt: skip
        hit = np.flatnonzero(goes & (first((needed,)) >= judicial))
        truth.add(name, "recovery_cases", keys("K", 9, case_ids[hit]),
                  account_id=keys(prefix, 8, accounts[hit]),
                  first_judicial_date=[date_of(d).isoformat() for d in judicial[hit]])  # fmt: skip
    _contacts(truth, prefix, steps, of, kind, on, accounts, judicial)
    last = np.full(count, -1, dtype=np.int64)
    seen = on <= ctx.full
    np.maximum.at(last, of[seen], on[seen])
    open_ = cases.state(ctx.full)[0]["closed_date"] < 0
    still = np.flatnonzero(open_ & (judicial <= ctx.full) & (last < ctx.full - 90))
    truth.add("stalled_case", "recovery_cases", keys("K", 9, case_ids[still]),
              account_id=keys(prefix, 8, accounts[still]),
              last_step_date=[date_of(d).isoformat() for d in last[still]])  # fmt: skip


def _contacts(truth, prefix, steps, of, kind, on, accounts, judicial) -> None:
    """Accounts whose first judicial step had no personal contact in the 180 days before."""
    base = int(accounts[0])
    size = int(accounts.max()) - base + 1
    step_one = np.full(size, FAR, dtype=np.int64)
    np.minimum.at(step_one, accounts - base, judicial)
    outcome = steps.columns["outcome"].at
    rows = np.flatnonzero((kind == CONTACT) & (outcome != NOT_REACHED))
    who = accounts[of[rows]] - base
    before = step_one[who] - on[rows]
    had = np.zeros(size, dtype=bool)
    had[who[(before >= 1) & (before <= 180)]] = True
    hit = np.flatnonzero((step_one < FAR) & ~had)
    truth.add("missing_contact", "recovery_steps", keys(prefix, 8, hit + base),
              account_id=keys(prefix, 8, hit + base),
              first_judicial_date=[date_of(d).isoformat() for d in step_one[hit]])  # fmt: skip
