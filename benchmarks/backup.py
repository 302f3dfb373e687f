"""`python -m benchmarks.backup --home DIR`: the copy of a data folder, after a day, unchanged.

`--home` is a data folder with at least two deliveries and their releases (`benchmarks.job --home`
leaves one). The day is its last delivery: a copy without it is made first, from a look-alike of the
folder in which it and its release are not there yet. Prints wall and processor seconds and what
each copy took; nothing is asserted, the goal is compared in README.md.
"""

from __future__ import annotations

import argparse
import resource
import shutil
import tempfile
import time
from pathlib import Path

from orchestration.backup import make
from orchestration.backup.store import Copies
from orchestration.progress import Progress
from orchestration.settings import Settings


def main() -> None:
    """Times the copies and prints a line for each."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--home", type=Path, required=True)
    home = parser.parse_args().home.resolve()
    with tempfile.TemporaryDirectory(prefix="vigie-backup-", dir=home.parent) as name:
        before, copies = Path(name) / "home", Copies(Path(name) / "copies", "en")
        day = max(one.name for one in (home / "raw").iterdir() if not one.name.startswith("."))
        release = max(file.stem for file in (home / "releases").glob("*.duckdb"))

        def without_the_day(_: str, names: list[str]) -> list[str]:
            parts = {"landing", "warehouse", "dagster", "dbt", "logs", "current.json"}
            return [one for one in names if one in parts or one.startswith((day, release))]

        shutil.copytree(home, before, ignore=without_the_day)
        show("everything but the last day", before, copies)
        show("the last day", home, copies)
        show("nothing new", home, copies)
        start = time.perf_counter()
        rotten, contents, read = copies.rotten()
        wall = time.perf_counter() - start
        told = f"{contents} contents, {read / 1e6:.1f} MB, {len(rotten)} faults"
        print(f"verify: {told}, {wall:.1f} s")


def show(title: str, home: Path, copies: Copies) -> None:
    """Make one copy and say what it took."""
    settings = Settings.from_env(home=home)
    was, start = resource.getrusage(resource.RUSAGE_SELF), time.perf_counter()
    with copies.alone():
        made = make.make(settings, copies, Progress("en"))
    wall, now = time.perf_counter() - start, resource.getrusage(resource.RUSAGE_SELF)
    spent = now.ru_utime + now.ru_stime - was.ru_utime - was.ru_stime
    took = f"{made.copied_files} files, {made.copied_bytes / 1e6:.1f} MB"
    print(f"{title}: {wall:.1f} s (processor {spent:.1f} s), copied {took}")


if __name__ == "__main__":
    main()
