"""`python -m benchmarks.encryption --home DIR [--pages …] [--no-build]`: a data folder and its
encrypted copy, side by side in one run.

Copies the folder twice, encrypts one (`vigie encrypt`), then does the same in both, one after the
other: reads every value of every table of the current release in new sessions, draws pages cold and
warm, builds the candidate again from the raw history. Prints seconds of processor and the ratio.
Nothing is asserted: goals are compared in README.md.
"""

from __future__ import annotations

import argparse
import os
import secrets
import shutil
import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from storage import key

_FOLDERS = ("raw", "judgements", "releases", "loads", "keys", "format.json")
_ROUNDS = 3


def main() -> None:
    """Prints one line for each thing that was done."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--home", type=Path, required=True)
    parser.add_argument("--pages", nargs="*", default=["home", "contributions"])
    parser.add_argument("--no-build", action="store_true")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="vigie-encryption-") as name:
        folder = Path(name)
        secret = folder / "key"
        secret.touch(mode=0o600)
        secret.write_text(secrets.token_hex(32), encoding="ascii")
        homes = {"plain": folder / "plain", "encrypted": folder / "encrypted"}
        for home in homes.values():
            _copy(asked.home.resolve(), home)
        _with(secret, lambda: _encrypt(homes["encrypted"]))
        work: dict[str, Callable[[Path], list[float]]] = {"every value of a release": _read}
        work |= {f"page {page}": _page(page) for page in asked.pages}
        if not asked.no_build:
            work["build"] = _build
        for what, do in work.items():
            plain = _with(None, lambda do=do: do(homes["plain"]))
            closed = _with(secret, lambda do=do: do(homes["encrypted"]))
            for kind, one, other in zip(("cold", "warm"), plain, closed, strict=False):
                ratio = f"{other / one:.2f}" if one else "—"
                print(f"{what}, {kind}: {one:.2f} s, encrypted {other:.2f} s: {ratio}", flush=True)


def _copy(source: Path, target: Path) -> None:
    target.mkdir()
    for name in _FOLDERS:
        if (source / name).is_dir():
            shutil.copytree(source / name, target / name)
        elif (source / name).exists():
            shutil.copy2(source / name, target / name)


def _with(secret: Path | None, do: Callable[[], list[float]]) -> list[float]:
    from release.reader import close_all

    close_all()
    os.environ.pop(key.VARIABLE, None)
    if secret is not None:
        os.environ[key.VARIABLE] = str(secret)
    try:
        return do()
    finally:
        close_all()
        os.environ.pop(key.VARIABLE, None)


def _encrypt(home: Path) -> list[float]:
    from orchestration import encrypt, lock
    from orchestration.progress import Progress
    from orchestration.settings import Settings

    start = time.process_time()
    settings = Settings.from_env(opens=False, home=home, lang="en")
    with lock.hold(home):
        files = encrypt.change(settings, encrypt=True, progress=Progress("en"))
    print(f"vigie encrypt, {files} files: {time.process_time() - start:.2f} s", flush=True)
    return []


def _read(home: Path) -> list[float]:
    from orchestration.backup.proof import contents_of
    from release.reader import open_release

    file, taken = open_release(home).path, []
    for _ in range(_ROUNDS):
        start = time.process_time()
        contents_of(file)
        taken.append(time.process_time() - start)
    # Each round is a session of its own: the second number is that of the files in memory.
    return [taken[0], statistics.median(taken[1:])]


def _page(name: str) -> Callable[[Path], list[float]]:
    def drawn(home: Path) -> list[float]:
        from benchmarks.pages import _draw
        from dashboards import navigation
        from dashboards.access import view

        view.close_all()
        os.environ["VIGIE_HOME"] = str(home)
        page = next(one for one in navigation.declared()[1] if one.id == name)
        cold, warm = _draw(page, "", _ROUNDS)
        view.close_all()
        return [cold, statistics.median(warm)]

    return drawn


def _build(home: Path) -> list[float]:
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
    return [taken]


if __name__ == "__main__":
    main()
