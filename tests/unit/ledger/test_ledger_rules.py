"""Each rule of imputation on a hand-made account: what is covered, by what, when, and what is left.

One build holds all accounts; each test reads its own. The expected rows were worked out by hand
from definitions.md section 2 and the ruling named with the rule.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

import duckdb
import pytest

from tests.unit.workbench import build, write_history

AS_OF = date(2025, 6, 30)


def day(text: str) -> date:
    """`03-31` of 2025."""
    return date.fromisoformat(f"2025-{text}")


@dataclass
class Rule:
    """One account: its rows in short, and the rows that must follow.

    charges: (letter, amount, issue, due) and, for a cancellation, the letter it points to.
    payments: (number, date, amount) and the letter designated, if any.
    reliefs: (request, letter, date, amount).
    allocations: (letter, credit, date, amount); a credit is `P1`, a letter or `request:letter`.
    left: letter -> outstanding; settled: letter -> date.
    """

    name: str
    charges: list[tuple]
    payments: list[tuple] = field(default_factory=list)
    reliefs: list[tuple] = field(default_factory=list)
    allocations: list[tuple] = field(default_factory=list)
    left: dict[str, int] = field(default_factory=dict)
    settled: dict[str, str] = field(default_factory=dict)
    unallocated: int = 0


TWO = [("a", 100, "01-20", "03-31"), ("b", 100, "04-20", "06-30")]

RULES = [
    Rule(
        "part payment", TWO, [(1, "03-31", 60)], [], [("a", "P1", "03-31", 60)], {"a": 40, "b": 100}
    ),
    Rule(
        "oldest due first, across charges",
        TWO,
        [(1, "03-31", 130)],
        [],
        [("a", "P1", "03-31", 100), ("b", "P1", "03-31", 30)],
        {"a": 0, "b": 70},
        {"a": "03-31"},
    ),
    Rule(
        "same due date: the lower charge identifier first",
        [("a", 100, "01-20", "03-31"), ("b", 100, "01-20", "03-31")],
        [(1, "03-01", 100)],
        [],
        [("a", "P1", "03-01", 100)],
        {"a": 0, "b": 100},
        {"a": "03-01"},
    ),
    Rule(
        "designated payment with excess joins the pool on its date",
        TWO,
        [(1, "05-01", 130, "b")],
        [],
        [("b", "P1", "05-01", 100), ("a", "P1", "05-01", 30)],
        {"a": 70, "b": 0},
        {"b": "05-01"},
    ),
    Rule(
        "designated later, yet the line is built on it (A2)",
        TWO,
        [(1, "02-01", 100), (2, "05-01", 100, "a")],
        [],
        [("b", "P1", "02-01", 100), ("a", "P2", "05-01", 100)],
        {"a": 0, "b": 0},
        {"a": "05-01", "b": "02-01"},
    ),
    Rule(
        "a refund reopens the newest covered first",
        TWO,
        [(1, "03-01", 200), (2, "05-01", -60), (3, "06-01", 60)],
        [],
        [
            ("a", "P1", "03-01", 100),
            ("b", "P1", "03-01", 100),
            ("b", "P2", "05-01", -60),
            ("b", "P3", "06-01", 60),
        ],
        {"a": 0, "b": 0},
        {"a": "03-01", "b": "06-01"},
    ),
    Rule(
        "a refund of the same day as its credit leaves no gap at the end of the day (A10)",
        TWO,
        [(1, "03-01", 200), (2, "05-01", -60), (3, "05-01", 60)],
        [],
        # Credits before refunds: the 60 of that day finds nothing open, the refund takes it back.
        [("a", "P1", "03-01", 100), ("b", "P1", "03-01", 100)],
        {"a": 0, "b": 0},
        {"a": "03-01", "b": "03-01"},
    ),
    Rule(
        "a designated refund goes to the pool (A4)",
        TWO,
        [(1, "03-01", 200), (2, "05-01", -30, "a")],
        [],
        [("a", "P1", "03-01", 100), ("b", "P1", "03-01", 100), ("b", "P2", "05-01", -30)],
        {"a": 0, "b": 30},
        {"a": "03-01"},
    ),
    Rule(
        "refunded before anything came in: later credits fill the gap first (A6)",
        TWO,
        [(1, "01-10", -30), (2, "03-31", 100)],
        [],
        [("a", "P2", "03-31", 70)],
        {"a": 30, "b": 100},
    ),
    Rule(
        "a negative regularisation is a credit of its issue date",
        [*TWO, ("c", -150, "05-15", "05-15")],
        [(1, "03-31", 50)],
        [],
        [("a", "P1", "03-31", 50), ("a", "c", "05-15", 50), ("b", "c", "05-15", 100)],
        {"a": 0, "b": 0, "c": 0},
        {"a": "05-15", "b": "05-15"},
    ),
    Rule(
        "a cancellation shortens the line",
        [*TWO, ("c", -100, "05-05", "05-05", "a")],
        [(1, "03-31", 100)],
        [],
        [("b", "P1", "03-31", 100)],
        {"a": 0, "b": 0, "c": 0},
        {"a": "05-05", "b": "03-31"},
    ),
    Rule(
        "relief shortens the line",
        TWO,
        [(1, "04-10", 60)],
        [("R1", "a", "05-11", 40)],
        [("a", "P1", "04-10", 60)],
        {"a": 0, "b": 100},
        {"a": "04-10"},
    ),
    Rule(
        "relief beyond what a cancellation left is a credit on its day (A3)",
        [*TWO, ("c", -80, "05-01", "05-01", "a")],
        [],
        [("R1", "a", "05-11", 50)],
        [("b", "R1:a", "05-11", 30)],
        {"a": 0, "b": 70, "c": 0},
        {"a": "05-11"},
    ),
    Rule(
        "a cancellation beyond what relief left is a credit under its own identifier (A3)",
        [*TWO, ("c", -80, "05-11", "05-11", "a")],
        [],
        [("R1", "a", "05-01", 50)],
        [("b", "c", "05-11", 30)],
        {"a": 0, "b": 70, "c": 0},
        {"a": "05-11"},
    ),
    Rule(
        "same day: cancellations before relief (A3)",
        [*TWO, ("c", -80, "05-01", "05-01", "a")],
        [],
        [("R1", "a", "05-01", 50)],
        [("b", "R1:a", "05-01", 30)],
        {"a": 0, "b": 70, "c": 0},
        {"a": "05-01"},
    ),
    Rule(
        "same day credits in byte order of their identifiers (A5): D before P before R",
        [
            ("a", 30, "01-20", "03-31"),
            ("b", 30, "01-20", "04-30"),
            ("c", 30, "01-20", "05-31"),
            ("d", -30, "06-01", "06-01"),
            ("e", 10, "01-01", "01-01"),
            ("f", -10, "06-01", "06-01", "e"),
        ],
        [(1, "06-01", 30)],
        [("R1", "e", "06-01", 30)],
        [("a", "d", "06-01", 30), ("b", "P1", "06-01", 30), ("c", "R1:e", "06-01", 30)],
        {"a": 0, "b": 0, "c": 0},
        {"a": "06-01"},
    ),
    Rule(
        "a movement and a stretch that end together leave no piece without width",
        [("a", 100, "01-20", "03-31"), ("b", 100, "01-20", "04-30"), ("c", 100, "01-20", "05-31")],
        [(1, "03-01", 100), (2, "04-01", 100)],
        [],
        [("a", "P1", "03-01", 100), ("b", "P2", "04-01", 100)],
        {"a": 0, "b": 0, "c": 100},
    ),
    Rule(
        "dated after the as-of date: allocated, not counted (A9)",
        TWO,
        [(1, "06-30", 50), (2, "07-01", 50)],
        [],
        [("a", "P1", "06-30", 50), ("a", "P2", "07-01", 50)],
        {"a": 50, "b": 100},
    ),
    Rule(
        "what points to a charge that a full delivery left out takes nothing off (F4, F6)",
        [*TWO, ("c", -80, "05-01", "05-01", "z")],
        [],
        [("R1", "z", "05-11", 40)],
        [],
        {"a": 100, "b": 100, "c": 0},
    ),
    Rule(
        "overpaid: the rest stays unallocated",
        TWO,
        [(1, "03-31", 250)],
        [],
        [("a", "P1", "03-31", 100), ("b", "P1", "03-31", 100)],
        {"a": 0, "b": 0},
        {},
        50,
    ),
]


def identifier(number: int, letter: str) -> str:
    """The charge `letter` of account `number`: those of an account differ in their first digit,
    so that one who leaves it out takes them for one.
    """
    return f"D{ord(letter) - ord('a')}{number:011d}"


def account(number: int) -> str:
    """The account of a rule."""
    return f"A{number:08d}"


#: A charge of an affiliate without category: the account and category of what it points to, and
#: the nature it takes (A13). Each letter points to the one before.
NATURES = [
    ("a", "C00000901", None, "company"),
    ("b", "A00000902", None, "company"),
    ("c", "A00000902", None, "company"),
    ("d", "A00000902", "pensioner", "after_pension"),
    ("e", "A00000902", None, "after_pension"),
]


def natures() -> list[dict]:
    """The charges of NATURES."""
    letters = [letter for letter, *_ in NATURES]
    return [
        {
            "charge_id": identifier(900, letter),
            "account_id": owner,
            "charge_type": "surcharge_annual" if owner.startswith("A") else "company_surcharge",
            "contribution_year": 2025,
            "category": category,
            "issue_date": day("01-20"),
            "due_date": day("03-31"),
            "amount": Decimal(10),
            "related_charge_id": identifier(900, before) if before else None,
        }
        for (letter, owner, category, _), before in zip(NATURES, [None, *letters[:-1]], strict=True)
    ]


def rows_of(number: int, rule: Rule) -> dict[str, list[dict]]:
    """The rule's rows in the form of the extracts."""
    charges = []
    for letter, amount, issue, due, *target in rule.charges:
        kind = "cancellation" if target else "regularisation" if amount < 0 else "provisional"
        charges.append(
            {
                "charge_id": identifier(number, letter),
                "account_id": account(number),
                "charge_type": kind,
                "contribution_year": 2025,
                "contribution_quarter": 1,
                "category": "main",
                "issue_date": day(issue),
                "due_date": day(due),
                "amount": Decimal(amount),
                "income_basis": None,
                "related_charge_id": identifier(number, target[0]) if target else None,
            }
        )
    payments = [
        {
            "payment_id": f"P{number * 100 + n:012d}",
            "account_id": account(number),
            "value_date": day(when),
            "amount": Decimal(amount),
            "channel": "transfer",
            "charge_id": identifier(number, letter[0]) if letter else None,
            "structured_communication": None,
        }
        for n, when, amount, *letter in rule.payments
    ]
    reliefs = [
        {
            "request_id": f"{request}-{number}",
            "charge_id": identifier(number, letter),
            "effective_date": day(when),
            "amount": Decimal(amount),
        }
        for request, letter, when, amount in rule.reliefs
    ]
    return {"charges": charges, "payments": payments, "relief_effects": reliefs}


@pytest.fixture(scope="module")
def ledger(tmp_path_factory):
    """One build with an account per rule."""
    home = tmp_path_factory.mktemp("rules")
    world: dict[str, list[dict]] = {"charges": [], "payments": [], "relief_effects": []}
    for number, rule in enumerate(RULES, start=1):
        for table, rows in rows_of(number, rule).items():
            world[table] += rows
    world["charges"] += natures()
    write_history(home, world, as_of=AS_OF)
    build(home, "+fct_account_balances")
    with duckdb.connect(str(home / "warehouse" / "candidate.duckdb"), read_only=True) as con:
        yield con


@pytest.mark.parametrize(
    ("number", "rule"), list(enumerate(RULES, start=1)), ids=[r.name for r in RULES]
)
def test_rule(ledger, number, rule):
    def credit(text: str) -> str:
        if text.startswith("P"):
            return f"P{number * 100 + int(text[1:]):012d}"
        request, _, letter = text.rpartition(":")
        return (
            f"{request}-{number}:{identifier(number, letter)}"
            if request
            else identifier(number, letter)
        )

    allocations = ledger.execute(
        "select charge_id, credit_id, value_date, allocated_amount"
        " from contribution.fct_allocations where account_id = ? order by all",
        [account(number)],
    ).fetchall()
    assert allocations == sorted(
        (identifier(number, letter), credit(text), day(when), Decimal(amount))
        for letter, text, when, amount in rule.allocations
    )
    positions = dict(
        ledger.execute(
            "select charge_id, (outstanding_amount, settled_date)"
            " from contribution.fct_charges where account_id = ?",
            [account(number)],
        ).fetchall()
    )
    for letter, amount in rule.left.items():
        assert positions[identifier(number, letter)][0] == amount, letter
    for letter, when in rule.settled.items():
        assert positions[identifier(number, letter)][1] == day(when), letter
    unallocated = ledger.execute(
        "select unallocated_amount, difference_amount"
        " from contribution.fct_account_balances where account_id = ?",
        [account(number)],
    ).fetchone()
    # A gap left by refunds shows as a negative pool until later credits fill it.
    assert unallocated == (rule.unallocated, 0)


def test_a_charge_without_category_takes_the_nature_of_what_it_points_to(ledger):
    """A13: up the chain, also to a charge of a company."""
    assert dict(
        ledger.execute(
            "select charge_id, nature from contribution.fct_charges where charge_id in ?",
            [[identifier(900, letter) for letter, *_ in NATURES]],
        ).fetchall()
    ) == {identifier(900, letter): nature for letter, *_, nature in NATURES}


def test_every_balance_is_that_of_an_account(ledger):
    assert ledger.execute(
        "select count(distinct account_id), count(*) from contribution.fct_account_balances"
    ).fetchone() == (len(RULES) + 2, len(RULES) + 2)


def test_of_nothing_claimed_there_is_no_share(tmp_path):
    """B2, B3: of 2023 all was cancelled; of 2022 one euro was claimed, and sixty cents came in."""
    rule = Rule(
        "two years", [("a", 100, "01-20", "03-31"), ("b", -100, "05-01", "05-01", "a"),
                      ("c", 1, "01-20", "03-31")], [(1, "03-31", "0.60", "c")],
    )  # fmt: skip
    rows = rows_of(1, rule)
    for row, year in zip(rows["charges"], (2023, 2023, 2022), strict=True):
        row["contribution_year"] = year
        row |= {name: row[name].replace(year=year) for name in ("issue_date", "due_date")}
    rows["payments"][0]["value_date"] = date(2022, 3, 31)
    write_history(tmp_path, rows, as_of=AS_OF)
    build(tmp_path, "+mart_perception", "+mart_quarter")
    with duckdb.connect(str(tmp_path / "warehouse" / "candidate.duckdb"), read_only=True) as con:
        assert con.execute(
            "select claim_year, perception_pct, year_end_outstanding_ratio"
            " from contribution.mart_perception order by all"
        ).fetchall() == [(2022, 60.0, 0.4), (2023, None, None)]
        assert con.execute(
            "select contribution_year, charges, affiliates, collection_rate"
            " from contribution.mart_quarter order by all"
        ).fetchall() == [(2022, 1, 1, 0.6), (2023, 1, 0, None)]


@pytest.mark.parametrize(("as_of", "ended"), [("2025-12-30", 0), ("2025-12-31", 1)])
def test_a_year_has_ended_on_its_last_day(tmp_path, as_of, ended):
    """B3: art. 60bis is measured on years that have ended, the last day included."""
    rows = rows_of(1, RULES[0])
    write_history(tmp_path, rows, as_of=date.fromisoformat(as_of))
    build(tmp_path, "+mart_perception")
    with duckdb.connect(str(tmp_path / "warehouse" / "candidate.duckdb"), read_only=True) as con:
        assert con.execute(
            "select count(*) from contribution.mart_perception where claim_year = 2025"
        ).fetchone() == (ended,)
