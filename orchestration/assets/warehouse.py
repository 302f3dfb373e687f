"""The dbt project as assets: each model and seed one asset, each data test one check of the asset
it looks at.

dbt runs inside this process (dbt_runner.py) and tells of each node when it is done with it. The
candidate is built whole, whatever part of the graph was selected: a release has no parts.
"""

from collections.abc import Iterator, Mapping
from collections.abc import Set as AbstractSet
from typing import Any

from dagster import (
    AssetCheckKey,
    AssetCheckResult,
    AssetCheckSeverity,
    AssetCheckSpec,
    AssetExecutionContext,
    AssetKey,
    AssetsDefinition,
    AssetSpec,
    MaterializeResult,
)
from dagster_dbt import (
    DagsterDbtTranslator,
    DagsterDbtTranslatorSettings,
    DbtProject,
    dbt_assets,
)
from dagster_dbt.asset_utils import get_asset_check_key_for_test

from orchestration.assets import POOL, RUN, source_key
from orchestration.dbt_runner import LISTS, NodeResult
from orchestration.run import Run


class Translator(DagsterDbtTranslator):
    """Names of dbt's nodes in the graph: sources are the assets of ingest, groups are schemas."""

    def __init__(self) -> None:
        super().__init__(DagsterDbtTranslatorSettings(enable_duplicate_source_asset_keys=True))

    def get_asset_key(self, dbt_resource_props: Mapping[str, Any]) -> AssetKey:
        """`raw/<extract>` for the raw history, `<schema>/<name>` for a table of our own."""
        if dbt_resource_props["resource_type"] == "source":
            return source_key(dbt_resource_props)
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
    manifest = _equations_attached(manifest)

    @dbt_assets(
        manifest=manifest,
        name="warehouse",
        exclude=" ".join(LISTS),
        dagster_dbt_translator=translator,
        required_resource_keys={RUN},
        pool=POOL,
    )
    def warehouse(context: AssetExecutionContext) -> Iterator[Any]:
        from orchestration import audit, build, dbt_runner, gate, rollback

        run: Run = context.resources.run
        with run.step("build", context.run.run_id):
            decision = build.decide(run.settings, run.as_of)
            if decision.damaged is not None:
                run.warn(str(decision.damaged), context.run.run_id)
            if decision.standing is not None:
                context.log.info(f"{decision.standing.id} stands already: nothing to build.")
                if held := rollback.settle(run.settings, decision.plan):
                    run.progress.note(held)
                if run.as_of is not None:
                    build.keep_as_of(run.settings, decision)
                return
            build.prepare(run.settings, decision)
            asked = context.selected_asset_keys, context.selected_asset_check_keys
            for node in dbt_runner.working(run.settings):
                run.progress.advance(node.name, node.place, node.total)
                yield from _events(node, manifest, translator, *asked)
        with run.step("audit", context.run.run_id):
            # Said already here: where a table is missing, the release would only be skipped.
            gate.refuse_failed(audit.run_audit(run.settings))

    return warehouse


def _equations_attached(manifest: Mapping[str, Any]) -> Mapping[str, Any]:
    """The manifest for the graph of assets, where a test that compares several tables belongs to
    the first of them: a check belongs to one asset.
    """
    nodes = dict(manifest["nodes"])
    for name, node in nodes.items():
        if node["resource_type"] == "test" and not node.get("attached_node"):
            first = next((each for each in node["depends_on"]["nodes"] if each in nodes), None)
            nodes[name] = {**node, "attached_node": first}
    return {**manifest, "nodes": nodes}


def _events(
    node: NodeResult,
    manifest: Mapping[str, Any],
    translator: DagsterDbtTranslator,
    assets: AbstractSet[AssetKey],
    checks: AbstractSet[AssetCheckKey],
) -> Iterator[MaterializeResult | AssetCheckResult]:
    """What the orchestrator keeps of a node that dbt is done with, where it was asked for."""
    if node.kind == "test":
        key = get_asset_check_key_for_test(manifest, translator, node.unique_id, None)
        if key in checks and node.status != "skipped":
            yield AssetCheckResult(
                passed=node.is_done,
                asset_key=key.asset_key,
                check_name=key.name,
                severity=AssetCheckSeverity.WARN
                if node.severity == "warn"
                else AssetCheckSeverity.ERROR,
                metadata={"failures": node.failures, "seconds": node.seconds},
            )
    elif node.is_done:
        key = translator.get_asset_key(manifest["nodes"][node.unique_id])
        if key in assets:
            yield MaterializeResult(asset_key=key, metadata={"seconds": node.seconds})
