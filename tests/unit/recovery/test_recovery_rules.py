"""Each rule of recovery on hand-made accounts: the day before, the day, the day after.

One build holds them all, an account for each line of a list; each test reads its own. What must
follow was worked out by hand from definitions.md section 4, the ruling named with the list, or the
rules of the worklist as docs/recovery.fr.md tells them.
"""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest

from tests.unit.recovery.replay import bucket
from tests.unit.workbench import build, read, write_history

AS_OF = date(2025, 6, 30)


def ago(days: int) -> date:
    """That many days before the as-of date."""
    return AS_OF - timedelta(days=days)


#: Debts from before a list of terms begins (C10); before 1990 no term is known.
OLD_DEBTS = [
    ("A00000601", "provisional", 1990, date(1996, 1, 1)),
    ("A00000602", "provisional", 1989, None),
    ("C00000603", "company_contribution", 1993, date(1999, 1, 1)),
    ("C00000604", "company_contribution", 1992, date(1998, 1, 1)),
]

#: The day on which a case was closed as irrecoverable, and whether its debt is given up (D5).
GIVEN_UP = [("A00000611", 1, True), ("A00000612", 0, True), ("A00000613", -1, False)]

#: Days past due at the as-of date and the bucket (definitions): a debt due today is not in arrears.
BUCKETS = [
    (0, None), (1, "1-90"), (90, "1-90"), (91, "91-180"), (180, "91-180"), (181, "181-365"),
    (365, "181-365"), (366, "366-730"), (730, "366-730"), (731, "731-1825"), (1825, "731-1825"),
    (1826, ">1825"),
]  # fmt: skip

#: Days from the contact to the first judicial step, its outcome, and whether it counts (C6).
CONTACTS = [
    (0, "reached", False), (1, "reached", True), (180, "reached", True), (181, "reached", False),
    (90, "not_reached", False), (90, None, True), (-1, "reached", False),
]  # fmt: skip

#: Steps of a case (type, date, outcome), and the prescription of a contribution of 2018 noticed on
#: 1 March 2018: term 1 January 2024 (C10).
PRESCRIPTIONS = [
    ([], date(2024, 1, 1), None),
    ([("registered_letter", date(2023, 12, 31), None)], date(2028, 12, 31), "registered_letter"),
    ([("registered_letter", date(2024, 1, 1), None)], date(2024, 1, 1), None),
    ([("registered_letter", date(2018, 2, 28), None)], date(2024, 1, 1), None),
    # Five years later is today, or tomorrow.
    ([("registered_letter", date(2020, 6, 30), None)], date(2025, 6, 30), "registered_letter"),
    ([("registered_letter", date(2020, 7, 1), None)], date(2025, 7, 1), "registered_letter"),
    # In time but it would shorten nothing and lengthens nothing: the term stays.
    ([("registered_letter", date(2018, 3, 1), None)], date(2024, 1, 1), None),
    ([("writ_served", date(2020, 2, 29), "served")], date(2025, 2, 28), "writ_served"),
    ([("writ_served", date(2020, 2, 29), "not_served")], date(2024, 1, 1), None),
    ([("writ_served", date(2020, 2, 29), "withdrawn")], date(2024, 1, 1), None),
    ([("writ_issued", date(2020, 2, 29), None)], date(2024, 1, 1), None),
    # The second comes on the day the first one's five years are over: too late, as is the third.
    (
        [
            ("summons", date(2020, 3, 1), None),
            ("judgment", date(2025, 3, 1), None),
            ("acknowledgement", date(2025, 3, 2), None),
        ],
        date(2025, 3, 1),
        "summons",
    ),
    (
        [("summons", date(2020, 3, 1), None), ("judgment", date(2025, 2, 28), None)],
        date(2030, 2, 28),
        "judgment",
    ),
    # A step that moves nothing any more is not the one that interrupted: the same day, or the day
    # after the last of February.
    (
        [("summons", date(2020, 3, 1), None), ("judgment", date(2020, 3, 1), None)],
        date(2025, 3, 1),
        "summons",
    ),
    (
        [("summons", date(2020, 2, 28), None), ("judgment", date(2020, 2, 29), None)],
        date(2025, 2, 28),
        "summons",
    ),
]

#: Instalments (days ago due, amount), payments (days ago, amount), and kept, broken (days ago),
#: pct, status. The plan was granted 100 days ago (C9).
PLANS = [
    ([(50, 10)], [(45, 10)], (1, None, 100.0, "completed")),
    ([(50, 10)], [(44, 10)], (0, 45, 0.0, "broken")),
    ([(50, 10)], [(100, 10)], (1, None, 100.0, "completed")),
    ([(50, 10)], [(101, 10)], (0, 45, 0.0, "broken")),
    ([(5, 10)], [], (0, 0, 0.0, "broken")),
    ([(4, 10)], [], (0, None, None, "running")),
    ([(50, 10), (20, 10)], [(45, 10), (44, -10), (15, 30)], (2, None, 100.0, "completed")),
    ([(50, 10), (20, 10)], [(45, 9), (15, 11)], (1, 45, 50.0, "broken")),
    ([], [], (0, None, None, "running")),
]

#: What happened to an open case with 100 outstanding, and the rules that must name its account.
WORKLIST = [
    ("dormant: 89 days", {"steps": [("reminder", 89)]}, set()),
    ("dormant: 90 days", {"steps": [("reminder", 90)]}, {"dormant_case"}),
    ("dormant: no step, opened 90 days ago", {"opened": 90, "steps": []}, {"dormant_case"}),
    ("closed today", {"steps": [("reminder", 90)], "closed": 0}, set()),
    (
        "nothing left, not closed",
        {"steps": [("reminder", 90)], "paid": [(89, 100)]},
        {"dormant_case"},
    ),
    ("letter, nobody reached", {"steps": [("registered_letter", 10)]}, {"contact_owed"}),
    (
        "letter, reached 180 days ago",
        {"opened": 200, "steps": [("proactive_contact", 180), ("registered_letter", 10)]},
        set(),
    ),
    (
        "letter, reached 181 days ago",
        {"opened": 200, "steps": [("proactive_contact", 181), ("registered_letter", 10)]},
        {"contact_owed"},
    ),
    (
        "letter after a writ of another time: not the first judicial step any more",
        {"opened": 900, "steps": [("writ_served", 800), ("registered_letter", 10)]},
        set(),
    ),
    ("reminder only", {"steps": [("reminder", 10)]}, set()),
    (
        "payment on the day of the writ",
        {"steps": [("writ_served", 20)], "paid": [(20, 10)]},
        {"payment_after_writ"},
    ),
    (
        "payment the day before the writ",
        {"steps": [("writ_served", 20)], "paid": [(21, 10)]},
        set(),
    ),
    (
        "payment 30 days after the writ, today",
        {"steps": [("writ_issued", 30)], "paid": [(0, 10)]},
        {"payment_after_writ"},
    ),
    ("payment 31 days after", {"steps": [("writ_issued", 31)], "paid": [(0, 10)]}, set()),
    ("payment after, a month old", {"steps": [("writ_issued", 40)], "paid": [(31, 10)]}, set()),
    (
        "payment after a writ that something followed",
        {"steps": [("writ_issued", 20), ("opposition", 15)], "paid": [(10, 10)]},
        set(),
    ),
    ("a refund is no payment", {"steps": [("writ_issued", 20)], "paid": [(10, -10)]}, set()),
    ("prescribes in 6 months", {"year": 2019, "letter": date(2020, 12, 30)}, {"prescription_near"}),
    ("prescribes in 6 months and a day", {"year": 2019, "letter": date(2020, 12, 31)}, set()),
    ("prescribes tomorrow", {"year": 2019, "letter": date(2020, 7, 1)}, {"prescription_near"}),
    ("prescribed today", {"year": 2018, "letter": date(2020, 6, 30)}, set()),
    ("claim due today", {"deadline": 0}, {"claim_deadline_near"}),
    ("claim due in 30 days", {"deadline": -30}, {"claim_deadline_near"}),
    ("claim due in 31 days", {"deadline": -31}, set()),
    ("claim was due yesterday", {"deadline": 1}, set()),
    ("claim filed today", {"deadline": -10, "filed": 0}, set()),
    ("statement due today", {"statement": 0}, set()),
    ("statement due yesterday", {"statement": 1}, {"statement_overdue"}),
    ("statement sent today", {"statement": 1, "sent": 0}, set()),
    ("plan missed five days ago", {"plan": 10}, {"plan_missed"}),
    ("plan missed, not judged yet", {"plan": 4}, set()),
    ("plan missed, a step since", {"plan": 10, "steps": [("reminder", 5)]}, set()),
]


def account(group: int, number: int) -> str:
    """The account of a line of a list."""
    return f"A{group * 1000 + number:08d}"


def a_charge(name: str, due: date, **more) -> dict:
    """A contribution of 100 of an account, with a number of its own."""
    return {
        "charge_id": f"D{int(name[1:]):012d}",
        "account_id": name,
        "charge_type": "provisional",
        "contribution_year": 2024,
        "category": "main",
        "issue_date": due,
        "due_date": due,
        "amount": Decimal(100),
        **more,
    }


def add_case(
    world, name: str, steps, *, opened: date, closed: date | None = None, reason: str = "annulled"
) -> None:
    """A case of the account's charge; steps: (type, date, outcome)."""
    case = f"K{name}"
    world["recovery_cases"].append(
        {
            "case_id": case,
            "account_id": name,
            "opened_date": opened,
            "closed_date": closed,
            "closing_reason": reason if closed else None,
        }
    )
    world["recovery_case_charges"].append({"case_id": case, "charge_id": f"D{int(name[1:]):012d}"})
    for n, (kind, day, outcome) in enumerate(steps):
        world["recovery_steps"].append(
            {
                "step_id": f"S{name}-{n}",
                "case_id": case,
                "step_type": kind,
                "step_date": day,
                "outcome": outcome,
            }
        )


def add_payments(world, name: str, payments) -> None:
    """Payments (days ago, amount)."""
    for n, (days, amount) in enumerate(payments):
        world["payments"].append(
            {
                "payment_id": f"P{int(name[1:]) * 10 + n:012d}",
                "account_id": name,
                "value_date": ago(days),
                "amount": Decimal(amount),
                "channel": "transfer",
            }
        )


def add_plan(world, name: str, instalments) -> None:
    """A plan granted 100 days ago; instalments (days ago due, amount)."""
    world["payment_plans"].append(
        {
            "plan_id": f"PL{name}",
            "account_id": name,
            "requested_date": ago(120),
            "decision_date": ago(100),
            "decision": "granted",
            "status": "running",
        }
    )
    for n, (days, amount) in enumerate(instalments, start=1):
        world["plan_instalments"].append(
            {
                "plan_id": f"PL{name}",
                "instalment_no": n,
                "due_date": ago(days),
                "amount": Decimal(amount),
            }
        )


def add_worklist_account(world, name: str, facts: dict) -> None:
    """One line of WORKLIST."""
    year = facts.get("year", 2024)
    due = date(year, 12, 31) if "year" in facts else ago(300)
    world["charges"].append(a_charge(name, due, contribution_year=year))
    if "letter" in facts:
        # The case was closed since, so that no other rule looks at it.
        add_case(
            world,
            name,
            [("registered_letter", facts["letter"], None)],
            opened=facts["letter"],
            closed=ago(1),
        )
    if "steps" in facts:
        steps = [(kind, ago(days), None) for kind, days in facts["steps"]]
        opened = ago(facts.get("opened", max((d for _, d in facts["steps"]), default=0)))
        closed = ago(facts["closed"]) if "closed" in facts else None
        add_case(world, name, steps, opened=opened, closed=closed)
    add_payments(world, name, facts.get("paid", []))
    if "deadline" in facts:
        world["insolvencies"].append(
            {
                "insolvency_id": f"IN{name}",
                "account_id": name,
                "kind": "bankruptcy",
                "opened_date": ago(60),
                "claim_deadline": ago(facts["deadline"]),
                "claim_filed_date": ago(facts["filed"]) if "filed" in facts else None,
            }
        )
    if "statement" in facts:
        world["notices"].append(
            {
                "notice_id": f"N{name}",
                "account_id": name,
                "kind": "account_statement",
                "latest_date": ago(facts["statement"]),
                "sent_date": ago(facts["sent"]) if "sent" in facts else None,
                "channel": "post",
            }
        )
    if "plan" in facts:
        add_plan(world, name, [(facts["plan"], 10)])


def world_of_lists() -> dict[str, list[dict]]:
    """Every list above as extracts."""
    tables = (
        "charges", "payments", "recovery_cases", "recovery_case_charges", "recovery_steps",
        "payment_plans", "plan_instalments", "insolvencies", "notices", "recovery_agents",
    )  # fmt: skip
    world: dict[str, list[dict]] = {table: [] for table in tables}
    for n, (days, _) in enumerate(BUCKETS):
        world["charges"].append(a_charge(account(1, n), ago(days)))
    for n, (days, outcome, _) in enumerate(CONTACTS):
        name, first = account(2, n), ago(10)
        world["charges"].append(a_charge(name, ago(400)))
        contact = ("proactive_contact", first - timedelta(days=days), outcome)
        add_case(world, name, [contact, ("writ_issued", first, None)], opened=ago(390))
    for n, (steps, *_) in enumerate(PRESCRIPTIONS):
        name, issued = account(3, n), date(2018, 3, 1)
        world["charges"].append(a_charge(name, issued, contribution_year=2018))
        add_case(world, name, steps, opened=issued)
    for n, (instalments, payments, _) in enumerate(PLANS):
        name = account(4, n)
        add_plan(world, name, instalments)
        add_payments(world, name, payments)
    for n, (_, facts, _) in enumerate(WORKLIST):
        add_worklist_account(world, account(5, n), facts)
    for name, kind, year, _ in OLD_DEBTS:
        more = {"contribution_year": year, "charge_type": kind, "category": None}
        world["charges"].append(a_charge(name, date(year, 12, 31), **more))
    for name, days, _ in GIVEN_UP:
        world["charges"].append(a_charge(name, ago(400)))
        add_case(world, name, [], opened=ago(390), closed=ago(days), reason="irrecoverable")
    world["recovery_agents"].append({"agent_id": "AG1", "agent_type": "lawyer", "district": "Mons"})
    return world


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    """One build of every list."""
    folder = tmp_path_factory.mktemp("recovery_rules")
    write_history(folder, world_of_lists(), as_of=AS_OF)
    build(folder, "+path:models/marts/recovery")
    return folder


def test_age_buckets(home):
    """The debts of the list and no more, whatever else is in the world."""
    found = read(
        home,
        "select charge_id, account_id, due_date from recovery.fct_open_charges"
        " where account_id between ? and ?",
        account(1, 0),
        account(1, 999),
    )
    assert len(found) == len(BUCKETS)
    counted = dict(
        read(
            home,
            "select age_bucket, sum(charges) from recovery.mart_arrears_ageing"
            " where reference_date = ? group by all",
            AS_OF,
        )
    )
    others = read(
        home,
        "select date_diff('day', due_date, ?) from recovery.fct_open_charges"
        " where account_id not between ? and ? and due_date < ?",
        AS_OF,
        account(1, 0),
        account(1, 999),
        AS_OF,
    )
    expected: dict[str, int] = {}
    for name in [name for _, name in BUCKETS if name]:
        expected[name] = expected.get(name, 0) + 1
    for (days,) in others:
        expected[bucket(days)] = expected.get(bucket(days), 0) + 1
    assert counted == expected


@pytest.mark.parametrize("n", range(len(CONTACTS)), ids=[str(c[:2]) for c in CONTACTS])
def test_contact_before_the_first_judicial_step(home, n):
    assert read(
        home,
        "select first_judicial_date, had_proactive_contact from recovery.fct_cases"
        " where account_id = ?",
        account(2, n),
    ) == [(ago(10), CONTACTS[n][2])]


@pytest.mark.parametrize("n", range(len(PRESCRIPTIONS)))
def test_prescription(home, n):
    _, when, by = PRESCRIPTIONS[n]
    assert read(
        home,
        "select prescription_date, interrupted_by, days_left, is_prescribed"
        " from recovery.mart_prescription where account_id = ?",
        account(3, n),
    ) == [(when, by, (when - AS_OF).days, when <= AS_OF)]


@pytest.mark.parametrize(("name", "kind", "year", "when"), OLD_DEBTS)
def test_debts_from_before_a_list_begins(home, name, kind, year, when):
    assert read(
        home,
        "select charge_type, prescription_date from recovery.fct_open_charges where account_id = ?",
        name,
    ) == [(kind, when)]


@pytest.mark.parametrize(("name", "days", "is_given_up"), GIVEN_UP)
def test_a_debt_is_given_up_once_its_case_is_closed_as_irrecoverable(home, name, days, is_given_up):
    assert read(
        home, "select is_written_off from recovery.fct_open_charges where account_id = ?", name
    ) == [(is_given_up,)]


def test_every_debt_is_an_open_charge(home):
    """Whatever its age, its type and its case."""
    assert read(
        home,
        "select (select sum(outstanding_amount) from recovery.fct_open_charges)"
        " - (select sum(outstanding_amount) from contribution.fct_account_balances)",
    ) == [(0,)]


@pytest.mark.parametrize("n", range(len(PLANS)))
def test_plan(home, n):
    kept, broken, pct, status = PLANS[n][2]
    assert read(
        home,
        "select instalments_kept, broken_date, kept_pct, status from recovery.mart_plans"
        " where account_id = ?",
        account(4, n),
    ) == [(kept, None if broken is None else ago(broken), pct, status)]


@pytest.mark.parametrize("n", range(len(WORKLIST)), ids=[line[0] for line in WORKLIST])
def test_worklist_names_whom_its_rules_name(home, n):
    rows = read(
        home,
        "select reason, explanation_fr, explanation_nl, next_action"
        " from recovery.fct_worklist_reasons where account_id = ?",
        account(5, n),
    )
    assert {reason for reason, *_ in rows} == WORKLIST[n][2]
    for _, *sentences, action in rows:
        assert action
        assert all(sentence and "{" not in sentence for sentence in sentences)


def test_sentences_write_amounts_and_dates_as_people_do(home):
    (row,) = read(
        home,
        "select explanation, explanation_nl from recovery.mart_worklist where account_id = ?",
        account(5, [line[0] for line in WORKLIST].index("prescribes tomorrow")),
    )
    assert row == (
        "100,00\u00a0€ se prescrit le 01/07/2025 : interrompre la prescription avant cette date.",
        "€\u00a0100,00 verjaart op 01/07/2025: de verjaring voor die datum stuiten.",
    )


def test_a_task_says_the_same_in_every_release_that_names_it(home, tmp_path):
    """H7: what is due, when, and why follow from the event, not from the day of the build."""
    later = AS_OF + timedelta(days=2)
    write_history(tmp_path, world_of_lists(), as_of=later)
    build(tmp_path, "+fct_worklist_reasons")
    told = [
        {
            (account_id, reason): (due_by, french, dutch)
            for account_id, reason, due_by, french, dutch in read(
                folder,
                "select account_id, reason, due_by, explanation_fr, explanation_nl"
                " from recovery.fct_worklist_reasons",
            )
        }
        for folder in (home, tmp_path)
    ]
    both = told[0].keys() & told[1].keys()
    # Each rule has a task that stands on both days.
    assert {reason for _, reason in both} == {
        "payment_after_writ", "prescription_near", "claim_deadline_near", "contact_owed",
        "plan_missed", "statement_overdue", "dormant_case",
    }  # fmt: skip
    assert [key for key in both if told[0][key] != told[1][key]] == []


def test_an_agent_without_cases_has_no_rates(home):
    assert read(
        home,
        "select cases, collected_per_cost, success_rate, success_low, success_high,"
        " median_days_since_step from recovery.mart_agents",
    ) == [(0, None, None, None, None, None)]
