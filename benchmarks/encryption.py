"""`python -m benchmarks.encryption --home DIR [--pages …] [--no-build] [--rounds N]`: a data folder
and its encrypted copy, side by side in one run.

Copies the folder twice, encrypts one (`vigie encrypt`), then does the same in both by turns, the
order changing from round to round, so that what else the machine does falls on both: reads every
value of every table of the current release in a new session, draws pages cold and warm, builds the
candidate again from the raw history. A first turn, whose code is loaded on the way, does not count.
Prints the middle of the seconds of processor, least and most of each, and the ratio of the middles;
a difference within the spread is none. Nothing is asserted: goals are compared in README.md.
"""

from __future__ import annotations

import argparse
import os
import secrets
import shutil
import statistics
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from storage import key

_FOLDERS = ("raw", "judgements", "releases", "loads", "keys", "format.json")
#: Warm reruns of a page in each of its turns.
_RERUNS = 3
#: One turn: seconds of processor, by what they are of.
Turn = Callable[[Path], dict[str, float]]


def main() -> None:
    """Prints one line for each thing that was done."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--home", type=Path, required=True)
    parser.add_argument("--pages", nargs="*", default=["home", "contributions"])
    parser.add_argument("--no-build", action="store_true")
    parser.add_argument("--rounds", type=int, default=4)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="vigie-encryption-") as name:
        folder = Path(name)
        secret = folder / "key"
        secret.touch(mode=0o600)
        secret.write_text(secrets.token_hex(32), encoding="ascii")
        homes = {"plain": folder / "plain", "encrypted": folder / "encrypted"}
        for home in homes.values():
            _copy(asked.home.resolve(), home)
        _with(secret, _encrypt, homes["encrypted"])
        sides = [(None, homes["plain"]), (secret, homes["encrypted"])]
        work: list[Turn] = [_read, *map(_page, asked.pages)]
        if not asked.no_build:
            work.append(_build)
        for do in work:
            _compare(do, sides, asked.rounds)


def _compare(do: Turn, sides: Sequence[tuple[Path | None, Path]], rounds: int) -> None:
    taken: dict[str, tuple[list[float], list[float]]] = {}
    first, home = sides[0]
    _with(first, do, home)
    for number in range(rounds):
        # ABBA: neither is always the second.
        for side in (0, 1) if number % 2 == 0 else (1, 0):
            secret, home = sides[side]
            for what, seconds in _with(secret, do, home).items():
                taken.setdefault(what, ([], []))[side].append(seconds)
    for what, (plain, closed) in taken.items():
        ratio = statistics.median(closed) / statistics.median(plain)
        told = f"{_told(plain)}, encrypted {_told(closed)}"
        print(f"{what}, {rounds} rounds: {told}: {ratio:.2f}", flush=True)


def _told(taken: Sequence[float]) -> str:
    return f"{statistics.median(taken):.2f} s ({min(taken):.2f} to {max(taken):.2f})"


def _copy(source: Path, target: Path) -> None:
    target.mkdir()
    for name in _FOLDERS:
        if (source / name).is_dir():
            shutil.copytree(source / name, target / name)
        elif (source / name).exists():
            shutil.copy2(source / name, target / name)


def _with(secret: Path | None, do: Turn, home: Path) -> dict[str, float]:
    """One turn in a folder with its key, and with nothing kept of the turn before."""
    _let_go()
    os.environ.pop(key.VARIABLE, None)
    if secret is not None:
        os.environ[key.VARIABLE] = str(secret)
    try:
        return do(home)
    finally:
        _let_go()
        os.environ.pop(key.VARIABLE, None)


def _let_go() -> None:
    import streamlit as st

    from dashboards.access import view
    from release.reader import close_all

    # Results are kept by release, and both folders have the same one.
    st.cache_data.clear()
    st.cache_resource.clear()
    view.close_all()
    close_all()


def _encrypt(home: Path) -> dict[str, float]:
    from orchestration import encrypt, lock
    from orchestration.progress import Progress
    from orchestration.settings import Settings

    start = time.process_time()
    settings = Settings.from_env(opens=False, home=home, lang="en")
    with lock.hold(home):
        files = encrypt.change(settings, encrypt=True, progress=Progress("en"))
    taken = time.process_time() - start
    print(f"vigie encrypt, {files} files: {taken:.2f} s", flush=True)
    return {"vigie encrypt": taken}


def _read(home: Path) -> dict[str, float]:
    from orchestration.backup.proof import contents_of
    from release.reader import open_release

    file = open_release(home).path
    start = time.process_time()
    contents_of(file)
    return {"every value of a release": time.process_time() - start}


def _page(name: str) -> Turn:
    def drawn(home: Path) -> dict[str, float]:
        from benchmarks.pages import _draw
        from dashboards import navigation

        os.environ["VIGIE_HOME"] = str(home)
        page = next(one for one in navigation.declared()[1] if one.id == name)
        cold, warm = _draw(page, "", _RERUNS)
        return {f"page {name}, cold": cold, f"page {name}, warm": statistics.median(warm)}

    return drawn


def _build(home: Path) -> dict[str, float]:
    from orchestration import build, dbt_runner
    from orchestration.settings import Settings

    settings = Settings.from_env(home=home, lang="en")
    start = time.process_time()
    build.prepare(settings, build.Decision(build.current_plan(settings, None), None, None))
    result = dbt_runner.build(settings)
    taken = time.process_time() - start
    if result.broken:
        raise RuntimeError(result.broken[0].message)
    build.discard(settings)
    return {"build": taken}


if __name__ == "__main__":
    main()
