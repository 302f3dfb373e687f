"""`python -m tests.mutation.warm AREA`, in a copy of the project: a process that has loaded what is
heavy (pytest, dbt, DuckDB, the parsed project) and forks for every fault, which costs nothing.

Reads a fault a line (JSON: file, its text, seconds of processor it may take) on standard input and
answers each (JSON: killed_by, cpu) with the first test that failed, null when none did. The first
run has no fault: it keeps what every world of the tests was built into, and a fault has only those
models built again that hold it, or that use the function that does, and what rests on them.

Belongs here: how a fault is judged. Does not belong here: faults, areas, shares (__main__.py).
"""

from __future__ import annotations

import contextlib
import importlib
import itertools
import json
import os
import re
import resource
import shutil
import signal
import sys
import tempfile
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
_FUNCTIONS = Path("dbt_project/functions")
_MACROS = Path("dbt_project/macros")
_FUNCTION = re.compile(r"^create or replace macro (\w+)\(", re.MULTILINE)
_BUILT = ("candidate.duckdb", "work.duckdb")
# How much longer than its seconds of processor a test may take by the clock.
_WAITING = 20


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
    for name in area.before:
        module, function = name.split(":")
        getattr(importlib.import_module(module), function)()
    answers = os.fdopen(os.dup(1), "w")
    for line in sys.stdin:
        fault = json.loads(line)
        print(json.dumps(_judged(area.tests, is_sql, fault)), file=answers, flush=True)


def _load_dbt() -> None:
    """Nothing of this opens a database or starts a thread: a process that forks must have none."""
    import dbt.adapters.duckdb

    import tests.conftest
    import tests.unit.workbench
    from ingest.contract import load_contracts
    from orchestration import dbt_command, fingerprint, manifest
    from orchestration.previous import put_nothing
    from orchestration.settings import Settings

    assert all((dbt, tests))
    # Remembered as it is without a fault: the parsed project stays the same, but for one text.
    fingerprint.project_fingerprint()
    load_contracts()
    # What dbt makes once in a process it makes here: it lists one node.
    with tempfile.TemporaryDirectory() as home:
        settings = Settings.from_env(home=home)
        settings.warehouse.mkdir(parents=True)
        if (child := os.fork()) == 0:
            put_nothing(settings)
            os._exit(0)
        os.waitpid(child, 0)
        words = ["ls", "--select", "stg_charges", "--quiet"]
        dbt_command.invoke(settings, words, manifest.runnable(settings))


def _judged(tests: tuple[str, ...], is_sql: bool, fault: dict[str, Any]) -> dict[str, Any]:
    """The first test that fails in a process of its own, None when all pass; what it took."""
    name = fault["file"]
    before = Path(name).read_text(encoding="utf-8") if name else ""
    if name:
        Path(name).write_text(fault["text"], encoding="utf-8")
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        os.setpgid(0, 0)
        # Seconds of processor, not of the clock: on a busy machine a slow test is no endless one.
        resource.setrlimit(resource.RLIMIT_CPU, (int(fault["seconds"]), int(fault["seconds"]) + 9))
        os.close(reading)
        with contextlib.suppress(BaseException), os.fdopen(writing, "w") as out:
            json.dump(_run(tests, is_sql, fault, before), out)
            out.flush()
        os._exit(0)
    os.close(writing)
    try:
        cpu = _cpu_of(child, fault["seconds"])
    finally:
        if name:
            Path(name).write_text(before, encoding="utf-8")
    with os.fdopen(reading) as told:
        said = told.read()
    # A process that died said nothing: the fault broke the interpreter or the engine.
    killed_by = "endless" if cpu is None else json.loads(said) if said else "died"
    return {"killed_by": killed_by, "cpu": cpu}


def _cpu_of(child: int, seconds: float) -> float | None:
    """Waits for a process: the seconds of processor it took, None when it had to be ended: by the
    system at its limit, or here when it waits for something that never comes.
    """
    until = time.monotonic() + _WAITING * seconds
    while (ended := os.wait4(child, os.WNOHANG))[0] == 0:
        if time.monotonic() > until:
            os.killpg(child, signal.SIGKILL)
            os.waitpid(child, 0)
            return None
        time.sleep(0.02)
    if os.WIFSIGNALED(ended[1]) and os.WTERMSIG(ended[1]) in (signal.SIGXCPU, signal.SIGKILL):
        return None
    return round(ended[2].ru_utime + ended[2].ru_stime, 1)


def _run(tests: tuple[str, ...], is_sql: bool, fault: dict[str, Any], before: str) -> str | None:
    """In the forked process: the tests, the first failure ends them."""
    # Compiled once, by the run without a fault: a file that is changed within a second would be
    # taken for what was compiled of it before.
    sys.dont_write_bytecode = bool(fault["file"])
    nothing = os.open("last-judged.log", os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
    os.dup2(nothing, 1)
    os.dup2(nothing, 2)
    if is_sql:
        _put_into_dbt(Path(fault["file"] or "."), fault["text"], before)
    if Path(fault["file"]).is_relative_to(_MODELS):
        # Who had nothing built reads no model.
        tests = tuple(one for one in tests if Path(one).is_dir() or _kept_of(one))
    # One after the other: what the later ones do while they are imported is seldom needed.
    for one in tests:
        found = FirstFailure()
        words = ["-x", "-q", "-p", "no:cacheprovider", "--basetemp", "judged-tmp", one]
        code = pytest.main(words, plugins=[found])
        if code not in (0, 1, 2):
            return f"pytest ended with {code}"
        if code:
            return found.test or "import"
    return None


def _put_into_dbt(path: Path, text: str, before: str) -> None:
    """The fault in the parsed project, which is not parsed again for it; builds begin with what was
    built without it.
    """
    from orchestration import manifest
    from tests.unit import workbench

    touched: list[str] | None = None
    if path.is_relative_to(_MODELS):
        touched = [path.stem]
        read = manifest.runnable

        def with_the_fault(settings: Any) -> Any:
            parsed = read(settings)
            node = parsed.nodes[f"model.vigie.{path.stem}"]
            assert node.raw_code == before.strip(), path
            node.raw_code = text.strip()
            return parsed

        manifest.runnable = with_the_fault
    elif path.is_relative_to(_FUNCTIONS):
        touched = _users(_changed_function(before, text))
    elif path != Path("."):
        touched = []  # no build knows it: what was kept is as it would be
    builds = KeptBuilds(touched)
    workbench.build = builds.instead_of(workbench.build)


def _changed_function(before: str, text: str) -> str:
    """The name of the function in which two texts of a file differ."""
    pairs = itertools.zip_longest(before, text)
    place = next(number for number, (old, new) in enumerate(pairs) if old != new)
    return [found[1] for found in _FUNCTION.finditer(before) if found.start() <= place][-1]


def _users(function: str) -> list[str]:
    """The models that use a function, or one that uses it, and so on; macros of dbt among them."""
    bodies = {}
    for folder, opening in ((_FUNCTIONS, "create or replace macro "), (_MACROS, "{% macro ")):
        for file in folder.rglob("*.sql"):
            for part in file.read_text(encoding="utf-8").split(opening)[1:]:
                bodies[part[: part.index("(")]] = part
    names, found = set(), {function}
    while found != names:
        names = found
        found = names | {name for name, body in bodies.items() if _mentions(body, names)}
    return [
        file.stem
        for file in sorted(_MODELS.rglob("*.sql"))
        if _mentions(file.read_text(encoding="utf-8"), names)
    ]


def _mentions(text: str, names: set[str]) -> bool:
    return not names.isdisjoint(re.findall(r"\w+", text))


class KeptBuilds:
    """Builds that are kept; with models that a fault touches, only those and what rests on them are
    built, on what was kept of the same call.
    """

    def __init__(self, touched: list[str] | None) -> None:
        self.touched = touched
        self._calls: dict[str, Iterator[int]] = {}

    def instead_of(self, build: Callable[..., None]) -> Callable[..., None]:
        """`workbench.build`, so that it works on what was kept."""

        def built(home: Path, *selected: str, tests: bool = False) -> None:
            kept = self._place()
            if self.touched is None:
                build(home, *selected, tests=tests)
                _keep(home / "warehouse", kept)
                return
            _put_back(kept, home / "warehouse")
            words = [f"{word},{model}+" for word in selected for model in self.touched]
            if words:
                build(home, *words, tests=tests)

        return built

    def _place(self) -> Path:
        """Where the build is kept: by the file of tests that asks, and how often it has."""
        file = os.environ["PYTEST_CURRENT_TEST"].partition("::")[0]
        number = next(self._calls.setdefault(file, itertools.count()))
        return KEPT / f"{Path(file).stem}-{number}"


def _kept_of(test: str) -> list[Path]:
    return list(KEPT.glob(f"{Path(test).stem}-*"))


def _keep(warehouse: Path, kept: Path) -> None:
    kept.mkdir(parents=True, exist_ok=True)
    for name in _BUILT:
        shutil.copyfile(warehouse / name, kept / name)


def _put_back(kept: Path, warehouse: Path) -> None:
    from law import functions

    for name in _BUILT:
        shutil.copyfile(kept / name, warehouse / name)
    with duckdb.connect(str(warehouse / "candidate.duckdb")) as candidate:
        functions.load(candidate)


if __name__ == "__main__":
    main()
