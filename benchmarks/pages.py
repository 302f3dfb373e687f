"""`python -m benchmarks.pages --home DIR [--runs N]`: server time per page, warm, with access
control and without it.

Draws each page in its frame without a browser, for somebody with every role and for the management,
whose marts are cut: once cold, then N times warm, each time as after a click (the caches of results
are warm, as they are on a server, and the access is written down anew). "Without": the same page
reads the release directly, no look at the query, no view, no record. Prints the middle and the 95th
percentile, in seconds of processor, so that other work on the machine counts little. Nothing is
asserted: goals are compared in README.md.
"""

from __future__ import annotations

import argparse
import os
import statistics
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from unittest import mock

ROOT = Path(__file__).resolve().parents[1]
_SCRIPT = """
import runpy, sys
sys.path.insert(0, {root!r})
import streamlit as st
from dashboards import frame, navigation
from dashboards.access.person import demonstration, everybody
from dashboards.i18n import Language
st.session_state.pop("access_last_page", None)
entry = next(one for one in navigation.declared()[1] if one.id == {page!r})
person = demonstration(({role!r},)) if {role!r} else everybody()
reading = frame.open_page(entry, Language("fr"), person)
runpy.run_path({file!r})
frame.close_page(reading)
"""


def main() -> None:
    """Prints one line for each page, then the 95th percentile of all."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--home", type=Path, required=True)
    parser.add_argument("--runs", type=int, default=10)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        # The record of accesses of a measurement is none of that folder's.
        for entry in asked.home.resolve().iterdir():
            if entry.name != "access":
                (Path(folder) / entry.name).symlink_to(entry)
        os.environ["VIGIE_HOME"] = folder
        _measure(asked.runs)


def _measure(runs: int) -> None:
    from dashboards import navigation
    from dashboards.access.declared import declaration

    managed = set(declaration().roles["management"].pages)
    taken: dict[str, list[float]] = {"with": [], "without": [], "management": []}
    for page in navigation.declared()[1]:
        cold, with_it = _draw(page, "", runs)
        line = [f"{page.id:14} cold {cold:5.2f} s, warm {_told(with_it)}"]
        with _without():
            _, bare = _draw(page, "", runs)
        line.append(f"without {_told(bare)}")
        taken["with"] += with_it
        taken["without"] += bare
        if page.id in managed:
            first, cut = _draw(page, "management", runs)
            line.append(f"management cold {first:5.2f} s, warm {_told(cut)}")
            taken["management"] += cut
        print("; ".join(line), flush=True)
    for name, times in taken.items():
        print(f"all pages, {name}: {_told(times)}")


def _told(times: list[float]) -> str:
    p95 = statistics.quantiles(times, n=20)[-1]
    return f"{statistics.median(times):.3f} s, p95 {p95:.3f} s"


def _draw(page: object, role: str, runs: int) -> tuple[float, list[float]]:
    """Seconds of processor of the first run of a page and of its reruns."""
    from streamlit.testing.v1 import AppTest

    file = str(ROOT / "dashboards" / page.file)
    script = _SCRIPT.format(root=str(ROOT), page=page.id, role=role, file=file)
    app = AppTest.from_string(script, default_timeout=600)
    taken = []
    for _ in range(runs + 1):
        start = time.process_time()
        app.run()
        taken.append(time.process_time() - start)
        if app.exception:
            raise RuntimeError(f"{page.id}: {app.exception[0].value}")
    return taken[0], taken[1:]


@contextmanager
def _without() -> Iterator[None]:
    """Pages as they would be if nobody looked at what they ask for."""
    from dashboards import source
    from dashboards.access import log

    class Bare:
        is_coarse = False

        def __init__(self, release: object, right: object) -> None:
            self._release = release
            self.tables = _AnyTable()

        def read(self, sql: str) -> frozenset[str]:
            return frozenset()

        def told(self, table: str) -> None:
            return None

        def query(self, sql: str, values: dict[str, object]) -> object:
            return self._release.cursor().execute(sql, values).df()

        def rows(self, sql: str, values: dict[str, object]) -> list[dict[str, object]]:
            found = self._release.cursor().execute(sql, values)
            names = [column[0] for column in found.description]
            return [dict(zip(names, row, strict=True)) for row in found.fetchall()]

    class _AnyTable:
        def __contains__(self, name: object) -> bool:
            return True

    with mock.patch.object(source, "view_of", Bare), mock.patch.object(log, "write"):
        yield


if __name__ == "__main__":
    main()
