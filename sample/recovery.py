"""Recovery dossiers as files show them: cases, their charges, steps, agents, plans.

Belongs here: the texture of a dossier (which step, when, by whom) around the dates the walk of
collection.py or companies.py decided. Does not belong here: who pays and when.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from .calendar import FAR, NULL_DATE, add_working_days
from .calibration import Context
from .frame import NULL_MONEY, Codes, Frame
from .people import OFFICES

STEPS = [
    "reminder", "account_statement", "proactive_contact", "formal_notice", "registered_letter",
    "writ_issued", "writ_served", "opposition", "summons", "judgment", "attachment",
    "insolvency_claim", "solidarity_notice", "payment_plan", "acknowledgement", "write_off",
]  # fmt: skip
(REMINDER, STATEMENT, CONTACT, FORMAL, LETTER, ISSUED, SERVED, OPPOSITION, SUMMONS, JUDGMENT,
 ATTACHMENT, CLAIM, SOLIDARITY, PLAN, ACKNOWLEDGEMENT, WRITE_OFF) = range(16)  # fmt: skip
OUTCOMES = ["delivered", "reached", "not_reached", "served", "not_served", "upheld", "rejected",
            "partial", "withdrawn"]  # fmt: skip
DELIVERED, REACHED, NOT_REACHED, IS_SERVED, NOT_SERVED, UPHELD = range(6)
REASONS = ["paid", "irrecoverable", "relieved", "prescribed", "annulled"]
DISTRICTS = ["Bruxelles", "Anvers", "Gand", "Bruges", "Hasselt", "Louvain", "Liège", "Charleroi",
             "Mons", "Namur", "Luxembourg", "Brabant wallon"]  # fmt: skip
#: judicial district of each office
DISTRICT_OF_OFFICE = {"ANT": 1, "BRG": 3, "BXL": 0, "CHA": 7, "GNT": 2, "HAS": 4, "LIE": 6,
                      "NAM": 9}  # fmt: skip
BAILIFFS, LAWYERS, CURATORS, MEDIATORS = 5, 2, 2, 1  # per district


@dataclass
class CaseSet:
    """Cases (arrays): account position, dates (FAR: never), whether first judicial of the account.

    missing: bit set of the steps left out on purpose (1 contact, 2 reminder, 4 formal notice,
    8 registered letter, 16 no step for long, 32 no interruption).
    """

    account: np.ndarray
    opened: np.ndarray
    letter: np.ndarray
    writ: np.ndarray
    served: np.ndarray
    closed: np.ndarray
    reason: np.ndarray
    amount: np.ndarray
    first: np.ndarray
    judicial: np.ndarray
    missing: np.ndarray
    plan_on: np.ndarray
    bankrupt_on: np.ndarray


def agents_frame(ctx: Context) -> Frame:
    """Extract `recovery_agents`: a few per judicial district."""
    kinds, districts = [], []
    for district in range(len(DISTRICTS)):
        for kind, count in enumerate((BAILIFFS, LAWYERS, CURATORS, MEDIATORS)):
            kinds += [kind] * count
            districts += [district] * count
    count = len(kinds)
    return Frame(
        "recovery_agents",
        {
            "agent_id": 1 + np.arange(count, dtype=np.int64),
            "agent_type": Codes(kinds, ["bailiff", "lawyer", "curator", "debt_mediator"]),
            "district": Codes(districts, DISTRICTS),
        },
        np.full(count, ctx.start),
    )


def agent(rng, office: np.ndarray, kind: int) -> np.ndarray:
    """An agent of a kind in the district of each office."""
    per = BAILIFFS + LAWYERS + CURATORS + MEDIATORS
    offset = [0, BAILIFFS, BAILIFFS + LAWYERS, BAILIFFS + LAWYERS + CURATORS][kind]
    number = [BAILIFFS, LAWYERS, CURATORS, MEDIATORS][kind]
    district = np.array([DISTRICT_OF_OFFICE[name] for name in OFFICES])[office]
    # The two districts without an office of their own share the work of their neighbours.
    neighbour = {0: 5, 7: 8, 9: 10}
    for here, other in neighbour.items():
        district = np.where((district == here) & (rng.random(len(office)) < 0.3), other, district)
    # The first agents of a district get most files.
    at = np.minimum((rng.random(len(office)) ** 1.6 * number).astype(np.int64), number - 1)
    return 1 + district * per + offset + at


def plant(ctx: Context, rng, cases: CaseSet) -> None:
    """Chooses the lapses of the dossiers (fills `missing`)."""
    rates = ctx.anomalies
    goes = cases.judicial | (cases.writ <= np.minimum(cases.closed, ctx.last))
    size = len(cases.account)
    for bit, name, able in (
        (1, "missing_contact", goes & cases.first),
        (2, "missing_reminder", goes),
        (4, "missing_formal_notice", goes),
        (8, "missing_registered_letter", goes),
        (16, "stalled_case", goes & (cases.closed > ctx.last) & (cases.served < ctx.full - 200)),
        (32, "prescribed_claim", (cases.closed > ctx.last) & (cases.opened < ctx.full - 2250)
         & (cases.writ == FAR)),
    ):
        cases.missing |= np.where(able & (rng.random(size) < rates[name]), bit, 0)


def steps_frame(ctx: Context, rng, account: str, index: int, case_ids: np.ndarray,
                cases: CaseSet, office: np.ndarray) -> Frame:  # fmt: skip
    """Extract `recovery_steps`: each dossier in legal order, until it is closed."""
    size = len(case_ids)
    opened, served, writ = cases.opened, cases.served, cases.writ
    bailiff = agent(rng, office, 0)
    lawyer = agent(rng, office, 1)
    parts: list[tuple] = []

    def add(rows, kind, on, outcome=DELIVERED, who=None, costs=None, claim=True):
        count = len(rows)
        on = np.broadcast_to(on, (count,)).astype(np.int64)
        none = np.full(count, NULL_MONEY)
        parts.append((
            rows, np.full(count, kind), on, np.full(count, -1) if who is None else who,
            cases.amount[rows] if claim else none, none if costs is None else costs,
            np.broadcast_to(outcome, (count,)),
        ))  # fmt: skip

    every = np.arange(size)
    miss = cases.missing
    add(every[miss & 2 == 0], REMINDER, opened[miss & 2 == 0])
    statement = opened + rng.integers(12, 27, size)
    add(every, STATEMENT, statement)
    contact = cases.letter - rng.integers(44, 60, size)
    reached = np.where(rng.random(size) < 0.93, REACHED, NOT_REACHED)
    wanted = cases.first | (rng.random(size) < 0.25)
    # Who is not reached the first time is called again the next week.
    rows = np.flatnonzero(wanted & (miss & 1 == 0))
    add(rows, CONTACT, contact[rows], reached[rows], claim=False)
    again = rows[reached[rows] == NOT_REACHED]
    add(again, CONTACT, contact[again] + 7, REACHED, claim=False)
    # After a broken plan, a new contact comes before the writ.
    rows = np.flatnonzero((cases.plan_on < FAR) & (writ < FAR) & (miss & 1 == 0))
    add(rows, CONTACT, writ[rows] - rng.integers(20, 38, len(rows)), REACHED, claim=False)
    formal = cases.letter - rng.integers(24, 36, size)
    add(every[miss & 4 == 0], FORMAL, formal[miss & 4 == 0])
    add(every[miss & 40 == 0], LETTER, cases.letter[miss & 40 == 0])
    rows = np.flatnonzero(cases.plan_on < FAR)
    add(rows, PLAN, cases.plan_on[rows], claim=False)
    rows = np.flatnonzero(writ < FAR)
    add(rows, ISSUED, writ[rows], who=bailiff[rows])
    rows = np.flatnonzero((served < FAR) & (miss & 32 == 0))
    add(rows, SERVED, served[rows], IS_SERVED, bailiff[rows],
        rng.integers(16_500, 34_000, len(rows)))  # fmt: skip
    _court(rng, add, cases, lawyer, bailiff)
    _follow_up(ctx, rng, add, cases, bailiff)
    rows = np.flatnonzero((cases.bankrupt_on < FAR) & (cases.bankrupt_on > opened))
    curator = agent(rng, office, 2)
    add(rows, CLAIM, cases.bankrupt_on[rows] + 21, who=curator[rows])
    rows = np.flatnonzero((cases.closed < FAR) & (cases.reason == 1))
    add(rows, WRITE_OFF, cases.closed[rows], claim=False)

    case, kind, on, who, claim, costs, outcome = (
        np.concatenate(column) for column in zip(*parts, strict=True)
    )
    end = cases.closed[case]
    keep = (on <= np.minimum(end, ctx.last)) & (on >= opened[case])
    case, kind, on, who, claim, costs, outcome = (
        column[keep] for column in (case, kind, on, who, claim, costs, outcome)
    )
    order = np.lexsort((kind, on, case))
    return Frame(
        "recovery_steps",
        {
            "step_id": (index + 1) * 10_000_000 + np.arange(len(order), dtype=np.int64),
            "case_id": case_ids[case[order]],
            "step_type": Codes(kind[order], STEPS),
            "step_date": on[order].astype(np.int32),
            "agent_id": who[order],
            "amount_claimed": claim[order],
            "costs": costs[order],
            "outcome": Codes(outcome[order], OUTCOMES),
        },
        on[order],
        account=account,
    )


def _court(rng, add, cases: CaseSet, lawyer, bailiff) -> None:
    """Oppositions, summonses, judgments, attachments after the service of the writ."""
    size = len(cases.account)
    clear = (cases.served < FAR) & (cases.missing & 48 == 0)
    draw = rng.random(size)
    opposed = np.flatnonzero(clear & (draw < 0.045))
    on = cases.served[opposed] + rng.integers(6, 30, len(opposed))
    add(opposed, OPPOSITION, on, who=lawyer[opposed], claim=False)
    summons = on + rng.integers(25, 70, len(opposed))
    add(opposed, SUMMONS, summons, who=lawyer[opposed])
    judgment = summons + rng.integers(60, 88, len(opposed))
    add(opposed, JUDGMENT, judgment, UPHELD, lawyer[opposed], claim=False)
    seized = np.flatnonzero(clear & (draw > 0.5))
    add(seized, ATTACHMENT, cases.served[seized] + rng.integers(45, 85, len(seized)),
        who=bailiff[seized], costs=rng.integers(9_000, 26_000, len(seized)))  # fmt: skip


def _follow_up(ctx: Context, rng, add, cases: CaseSet, bailiff) -> None:
    """Judicial dossiers get a step every ten to twelve weeks, a registered letter now and then
    (it interrupts prescription); the others a letter every third year."""
    horizon = np.minimum(cases.closed, ctx.last)
    judicial = cases.judicial & (cases.served < FAR)
    base = np.where(judicial, cases.served, cases.letter)
    gap = np.where(judicial, rng.integers(79, 86, len(base)), 900)
    stop = np.where(cases.missing & 16 > 0, ctx.full - 100, horizon)
    # The dossiers whose writ was issued and not served within the window count from the issue.
    count = np.maximum((np.minimum(stop, horizon) - base) // gap, 0)
    count = np.where(cases.missing & 32 > 0, 0, count)
    rows = np.repeat(np.arange(len(base)), count)
    number = np.arange(len(rows)) - np.repeat(np.cumsum(count) - count, count) + 1
    on = base[rows] + number * gap[rows] + rng.integers(-1, 2, len(rows))
    letter = (number % 14 == 13) | ~judicial[rows]
    acknowledged = ~letter & (rng.random(len(rows)) < 0.02)
    for kind, mask in (
        (LETTER, letter),
        (ACKNOWLEDGEMENT, acknowledged),
        (STATEMENT, ~letter & ~acknowledged),
    ):
        chosen = rows[mask]
        who = np.where(judicial[chosen], bailiff[chosen], -1)
        add(chosen, kind, on[mask], who=who)


def cases_frame(ctx: Context, account: str, accounts: np.ndarray, case_ids: np.ndarray,
                cases: CaseSet) -> Frame:  # fmt: skip
    """Extract `recovery_cases`; the end shows on its day."""
    shown = cases.closed <= ctx.last
    closed = np.where(shown, cases.closed, NULL_DATE)
    frame = Frame(
        "recovery_cases",
        {
            "case_id": case_ids,
            "account_id": accounts[cases.account],
            "opened_date": cases.opened.astype(np.int32),
            "closed_date": closed.astype(np.int32),
            "closing_reason": Codes(np.where(shown, cases.reason, -1), REASONS),
        },
        cases.opened,
        account=account,
    )
    frame.hide_future("closed_date", ctx.full, ("closing_reason", -1))
    return frame


def plans_frames(ctx: Context, account: str, accounts: np.ndarray, index: int,
                 plans: list) -> list[Frame]:  # fmt: skip
    """Extracts `payment_plans` and `plan_instalments` of the walk."""
    person, requested, decided, decision, number, rate, final, begin, _, paid = (
        np.concatenate(column) for column in zip(*plans, strict=True)
    )
    order = np.lexsort((requested, person))
    order = order[requested[order] <= ctx.last]
    person, requested, decided, decision, number, rate, final, begin, paid = (
        column[order]
        for column in (person, requested, decided, decision, number, rate, final, begin, paid)
    )
    ids = (index + 1) * 1_000_000 + np.arange(len(person), dtype=np.int64)
    pending = decided > ctx.last
    # A plan ends on the last instalment, or ten days after the first one missed.
    kept = paid >= number
    last = (begin + np.minimum(paid + 1, number) + 1).astype("datetime64[M]")
    ended_on = last.astype("datetime64[D]").astype(np.int64) - 1 + np.where(kept, 6, 10)
    ended = (decision == 0) & (ended_on <= ctx.last)
    status = np.where(pending, 0, np.array([1, 4, 5])[decision])
    status = np.where(ended & ~pending, np.where(kept, 2, 3), status)
    frame = Frame(
        "payment_plans",
        {
            "plan_id": ids,
            "account_id": accounts[person],
            "requested_date": requested.astype(np.int32),
            "decision_date": np.where(pending, NULL_DATE, decided).astype(np.int32),
            "decision": Codes(np.where(pending, -1, decision), ["granted", "refused", "withdrawn"]),
            "status": Codes(
                status, ["pending", "running", "completed", "broken", "refused", "withdrawn"]
            ),
        },
        requested,
        account=account,
    )
    rows = np.flatnonzero(ended & (ended_on > ctx.full) & (decided <= ctx.full))
    frame.hide("status", ended_on[rows], 1, rows)
    frame.hide_future("decision_date", ctx.full, ("decision", -1), ("status", 0))
    granted = np.flatnonzero((decision == 0) & ~pending)
    counts = number[granted]
    rows = np.repeat(granted, counts)
    k = np.arange(len(rows)) - np.repeat(np.cumsum(counts) - counts, counts)
    due = (begin[rows] + k + 1).astype("datetime64[M]").astype("datetime64[D]").astype(np.int64)
    amount = np.where(k == number[rows] - 1, final[rows], rate[rows])
    instalments = Frame(
        "plan_instalments",
        {
            "plan_id": ids[rows],
            "instalment_no": k + 1,
            "due_date": (due - 1).astype(np.int32),
            "amount": amount,
        },
        decided[rows],
        account=account,
    )
    return [frame, instalments]


def insolvencies_frame(ctx: Context, rng, account: str, accounts: np.ndarray, index: int,
                       columns: dict, office: np.ndarray) -> tuple[Frame, np.ndarray]:  # fmt: skip
    """Extract `insolvencies` from who, kind (0 bankruptcy, 1 collective debt settlement,
    2 reorganisation, 3 liquidation), opened, claim cents; returns the late claims too."""
    who, kind, opened, claim = (columns[name] for name in ("who", "kind", "opened", "claim"))
    size = len(who)
    deadline = opened + rng.integers(28, 46, size)
    late = rng.random(size) < ctx.anomalies["late_insolvency_claim"]
    filed = add_working_days(opened + rng.integers(5, 22, size), 0).astype(np.int64)
    filed = np.where(late, deadline + rng.integers(2, 60, size), np.minimum(filed, deadline))
    closed = opened + rng.integers(200, 1900, size)
    share = np.where(rng.random(size) < 0.85, 1.0, 0.8)
    admitted = np.where(opened + 200 < ctx.full, (claim * share).astype(np.int64), NULL_MONEY)
    ids = (index + 1) * 100_000 + np.arange(size, dtype=np.int64)
    curator = np.where(kind == 1, agent(rng, office[who], 3), agent(rng, office[who], 2))
    frame = Frame(
        "insolvencies",
        {
            "insolvency_id": ids,
            "account_id": accounts[who],
            "kind": Codes(kind, ["bankruptcy", "collective_debt_settlement",
                                 "judicial_reorganisation", "liquidation"]),
            "opened_date": opened.astype(np.int32),
            "claim_deadline": deadline.astype(np.int32),
            "claim_filed_date": np.where(filed <= ctx.last, filed, NULL_DATE).astype(np.int32),
            "claim_amount": np.where(filed <= ctx.last, claim, NULL_MONEY),
            "admitted_amount": np.where(filed <= ctx.last, admitted, NULL_MONEY),
            "closed_date": np.where(closed <= ctx.last, closed, NULL_DATE).astype(np.int32),
            "agent_id": curator,
        },
        opened + 3,
        account=account,
    )  # fmt: skip
    for name, others in (("claim_filed_date", ("claim_amount", "admitted_amount")),
                         ("closed_date", ())):  # fmt: skip
        frame.hide_future(name, ctx.full, *((other, NULL_MONEY) for other in others))
    return frame, ids[late & (deadline < ctx.full)]
