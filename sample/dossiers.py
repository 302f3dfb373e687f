"""Recovery dossiers of a chunk of accounts: cases, what they hold, steps, plans, insolvencies.

Belongs here: dossiers put together from what the walk of collection.py, or company_charges.py,
decided. Does not belong here: the texture of steps (recovery.py), who pays and when.
"""

from __future__ import annotations

import numpy as np

from . import recovery
from .calendar import FAR, QUARTER_END
from .frame import Frame, columns_of
from .truth import Truth, keys

CASES_PER_CHUNK = 1_000_000


def affiliate_dossiers(
    ctx, rng, people, index, out, ledger, rows, truth, bankrupt
) -> tuple[list[Frame], np.ndarray, np.ndarray]:
    """Cases, their charges and steps, plans, agents, insolvencies; then who settles debts
    collectively, and from which day."""
    raw = out.cases
    visible = np.flatnonzero(raw["opened"] <= ctx.last)
    order = visible[np.lexsort((raw["opened"][visible], raw["person"][visible]))]
    case_ids = np.full(len(raw["person"]), -1, dtype=np.int64)
    case_ids[order] = (index + 1) * CASES_PER_CHUNK + np.arange(len(order))
    held_case, held = columns_of(out.case_charges, 2)
    amount = np.bincount(held_case, weights=ledger.owed.net[held], minlength=len(case_ids))
    plan_on = np.full(len(case_ids), FAR, dtype=np.int64)
    if out.plans:
        plan = [np.concatenate(column) for column in zip(*out.plans, strict=True)]
        granted = plan[3] == 0
        plan_on[plan[8][granted]] = plan[2][granted]
    get = {name: values[order] for name, values in raw.items()}
    issued = np.where(get["writ"] <= np.minimum(get["closed"], ctx.last), get["writ"], FAR)
    served = np.where(get["judicial"] == 1, get["served"], FAR)
    sequence = np.lexsort((issued, get["person"]))
    leads = np.concatenate([[True], get["person"][sequence][1:] != get["person"][sequence][:-1]])
    first = np.zeros(len(order), dtype=bool)
    first[sequence[leads]] = True
    cases = recovery.CaseSet(
        get["person"], get["opened"], get["letter"], issued, served, get["closed"], get["reason"],
        amount[order].astype(np.int64), first, served < FAR, np.zeros(len(order), dtype=np.int64),
        plan_on[order], bankrupt[get["person"]],
    )  # fmt: skip
    recovery.plant(ctx, rng, cases)
    ids = case_ids[order]
    office = people.office[cases.account]
    frames = [recovery.cases_frame(ctx, "A", people.number, ids, cases)]
    frames.append(_case_charges(ctx, raw, case_ids, held_case, held, out, ledger, rows))
    frames.append(recovery.steps_frame(ctx, rng, "A", index, ids, cases, office))
    if out.plans:
        frames += recovery.plans_frames(ctx, "A", people.number, index, out.plans)
    columns = _insolvencies(ctx, rng, people, bankrupt, out, ledger)
    frame, late = recovery.insolvencies_frame(
        ctx, rng, "A", people.number, index, columns, people.office
    )
    frames.append(frame)
    truth.add("late_insolvency_claim", "insolvencies", keys("IN", 9, late))
    settling = columns["kind"] == 1
    return frames, columns["who"][settling], columns["opened"][settling]


def _case_charges(ctx, raw, case_ids, held_case, held, out, ledger, rows) -> Frame:
    """Charges of each case: contributions that joined it, their surcharges until the writ, the
    costs of the writ."""
    case_of = np.full(len(ledger.owed.person), -1, dtype=np.int64)
    case_of[held] = held_case
    joined = np.maximum(QUARTER_END[ledger.owed.due_quarter[held]] + 1, raw["opened"][held_case])
    charge, quarter = (np.concatenate([part[i] for part in out.surcharges]) for i in (0, 1))
    of = case_of[charge]
    end = np.where(of >= 0, np.minimum(raw["writ"][of], raw["closed"][of]), 0)
    on = QUARTER_END[quarter] + 20
    within = (of >= 0) & (on < end)
    cost = columns_of(out.costs, 5)
    cases = np.concatenate([held_case, of[within], cost[0]])
    ids = np.concatenate([
        rows.principal_id[ledger.order[held]], rows.surcharge_id[within], rows.cost_id,
    ])  # fmt: skip
    known = np.concatenate([joined, np.maximum(on[within], raw["opened"][of[within]]),
                            cost[3] + 1])  # fmt: skip
    keep = (ids >= 0) & (case_ids[cases] >= 0) & (known <= ctx.last)
    cases, ids, known = case_ids[cases][keep], ids[keep], known[keep]
    order = np.lexsort((ids, cases))
    return Frame(
        "recovery_case_charges",
        {"case_id": cases[order], "charge_id": ids[order]},
        known[order],
    )


def _insolvencies(ctx, rng, people, bankrupt, out, ledger) -> dict:
    """Bankruptcies of affiliates and a few collective debt settlements."""
    failed = np.flatnonzero((bankrupt < ctx.full - 3) & (bankrupt > ctx.start))
    debt = np.bincount(ledger.owed.person, weights=ledger.owed.net, minlength=len(people))
    owing = np.unique(np.concatenate([p for _, p in out.arrears])) if out.arrears else failed
    settle = owing[rng.random(len(owing)) < 0.012]
    settle = np.setdiff1d(settle, failed)
    opened = rng.integers(ctx.start + 700, ctx.full - 20, len(settle))
    who = np.concatenate([failed, settle])
    when = np.concatenate([bankrupt[failed], opened])
    kind = np.concatenate([np.zeros(len(failed), int), np.ones(len(settle), int)])
    order = np.argsort(who, kind="stable")
    claim = np.maximum(debt[who] * (0.08 + 0.3 * rng.random(len(who))), 5000).astype(np.int64)
    return {"who": who[order], "kind": kind[order], "opened": when[order].astype(np.int64),
            "claim": claim[order]}  # fmt: skip


def company_dossiers(ctx, rng, company, charge, index, truth: Truth) -> list[Frame]:
    """Recovery cases of companies, one per contribution, and insolvencies."""
    rows = np.flatnonzero(charge["opened"] < FAR)
    row = charge["row"][rows]
    ids = (index + 1) * 1_000_000 + np.arange(len(rows), dtype=np.int64)
    writ = charge["writ"][rows]
    order = np.lexsort((writ, row))
    leads = np.concatenate([[True], row[order][1:] != row[order][:-1]])
    first = np.zeros(len(rows), dtype=bool)
    first[order[leads]] = True
    never = np.full(len(rows), FAR)
    cases = recovery.CaseSet(
        row, charge["opened"][rows], charge["letter"][rows], writ, charge["served"][rows],
        charge["closed"][rows], charge["reason"][rows], charge["amount"][rows], first,
        charge["served"][rows] < FAR, np.zeros(len(rows), dtype=np.int64), never,
        np.where(np.isin(company.status[row], (2, 3)), company.ended[row], FAR),
    )  # fmt: skip
    recovery.plant(ctx, rng, cases)
    frames = [recovery.cases_frame(ctx, "C", company.number, ids, cases)]
    parts = []
    for name, since in (("id", charge["opened"]), ("extra_id", charge["extra_issue"] + 1),
                        ("cost_id", charge["cost_issue"] + 1)):  # fmt: skip
        known = np.maximum(since[rows], charge["opened"][rows])
        ok = (charge[name][rows] >= 0) & (known <= ctx.last)
        ok &= (name == "id") | (known <= np.minimum(charge["closed"][rows], ctx.last))
        parts.append((ids[ok], charge[name][rows][ok], known[ok]))
    case, held, known = (np.concatenate(column) for column in zip(*parts, strict=True))
    order = np.lexsort((held, case))
    frames.append(Frame("recovery_case_charges",
                        {"case_id": case[order], "charge_id": held[order]}, known[order],
                        account="C"))  # fmt: skip
    frames.append(recovery.steps_frame(ctx, rng, "C", index, ids, cases, company.office[row]))
    failed = np.flatnonzero(np.isin(company.status, (2, 3)) & (company.ended < ctx.full - 2))
    debt = np.bincount(charge["row"], weights=np.where(charge["paid"] == FAR, charge["amount"], 0),
                       minlength=len(company.number))  # fmt: skip
    columns = {"who": failed, "kind": np.where(company.status[failed] == 3, 0, 3),
               "opened": company.ended[failed].astype(np.int64),
               "claim": np.maximum(debt[failed], 4000).astype(np.int64)}  # fmt: skip
    frame, late = recovery.insolvencies_frame(
        ctx, rng, "C", company.number, index, columns, company.office
    )
    frames.append(frame)
    truth.add("late_insolvency_claim", "insolvencies", keys("IN", 9, late))
    return frames
