"""The build by dbt: seeds, models and data tests in one pass, each told when dbt is done with it.

Belongs here: the run of dbt, its results as objects. Does not belong here: calling dbt
(dbt_command.py), what to build (build.py), what a failed test means (audit.py).
"""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from queue import SimpleQueue
from typing import Any

from orchestration import files
from orchestration import manifest as manifests
from orchestration.dbt_command import first_lines, invoke
from orchestration.settings import Settings

# Tests that look at seeds, or at models that rest on seeds alone: no delivery can change what they
# find. They belong to `make test` (tests/contract/test_lists.py), in dbt's words:
LISTS = ("resource_type:test,path:seeds", "resource_type:test,tag:lists")
# dbt's own words for a node that did what it should.
_DONE = {"success", "pass", "no-op"}
# Half of the time of a small table is not the database's; the next one is computed meanwhile.
_THREADS = 2
_WORKER = "dbt"
_END = object()


@dataclass(frozen=True)
class NodeResult:
    """What became of one node (model, seed or test). `failures` are rows, for a test; `compiled`
    is the query of an equation, and of a test that found some; `place` is how many nodes were done
    when this one was, of `total`.
    """

    unique_id: str
    kind: str
    name: str
    status: str
    failures: int
    seconds: float
    message: str
    severity: str
    compiled: str | None
    props: dict[str, Any] = field(repr=False, default_factory=dict)
    place: int = 0
    total: int = 0

    @property
    def is_done(self) -> bool:
        """A model or seed that was built, a test that passed."""
        return self.status in _DONE


@dataclass(frozen=True)
class BuildResult:
    """Results of one build, in the order dbt finished them."""

    nodes: tuple[NodeResult, ...]

    @property
    def tests(self) -> tuple[NodeResult, ...]:
        """The data tests that were executed."""
        return tuple(node for node in self.nodes if node.kind == "test")

    @property
    def broken(self) -> tuple[NodeResult, ...]:
        """The models and seeds that dbt could not compute."""
        return tuple(node for node in self.nodes if node.kind != "test" and node.status == "error")


def build(settings: Settings) -> BuildResult:
    """Seeds, models and data tests in one pass over the candidate; as `working`, for a caller who
    waits for the end.
    """
    try:
        for _ in working(settings):
            pass
    finally:
        stop()
    return read_result(settings)


def working(settings: Settings) -> Iterator[NodeResult]:
    """Build the candidate and tell each node when dbt is done with it; the next ones are computed
    meanwhile. At the end all connections are closed and the results are kept (`read_result`).

    Raises:
        BuildError: dbt could not start (not: a test failed, a model could not be computed; see the
            results).
    """
    manifest = manifests.runnable(settings)
    finished: SimpleQueue[Any] = SimpleQueue()
    outcome: list[Any] = []

    def listen(event: Any) -> None:
        if event.info.name == "NodeFinished":
            finished.put(event.data)

    def work() -> None:
        try:
            outcome.append(
                invoke(
                    settings,
                    [
                        *("build", "--exclude-resource-type", "unit_test", "--no-write-json"),
                        *("--threads", str(_THREADS)),
                        *("--exclude", *LISTS),
                    ],
                    manifest=manifest,
                    callbacks=[listen],
                )
            )
        except BaseException as error:  # told to whoever waits
            outcome.append(error)
        finally:
            finished.put(_END)

    total = sum(map(_is_built, manifest.nodes.values()))
    worker = threading.Thread(target=work, name=_WORKER, daemon=True)
    worker.start()
    place = 0
    while (told := finished.get()) is not _END:
        place += 1
        yield _told(manifest.nodes[told.node_info.unique_id], told, place, max(place, total))
    worker.join()
    if isinstance(outcome[0], BaseException):
        raise outcome[0]
    results = [_node_result(result) for result in outcome[0].result.results]
    candidate = files.read(settings, files.CANDIDATE) or {}
    files.write(
        settings,
        files.BUILD,
        {"release_id": candidate.get("release_id"), "nodes": [asdict(node) for node in results]},
    )


def stop() -> None:
    """Stop a build that nobody waits for any more, one query after the other until nothing is left
    to run; nothing where there is none.

    Whoever holds the lock calls it before letting go (not `working` when it is closed: after an
    interrupt it is garbage, which any thread may collect, one of dbt's that would wait for itself).
    """
    for thread in threading.enumerate():
        if thread.name == _WORKER:
            _end(thread)


def read_result(settings: Settings) -> BuildResult | None:
    """What the last build that came to its end left; None when that was not of this candidate."""
    kept = files.read(settings, files.BUILD)
    candidate = files.read(settings, files.CANDIDATE) or {}
    try:
        if kept is None or kept["release_id"] != candidate.get("release_id"):
            return None
        return BuildResult(tuple(NodeResult(**node) for node in kept["nodes"]))
    except (KeyError, TypeError):  # it says something else: it is not ours
        return None


def _end(worker: threading.Thread) -> None:
    from dbt.adapters.factory import get_adapter_by_type

    while worker.is_alive():
        with contextlib.suppress(Exception):  # none is open between two queries
            get_adapter_by_type("duckdb").cancel_open_connections()
        worker.join(0.1)


def _is_built(node: Any) -> bool:
    """Whether a build touches a node; for the share that is shown."""
    if node.resource_type == "test":
        return not (node.original_file_path.startswith("seeds") or "lists" in node.tags)
    return node.resource_type in ("model", "seed")


def _told(node: Any, told: Any, place: int, total: int) -> NodeResult:
    """A node as dbt's event tells of it, while dbt works."""
    result = told.run_result
    return _result(
        node,
        result.status,
        result.num_failures,
        result.execution_time,
        result.message,
        place=place,
        total=total,
    )


def _node_result(result: Any) -> NodeResult:
    """A node as dbt's result has it, at the end."""
    return _result(
        result.node, str(result.status), result.failures, result.execution_time, result.message
    )


def _result(
    node: Any, status: str, failures: Any, seconds: Any, message: Any, **place: int
) -> NodeResult:
    config = node.config
    test = getattr(getattr(node, "test_metadata", None), "name", None)
    # An equation says what it holds in the comment it opens with.
    is_told = status in ("fail", "warn") or (node.resource_type == "test" and test is None)
    return NodeResult(
        unique_id=node.unique_id,
        kind=str(node.resource_type),
        name=node.name,
        status=status,
        failures=int(failures or 0),
        seconds=round(float(seconds or 0), 3),
        message=first_lines(str(message or "")),
        severity=str(getattr(config, "severity", "") or "error").lower(),
        compiled=getattr(node, "compiled_code", None) if is_told else None,
        props={
            "description": node.description or "",
            "column": getattr(node, "column_name", None),
            "attached": getattr(node, "attached_node", None),
            "depends_on": list(getattr(getattr(node, "depends_on", None), "nodes", ())),
            "test": test,
            "meta": dict(getattr(config, "meta", None) or {}),
        },
        **place,
    )
