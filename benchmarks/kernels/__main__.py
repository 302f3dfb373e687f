"""`python -m benchmarks.kernels [--accounts N] [--engines …]`: time, memory, ratio per engine."""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
from pathlib import Path

from benchmarks.kernels.data import write_input

ENGINES = ("vigie", "duckdb", "polars", "pandas", "postgresql")


def main() -> int:
    """Runs the comparison; exit code 1 when two engines do not give the same answer."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--accounts", type=int, default=130_000)
    parser.add_argument("--engines", default=",".join(ENGINES))
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="vigie-kernels-") as name:
        # PostgreSQL runs as another user and reads the input through its client, from this folder.
        folder = Path(name)
        folder.chmod(0o755)
        charges, payments = write_input(folder, arguments.accounts)
        print(f"{charges:,} charges, {payments:,} payments, {arguments.accounts:,} accounts")
        results = {engine: measure(engine, folder) for engine in arguments.engines.split(",")}
    report(results)
    return 0 if len({json.dumps(r["answer"]) for r in results.values()}) == 1 else 1


def measure(engine: str, folder: Path) -> dict:
    """One engine in its own process; peak memory is that process's (PostgreSQL: not its server)."""
    script = (
        "import json, resource, sys; from pathlib import Path;"
        f"from benchmarks.kernels import {engine} as engine;"
        "result = engine.run(Path(sys.argv[1]));"
        "result['peak_mib'] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024;"
        "print(json.dumps(result))"
    )
    done = subprocess.run(
        [sys.executable, "-c", script, str(folder)], capture_output=True, text=True, check=False
    )
    if done.returncode:
        sys.exit(f"{engine}: {done.stderr.strip()}")
    return json.loads(done.stdout.strip().splitlines()[-1])


def report(results: dict[str, dict]) -> None:
    """A table for docs: seconds, ratio to ours, peak memory, and whether the answers agree."""
    ours = results.get("vigie")
    print("| engine | imputation s | ratio | cohorts s | ratio | peak MiB | same answer |")
    print("|---|---|---|---|---|---|---|")
    for engine, result in results.items():
        same = ours is None or result["answer"] == ours["answer"]
        ratios = [
            f"{result[key] / ours[key]:.1f}" if ours else "" for key in ("impute_s", "cohort_s")
        ]
        print(
            f"| {engine} | {result['impute_s']:.1f} | {ratios[0]} | {result['cohort_s']:.1f}"
            f" | {ratios[1]} | {result['peak_mib']} | {'yes' if same else 'NO'} |"
        )


if __name__ == "__main__":
    sys.exit(main())
