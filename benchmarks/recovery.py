"""`python -m benchmarks.recovery --home DIR`: the recovery tables of the last build, and the pages.

Reads the seconds of each table from the log of dbt in a data folder (the share of the last build
that recovery took), then draws each page of the recovery team server side, twice: cold, then warm.
Make the folder with `python -m benchmarks.job --home DIR` (the fund; `--affiliates 1300000
--companies 700000 --format parquet` for the country). Nothing is asserted: goals are compared in
README.md.
"""

from __future__ import annotations

import argparse
import os
import re
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PAGES = ROOT / "dashboards" / "views"
_BUILT = re.compile(r" OK created sql \w+ model (\S+) .*\[.*in ([0-9.]+)s\]")
_START = "Running with dbt="
_SCRIPT = """
import sys
sys.path.insert(0, {root!r})
from dashboards import source
from dashboards.i18n import Language
source.put(source.begin(Language("fr")))
exec(compile(open({page!r}).read(), "page", "exec"))
"""


def main() -> None:
    """Prints one line for each table of recovery, the shares, and one line for each page."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--home", type=Path, required=True)
    home = parser.parse_args().home.resolve()
    builds = _builds(home)
    for number, seconds in enumerate(builds, start=1):
        ours = {name: s for name, s in seconds.items() if "recovery" in name}
        total, part = sum(seconds.values()), sum(ours.values())
        share = f"{part:.1f} s of {total:.1f} s in tables ({part / total:.0%})"
        print(f"build {number} of {len(builds)}: recovery {share}")
        for name, taken in sorted(ours.items(), key=lambda item: -item[1])[:12]:
            print(f"  {taken:7.2f} s  {name}")
    os.environ["VIGIE_HOME"] = str(home)
    for page in sorted(PAGES.glob("*/*.py")):
        cold, warm = _draw(page)
        print(f"page {page.parent.name}/{page.stem}: {cold:.2f} s cold, {warm:.2f} s warm")


def _builds(home: Path) -> list[dict[str, float]]:
    """Seconds by table, for each build that the log of dbt holds."""
    builds: list[dict[str, float]] = []
    for line in (home / "logs" / "dbt.log").read_text(encoding="utf-8").splitlines():
        if _START in line:
            builds.append({})
        elif builds and (found := _BUILT.search(line)):
            builds[-1][found[1]] = float(found[2])
    return [build for build in builds if build]


def _draw(page: Path) -> tuple[float, float]:
    """Seconds of the first run of a page and of a rerun, without a browser."""
    from streamlit.testing.v1 import AppTest

    app = AppTest.from_string(_SCRIPT.format(root=str(ROOT), page=str(page)), default_timeout=600)
    taken = []
    for _ in range(2):
        start = time.perf_counter()
        app.run()
        taken.append(time.perf_counter() - start)
    return taken[0], taken[1]


if __name__ == "__main__":
    main()
