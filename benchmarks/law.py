"""`python -m benchmarks.law [--lines N] [--log FILE]`: the law, asked and built.

Times a batch of questions and a single one as whole processes. With --log (dbt.log of a run, for
example that of `benchmarks.job --home`) prints the share of the models that compare with the law in
the building time of the last build. Nothing is asserted: goals are compared in README.md.
"""

from __future__ import annotations

import argparse
import json
import random
import re
import subprocess
import sys
import tempfile
import time
from pathlib import Path

VIGIE = Path(sys.executable).with_name("vigie")
BUILT = re.compile(r"created .*? model \S*?\.(\w+) .*?in ([0-9.]+)s\]")
OF_LAW = re.compile(r"int_law__|law_|fct_expected_|mart_accuracy")
CATEGORIES = ("main", "complementary", "article_37", "student", "spouse_maxi", "pensioner")


def main() -> None:
    """Prints a table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--lines", type=int, default=10_000)
    parser.add_argument("--log", type=Path)
    arguments = parser.parse_args()
    with tempfile.NamedTemporaryFile("w", suffix=".jsonl", encoding="utf-8") as file:
        file.writelines(f"{json.dumps(line)}\n" for line in questions(arguments.lines))
        file.flush()
        print(f"batch of {arguments.lines} lines   {timed('batch', file.name):6.2f} s")
    single = ["contribution", "--year", "2026", "--category", "main", "--income", "40000"]
    print(f"one question              {timed(*single):6.2f} s")
    if arguments.log:
        print_share(arguments.log)


def questions(count: int) -> list[dict]:
    """Questions of all kinds, the same every time."""
    chance = random.Random(1)
    asked = []
    for number in range(count):
        year, day = chance.randint(2018, 2026), f"2025-{chance.randint(1, 12):02d}-11"
        income = f"{chance.randint(-2000, 120000)}.{chance.randint(0, 99):02d}"
        person = ["--year", str(year), "--category", chance.choice(CATEGORIES), "--income", income]
        surcharge = "surcharge --kind provisional --amount 1000 --due 2024-03-31"
        surcharge = [*surcharge.split(), "--part", "2024-05-01=100"]
        kinds = [
            ["contribution", *person],
            ["regularisation", *person, "--provisional", "1000"],
            [*surcharge, "--paid", day],
            ["deadline", "--kind", "relief_transmission", "--from", day],
            ["prescription", "--kind", "provisional", "--year", str(year), "--interrupted", day],
        ]
        asked.append({"id": str(number), "args": kinds[number % len(kinds)]})
    return asked


def timed(*words: str) -> float:
    """Wall seconds of one `vigie law` command."""
    start = time.perf_counter()
    subprocess.run([VIGIE, "law", *words], capture_output=True, check=True)
    return time.perf_counter() - start


def print_share(log: Path) -> None:
    """Share of the models of law in the last build of a dbt log."""
    last: dict[str, float] = {}
    for name, seconds in BUILT.findall(log.read_text(encoding="utf-8", errors="replace")):
        last[name] = float(seconds)
    law = {name: seconds for name, seconds in last.items() if OF_LAW.search(name)}
    total = sum(last.values())
    print(f"models of law             {sum(law.values()):6.2f} s of {total:.2f} s of all models")
    for name, seconds in sorted(law.items(), key=lambda item: -item[1])[:8]:
        print(f"  {name:<45} {seconds:6.2f} s")


if __name__ == "__main__":
    main()
