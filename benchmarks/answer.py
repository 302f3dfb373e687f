"""`python -m benchmarks.answer --home DIR`: answers to statistical requests, as whole processes.

Writes each statistic of a year alone, then all of them together, for a recipient (default: public),
from the current release of a data folder (`vigie run`, or `python -m benchmarks.job --home DIR`).
Prints wall time, processor time, peak memory, cells hidden and blocks left out, by the manifest. An
answer that the attacker can open is refused, so what is written has 0 exposed. Nothing is asserted:
goals are compared in README.md.
"""

from __future__ import annotations

import argparse
import json
import tempfile
from pathlib import Path

from benchmarks.job import timed
from exports.catalogue import load_catalogue
from release.dictionary import read_dictionary
from release.reader import open_release


def main() -> None:
    """Prints one line for each statistic, and one for all."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--home", type=Path, required=True)
    parser.add_argument("--year", default="2025")
    parser.add_argument("--profile", default="public")
    arguments = parser.parse_args()
    home = arguments.home.resolve()
    codes = list(load_catalogue(read_dictionary(open_release(home))))
    with tempfile.TemporaryDirectory(prefix="vigie-answer-") as name:
        for number, asked in enumerate([*([code] for code in codes), codes]):
            out = Path(name) / str(number)
            command = ["answer", *asked, "--period", arguments.year]
            command += ["--profile", arguments.profile, "--out", out]
            name_of = asked[0] if len(asked) == 1 else "all"
            try:
                wall, cpu, peak, _ = timed(command, home)
            except SystemExit as refused:
                print(f"{name_of:<4} refused: {refused.code}")
                continue
            statistics = json.loads(next(out.glob("*/manifest.json")).read_text())["statistics"]
            cells, hidden = (sum(s[key] for s in statistics) for key in ("cells", "hidden_cells"))
            left_out = sum(len(s["blocks_left_out"]) for s in statistics)
            print(
                f"{name_of:<4} wall {wall:6.1f} s, processor {cpu:6.1f} s, {peak:5.0f} MiB; "
                f"{cells} cells, {hidden} hidden, {left_out} blocks left out",
                flush=True,
            )


if __name__ == "__main__":
    main()
