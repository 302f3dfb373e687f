"""Recovery figures by plain replay: every charge looked at on every quarter end, day after day.

Here: the independent computation that the SQL is compared with, sentence by sentence of
definitions.md section 4 and rulings C1 to C11, on top of the ledger's own replay. Not here: what
shares method with the SQL (no runs, no windows, no cumulated cells: an outstanding amount is
added up anew at each date that is asked about).
"""

from __future__ import annotations

from collections import defaultdict
from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise
from statistics import median

from tests.unit.ledger import replay as ledger

ZERO = Decimal("0.00")
ORDER = [
    "none", "reminder", "account_statement", "proactive_contact", "formal_notice",
    "registered_letter", "payment_plan", "writ_issued", "writ_served", "opposition", "summons",
    "judgment", "attachment", "insolvency_claim", "write_off",
]  # fmt: skip
JUDICIAL = ("writ_issued", "writ_served", "summons")
INTERRUPTING = (
    "registered_letter", "writ_served", "summons", "judgment", "acknowledgement",
    "insolvency_claim",
)  # fmt: skip
CLAIMS = ("provisional", "regularisation", "company_contribution")


def quarter_end(day: date, later: int = 0) -> date:
    """Last day of the quarter of a day, or of the quarter so many later."""
    index = day.year * 4 + (day.month - 1) // 3 + later + 1
    return date(index // 4, index % 4 * 3 + 1, 1) - timedelta(days=1)


def quarter_name(day: date) -> str:
    """2026Q3."""
    return f"{day.year}Q{(day.month + 2) // 3}"


def five_years(day: date) -> date:
    """The same day five years later; 28 February where there is no 29th."""
    try:
        return day.replace(year=day.year + 5)
    except ValueError:
        return day.replace(year=day.year + 5, day=28)


def bucket(days: int) -> str:
    """Age bucket of that many days past due."""
    for last, name in ((90, "1-90"), (180, "91-180"), (365, "181-365"), (730, "366-730"),
                       (1825, "731-1825")):  # fmt: skip
        if days <= last:
            return name
    return ">1825"


class World:
    """A world with its ledger replayed, and the questions that the tables ask of it."""

    def __init__(self, rows: dict[str, list[dict]], as_of: date):
        self.rows, self.as_of = rows, as_of
        filled = [
            {"category": None, "related_charge_id": None, **charge} for charge in rows["charges"]
        ]
        replayed = ledger.replay(filled, rows["payments"], rows["relief_effects"], as_of)
        self.positions = {row[0]: row for row in replayed["fct_charges"]}
        self.charges = {row["charge_id"]: row for row in filled}
        self.allocations = defaultdict(list)
        for charge, _, kind, _, when, amount in replayed["fct_allocations"]:
            if when <= as_of:
                self.allocations[charge].append((when, kind, amount))
        self.steps = defaultdict(list)
        for step in rows["recovery_steps"]:
            if step["step_date"] <= as_of:
                self.steps[step["case_id"]].append(step)
        self.cases = {case["case_id"]: case for case in rows["recovery_cases"]}
        self.held = defaultdict(list)
        for row in rows["recovery_case_charges"]:
            self.held[row["case_id"]].append(row["charge_id"])

    def net(self, charge: str) -> Decimal:
        return self.positions[charge][5] if self.charges[charge]["amount"] > 0 else ZERO

    def nature(self, charge: str) -> str:
        return self.positions[charge][1]

    def outstanding(self, charge: str, day: date) -> Decimal:
        return self.net(charge) - sum(
            (a for when, _, a in self.allocations[charge] if when <= day), ZERO
        )

    def paid(self, charge: str, first: date, last: date) -> Decimal:
        return sum(
            (
                a
                for when, kind, a in self.allocations[charge]
                if kind == "payment" and first <= when <= last
            ),
            ZERO,
        )

    def account_type(self, charge: str) -> str:
        return account_type(self.charges[charge]["account_id"])

    def reference_dates(self) -> list[date]:
        """Every quarter end from the first due date on, and the as-of date once."""
        dues = [c["due_date"] for c in self.charges.values()]
        day, days = quarter_end(min(dues)), []
        while day <= self.as_of:
            days.append(day)
            day = quarter_end(day, 1)
        return sorted({*days, self.as_of})

    def case_stage(self, case: str, day: date) -> str:
        ranks = [ORDER.index(s["step_type"]) for s in self.steps[case]
                 if s["step_type"] in ORDER and s["step_date"] <= day]  # fmt: skip
        return ORDER[max(ranks, default=0)]

    def charge_stage(self, charge: str, day: date) -> str:
        ranks = [
            ORDER.index(self.case_stage(case, day))
            for case, row in self.cases.items()
            if charge in self.held[case]
            and row["opened_date"] <= day
            and (row["closed_date"] is None or row["closed_date"] > day)
        ]
        return ORDER[max(ranks, default=0)]

    def account_steps(self, account: str) -> list[dict]:
        return [
            s for case, row in self.cases.items() if row["account_id"] == account
            for s in self.steps[case]
        ]  # fmt: skip

    def first_judicial(self, account: str) -> date | None:
        return min(
            (s["step_date"] for s in self.account_steps(account) if s["step_type"] in JUDICIAL),
            default=None,
        )

    def origin(self, charge: str) -> str:
        row = self.charges[charge]
        account = row["account_id"]
        if account.startswith("C"):
            return next(c["origin"] for c in self.rows["companies"] if c["company_id"] == account)
        periods = sorted(
            (p["start_date"], p["affiliation_id"], p["origin"])
            for p in self.rows["affiliations"]
            if p["affiliate_id"] == account
            and p["origin"] != "category_change"
            and p.get("end_reason") != "annulled"
        )
        if not periods:
            return "unknown"
        return ([p for p in periods if p[0] <= row["due_date"]] or periods[:1])[-1][2]


def account_type(account: str) -> str:
    """affiliate or company."""
    return "company" if account.startswith("C") else "affiliate"


def cohorts(world: World) -> list[tuple]:
    """Rows of mart_arrears_cohorts that are observed."""
    members = defaultdict(list)
    for charge, row in world.charges.items():
        if row["charge_type"] in CLAIMS and world.net(charge) > 0:
            key = (
                quarter_end(row["due_date"]),
                world.account_type(charge),
                world.nature(charge),
                world.origin(charge),
            )
            members[key].append(charge)
    rows = []
    for (end, *segment), charges in members.items():
        k = 0
        while quarter_end(end, k) <= world.as_of:
            day = quarter_end(end, k)
            claimed = sum((world.net(c) for c in charges), ZERO)
            collected = sum((world.paid(c, date.min, day) for c in charges), ZERO)
            rows.append((quarter_name(end), *segment, k, day, len(charges), claimed, collected))
            k += 1
    return sorted(rows)


def ageing(world: World) -> list[tuple]:
    """Rows of mart_arrears_ageing."""
    cells = defaultdict(list)
    for day in world.reference_dates():
        for charge, row in world.charges.items():
            left = world.outstanding(charge, day)
            if left > 0 and row["due_date"] < day:
                age = bucket((day - row["due_date"]).days)
                stage = world.charge_stage(charge, day)
                key = (day, world.account_type(charge), world.nature(charge), age, stage)
                cells[key].append((row["account_id"], left))
    return sorted(
        (*key, len({a for a, _ in found}), len(found), sum((x for _, x in found), ZERO))
        for key, found in cells.items()
    )


def _state(world: World, charge: str, day: date) -> str | None:
    row = world.charges[charge]
    if world.outstanding(charge, day) <= 0 or row["issue_date"] > day:
        return None
    return bucket((day - row["due_date"]).days) if row["due_date"] < day else "not_due"


def roll_rates(world: World) -> list[tuple]:
    """Rows of mart_roll_rates without the shares."""
    states = ["not_due", "1-90", "91-180", "181-365", "366-730", "731-1825", ">1825"]
    ends = [d for d in world.reference_dates() if d == quarter_end(d)]
    cells = defaultdict(lambda: [0, ZERO])
    issued = {c for c, row in world.charges.items() if world.net(c) > 0}
    accounts = defaultdict(list)
    for charge in issued:
        accounts[world.charges[charge]["account_id"]].append(charge)
    # From the notice on a charge may be outstanding before anything is due.
    first = quarter_end(min((world.charges[c]["issue_date"] for c in issued), default=world.as_of))
    while ends and first < ends[0]:
        ends.insert(0, quarter_end(ends[0], -1))
    for day, then in pairwise(ends):
        for account, charges in accounts.items():
            kind = account_type(account)
            now = [s for c in charges if (s := _state(world, c, day))]
            later = [s for c in charges if (s := _state(world, c, then))]
            if now:
                oldest = max(now, key=states.index)
                goes = max(later, key=states.index) if later else "settled"
                cells[day, then, kind, oldest, goes][0] += 1
            for charge in charges:
                state = _state(world, charge, day)
                if state is None:
                    continue
                left = world.outstanding(charge, day)
                kept = min(left, world.outstanding(charge, then))
                if kept > 0:
                    cells[day, then, kind, state, _state(world, charge, then)][1] += kept
                cells[day, then, kind, state, "settled"][1] += left - kept
    return sorted((*key, n, amount) for key, (n, amount) in cells.items() if n or amount)


def cases(world: World) -> list[tuple]:
    """Rows of fct_cases."""
    rows = []
    for case, row in world.cases.items():
        steps, held = world.steps[case], world.held[case]
        stage = world.case_stage(case, world.as_of)
        judicial = world.first_judicial(row["account_id"])
        since = (
            row["opened_date"]
            if stage == "none"
            else min(s["step_date"] for s in steps if s["step_type"] == stage)
        )
        contacts = [
            s
            for s in (steps if judicial is None else world.account_steps(row["account_id"]))
            if s["step_type"] == "proactive_contact" and s["outcome"] != "not_reached"
        ]
        contacted = any(
            judicial is None or 1 <= (judicial - s["step_date"]).days <= 180 for s in contacts
        )
        agents = sorted(
            (s["step_date"], s["step_id"], s["agent_id"]) for s in steps if s["agent_id"]
        )
        rows.append(
            (
                case,
                stage,
                since,
                judicial,
                contacted,
                sum(
                    (world.net(c) for c in held if world.charges[c]["charge_type"] in CLAIMS), ZERO
                ),
                sum((world.outstanding(c, world.as_of) for c in held), ZERO),
                max((s["step_date"] for s in steps), default=None),
                agents[-1][2] if agents else None,
            )
        )
    return sorted(rows)


def funnel(world: World) -> list[tuple]:
    """Rows of mart_funnel."""
    days, reached, collected = defaultdict(list), defaultdict(int), defaultdict(lambda: ZERO)
    for case, row in world.cases.items():
        if row["opened_date"] > world.as_of:
            continue
        quarter = quarter_name(row["opened_date"])
        first = {}
        for step in world.steps[case]:
            if step["step_type"] in ORDER:
                kind = step["step_type"]
                first[kind] = min(first.get(kind, step["step_date"]), step["step_date"])
        reached[quarter, "none"] += 1
        for kind, day in first.items():
            reached[quarter, kind] += 1
            earlier = [
                k for k, d in first.items() if ORDER.index(k) < ORDER.index(kind) and d <= day
            ]
            start = first[max(earlier, key=ORDER.index)] if earlier else row["opened_date"]
            days[quarter, kind].append(max((day - start).days, 0))
        closed = row["closed_date"]
        last = closed if closed and closed <= world.as_of else world.as_of
        for charge in world.held[case]:
            for when, credit, amount in world.allocations[charge]:
                if credit == "payment" and row["opened_date"] <= when <= last:
                    collected[quarter, world.case_stage(case, when)] += amount
    return sorted(
        (q, kind, ORDER.index(kind), n, median(days[q, kind]) if days[q, kind] else None,
         collected[q, kind])
        for (q, kind), n in reached.items()
    )  # fmt: skip


def plans(world: World) -> list[tuple]:
    """Rows of mart_plans."""
    rows = []
    for plan in world.rows["payment_plans"]:
        granted = plan["decision"] == "granted"
        start = plan["decision_date"] if granted else None
        parts = [p for p in world.rows["plan_instalments"] if p["plan_id"] == plan["plan_id"]]
        judged, kept, broken = 0, 0, None
        for part in sorted(parts, key=lambda p: p["due_date"]):
            limit = part["due_date"] + timedelta(days=5)
            if not granted or limit > world.as_of:
                continue
            judged += 1
            due = sum((p["amount"] for p in parts if p["due_date"] <= part["due_date"]), ZERO)
            received = sum(
                (
                    p["amount"]
                    for p in world.rows["payments"]
                    if p["account_id"] == plan["account_id"] and start <= p["value_date"] <= limit
                ),
                ZERO,
            )
            if received >= due:
                kept += 1
            elif broken is None:
                broken = limit
        if plan["decision"] is None:
            status = "pending"
        elif not granted:
            status = plan["decision"]
        elif broken:
            status = "broken"
        else:
            status = "completed" if parts and judged == len(parts) else "running"
        rate = round(100 * kept / judged, 6) if judged else None
        rows.append((plan["plan_id"], start, len(parts), kept, broken, rate, status))
    return sorted(rows)


def prescriptions(world: World) -> list[tuple]:
    """Rows of mart_prescription."""
    rows = []
    for charge in world.charges:
        left = world.outstanding(charge, world.as_of)
        if left <= 0:
            continue
        when, by, on = prescription(world, root(world, charge))
        rows.append((charge, left, when, by, on, (when - world.as_of).days, when <= world.as_of))
    return sorted(rows)


def root(world: World, charge: str) -> str:
    seen, top = set(), charge
    while world.charges[top]["charge_type"] not in CLAIMS:
        seen.add(top)
        parent = world.charges[top]["related_charge_id"]
        if parent not in world.charges:  # none, or one that is not delivered any more
            return top
        if parent in seen:
            return charge
        top = parent
    return top


def prescription(world: World, charge: str):
    row = world.charges[charge]
    start = row["contribution_year"] + (3 if row["charge_type"] == "regularisation" else 1)
    current, by, on = date(start + 5, 1, 1), None, None
    steps = sorted(
        (s["step_date"], s["step_id"], s["step_type"])
        for case, held in world.held.items()
        if charge in held
        for s in world.steps[case]
        if s["step_type"] in INTERRUPTING
        and s["outcome"] not in ("not_served", "withdrawn")
        and s["step_date"] >= row["issue_date"]
    )
    for day, _, kind in steps:
        if day >= current:
            break
        if five_years(day) > current:
            current, by, on = five_years(day), kind, day
    return current, by, on


def agents(world: World) -> list[tuple]:
    """Rows of mart_agents: cases to median days since the last step."""
    rows = []
    for agent in world.rows["recovery_agents"]:
        opened = entrusted = collected = costs = successes = number = 0
        since = []
        for case, steps in world.steps.items():
            mine = [s for s in steps if s["agent_id"] == agent["agent_id"]]
            if not mine:
                continue
            number += 1
            first = min(s["step_date"] for s in mine)
            held, row = world.held[case], world.cases[case]
            closed = row["closed_date"] is not None and row["closed_date"] <= world.as_of
            before = first - timedelta(days=1)
            entrusted += sum((world.outstanding(c, before) for c in held), ZERO)
            collected += sum((world.paid(c, first, world.as_of) for c in held), ZERO)
            costs += sum((s["costs"] or ZERO for s in mine), ZERO)
            left = sum((world.outstanding(c, world.as_of) for c in held), ZERO)
            successes += (closed and row["closing_reason"] == "paid") or left == 0
            if not closed:
                opened += 1
                since.append((world.as_of - max(s["step_date"] for s in mine)).days)
        rows.append(
            (agent["agent_id"], number, opened, entrusted, collected, costs, successes,
             median(since) if since else None)
        )  # fmt: skip
    return sorted(rows)
