"""The audit: every check of a build in one list, and whether the candidate may be published.

Checks come from three places: dbt tests (tables and equations between them), the counts of the
deliveries, and the state of the build itself. A check of error severity that fails stops the
publication; a warning does not. What it finds is kept in `audit.json`, for the gate and for
`vigie status`, also when nothing is published. Does not belong here: the rules
themselves (contracts, dbt YAML and tests), the publication (gate.py).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import duckdb

from ingest.raw import Plan, Receipt
from orchestration import files
from orchestration.build import current_plan, read_candidate
from orchestration.counts import count_held
from orchestration.dbt_runner import NodeResult, read_result
from orchestration.errors import CandidateError
from orchestration.settings import Settings
from storage import databases

_EXAMPLE_CHARACTERS = 160
#: What stands before a row that breaks a check.
EXAMPLE = " Example: "
_SKIPPED = "[not executed: a table it needs was not built]"
# Counts of the deliveries, checked where they meet: each query returns the rows that break the
# rule.
_COUNTS = {
    "rejected_rows_are_in_quarantine": (
        "each rejected row of a delivery has one row in quarantine",
        "select delivery_id, rows_rejected, held from meta.deliveries left join "
        "(select delivery_id, count(*) as held from meta.quarantine group by all) as quarantined "
        "using (delivery_id) where rows_rejected <> coalesce(held, 0)",
    ),
}


@dataclass(frozen=True)
class Check:
    """One executed check; the columns of `meta.checks`."""

    check_id: str
    kind: str
    subject: str
    severity: str
    status: str
    failures: int
    explanation: str

    @property
    def stops(self) -> bool:
        """Whether it stops the publication."""
        return self.status in ("fail", "error")


@dataclass(frozen=True)
class Audit:
    """The result of an audit, and which candidate it looked at."""

    checks: tuple[Check, ...]
    release_id: str = ""

    @property
    def stopping(self) -> tuple[Check, ...]:
        """Checks that stop the publication, causes first: tables that could not be computed, then
        checks that broke or found rows, then those that were not executed because of them.
        """
        stopping = [check for check in self.checks if check.stops]
        return tuple(
            sorted(
                stopping,
                key=lambda c: (c.kind != "build", _SKIPPED in c.explanation, c.status != "error"),
            )
        )

    @property
    def warnings(self) -> tuple[Check, ...]:
        """Checks that found something and do not stop the publication."""
        return tuple(check for check in self.checks if check.status == "warn")

    @property
    def passed(self) -> int:
        """How many checks passed."""
        return sum(check.status == "pass" for check in self.checks)

    def rows(self) -> list[dict[str, Any]]:
        """Rows of `meta.checks`, in a stable order."""
        return [asdict(check) for check in sorted(self.checks, key=lambda check: check.check_id)]


def run_audit(settings: Settings) -> Audit:
    """Collect the results of the build that stands in the warehouse folder, check the counts of its
    deliveries, and keep what was found.

    Opens the candidate; no other connection may be open on it.

    Raises:
        CandidateError: no whole candidate stands there.
    """
    candidate, build = read_candidate(settings), read_result(settings)
    if candidate is None or build is None:
        raise CandidateError("candidate.none")
    plan = current_plan(settings, candidate.as_of)
    checks = [*_from_files(settings, plan.deliveries), *_from_plan(plan)]
    with open_candidate(settings) as connection:
        checks += [_from_test(connection, node) for node in build.tests]
        if build.broken:
            # What could not be computed has no counts to compare.
            checks += [_from_broken(node) for node in build.broken]
        else:
            checks += _from_counts(connection)
    audit = Audit(tuple(checks), candidate.release_id)
    files.write(settings, files.AUDIT, {"release_id": audit.release_id, "checks": audit.rows()})
    return audit


def read_audit(settings: Settings) -> Audit | None:
    """What the last audit found, of whatever candidate it was; None when there was none, or what
    is kept of it is damaged.
    """
    kept = files.read(settings, files.AUDIT)
    try:
        return kept and Audit(tuple(Check(**check) for check in kept["checks"]), kept["release_id"])
    except (KeyError, TypeError):  # it says something else: it is not ours
        return None


def open_candidate(settings: Settings) -> duckdb.DuckDBPyConnection:
    """The candidate as dbt sees it: writable, with the other databases of the build beside it."""
    connection = databases.connect(settings.candidate)
    for name, is_read in (("work", False), ("history", True), ("previous", True)):
        file = settings.warehouse / f"{name}.duckdb"
        if file.exists():
            databases.attach(connection, file, name, read_only=is_read)
    return connection


def _from_test(connection: duckdb.DuckDBPyConnection, node: NodeResult) -> Check:
    example = ""
    if node.status in ("fail", "warn") and node.compiled:
        example = _example(connection, node.compiled)
    is_generic = node.props.get("test") is not None
    status = {"success": "pass", "skipped": "error"}.get(node.status, node.status)
    explanation = _explanation(node, is_generic)
    if status == "error" and node.status != "skipped":
        explanation = f"{explanation} [{node.message}]"
    elif node.status == "skipped":
        explanation = f"{explanation} {_SKIPPED}"
    return Check(
        check_id=node.name,
        kind=node.props["meta"].get("kind") or ("table" if is_generic else "equation"),
        subject=_subject(node),
        severity="warn" if node.severity == "warn" else "error",
        status=status,
        failures=node.failures,
        explanation=f"{explanation}{example}",
    )


def _from_broken(node: NodeResult) -> Check:
    return Check(
        check_id=f"built_{node.name}",
        kind="build",
        subject=node.name,
        severity="error",
        status="error",
        failures=1,
        explanation=f"The table could not be computed: {node.message}",
    )


def _from_files(settings: Settings, receipts: Sequence[Receipt]) -> Iterable[Check]:
    held = count_held(settings, receipts)
    lost = [one for one in held if not one.is_balanced]
    yield _of_ingest(
        "delivered_rows_are_accounted_for",
        "rows delivered = rows stored + rows in quarantine, for each file",
        [
            f"{one.delivery_id}/{one.extract}: {one.delivered} delivered, {one.stored} stored, "
            f"{one.quarantined} in quarantine"
            for one in lost
        ],
    )
    yield _of_ingest(
        "control_totals_are_accounted_for",
        "control total = amounts stored + amounts in quarantine, for each file",
        [
            f"{one.delivery_id}/{one.extract}: control total {one.control_total}, "
            f"{one.stored_amount} stored, {one.quarantined_amount} in quarantine"
            for one in held
            if not one.amounts_balance
        ],
    )


def _from_plan(plan: Plan) -> Iterable[Check]:
    """What the receipts tell, as warnings."""
    yield _of_ingest(
        "stored_files_are_proven",
        "each stored file has a hash that the build compared; those that an earlier version stored "
        "have one once they are loaded again",
        plan.unproven,
        severity="warn",
    )
    merged = Counter[str]()
    for receipt in plan.since_full:
        merged.update({entry.extract: entry.merged for entry in receipt.entries if entry.merged})
    yield _of_ingest(
        "municipality_codes_are_current",
        "rows with the code of a municipality that was merged away lately are stored under that of "
        "its successor (H2)",
        [", ".join(f"{extract} {rows}" for extract, rows in merged.items())] if merged else [],
        severity="warn",
        failures=merged.total(),
    )
    yield _of_ingest(
        "load_times_follow_business_dates",
        "no delivery was loaded before its business date; one that was tells of a clock that is "
        "wrong, here or at the source (H9)",
        [
            f"{receipt.delivery_id} of {receipt.business_date}, loaded {receipt.loaded_at} UTC"
            for receipt in plan.deliveries
            if receipt.loaded_day < receipt.business_date
        ],
        severity="warn",
    )


def _of_ingest(
    check_id: str, says: str, wrong: Sequence[str], severity: str = "error", failures: int = 0
) -> Check:
    """A check of the raw history, with what breaks it."""
    failed = "warn" if severity == "warn" else "fail"
    return Check(
        check_id=check_id,
        kind="ingest",
        subject="raw history",
        severity=severity,
        status=failed if wrong else "pass",
        failures=failures or len(wrong),
        explanation=says + (f"{EXAMPLE}{wrong[0]}" if wrong else ""),
    )


def _from_counts(connection: duckdb.DuckDBPyConnection) -> Iterable[Check]:
    for name, (explanation, query) in _COUNTS.items():
        failures = connection.execute(f"select count(*) from ({query})").fetchone()[0]
        yield Check(
            check_id=name,
            kind="ingest",
            subject="meta.deliveries",
            severity="error",
            status="fail" if failures else "pass",
            failures=failures,
            explanation=explanation + (_example(connection, query) if failures else ""),
        )


def _example(connection: duckdb.DuckDBPyConnection, query: str) -> str:
    """One row that breaks the rule, as ` Example: column=value, …`; the release holds no direct
    identifier.
    """
    try:
        cursor = connection.execute(f"select * from ({query}) as broken order by all limit 1")
        row = cursor.fetchone()
    except duckdb.Error:
        return ""
    if row is None:
        return ""
    names = [column[0] for column in cursor.description]
    text = ", ".join(f"{name}={value}" for name, value in zip(names, row, strict=True))
    return f"{EXAMPLE}{text[:_EXAMPLE_CHARACTERS]}"


def _subject(node: NodeResult) -> str:
    parents: Sequence[str] = [node.props["attached"]] if node.props["attached"] else []
    parents = parents or node.props["depends_on"]
    table = ", ".join(parent.rpartition(".")[2] for parent in parents)
    return f"{table}.{node.props['column']}" if node.props["column"] else table


def _explanation(node: NodeResult, is_generic: bool) -> str:
    """What the check says: its description, else the comment it opens with, else its name and
    subject.
    """
    if node.props["description"]:
        return " ".join(node.props["description"].split())
    if is_generic:
        return f"{node.props['test']}: {_subject(node)}"
    comment = [
        line.removeprefix("--").strip()
        for line in (node.compiled or "").strip().splitlines()
        if line.startswith("--")
    ]
    return " ".join(comment) or node.name
