"""`python -m benchmarks.job [--affiliates N …]`: the main job, timed as whole processes.

Writes the deliveries of a synthetic fund (or takes those of --landing), then runs `vigie run` twice
in a new data folder: the full delivery alone, then with one daily delta. Prints wall time,
processor time, peak memory and the share of each step. Nothing is asserted: goals are compared in
README.md.
"""

from __future__ import annotations

import argparse
import os
import re
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

STEP = re.compile(r"^(.+?)\s*: ([0-9.]+) s$")
VIGIE = Path(sys.executable).with_name("vigie")


def main() -> None:
    """Times the job and prints a table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--affiliates", type=int, default=8700)
    parser.add_argument("--companies", type=int, default=12000)
    parser.add_argument("--format", default="csv", choices=["csv", "parquet"])
    parser.add_argument("--landing", type=Path, help="deliveries to use instead of new ones")
    parser.add_argument("--home", type=Path, help="data folder to keep (default: a temporary one)")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="vigie-job-") as name:
        home = (arguments.home or Path(name) / "home").resolve()
        landing = (arguments.landing or Path(name) / "landing").resolve()
        if not arguments.landing:
            size = ["--affiliates", arguments.affiliates, "--companies", arguments.companies]
            size += ["--format", arguments.format, "--deltas", 1]
            show("synthetic deliveries", *timed(["sample", "--out", landing, *size], home))
        deliveries = sorted(p.parent.name for p in landing.glob("*/manifest.json"))
        for number, title in enumerate(("full delivery to release", "one daily delta to release")):
            ready = Path(name) / f"ready-{number}"
            ready.mkdir()
            for delivery in deliveries[: number + 1]:
                (ready / delivery).symlink_to(landing / delivery)
            show(title, *timed(["run", "--landing", ready], home))


def timed(command: list, home: Path) -> tuple[float, float, float, str]:
    """Wall seconds, processor seconds, peak MiB and output of one `vigie` command."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    start = time.perf_counter()
    # A child of its own: the peak of the largest child so far is that of this one or of an earlier,
    # smaller one, since the deliveries are written by less memory than the run takes.
    done = subprocess.run(
        [VIGIE, *map(str, command)],
        env={**os.environ, "VIGIE_HOME": str(home)},
        capture_output=True,
        text=True,
        check=False,
    )
    wall = time.perf_counter() - start
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    if done.returncode:
        sys.exit(done.stderr or done.stdout)
    busy = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return wall, busy, after.ru_maxrss / 1024, done.stdout + done.stderr


def show(title: str, wall: float, busy: float, peak: float, output: str) -> None:
    """One line for the whole and one for each step the command told."""
    print(f"{title}: {wall:.1f} s wall, {busy:.1f} s processor, peak {peak:.0f} MiB")
    for line in output.splitlines():
        if found := STEP.match(line.strip()):
            print(f"  {found[1]}: {found[2]} s")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
