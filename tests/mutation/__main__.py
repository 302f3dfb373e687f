"""`python -m tests.mutation [AREA …] [--sample N] [--seed S] [--workers W] [--out FILE]`.

Puts one fault after the other into copies of the project and runs the tests of its area. Prints
the share that was killed, and each survivor with its line. Does not belong here: faults
(operators.py), areas (areas.py).
"""

from __future__ import annotations

import argparse
import json
import os
import random
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from queue import Queue

from tests.mutation.areas import AREAS, ROOT
from tests.mutation.operators import Mutant, mutants

# What a run needs; nothing that a run leaves behind.
_COPIED = (
    "dashboards", "dbt_project", "exports", "ingest", "law", "orchestration", "release", "sample",
    "tests", "pyproject.toml", ".streamlit", "docs", "README.md", "Makefile", "CHANGELOG.md",
)  # fmt: skip
# A fault may make a loop endless.
_SECONDS = 300


def main() -> int:
    """Runs the areas; exit code 1 when less than nine tenths of the faults of one are killed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("areas", nargs="*", default=list(AREAS), metavar="AREA")
    parser.add_argument("--sample", type=int, default=0, help="faults per area (default: all)")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--out", type=Path, help="what became of each fault, a JSON line each")
    arguments = parser.parse_args()
    if unknown := set(arguments.areas) - set(AREAS):
        parser.error(f"no such area: {', '.join(sorted(unknown))} ({', '.join(AREAS)})")
    too_few = False
    with tempfile.TemporaryDirectory(prefix="vigie-mutants-") as name:
        copies: Queue[Path] = Queue()
        for number in range(arguments.workers):
            copies.put(_copy(Path(name) / str(number)))
        for area in arguments.areas:
            faults = list(_faults(area))
            copy = copies.get()
            if failing := _failing(copy, area):
                raise SystemExit(f"{area}: {failing} fails without any fault; mend that first")
            copies.put(copy)
            if arguments.sample and len(faults) > arguments.sample:
                faults = sorted(
                    random.Random(arguments.seed).sample(faults, arguments.sample),
                    key=lambda fault: (fault[0], fault[1].start),
                )
            too_few |= _run(area, faults, copies, arguments)
    return 1 if too_few else 0


def _copy(folder: Path) -> Path:
    ignore = shutil.ignore_patterns("__pycache__", "target", "logs", ".hypothesis")
    folder.mkdir()
    for part in _COPIED:
        if (ROOT / part).is_dir():
            shutil.copytree(ROOT / part, folder / part, ignore=ignore)
        else:
            shutil.copy2(ROOT / part, folder / part)
    return folder


def _faults(area: str) -> Iterator[tuple[Path, Mutant]]:
    for path in AREAS[area].paths():
        for mutant in mutants(path.name, (ROOT / path).read_text(encoding="utf-8")):
            yield path, mutant


def _run(area, faults, copies: Queue[Path], arguments) -> bool:
    """One area; whether too few of its faults were killed."""
    survivors = []

    def judge(fault: tuple[Path, Mutant]) -> None:
        path, mutant = fault
        copy = copies.get()
        try:
            killed_by = _killed_by(copy, area, path, mutant)
        finally:
            copies.put(copy)
        text = (ROOT / path).read_text(encoding="utf-8")
        told = {
            "area": area,
            "file": str(path),
            "line": mutant.line(text),
            "code": text.splitlines()[mutant.line(text) - 1].strip(),
            "old": text[mutant.start : mutant.end],
            "new": mutant.new,
            "killed_by": killed_by,
        }
        if killed_by is None:
            survivors.append(told)
        if arguments.out:
            with arguments.out.open("a", encoding="utf-8") as out:
                out.write(json.dumps(told, ensure_ascii=False) + "\n")

    with ThreadPoolExecutor(arguments.workers) as pool:
        for done, _ in enumerate(pool.map(judge, faults), 1):
            print(f"\r{area}: {done}/{len(faults)}", end="", file=sys.stderr, flush=True)
    print(file=sys.stderr)
    killed = len(faults) - len(survivors)
    print(f"{area}: {killed} of {len(faults)} faults killed ({100 * killed / len(faults):.1f} %)")
    for one in sorted(survivors, key=lambda one: (one["file"], one["line"])):
        print(f"  {one['file']}:{one['line']}: {one['old']!r} -> {one['new']!r}   {one['code']}")
    return killed * 10 < len(faults) * 9


def _killed_by(copy: Path, area: str, path: Path, mutant: Mutant) -> str | None:
    """The tests that noticed the fault; None when none did."""
    text = (ROOT / path).read_text(encoding="utf-8")
    target = copy / path
    target.write_text(mutant.applied(text), encoding="utf-8")
    try:
        return _failing(copy, area)
    finally:
        target.write_text(text, encoding="utf-8")


def _failing(copy: Path, area: str) -> str | None:
    """The first tests of an area that fail in a copy; None when all pass."""
    for tests in AREAS[area].tests:
        command = [sys.executable, "-m", "pytest", "-x", "-q", "-p", "no:cacheprovider", tests]
        try:
            done = subprocess.run(
                command,
                cwd=copy,
                env={**os.environ, "PYTHONPATH": str(copy), "PYTHONDONTWRITEBYTECODE": "1"},
                capture_output=True,
                text=True,
                timeout=_SECONDS,
                check=False,
            )
        except subprocess.TimeoutExpired:
            return f"{tests} (endless)"
        if done.returncode in (1, 2):  # a test failed, or its module cannot be imported
            return tests
        if done.returncode != 0:
            raise SystemExit(f"{tests}: pytest ended with {done.returncode}\n{done.stdout}")
    return None


if __name__ == "__main__":
    sys.exit(main())
