"""Worlds that more than one folder of tests looks at, each built once per run of the tests.

A world is a data folder ($VIGIE_HOME) with what a builder put there: deliveries, raw history,
releases. Nobody changes a shared one; who must, takes a copy (`copy_of`). Belongs here: the
builders of shared worlds and the lock around them. Does not belong here: worlds of one file.
"""

from __future__ import annotations

import fcntl
import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from sample.generate import generate
from tests.unit.exports.small_release import build_release
from tests.unit.ingest.support import valid, world, write_delivery

BAD_NUMBER = "80051700339"
#: The source that the sample fund's database is read by.
PROJECT_SOURCE = Path(__file__).resolve().parents[1] / "sample" / "source"
#: How often a run or an answer is killed (tests/faults/test_killed_at_random.py); more by
#: `make soak`. Two tests kill so many runs each.
KILLS = int(os.environ.get("VIGIE_KILLS", "40"))
KILLED_RUNS = KILLS * 3 // 8


def build_once(shared: Path, name: str) -> Path:
    """The data folder of a world; the first who asks builds it, the others wait for it.

    `shared` is one folder for all workers of a run. What failed once is not built again: every
    test of the world then says why.
    """
    home, told = shared / name, shared / f"{name}.told"
    with open(shared / f"{name}.lock", "w", encoding="utf-8") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not told.exists():
            # What a killed worker left half built is in the way.
            shutil.rmtree(home, ignore_errors=True)
            home.mkdir()
            try:
                WORLDS[name](home)
            except BaseException as error:
                told.write_text(f"{type(error).__name__}: {error}", encoding="utf-8")
                raise
            told.touch()
    if failure := told.read_text(encoding="utf-8"):
        pytest.fail(f"the world {name!r} could not be built: {failure}", pytrace=False)
    return home


def copy_of(world: Path, target: Path) -> Path:
    """A copy that a test may change."""
    return Path(shutil.copytree(world, target, dirs_exist_ok=True))


def seen_from(world: Path, target: Path) -> Path:
    """A data folder of its own that shows a world: accesses are written into it, the rest is the
    shared one."""
    for entry in world.iterdir():
        (target / entry.name).symlink_to(entry)
    return target


def _fund(home: Path) -> None:
    """A small sample fund, a release after each of its two deliveries."""
    generated = home / "generated"
    generate(generated, affiliates=300, companies=150, deltas=1, seed=5)
    for delivery in sorted(generated.glob("*/manifest.json")):
        shutil.copytree(delivery.parent, home / "landing" / delivery.parent.name)
        _publish(home)
    shutil.rmtree(generated)


def _small_world(home: Path) -> None:
    """The hand-made accounts, each of which tells one story, and their release."""
    made = Path(__file__).parent / "golden" / "small_world" / "landing"
    shutil.copytree(made, home / "landing")
    _publish(home)


def _invented(home: Path) -> None:
    """A release of made-up figures with few tables: enough for a page or a package alone."""
    build_release(home)


def _waiting(home: Path) -> None:
    """One delivery, loaded and built by two steps started alone, as the interface does; its
    candidate waits. One row has a number that cannot be, among so many good ones that the file is
    not refused.
    """
    from tests.pipeline.world import materialize, settings_of

    tables = world()
    numbers = [f"{8001010 * 100 + serial:09d}" for serial in range(2, 130)]
    tables["affiliates"] += [
        valid("affiliates", affiliate_id=f"A{place:08d}", niss=f"{base}{97 - int(base) % 97:02d}")
        for place, base in enumerate(numbers, 10)
    ]
    tables["affiliates"].append(valid("affiliates", affiliate_id="A00000009", niss=BAD_NUMBER))
    write_delivery(home / "landing", "2026-06-30-1", "2026-06-30", "full", tables)
    for step in ("load", "tables"):
        result, failures = materialize(settings_of(home), step)
        assert result.success, failures


def _published(home: Path) -> None:
    """The delivery of `waiting`, its release published by that step alone."""
    from tests.pipeline.world import materialize, settings_of

    copy_of(build_once(home.parent, "waiting"), home)
    result, failures = materialize(settings_of(home), "release")
    assert result.success, failures


def _followed(home: Path) -> None:
    """The delivery of `published` and the payment of the day after, in one run that nothing
    disturbed.
    """
    _undisturbed(home, 1)


def _daily(home: Path) -> None:
    """The same with a payment for each run that is killed."""
    _undisturbed(home, KILLED_RUNS)


def _undisturbed(home: Path, payments: int) -> None:
    from tests.pipeline.world import deliver, run_job, same_key

    before = build_once(home.parent, "published")
    same_key(before, home)
    copy_of(before / "landing", home / "landing")
    for number in range(payments):
        deliver(home / "landing", number)
    outcome = run_job(home)
    assert outcome.exit_code == 0, outcome.sentences


def _publish(home: Path) -> None:
    """Load what has come and publish a release, in this process."""
    # Seconds of imports: only for who builds.
    from orchestration.execute import execute
    from orchestration.progress import Progress
    from orchestration.settings import Settings

    settings = Settings.from_env(home=home, landing=home / "landing", statistics="", lang="en")
    run = execute(settings, None, Progress(settings.lang))
    assert run.exit_code == 0, run.sentences


WORLDS: dict[str, Callable[[Path], None]] = {
    "fund": _fund,
    "small_world": _small_world,
    "invented": _invented,
    "waiting": _waiting,
    "published": _published,
    "followed": _followed,
    "daily": _daily,
}
