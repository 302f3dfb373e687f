"""What to build: nothing, when a release stands already for the same deliveries and the same code;
else a whole candidate, from the raw history.

What a candidate is built from is said beside it (`candidate.json`) and in it (`meta.release`)
before dbt starts. Does not belong here: which deliveries stand (ingest.raw), how tables are
computed (dbt_project).
"""

from __future__ import annotations

import contextlib
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime, timedelta

import duckdb

from ingest.raw import Plan, RawHistory
from law import functions
from orchestration import files
from orchestration.errors import NothingToBuildError, VigieError
from orchestration.fingerprint import build_fingerprint, code_version
from orchestration.meta import declared_tables, write_table
from orchestration.previous import put_previous
from orchestration.rollback import in_force
from orchestration.settings import Settings
from orchestration.texts import say
from release.errors import DamagedReleaseError, ReleaseError
from release.home import SUFFIX, built_moment, new_release_id
from release.pointer import read_pointer
from release.proof import check, disown
from release.publish import point_to
from release.reader import Release, open_release, standing
from storage import databases

# As in the dbt profile, which opens the file next.
_STORAGE = {"storage_compatibility_version": "v1.4.0"}


@dataclass(frozen=True)
class Decision:
    """What is to be built: ingest's `plan`, unless a release stands for it already."""

    plan: Plan
    standing: Release | None
    as_of: date | None
    #: What stands and is no longer what was published: another is built, and somebody told.
    damaged: DamagedReleaseError | None = None


@dataclass(frozen=True)
class Candidate:
    """What a candidate is and is built from; the columns of `meta.release` that are known before
    it is built, and `as_of`, the date that was asked for (None: the current release).
    """

    release_id: str
    business_date: date
    built_at: datetime
    code_version: str
    deliveries: int
    plan_fingerprint: str
    build_fingerprint: str
    as_of: date | None

    def about(self) -> dict[str, object]:
        """The row of `meta.release`, as far as it is known before the audit."""
        known = asdict(self)
        names = [column["name"] for column in declared_tables()["release"]["columns"]]
        return {name: known.get(name) for name in names}


def decide(settings: Settings, as_of: date | None = None) -> Decision:
    """What has to be built to stand for the deliveries that are loaded.

    Raises:
        NothingToBuildError: no accepted delivery stands at that date.
        VigieError: the current release holds a delivery that the raw history has lost.
    """
    _refuse_lost(settings)
    plan = current_plan(settings, as_of)
    damaged = _disown_damaged(settings, as_of)
    if damaged is None and as_of is None and (held := in_force(settings, plan)):
        return Decision(plan, held, as_of)
    standing = None if damaged else _usable_release(settings, as_of)
    if standing is not None and standing.about["plan_fingerprint"] != plan.fingerprint:
        standing = None
    return Decision(plan, standing, as_of, damaged)


def _refuse_lost(settings: Settings) -> None:
    """Stop when a delivery of the current release is not in the raw history any more: a build
    would take its rows away in silence. One that is there and fails its judgement is no such case.
    """
    known = {receipt.delivery_id for receipt in RawHistory(settings.home).receipts()}
    if lost := sorted(_rested_on(settings) - known):
        raise VigieError(say(settings.lang, "error.lost", deliveries=", ".join(lost[:5])))


def _rested_on(settings: Settings) -> set[str]:
    """The deliveries of the current release. Where that one is damaged (told elsewhere), those of
    the newest that is whole; none where there is no release to compare with.
    """
    found = []
    with contextlib.suppress(ReleaseError, OSError):
        found = [open_release(settings.home)]
    for release in (*found, *standing(settings.home)):
        try:
            cursor = release.cursor()
            rows = cursor.execute("select delivery_id from meta.deliveries").fetchall()
        except (ReleaseError, OSError, duckdb.Error):
            continue
        return {delivery_id for (delivery_id,) in rows}
    return set()


def current_plan(settings: Settings, as_of: date | None) -> Plan:
    """The deliveries that stand at a date (all of them, without one).

    Raises:
        NothingToBuildError: none does.
    """
    history = RawHistory(settings.home)
    dates = [receipt.business_date for receipt, _ in history.judged()]
    if not any(as_of is None or day <= as_of for day in dates):
        raise NothingToBuildError(str(as_of or settings.landing))
    return history.plan(as_of)


def prepare(settings: Settings, decision: Decision) -> Candidate:
    """Lay out the warehouse folder for a build: an empty candidate that says what it will be, the
    release before, the raw history.

    What a killed run left there is removed first. The stored files are read only once each has
    proven to be the one that was written.
    """
    RawHistory(settings.home).prove(decision.plan)
    settings.warehouse.mkdir(parents=True, exist_ok=True)
    discard(settings)
    candidate = _new_candidate(settings, decision)
    create_functions(settings, decision.plan.as_of)
    with databases.connect(settings.candidate, config=_STORAGE) as connection:
        write_table(connection, "release", [candidate.about()])
    damaged = decision.damaged and decision.damaged.file
    put_previous(settings, decision.plan.as_of, but=damaged)
    RawHistory(settings.home).expose(decision.plan)
    files.write(settings, files.CANDIDATE, asdict(candidate))
    return candidate


def create_functions(settings: Settings, as_of: date) -> None:
    """Create the functions of the project in the candidate, before dbt opens it."""
    with databases.connect(settings.candidate, config=_STORAGE) as candidate:
        functions.load(candidate, as_of)


def read_candidate(settings: Settings) -> Candidate | None:
    """What stands beside the candidate; None when there is no candidate, or nothing says what it
    is.
    """
    said = files.read(settings, files.CANDIDATE)
    if said is None or not settings.candidate.is_file():
        return None
    try:
        as_of = said["as_of"]
        return Candidate(
            **{
                **said,
                "business_date": date.fromisoformat(said["business_date"]),
                "built_at": datetime.fromisoformat(said["built_at"]),
                "as_of": as_of and date.fromisoformat(as_of),
            }
        )
    except (KeyError, TypeError, ValueError):  # it says something else: it is not ours
        return None


def discard(settings: Settings) -> None:
    """Remove what a build leaves in the warehouse folder: databases, what is said of them, spilled
    pages.
    """
    for name in ("candidate.duckdb", "work.duckdb", "previous.duckdb", files.CANDIDATE):
        for file in settings.warehouse.glob(name + "*"):
            files.remove(file)
    files.remove(settings.warehouse / "spill")


def keep_as_of(settings: Settings, decision: Decision) -> None:
    """Name the release that stands already as the one as of the date that was asked for."""
    point_to(settings.home, decision.standing.id, decision.plan.as_of, decision.as_of)


def _new_candidate(settings: Settings, decision: Decision) -> Candidate:
    built_at = _after_every_release(settings, datetime.now(UTC).replace(microsecond=0))
    release_id = new_release_id(decision.plan.as_of, built_at)
    return Candidate(
        release_id=release_id,
        business_date=decision.plan.as_of,
        built_at=built_at.replace(tzinfo=None),
        code_version=code_version(),
        deliveries=len(decision.plan.deliveries),
        plan_fingerprint=decision.plan.fingerprint,
        build_fingerprint=build_fingerprint(),
        as_of=decision.as_of,
    )


def _after_every_release(settings: Settings, now: datetime) -> datetime:
    """The moment a new release is built, later than that of every other: readers and retention
    order releases by it, and a clock that was set back must not make the newest one an old one.
    """
    moments = (built_moment(file.stem) for file in settings.releases.glob(f"*{SUFFIX}"))
    return max([now, *(moment + timedelta(seconds=1) for moment in moments if moment)])


def _disown_damaged(settings: Settings, as_of: date | None) -> DamagedReleaseError | None:
    """Read the release that stands wholly. One that is not what was published counts no more: it
    is neither left standing, nor what the next one is compared with, nor shown as a past one.
    """
    damaged = None
    for asked in dict.fromkeys((as_of, None)):
        try:
            pointer = read_pointer(settings.home, asked)
            check(pointer.path, pointer.sha256)
        except DamagedReleaseError as error:
            disown(error.file)
            damaged = error
        except (ReleaseError, OSError):  # none stands: a whole one is built
            continue
    return damaged


def _usable_release(settings: Settings, as_of: date | None) -> Release | None:
    """The release that stands, if this code made it."""
    try:
        release = open_release(settings.home, as_of)
        about = release.about
    except (ReleaseError, OSError):
        return None
    if as_of is not None and release.business_date > as_of:
        return None
    return release if about.get("build_fingerprint") == build_fingerprint() else None
