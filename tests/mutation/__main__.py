"""`python -m tests.mutation [AREA …] [--sample N] [--seed S] [--workers W] [--out FILE]`.

Puts one fault after the other into copies of the project and has it judged by the tests of its
area. Prints how many were judged, how many of them change nothing, the share that was killed of the
others, and each survivor with its line. Does not belong here: faults (operators.py), which change
nothing (equivalent.py), areas (areas.py), how one is judged (warm.py).
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import random
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from queue import Queue
from typing import Any

from orchestration import manifest
from tests.mutation.areas import AREAS, ROOT
from tests.mutation.equivalent import equivalents
from tests.mutation.operators import Mutant, mutants

# What a run needs; nothing that a run leaves behind.
_COPIED = (
    "dashboards", "dbt_project", "explain", "exports", "ingest", "law", "orchestration", "release",
    "sample", "storage", "wording", "tests", "pyproject.toml", "docs", "README.md", "Makefile",
    "CHANGELOG.md",
)  # fmt: skip
# A fault may make a loop endless: it is given so much more of the processor than tests without a
# fault take, and so many seconds at least.
_PATIENCE = 4
_AT_LEAST = 60.0


class Judge:
    """A warm process in a copy of the project (warm.py)."""

    def __init__(self, copy: Path, area: str) -> None:
        self.copy = copy
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tests.mutation.warm", area],
            cwd=copy,
            env={**os.environ, "PYTHONPATH": str(copy)},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        first = self._ask("", "", 3600)
        if failing := first["killed_by"]:
            log = (copy / "last-judged.log").read_text(encoding="utf-8", errors="replace")
            raise SystemExit(f"{area}: {failing} fails without any fault; mend that first\n{log}")
        self.seconds = max(_AT_LEAST, _PATIENCE * first["cpu"])

    def judged(self, path: Path, text: str) -> dict[str, Any]:
        """`killed_by`: the test that noticed what a file now holds, None when none did; `cpu`: the
        seconds of processor that it took.
        """
        return self._ask(str(path), text, self.seconds)

    def end(self) -> None:
        """Let the process go."""
        self.process.stdin.close()
        self.process.wait()

    def _ask(self, file: str, text: str, seconds: float) -> dict[str, Any]:
        asked = {"file": file, "text": text, "seconds": seconds}
        self.process.stdin.write(json.dumps(asked) + "\n")
        self.process.stdin.flush()
        answer = self.process.stdout.readline()
        if not answer:
            raise SystemExit(f"the judge in {self.copy} ended with {self.process.wait()}")
        return json.loads(answer)


def main() -> int:
    """Runs the areas; exit code 1 when less than nine tenths of the faults of one are killed (those
    left out that change nothing), or a test noticed one that is said to change nothing.
    """
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("areas", nargs="*", default=list(AREAS), metavar="AREA")
    parser.add_argument("--sample", type=int, default=0, help="faults per area (default: all)")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument(
        "--out",
        type=Path,
        help="what became of each fault, a JSON line each; what stands there is not judged again",
    )
    parser.add_argument(
        "--again",
        type=Path,
        metavar="FILE",
        help="only what survived in such a file, and is not said to change nothing",
    )
    parser.add_argument(
        "--told", action="store_true", help="no others than those that stand in the file of --out"
    )
    arguments = parser.parse_args()
    if arguments.told and not arguments.out:
        parser.error("--told: of which file? (--out FILE)")
    if unknown := set(arguments.areas) - set(AREAS):
        parser.error(f"no such area: {', '.join(sorted(unknown))} ({', '.join(AREAS)})")
    manifest.main()
    is_wrong = False
    with tempfile.TemporaryDirectory(prefix="vigie-mutants-") as name:
        copies = [_copy(Path(name) / str(number)) for number in range(arguments.workers)]
        for area in arguments.areas:
            told = [_told(area, *fault) for fault in _chosen(area, arguments)]
            known = _known(arguments.out)
            waiting = [one for one in told if _key(one) not in known]
            judged = [known[_key(one)] for one in told if _key(one) in known]
            if waiting:
                judged += _judge(area, waiting, copies, arguments.out)
            is_wrong |= _summed_up(area, judged, equivalents())
    return 1 if is_wrong else 0


def _copy(folder: Path) -> Path:
    ignore = shutil.ignore_patterns("__pycache__", "logs", ".hypothesis")
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


def _chosen(area: str, arguments: argparse.Namespace) -> list[tuple[Path, Mutant]]:
    """All faults of an area, a sample of them, or those that survived before."""
    faults = list(_faults(area))
    if arguments.again:
        told = map(json.loads, arguments.again.read_text(encoding="utf-8").splitlines())
        survived = {_place(one) for one in told if one["killed_by"] is None} - equivalents().keys()
        faults = [one for one in faults if _place(_told(area, *one)) in survived]
    if arguments.told:
        known = _known(arguments.out)
        return [one for one in faults if _key(_told(area, *one)) in known]
    # In the order in which they are drawn: what is judged when time ends is a sample too.
    drawn = min(arguments.sample or len(faults), len(faults))
    return random.Random(arguments.seed).sample(faults, drawn)


def _told(area: str, path: Path, mutant: Mutant) -> dict[str, Any]:
    """A fault as a line of a file tells it, before it is judged."""
    text = (ROOT / path).read_text(encoding="utf-8")
    return {
        "area": area,
        "file": str(path),
        "sha256": hashlib.sha256(text.encode()).hexdigest(),
        "line": mutant.line(text),
        "start": mutant.start,
        "code": text.splitlines()[mutant.line(text) - 1].strip(),
        "old": text[mutant.start : mutant.end],
        "new": mutant.new,
    }


def _known(out: Path | None) -> dict[tuple, dict[str, Any]]:
    """What a file says of faults already, by `_key`."""
    if out is None or not out.exists():
        return {}
    told = map(json.loads, out.read_text(encoding="utf-8").splitlines())
    return {_key(one): one for one in told}


def _key(told: dict[str, Any]) -> tuple:
    """A fault of a file as it is: a file that was changed since is judged anew."""
    return told["file"], told["sha256"], told["start"], told["new"]


def _judge(
    area: str, faults: list[dict[str, Any]], copies: list[Path], out: Path | None
) -> list[dict[str, Any]]:
    """Has the faults judged, and writes down what became of each as soon as it is known."""
    with ThreadPoolExecutor(len(copies)) as pool:
        judges = list(pool.map(lambda copy: Judge(copy, area), copies))
        free: Queue[Judge] = Queue()
        for one in judges:
            free.put(one)
        told = []
        for done, one in enumerate(pool.map(lambda fault: _judged(fault, free, out), faults), 1):
            told.append(one)
            print(f"\r{area}: {done}/{len(faults)}", end="", file=sys.stderr, flush=True)
    print(file=sys.stderr)
    for judge in judges:
        judge.end()
    return told


def _judged(fault: dict[str, Any], free: Queue[Judge], out: Path | None) -> dict[str, Any]:
    text = (ROOT / fault["file"]).read_text(encoding="utf-8")
    end = fault["start"] + len(fault["old"])
    with_the_fault = Mutant(fault["start"], end, fault["new"]).applied(text)
    judge, start = free.get(), time.monotonic()
    try:
        verdict = judge.judged(Path(fault["file"]), with_the_fault)
    finally:
        free.put(judge)
    fault = {**fault, **verdict, "seconds": round(time.monotonic() - start, 1)}
    if out:
        with out.open("a", encoding="utf-8") as file:
            file.write(json.dumps(fault, ensure_ascii=False) + "\n")
    return fault


def _summed_up(
    area: str, judged: list[dict[str, Any]], equivalent: dict[tuple[str, int, str], str]
) -> bool:
    """Prints the figures of an area; whether too few were killed, or one that changes nothing."""
    judged = sorted(judged, key=lambda one: (one["file"], one["start"]))
    same = [one for one in judged if _place(one) in equivalent]
    others = [one for one in judged if _place(one) not in equivalent]
    left = [one for one in others if one["killed_by"] is None]
    killed = len(others) - len(left)
    share = 100 * killed / max(1, len(others))
    print(
        f"{area}: {len(judged)} faults judged, {len(same)} change nothing;"
        f" {killed} of the other {len(others)} killed ({share:.1f} %)"
    )
    disproved = [one for one in same if one["killed_by"] is not None]
    for title, ones in (("survived", left), ("changes something after all", disproved)):
        for one in ones:
            what = f"{one['old']!r} -> {one['new']!r}"
            print(f"  {title}: {one['file']}:{one['line']}: {what}   {one['code']}")
    return killed * 10 < len(others) * 9 or bool(disproved)


def _place(told: dict[str, Any]) -> tuple[str, int, str]:
    return told["file"], told["start"], told["new"]


if __name__ == "__main__":
    sys.exit(main())
