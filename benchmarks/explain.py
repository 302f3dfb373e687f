"""`python -m benchmarks.explain [--home HOME] [--runs N]`: `vigie explain`, one thing of each kind.

Times whole processes (elapsed and processor seconds, the median of the runs) on a data folder that
has a release. Nothing is asserted: goals are compared in README.md.
"""

from __future__ import annotations

import argparse
import os
import resource
import statistics
import subprocess
import sys
import time
from pathlib import Path

from release.home import vigie_home
from release.reader import open_release

VIGIE = Path(sys.executable).with_name("vigie")
#: By kind, a query for the thing with the most behind it.
LARGEST = {
    "charge": "select charge_id from contribution.fct_allocations group by 1 "
    "order by count(*) desc, 1",
    "payment": "select credit_id from contribution.fct_allocations where credit_type = 'payment' "
    "group by 1 order by count(*) desc, 1",
    "affiliate": "select account_id from contribution.fct_charges where account_type = 'affiliate' "
    "group by 1 order by count(*) desc, 1",
    "benefit-payment": "select benefit_payment_id from benefit.fct_payments order by 1",
    "case": "select case_id from recovery.fct_steps group by 1 order by count(*) desc, 1",
    "commitment": "select code || ':' || quarter from service.fct_missed_items group by all "
    "order by count(*) desc, 1",
}
CELL = "T08:claim_group=contributions,measure=claimed_amount"


def main() -> None:
    """Prints a table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--home", type=Path)
    parser.add_argument("--runs", type=int, default=5)
    arguments = parser.parse_args()
    home = vigie_home(arguments.home)
    cursor = open_release(home).cursor()
    asked = {kind: cursor.execute(f"{sql} limit 1").fetchone()[0] for kind, sql in LARGEST.items()}
    print(f"{'kind':<16}{'elapsed s':>10}{'processor s':>13}")
    for kind, given in {**asked, "cell": CELL}.items():
        runs = [timed(home, kind, given) for _ in range(arguments.runs)]
        elapsed, used = (statistics.median(one) for one in zip(*runs, strict=True))
        print(f"{kind:<16}{elapsed:>10.2f}{used:>13.2f}")


def timed(home: Path, kind: str, given: str) -> tuple[float, float]:
    """Seconds of one process: elapsed, and of the processor."""
    before, start = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    subprocess.run(
        [VIGIE, "explain", kind, given],
        env={**os.environ, "VIGIE_HOME": str(home)},
        check=True,
        stdout=subprocess.DEVNULL,
    )
    elapsed = time.perf_counter() - start
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    used = after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime
    return elapsed, used


if __name__ == "__main__":
    main()
