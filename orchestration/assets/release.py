"""The release as an asset: the candidate that waits in the warehouse folder, if its audit lets it
pass; fresh or not.
"""

from collections.abc import Iterable, Iterator
from datetime import timedelta

from dagster import (
    AssetCheckResult,
    AssetCheckSeverity,
    AssetCheckSpec,
    AssetExecutionContext,
    AssetKey,
    AssetsDefinition,
    AssetSpec,
    FreshnessPolicy,
    MaterializeResult,
    multi_asset,
)

from orchestration.assets import POOL, RELEASE, RUN
from orchestration.run import Run
from orchestration.settings import Settings

_FRESH = AssetCheckSpec(
    "is_fresh",
    asset=RELEASE,
    description="The business date of the release is not older than VIGIE_FRESH_HOURS.",
)


def build_release(settings: Settings, tables: Iterable[AssetKey]) -> AssetsDefinition:
    """The asset `release`, which rests on every table of the project."""
    fail = timedelta(hours=settings.fresh_hours)

    @multi_asset(
        name="release",
        specs=[
            AssetSpec(
                RELEASE,
                deps=list(tables),
                group_name="release",
                description="One immutable, audited database; the pointer moves last.",
                freshness_policy=FreshnessPolicy.time_window(
                    fail_window=fail, warn_window=fail / 2
                ),
                skippable=True,
            )
        ],
        check_specs=[_FRESH],
        required_resource_keys={RUN},
        pool=POOL,
    )
    def release(context: AssetExecutionContext) -> Iterator[MaterializeResult | AssetCheckResult]:
        from orchestration import gate
        from orchestration.status import freshness

        run: Run = context.resources.run
        with run.step("publish", context.run.run_id):
            candidate, published = gate.publish_candidate(run.settings)
        age = freshness(run.settings, candidate.business_date)
        yield MaterializeResult(
            asset_key=RELEASE,
            metadata={
                "release_id": candidate.release_id,
                "business_date": str(candidate.business_date),
                "rows": sum(published.rows.values()),
                "removed": list(published.removed),
            },
        )
        yield AssetCheckResult(
            asset_key=RELEASE,
            check_name=_FRESH.name,
            passed=age["is_fresh"],
            severity=AssetCheckSeverity.WARN,
            metadata={"hours": age["hours"]},
        )

    return release
