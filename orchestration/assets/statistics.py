"""The first statistics of the current release, written where people look for them: the last full
calendar year.
"""

from collections.abc import Iterator
from datetime import timedelta

from dagster import AssetExecutionContext, AssetSpec, MaterializeResult, multi_asset

from orchestration.assets import RELEASE, RUN, STATISTICS
from orchestration.run import Run

PROFILE = "inasti"


@multi_asset(
    name="first_statistics",
    specs=[
        AssetSpec(
            STATISTICS,
            deps=[RELEASE],
            group_name="release",
            description="Packages of VIGIE_STATISTICS for the last full year, under VIGIE_OUT.",
            skippable=True,
        )
    ],
    required_resource_keys={RUN},
)
def first_statistics(context: AssetExecutionContext) -> Iterator[MaterializeResult]:
    """Write them. A release as of an earlier date leaves them alone: they belong to the current
    one.
    """
    run: Run = context.resources.run
    if run.as_of is not None or not run.settings.statistics:
        return
    from exports.answer import answer
    from release.reader import open_release

    with run.step("statistics", context.run.run_id):
        # The last year of which the last day is known (S1).
        year = (open_release(run.settings.home).business_date + timedelta(days=1)).year - 1
        package = answer(
            list(run.settings.statistics),
            str(year),
            profile=PROFILE,
            out=run.settings.out,
            home=run.settings.home,
            lang="nl" if run.settings.lang == "nl" else "fr",
        )
    yield MaterializeResult(asset_key=STATISTICS, metadata={"path": str(package.folder)})
