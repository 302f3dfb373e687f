"""What to build, and from what: nothing, a whole new candidate, or the last release carried on.

A build is **incremental** when the last release was built by the same code and its deliveries are
the beginning of the new plan with only deltas since (docs/architecture.md); then the candidate
starts as a copy of it. Everything else starts from an empty file. Both give the same rows; a test
proves it. Does not belong here: which deliveries stand (ingest.raw), how tables are computed
(dbt_project).
"""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

import duckdb

from ingest.raw import Plan, RawHistory, Receipt, chain_fingerprint
from law import functions
from orchestration.ahead import CopyAhead, copy_file
from orchestration.errors import NothingToBuildError
from orchestration.fingerprint import build_fingerprint
from orchestration.settings import Settings
from release.errors import ReleaseError
from release.publish import point_to
from release.reader import Release, open_release


class Kind(StrEnum):
    """How a release comes to stand."""

    CURRENT = "current"
    INCREMENTAL = "incremental"
    FULL = "full"


@dataclass(frozen=True)
class Decision:
    """What is to be built. `plan` is ingest's; `previous` the release that is current now, if one
    is usable.
    """

    kind: Kind
    plan: Plan
    previous: Release | None

    @property
    def business_date(self) -> date:
        """The date the release is as of."""
        return self.plan.as_of

    @property
    def previous_deliveries(self) -> list[str] | None:
        """Deliveries of the release that is carried on; None when nothing is."""
        return _deliveries(self.previous) if self.kind is Kind.INCREMENTAL else None

    @property
    def new_deliveries(self) -> tuple[Receipt, ...]:
        """Deliveries of the plan that the release carried on does not hold yet."""
        return self.plan.deliveries[len(self.previous_deliveries or ()) :]


def decide(settings: Settings, as_of: date | None = None) -> Decision:
    """What has to be built to stand for the deliveries that are loaded.

    Raises:
        NothingToBuildError: no accepted delivery stands at that date.
    """
    history = RawHistory(settings.home)
    dates = [receipt.business_date for receipt, _ in history.judged()]
    if not any(as_of is None or day <= as_of for day in dates):
        raise NothingToBuildError(str(as_of or settings.landing))
    plan = history.plan(as_of)
    standing = usable_release(settings, as_of)
    if standing is not None and standing.about["plan_fingerprint"] == plan.fingerprint:
        return Decision(Kind.CURRENT, plan, standing)
    previous = usable_release(settings)
    if as_of is None and previous is not None and _can_carry_on(history, previous, plan):
        return Decision(Kind.INCREMENTAL, plan, previous)
    return Decision(Kind.FULL, plan, previous)


def prepare(settings: Settings, decision: Decision, ahead: CopyAhead) -> None:
    """Lay out the warehouse folder for a build: the candidate it starts from, an empty work file,
    the history.

    What a killed run left there is removed first.
    """
    settings.warehouse.mkdir(parents=True, exist_ok=True)
    discard(settings)
    if decision.kind is Kind.INCREMENTAL:
        if not ahead.take(decision.previous.path, settings.candidate):
            copy_file(decision.previous.path, settings.candidate)
        settings.candidate.chmod(0o644)
    ahead.drop()
    create_functions(settings, decision.business_date)
    RawHistory(settings.home).expose(
        decision.plan,
        previous=decision.previous_deliveries,
        previous_as_of=decision.previous.business_date
        if decision.kind is Kind.INCREMENTAL
        else None,
    )


def create_functions(settings: Settings, as_of: date) -> None:
    """Create the functions of the project in the candidate, before dbt opens it."""
    storage = {"storage_compatibility_version": "v1.4.0"}
    with duckdb.connect(str(settings.candidate), config=storage) as candidate:
        functions.load(candidate, as_of)


def discard(settings: Settings) -> None:
    """Remove what a build leaves in the warehouse folder: candidate, work file, spilled pages."""
    for name in ("candidate.duckdb", "work.duckdb"):
        for file in settings.warehouse.glob(name + "*"):
            file.unlink()
    shutil.rmtree(settings.warehouse / "spill", ignore_errors=True)


def keep_as_of(settings: Settings, decision: Decision, as_of: date) -> None:
    """Name the release that stands already as the one as of a date."""
    point_to(settings.home, decision.previous.id, decision.business_date, as_of)


def usable_release(settings: Settings, as_of: date | None = None) -> Release | None:
    """The release that stands, if this code made it: a release made by other code is rebuilt, not
    carried on.
    """
    try:
        release = open_release(settings.home, as_of)
        about = release.about
    except (ReleaseError, OSError):
        return None
    if as_of is not None and release.business_date > as_of:
        return None
    return release if about.get("build_fingerprint") == build_fingerprint() else None


def _can_carry_on(history: RawHistory, previous: Release, plan: Plan) -> bool:
    """Whether the plan adds only deltas to the release, its deliveries being what they were.

    A delivery may keep its name and change its content: refused after the fact (a late one came
    before it), it may be sent again corrected. The fingerprint of the chain tells.
    """
    deliveries = _deliveries(previous)
    if not history.can_extend(deliveries, plan):
        return False
    fingerprint = ""
    for receipt in plan.deliveries[: len(deliveries)]:
        fingerprint = chain_fingerprint(fingerprint, receipt)
    return fingerprint == previous.about["plan_fingerprint"]


def _deliveries(release: Release) -> list[str]:
    rows = release.cursor().execute(
        "select delivery_id from meta.deliveries order by business_date, delivery_id"
    )
    return [delivery_id for (delivery_id,) in rows.fetchall()]
