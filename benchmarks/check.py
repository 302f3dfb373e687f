"""`python -m benchmarks.check [--landing DIR]`: checking a delivery against loading it.

The first full delivery of the fund, checked and loaded side by side in one run, each in a process
of its own with an empty data folder; seconds of processor, because a check may use as much of the
machine as a load. Pairs are repeated; the ratio of each pair is taken, and the median printed.
"""

from __future__ import annotations

import argparse
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from ingest.check import check
from ingest.load import load_ready
from sample import generate


def one(what: str, landing: Path, home: Path) -> None:
    """Check or load in this process; prints seconds of processor and of the clock."""
    start = time.perf_counter()
    if what == "check":
        check(next(place for place in sorted(landing.iterdir()) if place.is_dir()), home)
    else:
        assert load_ready(landing, home).refused is None
    used = resource.getrusage(resource.RUSAGE_SELF)
    print(used.ru_utime + used.ru_stime, time.perf_counter() - start)


def main() -> None:
    """Prints seconds and the ratio."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--affiliates", type=int, default=8700)
    parser.add_argument("--companies", type=int, default=12000)
    parser.add_argument("--pairs", type=int, default=3)
    parser.add_argument("--one", nargs=3, metavar=("WHAT", "LANDING", "HOME"))
    arguments = parser.parse_args()
    if arguments.one:
        what, *places = arguments.one
        one(what, *map(Path, places))
        return
    with tempfile.TemporaryDirectory(prefix="vigie-check-bench-") as name:
        folder = Path(name)
        generate(
            folder / "landing",
            affiliates=arguments.affiliates,
            companies=arguments.companies,
            deltas=0,
        )
        checks, loads = [], []
        for place in range(arguments.pairs):
            checks.append(_seconds("check", folder, f"check-{place}"))
            loads.append(_seconds("load", folder, f"load-{place}"))
    for title, found in (("check", checks), ("load", loads)):
        used, wall = (statistics.median(times) for times in zip(*found, strict=True))
        print(f"{title}: {used:.1f} s of processor, wall {wall:.1f} s")
    ratio = statistics.median(c[0] / b[0] for c, b in zip(checks, loads, strict=True))
    print(f"ratio {ratio:.2f}")


def _seconds(what: str, folder: Path, home: str) -> tuple[float, float]:
    command = [sys.executable, "-m", "benchmarks.check", "--one", what]
    command += [str(folder / "landing"), str(folder / home)]
    told = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    used, wall = map(float, told.split())
    return used, wall


if __name__ == "__main__":
    main()
