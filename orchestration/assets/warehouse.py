"""The dbt project as assets: each model and seed one asset, each data test one check of the asset
it looks at.

dbt runs inside this process (dbt_runner.py); the events come from its results.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from dagster import (
    AssetCheckResult,
    AssetCheckSeverity,
    AssetCheckSpec,
    AssetExecutionContext,
    AssetKey,
    AssetsDefinition,
    AssetSpec,
    Failure,
    MaterializeResult,
)
from dagster_dbt import (
    DagsterDbtTranslator,
    DagsterDbtTranslatorSettings,
    DbtProject,
    dbt_assets,
)
from dagster_dbt.asset_utils import get_asset_check_key_for_test

from orchestration.assets import POOL, RUN, raw_key
from orchestration.errors import AuditError
from orchestration.run import Run


class Translator(DagsterDbtTranslator):
    """Names of dbt's nodes in the graph: sources are the assets of ingest, groups are schemas."""

    def __init__(self) -> None:
        super().__init__(DagsterDbtTranslatorSettings(enable_duplicate_source_asset_keys=True))

    def get_asset_key(self, dbt_resource_props: Mapping[str, Any]) -> AssetKey:
        """`raw/<extract>` for a source, `<schema>/<name>` for everything else."""
        if dbt_resource_props["resource_type"] == "source":
            return raw_key(dbt_resource_props["name"])
        return AssetKey([dbt_resource_props["schema"], dbt_resource_props["name"]])

    def get_group_name(self, dbt_resource_props: Mapping[str, Any]) -> str | None:
        """The schema."""
        return dbt_resource_props["schema"]

    def get_description(self, dbt_resource_props: Mapping[str, Any]) -> str:
        """What the YAML says; the SQL stays in the repository."""
        return dbt_resource_props.get("description") or ""

    def get_asset_check_spec(
        self,
        asset_spec: AssetSpec,
        manifest: Mapping[str, Any],
        unique_id: str,
        project: DbtProject | None,
    ) -> AssetCheckSpec | None:
        """A check as dbt declares it; what stops a publication is the gate, not the graph."""
        spec = super().get_asset_check_spec(asset_spec, manifest, unique_id, project)
        return spec and spec._replace(blocking=False)


def build_warehouse(manifest: Mapping[str, Any]) -> AssetsDefinition:
    """The assets of the project that a manifest describes."""
    translator = Translator()
    _attach_equations(manifest)

    @dbt_assets(
        manifest=manifest,
        name="warehouse",
        dagster_dbt_translator=translator,
        required_resource_keys={RUN},
        pool=POOL,
    )
    def warehouse(context: AssetExecutionContext) -> Iterator[Any]:
        from orchestration import audit, build, dbt_runner, gate

        run: Run = context.resources.run
        with run.step("build"):
            run.decision = build.decide(run.settings, run.as_of)
            if run.decision.kind == "current":
                run.ahead.drop()
                context.log.info("The release stands already: nothing to build.")
                if run.as_of is not None:
                    build.keep_as_of(run.settings, run.decision, run.as_of)
                return
            build.prepare(run.settings, run.decision, run.ahead)
            run.build = dbt_runner.build(
                run.settings,
                run.progress.advance,
                carries_on=run.decision.kind == "incremental",
            )
        with run.step("audit"):
            run.audit = audit.run_audit(run.settings, run.build, run.decision.new_deliveries)
            audit.remember(run.settings, run.audit)
        yield from _events(run, manifest, translator)
        # Said already here: where a table is missing, the release would only be skipped.
        try:
            with run.step("audit", shown=False):
                gate.refuse_failed(run.audit)
        except AuditError as error:
            raise Failure(str(error), allow_retries=False) from error

    return warehouse


def _attach_equations(manifest: Mapping[str, Any]) -> None:
    """Give tests that compare several tables the first of them as their asset: one is needed."""
    for node in manifest["nodes"].values():
        if node["resource_type"] == "test" and not node.get("attached_node"):
            node["attached_node"] = next(
                (name for name in node["depends_on"]["nodes"] if name in manifest["nodes"]), None
            )


def _events(
    run: Run, manifest: Mapping[str, Any], translator: DagsterDbtTranslator
) -> Iterator[MaterializeResult | AssetCheckResult]:
    for node in run.build.tests:
        key = get_asset_check_key_for_test(manifest, translator, node.unique_id, None)
        if key is not None and node.status != "skipped":
            yield AssetCheckResult(
                passed=node.is_done,
                asset_key=key.asset_key,
                check_name=key.name,
                severity=AssetCheckSeverity.WARN
                if node.severity == "warn"
                else AssetCheckSeverity.ERROR,
                metadata={"failures": node.failures, "seconds": round(node.seconds, 3)},
            )
    # Part of this release too, though no row of it was written again.
    for unique_id in run.build.carried_tables:
        yield MaterializeResult(
            asset_key=translator.get_asset_key(manifest["nodes"][unique_id]),
            metadata={"kind": "carried on"},
        )
    for node in run.build.built:
        yield MaterializeResult(
            asset_key=translator.get_asset_key(manifest["nodes"][node.unique_id]),
            metadata={"seconds": round(node.seconds, 3), "kind": str(run.decision.kind)},
        )
