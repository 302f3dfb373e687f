"""`python -m tests.mutation.warm AREA`, in a copy of the project: a process that has loaded what is
heavy (pytest, dbt, DuckDB, the parsed project) and forks for every fault, which costs nothing.

Reads a fault a line (JSON: file, its text, seconds) on standard input and answers each with the
first test that failed, null when none did. The first run has no fault: it keeps what every world of
the tests was built into, and a fault in a model has only that model and what rests on it built
again. Faults in functions, which any model may use, have everything built again.

Belongs here: how a fault is judged. Does not belong here: faults, areas, shares (__main__.py).
"""

from __future__ import annotations

import contextlib
import itertools
import json
import os
import pickle
import shutil
import signal
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import duckdb
import highspy
import hypothesis
import numpy
import pytest

from tests.mutation.areas import AREAS

__all__ = ["duckdb", "highspy", "hypothesis", "numpy"]

KEPT = Path.cwd() / "kept-builds"
_MODELS = Path("dbt_project/models")
_BUILT = ("candidate.duckdb", "work.duckdb")


class FirstFailure:
    """A plugin of pytest that remembers the first test that failed, or the file that cannot be
    imported.
    """

    def __init__(self) -> None:
        self.test: str | None = None

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.failed and self.test is None:
            self.test = report.nodeid

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        if report.failed and self.test is None:
            self.test = report.nodeid


def main() -> None:
    area = AREAS[sys.argv[1]]
    is_sql = any(pattern.endswith(".sql") for pattern in area.files)
    if is_sql:
        _load_dbt()
    answers = os.fdopen(os.dup(1), "w")
    for line in sys.stdin:
        fault = json.loads(line)
        print(json.dumps(_judged(area.tests, is_sql, fault)), file=answers, flush=True)


def _load_dbt() -> None:
    """Nothing of this opens a database or starts a thread: a process that forks must have none."""
    import dbt.adapters.duckdb
    import dbt.cli.main  # noqa: F401

    from orchestration import fingerprint
    from tests.unit import workbench  # noqa: F401

    # Remembered as it is without a fault: the parsed project stays the same, but for one text.
    fingerprint.project_fingerprint()


def _judged(tests: tuple[str, ...], is_sql: bool, fault: dict[str, Any]) -> str | None:
    """The first test that fails in a process of its own; None when all pass."""
    name = fault["file"]
    before = Path(name).read_text(encoding="utf-8") if name else ""
    if name:
        Path(name).write_text(fault["text"], encoding="utf-8")
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        os.setpgid(0, 0)
        os.close(reading)
        with contextlib.suppress(BaseException), os.fdopen(writing, "w") as out:
            json.dump(_run(tests, is_sql, fault, before), out)
            out.flush()
        os._exit(0)
    os.close(writing)
    try:
        is_over = _waited(child, fault["seconds"])
    finally:
        if name:
            Path(name).write_text(before, encoding="utf-8")
    with os.fdopen(reading) as told:
        said = told.read()
    if not is_over:
        return "endless"
    # A process that died said nothing: the fault broke the interpreter or the engine.
    return json.loads(said) if said else "died"


def _waited(child: int, seconds: float) -> bool:
    """Whether a process came to its end in time; it is ended otherwise."""
    until = time.monotonic() + seconds
    while os.waitpid(child, os.WNOHANG) == (0, 0):
        if time.monotonic() > until:
            os.killpg(child, signal.SIGKILL)
            os.waitpid(child, 0)
            return False
        time.sleep(0.02)
    return True


def _run(tests: tuple[str, ...], is_sql: bool, fault: dict[str, Any], before: str) -> str | None:
    """In the forked process: the tests, the first failure ends them."""
    nothing = os.open("last-judged.log", os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
    os.dup2(nothing, 1)
    os.dup2(nothing, 2)
    if is_sql:
        _put_into_dbt(Path(fault["file"] or "."), fault["text"], before)
    found = FirstFailure()
    words = ["-x", "-q", "-p", "no:cacheprovider", "--basetemp", "judged-tmp", *tests]
    code = pytest.main(words, plugins=[found])
    if code not in (0, 1, 2):
        return f"pytest ended with {code}"
    return found.test if found.test is not None or code == 0 else "import"


def _put_into_dbt(path: Path, text: str, before: str) -> None:
    """The fault in the parsed project, which is not parsed again for it; builds of a model's fault
    begin with what was built without it.
    """
    from orchestration import dbt_runner, manifest
    from tests.unit import workbench

    is_model = path.is_relative_to(_MODELS)
    read = manifest.runnable

    def with_the_fault(settings: Any) -> Any:
        parsed = read(settings)
        node = parsed.nodes[f"model.vigie.{path.stem}"]
        assert node.raw_code == before.strip(), path
        node.raw_code = text.strip()
        return parsed

    if is_model:
        manifest.runnable = with_the_fault
    if is_model or path == Path("."):
        builds = KeptBuilds(path.stem if is_model else None)
        workbench.build = builds.of_the_workbench(workbench.build)
        dbt_runner.build = builds.of_a_release(dbt_runner.build)


class KeptBuilds:
    """Builds that are kept; with a model, only that one and what rests on it is built, on what was
    kept of the same call.
    """

    def __init__(self, model: str | None) -> None:
        self.model = model
        self._calls: dict[str, Iterator[int]] = {}

    def of_the_workbench(self, build: Callable[..., None]) -> Callable[..., None]:
        """`workbench.build`."""

        def built(home: Path, *selected: str, tests: bool = False) -> None:
            kept = self._place()
            if self.model is None:
                build(home, *selected, tests=tests)
                _keep(home / "warehouse", kept)
            else:
                _put_back(kept, home / "warehouse")
                build(home, *(f"{words},{self.model}+" for words in selected), tests=tests)

        return built

    def of_a_release(self, build: Callable[[Any], Any]) -> Callable[[Any], Any]:
        """`dbt_runner.build`; what is not built again had the result that was kept."""
        from orchestration import dbt_runner

        def built(settings: Any) -> Any:
            kept = self._place()
            if self.model is None:
                whole = build(settings)
                _keep(settings.warehouse, kept)
                (kept / "result").write_bytes(pickle.dumps(whole))
                return whole
            _put_back(kept, settings.warehouse)
            invoke = dbt_runner.invoke

            def of_the_model(settings: Any, command: list[str], **more: Any) -> Any:
                return invoke(settings, [*command, "--select", f"{self.model}+"], **more)

            dbt_runner.invoke = of_the_model
            try:
                part = build(settings)
            finally:
                dbt_runner.invoke = invoke
            before = pickle.loads((kept / "result").read_bytes()).nodes
            nodes = {node.unique_id: node for node in (*before, *part.nodes)}
            return dbt_runner.BuildResult(tuple(nodes.values()))

        return built

    def _place(self) -> Path:
        """Where the build is kept: by the file of tests that asks, and how often it has."""
        file = os.environ["PYTEST_CURRENT_TEST"].partition("::")[0]
        number = next(self._calls.setdefault(file, itertools.count()))
        return KEPT / f"{Path(file).stem}-{number}"


def _keep(warehouse: Path, kept: Path) -> None:
    kept.mkdir(parents=True, exist_ok=True)
    for name in _BUILT:
        shutil.copyfile(warehouse / name, kept / name)


def _put_back(kept: Path, warehouse: Path) -> None:
    for name in _BUILT:
        shutil.copyfile(kept / name, warehouse / name)


if __name__ == "__main__":
    main()
