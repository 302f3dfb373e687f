"""dbt inside this process: one interpreter, one DuckDB connection, results as objects.

dbt works in `$VIGIE_HOME/warehouse`, because the paths of its profile are relative, and sends
nothing anywhere. Does not belong here: what to build from what (build.py), what a failed test means
(audit.py).
"""

from __future__ import annotations

import contextlib
import json
import os
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import duckdb

from orchestration import manifest as manifests
from orchestration.errors import BuildError
from orchestration.manifest import CONSTANT, constants
from orchestration.settings import DBT_PROJECT, Settings

# dbt's own words for a node that did what it should.
_DONE = {"success", "pass", "no-op"}
# Cautious: a check that also looks at another table is not left out.
_WITHOUT_CONSTANTS = ("--exclude", f"tag:{CONSTANT}", "--indirect-selection", "cautious")
# Half of the time of a small table is not the database's; the next one is computed meanwhile.
_THREADS = 2
OnNode = Callable[[str, int, int], None]


@dataclass(frozen=True)
class NodeResult:
    """What became of one node (model, seed or test). `failures` are rows, for a test."""

    unique_id: str
    kind: str
    name: str
    status: str
    failures: int
    seconds: float
    message: str
    severity: str
    relation: str | None
    compiled: str | None
    props: dict[str, Any] = field(repr=False, default_factory=dict)

    @property
    def is_done(self) -> bool:
        """A model or seed that was built, a test that passed."""
        return self.status in _DONE


@dataclass(frozen=True)
class BuildResult:
    """Results of one build, in the order dbt finished them, and what was left out: names of checks,
    and unique ids of tables and seeds, that the release carried on has already.
    """

    nodes: tuple[NodeResult, ...]
    carried_tests: tuple[str, ...] = ()
    carried_tables: tuple[str, ...] = ()

    @property
    def tests(self) -> tuple[NodeResult, ...]:
        """The data tests that were executed."""
        return tuple(node for node in self.nodes if node.kind == "test")

    @property
    def built(self) -> tuple[NodeResult, ...]:
        """The models and seeds that were built."""
        return tuple(node for node in self.nodes if node.kind != "test" and node.is_done)

    @property
    def broken(self) -> tuple[NodeResult, ...]:
        """The models and seeds that dbt could not compute."""
        return tuple(node for node in self.nodes if node.kind != "test" and node.status == "error")


def build(
    settings: Settings,
    on_node: OnNode | None = None,
    *,
    carries_on: bool = False,
) -> BuildResult:
    """Seeds, models and data tests in one pass over the candidate. All connections are closed
    afterwards.

    Args:
        on_node: told after each node: its name, how many are done, how many there are.
        carries_on: the candidate is a copy of a release that the same code made; what no delivery
            can change is in it already, built and checked.

    Raises:
        BuildError: dbt could not start (not: a test failed, a model could not be computed; see the
            result).
    """
    manifest = manifests.runnable(settings)
    carried = constants(manifest) if carries_on else []
    total = sum(node.resource_type in ("model", "seed", "test") for node in manifest.nodes.values())
    total -= len(carried)
    done = 0

    def listen(event: Any) -> None:
        nonlocal done
        if event.info.name == "NodeFinished":
            done += 1
            on_node(event.data.node_info.node_name, done, max(total, done))

    outcome = invoke(
        settings,
        [
            *("build", "--exclude-resource-type", "unit_test", "--no-write-json"),
            *("--threads", str(_THREADS)),
            *("--vars", json.dumps(_dates(settings))),
            *(_WITHOUT_CONSTANTS if carried else ()),
        ],
        manifest=manifest,
        callbacks=[listen] if on_node else [],
    )
    return BuildResult(
        tuple(_node_result(result) for result in outcome.result.results),
        carried_tests=tuple(node.name for node in carried if node.resource_type == "test"),
        carried_tables=tuple(node.unique_id for node in carried if node.resource_type != "test"),
    )


def _dates(settings: Settings) -> dict[str, str]:
    """The dates of the build as the history has them (macros/as_of_date.sql); `none` for none."""
    with duckdb.connect(str(settings.warehouse / "history.duckdb"), read_only=True) as history:
        as_of, previous = history.execute(
            "select as_of_date, previous_as_of_date from raw._plan"
        ).fetchone()
        (full,) = history.execute(
            "select max(business_date) from raw._deliveries where mode = 'full'"
        ).fetchone()
    dates = {"as_of_date": as_of, "previous_as_of_date": previous, "full_date": full}
    return {name: str(day).lower() for name, day in dates.items()}


def invoke(
    settings: Settings,
    command: Sequence[str],
    manifest: Any = None,
    callbacks: list[Callable[[Any], None]] | None = None,
) -> Any:
    """One dbt command; returns dbt's own result object.

    Raises:
        BuildError: dbt raised (a project that does not parse, a database that does not open).
    """
    # Imported late: a second that `vigie status` need not pay.
    from dbt.cli.main import dbtRunner

    settings.logs.mkdir(parents=True, exist_ok=True)
    arguments = [
        *("--log-level", "none", "--log-level-file", "info", "--log-path", str(settings.logs)),
        *("--no-send-anonymous-usage-stats", "--no-version-check", "--no-print"),
        *command,
        *("--project-dir", str(DBT_PROJECT), "--profiles-dir", str(DBT_PROJECT)),
        *("--target-path", str(settings.dbt / "target")),
    ]
    with _working_in(settings.warehouse):
        try:
            outcome = dbtRunner(manifest=manifest, callbacks=callbacks).invoke(arguments)
        finally:
            _close_connections()
    if outcome.exception is not None:
        raise BuildError(f"dbt: {_first_lines(str(outcome.exception))}") from outcome.exception
    return outcome


@contextlib.contextmanager
def _working_in(folder: Path) -> Iterator[None]:
    folder.mkdir(parents=True, exist_ok=True)
    before = Path.cwd()
    os.chdir(folder)
    try:
        yield
    finally:
        os.chdir(before)


def _close_connections() -> None:
    """Let go of the databases: the candidate is renamed next, and an open file would pin its old
    name.
    """
    from dbt.adapters.duckdb.connections import DuckDBConnectionManager
    from dbt.adapters.factory import reset_adapters

    reset_adapters()
    environment = DuckDBConnectionManager._ENV
    if environment is not None:
        environment.close()
    DuckDBConnectionManager.close_all_connections()


def _node_result(result: Any) -> NodeResult:
    node = result.node
    config = node.config
    return NodeResult(
        unique_id=node.unique_id,
        kind=str(node.resource_type),
        name=node.name,
        status=str(result.status),
        failures=int(result.failures or 0),
        seconds=float(result.execution_time or 0),
        message=_first_lines(str(result.message or "")),
        severity=str(getattr(config, "severity", "") or "error").lower(),
        relation=getattr(node, "relation_name", None),
        compiled=getattr(node, "compiled_code", None),
        props={
            "description": node.description or "",
            "column": getattr(node, "column_name", None),
            "attached": getattr(node, "attached_node", None),
            "depends_on": list(getattr(getattr(node, "depends_on", None), "nodes", ())),
            "test": getattr(getattr(node, "test_metadata", None), "name", None),
            "meta": dict(getattr(config, "meta", None) or {}),
        },
    )


def _first_lines(text: str, limit: int = 300) -> str:
    """The beginning of a message, on one line."""
    return " ".join(text.split())[:limit]
