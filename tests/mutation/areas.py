"""What is mutated, and which tests have to notice: the fastest first, since the first failure ends
a run. The golden worlds, which hold every rule at once, are not among them: each rule has to be
held by tests of its own.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True)
class Area:
    """Files (patterns from the root of the project) and the tests that stand for them. What they
    compare with and no fault of the area can change may be worked out before (`module:function`,
    which remembers its result).
    """

    files: tuple[str, ...]
    tests: tuple[str, ...]
    before: tuple[str, ...] = ()

    def paths(self) -> list[Path]:
        """The files, from the root of the project, in order."""
        return sorted(
            path.relative_to(ROOT) for pattern in self.files for path in ROOT.glob(pattern)
        )


_DISCLOSURE = tuple(
    f"tests/unit/disclosure/test_disclosure_{name}.py"
    for name in (
        "rules", "time", "command", "solver", "cases", "junk", "properties", "enumeration",
        "search",
    )
)  # fmt: skip

AREAS = {
    "ledger": Area(
        (
            "dbt_project/models/intermediate/ledger/int_ledger__[!a]*.sql",
            "dbt_project/models/intermediate/ledger/int_ledger__account_pools.sql",
            "dbt_project/models/marts/contribution/fct_allocations.sql",
            "dbt_project/models/marts/contribution/fct_charges.sql",
            "dbt_project/models/marts/contribution/fct_account_balances.sql",
            "dbt_project/models/marts/contribution/mart_quarter.sql",
            "dbt_project/models/marts/contribution/mart_perception.sql",
            "dbt_project/functions/accounts.sql",
        ),
        (
            "tests/unit/ledger/test_ledger_rules.py",
            "tests/unit/ledger/test_ledger_replay.py",
        ),
        ("tests.unit.ledger.expected:random_world",),
    ),
    "law": Area(
        (
            "dbt_project/functions/arithmetic.sql",
            "dbt_project/functions/benefits.sql",
            "dbt_project/functions/calendar.sql",
            "dbt_project/functions/companies.sql",
            "dbt_project/functions/contributions.sql",
            "dbt_project/functions/deadlines.sql",
            "dbt_project/functions/surcharges.sql",
            "dbt_project/functions/validity.sql",
            "law/queries/*.sql",
        ),
        (
            "tests/unit/law/test_law_functions.py",
            "tests/unit/law/test_law_worked_examples.py",
            "tests/unit/law/test_law_benefits_and_deadlines.py",
            "tests/unit/law/test_law_command_line.py",
            "tests/unit/law/test_law_lists.py",
            "tests/unit/law/test_law_rules.py",
            "tests/unit/ledger/test_surcharges_owed.py",
        ),
    ),
    "prescription": Area(
        (
            "dbt_project/functions/prescription.sql",
            "dbt_project/models/intermediate/recovery/int_recovery__prescription*.sql",
            "dbt_project/models/marts/recovery/mart_prescription.sql",
            "dbt_project/models/marts/recovery/fct_open_charges.sql",
        ),
        (
            "tests/unit/recovery/test_recovery_rules.py",
            "tests/unit/recovery/test_recovery_replay.py",
            "tests/unit/recovery/test_prescription_alone.py",
            "tests/unit/law/test_law_rules.py",
        ),
    ),
    "commitments": Area(
        (
            "dbt_project/functions/service.sql",
            "dbt_project/models/intermediate/service/*.sql",
            "dbt_project/models/intermediate/service/commitments/*.sql",
        ),
        ("tests/unit/service",),
    ),
    # What decides who is exposed, and what leaves.
    "disclosure": Area(
        (
            "exports/disclosure/[!bmpr]*.py",
            "exports/disclosure/propagation.py",
            "exports/disclosure/reading.py",
            "exports/disclosure/report.py",
            "exports/disclosure/request.py",
            "exports/disclosure/rounding.py",
            "exports/disclosure/rules.py",
        ),
        _DISCLOSURE,
    ),
    # What looks for a cheap pattern; whether it protects, the attacker says after it.
    "search": Area(
        (
            "exports/disclosure/bound.py",
            "exports/disclosure/master.py",
            "exports/disclosure/pieces.py",
            "exports/disclosure/repair.py",
        ),
        tuple(reversed(_DISCLOSURE)),
    ),
}
