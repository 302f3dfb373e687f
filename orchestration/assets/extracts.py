"""The raw history as assets: one per extract, loaded together (a delivery is accepted or refused as
a whole).

Each extract has its checks: rows delivered = accepted + rejected, rejected rows under the limit,
not too old. Does not belong here: the rules on rows (contracts, ingest).
"""

import json
from collections.abc import Iterator, Mapping
from datetime import timedelta
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
    FreshnessPolicy,
    MaterializeResult,
    asset,
    multi_asset,
)

from ingest.contract import Contract, load_contracts
from ingest.raw import Receipt
from orchestration.assets import ACCEPTANCE, DELIVERIES, POOL, RUN
from orchestration.counts import count_held
from orchestration.faults import held_sentence, refusal_sentence
from orchestration.notices import HELD, REFUSED, write_notice
from orchestration.run import Run
from orchestration.settings import Settings

BALANCE, ACCEPTED = "rows_delivered_are_accounted_for", "file_is_accepted"
NOT_REFUSED = "no_delivery_is_refused"


def build_extracts(settings: Settings) -> AssetsDefinition:
    """One step that loads every delivery that is ready; one asset per extract, one for the
    deliveries.
    """
    contracts = load_contracts()
    fresh = FreshnessPolicy.time_window(fail_window=timedelta(hours=settings.fresh_hours))
    keys = {name: AssetKey(["raw", name]) for name in contracts}

    @multi_asset(
        name="load",
        specs=[
            *(_spec(keys[name], contract, fresh) for name, contract in contracts.items()),
            AssetSpec(
                DELIVERIES,
                group_name="raw",
                description="Which deliveries stand, in which order, and their rejected rows.",
                skippable=True,
            ),
        ],
        check_specs=[
            *(spec for key in keys.values() for spec in _checks(key)),
            AssetCheckSpec(
                NOT_REFUSED,
                asset=DELIVERIES,
                description="No delivery of the landing folder is refused or held as a whole.",
            ),
        ],
        required_resource_keys={RUN},
        pool=POOL,
    )
    def load(context: AssetExecutionContext) -> Iterator[MaterializeResult | AssetCheckResult]:
        from ingest.load import load_ready
        from ingest.raw import RawHistory

        run: Run = context.resources.run
        settings = run.settings
        with run.step("load", context.run.run_id):
            settings.require_landing()
            outcome = load_ready(
                settings.landing,
                settings.home,
                up_to=run.as_of,
                on_progress=lambda event: run.progress.advance(
                    f"{event.phase} {event.extract}", event.bytes_done, event.bytes_total
                ),
            )
        refused = ""
        if outcome.refused is not None:
            refused = refusal_sentence(settings.lang, outcome.refused)
            write_notice(settings, context.run.run_id, [refused], REFUSED)
        held = ""
        if outcome.held is not None:
            held = held_sentence(settings.lang, outcome.held)
            write_notice(settings, context.run.run_id, [held], HELD)
        yield from _events(settings, outcome, refused, held, keys)
        if refused and not RawHistory(settings.home).judged():
            # Nothing stands: said once, here.
            raise Failure(refused, allow_retries=False)

    return load


@asset(
    key=ACCEPTANCE,
    deps=[DELIVERIES],
    group_name="raw",
    description="Fails when the last load met a delivery that is refused or held: what came before "
    "it is built and published all the same, and the run is still no success.",
    required_resource_keys={RUN},
)
def acceptance(context: AssetExecutionContext) -> None:
    """A step of its own: a step that fails takes along those that follow it."""
    last = context.instance.get_latest_materialization_event(DELIVERIES)
    metadata = last.asset_materialization.metadata if last else {}
    if said := [metadata[name].value for name in ("refused", "held") if metadata[name].value]:
        raise Failure(" ".join(said), allow_retries=False)


def _events(
    settings: Settings, outcome: Any, refused: str, held: str, keys: Mapping[str, AssetKey]
) -> Iterator[MaterializeResult | AssetCheckResult]:
    """What was loaded, extract by extract, and what became of the deliveries."""
    receipts = outcome.loaded
    counted = count_held(settings, receipts)
    blamed = dict.fromkeys(_refused_extracts(settings, outcome.refused), refused)
    blamed |= {drop.extract: held for drop in (outcome.held.drops if outcome.held else ())}
    for name, key in keys.items():
        counts = [count for receipt in receipts if (count := _rows(receipt, name))]
        delivered = sum(rows for rows, _ in counts)
        rejected = sum(bad for _, bad in counts)
        worst = max((100 * bad / rows for rows, bad in counts if rows), default=0.0)
        yield MaterializeResult(
            asset_key=key, metadata={"delivered": delivered, "rejected": rejected}
        )
        yield AssetCheckResult(
            asset_key=key,
            check_name=BALANCE,
            passed=all(
                one.is_balanced and one.amounts_balance for one in counted if one.extract == name
            ),
            metadata={"delivered": delivered, "rejected": rejected},
        )
        yield AssetCheckResult(
            asset_key=key,
            check_name=ACCEPTED,
            passed=name not in blamed and worst <= settings.max_rejected_pct,
            metadata={"rejected_pct": round(worst, 3), "limit_pct": settings.max_rejected_pct},
            description=blamed.get(name),
        )
    refused_delivery = outcome.refused.delivery_id if outcome.refused else ""
    yield MaterializeResult(
        asset_key=DELIVERIES,
        metadata={
            "loaded": [receipt.delivery_id for receipt in receipts],
            "known": len(outcome.known),
            "waiting": [name for name in outcome.waiting if name != refused_delivery],
            "delivered": sum(receipt.rows_delivered for receipt in receipts),
            "accepted": sum(receipt.rows_accepted for receipt in receipts),
            "rejected": sum(receipt.rows_rejected for receipt in receipts),
            "refused": refused,
            "refused_delivery": refused_delivery,
            "held": held,
            "held_delivery": outcome.held.delivery_id if outcome.held else "",
        },
    )
    yield AssetCheckResult(
        asset_key=DELIVERIES,
        check_name=NOT_REFUSED,
        passed=not refused and not held,
        severity=AssetCheckSeverity.ERROR,
        description=" ".join(filter(None, (refused, held))) or None,
    )


def _refused_extracts(settings: Settings, refused: Any) -> set[str]:
    """The extracts whose files are why a delivery is refused; none where it is the manifest."""
    if refused is None:
        return set()
    files = {fault["file"] for fault in refused.faults}
    try:
        manifest = settings.landing / refused.delivery_id / "manifest.json"
        entries = json.loads(manifest.read_bytes())["files"]
        return {entry["extract"] for entry in entries if entry["file"] in files}
    except (OSError, ValueError, TypeError, KeyError, RecursionError):
        return set()


def _rows(receipt: Receipt, extract: str) -> tuple[int, int] | None:
    """Rows delivered and rows rejected (by form and by judgement) of an extract in a delivery."""
    for entry in receipt.entries:
        if entry.extract == extract:
            judged = receipt.verdict.rejected.get(extract, 0) if receipt.verdict else 0
            return entry.rows, entry.rejected + judged
    return None


def _spec(key: AssetKey, contract: Contract, fresh: FreshnessPolicy) -> AssetSpec:
    return AssetSpec(
        key,
        group_name="raw",
        description=f"{contract.description} {contract.grain}",
        metadata={
            "label_fr": contract.label_fr,
            "label_nl": contract.label_nl,
            "cadence": contract.cadence,
            "owner": contract.owner,
        },
        freshness_policy=fresh,
        skippable=True,
    )


def _checks(key: AssetKey) -> Iterator[AssetCheckSpec]:
    yield AssetCheckSpec(
        BALANCE, asset=key, description="Rows delivered = rows accepted + rows rejected."
    )
    yield AssetCheckSpec(
        ACCEPTED,
        asset=key,
        description="No file of the extract is refused; its rejected rows stay under "
        "VIGIE_MAX_REJECTED_PCT.",
    )
