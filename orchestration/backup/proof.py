"""What shows that a restored data folder is the one that was copied.

Each proof looks at one thing and says what it found; none repairs. The last one builds the current
release again, from the restored raw history, and compares every table of it with the release that
was restored. Does not belong here: bringing the files back (restore.py).
"""

from __future__ import annotations

import contextlib
import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ingest.raw import RawHistory
from orchestration import build
from orchestration.backup.store import Manifest
from orchestration.doctor import examine
from orchestration.errors import VigieError
from orchestration.faults import failure_sentence
from orchestration.fingerprint import build_fingerprint
from orchestration.moments import megabytes
from orchestration.progress import Progress
from orchestration.settings import Settings
from orchestration.texts import say
from release import proof as release_proof
from release.errors import NoReleaseError
from release.reader import Release, close_all, open_release
from storage import databases

# Written when a release is published, of that publication.
_OF_PUBLICATION = frozenset({"meta.release", "meta.checks", "meta.dictionary"})
# What they hold depends on which release was the one before (orchestration/previous.py).
_SINCE_THE_LAST = frozenset(
    {
        "recovery.mart_outstanding_changes",
        "recovery.mart_new_payments",
        "recovery.mart_worklist_changes",
    }
)
_TOTALS = "control_totals_are_accounted_for"


@dataclass(frozen=True)
class Proof:
    """What a proof found. `key` and `values` make its sentence (texts.yaml, `proof.<key>`)."""

    key: str
    passed: bool
    values: dict[str, Any] = field(default_factory=dict)

    def sentence(self, lang: str) -> str:
        """Return the sentence."""
        return say(lang, f"proof.{self.key}", **self.values)


def prove(settings: Settings, manifest: Manifest, progress: Progress) -> Iterator[Proof]:
    """Carry out every proof, each told as soon as it is known. Hold the lock of the data folder.

    A proof that cannot be carried out has failed.
    """
    yield Proof(
        "files",
        True,
        {"files": len(manifest.files), "size": megabytes(settings.lang, manifest.size)},
    )
    proofs: tuple[Callable[[], Iterator[Proof]], ...] = (
        lambda: _history(settings),
        lambda: _releases(settings, manifest),
        lambda: _register(settings, manifest),
        lambda: _rebuilt(settings, progress),
        lambda: _doctor(settings),
    )
    for each in proofs:
        try:
            yield from each()
        except Exception as error:
            sentence = failure_sentence(settings, settings.lang, "restore", error)
            yield Proof("failed", False, {"sentence": sentence})


def _history(settings: Settings) -> Iterator[Proof]:
    history = RawHistory(settings.home)
    landed = history.receipts()
    plan = history.plan()
    history.prove(plan)
    rows = sum(receipt.rows_delivered for receipt in plan.deliveries)
    values = {"deliveries": len(landed), "in_force": len(plan.deliveries), "rows": rows}
    yield Proof("receipts", True, values)


def _releases(settings: Settings, manifest: Manifest) -> Iterator[Proof]:
    files = sorted(settings.releases.glob("*.duckdb"))
    for file in files:
        release_proof.check(file)
    try:
        found = open_release(settings.home).id
    except NoReleaseError:
        found = None
    values = {"releases": len(files), "current": found or "—"}
    yield Proof("releases", found == manifest.release_id, values)


def _register(settings: Settings, manifest: Manifest) -> Iterator[Proof]:
    if manifest.register_lines is None:
        yield Proof("no_register", True)
        return
    # Late: the libraries of databases.
    from exports.register.chain import check
    from exports.register.store import Store

    store = Store(settings.home, os.environ.get("VIGIE_REGISTER"), lang=settings.lang)
    faults = check(store)
    for fault in faults:
        yield Proof("failed", False, {"sentence": fault.sentence(settings.lang)})
    if not faults:
        lines = len(store.events())
        values = {"lines": lines, "expected": manifest.register_lines}
        yield Proof("register", lines == manifest.register_lines, values)


def _doctor(settings: Settings) -> Iterator[Proof]:
    findings = examine(settings)
    faults = [each for each in findings if each.is_fault]
    for fault in faults:
        yield Proof("failed", False, {"sentence": fault.sentence(settings.lang)})
    if not faults:
        yield Proof("doctor", True, {"warnings": len(findings)})


# -- the release, built again ----------------------------------------------------------------------


def _rebuilt(settings: Settings, progress: Progress) -> Iterator[Proof]:
    try:
        release = open_release(settings.home)
    except NoReleaseError:
        yield Proof("no_release", True)
        return
    if release.about.get("build_fingerprint") != build_fingerprint():
        values = {"release": release.id, "code": release.about.get("code_version")}
        yield Proof("other_code", False, values)
        return
    decision = _as_then(settings, release)
    try:
        audit = _build(settings, decision, progress)
        totals = next((one for one in audit.checks if one.check_id == _TOTALS), None)
        values = {"passed": audit.passed, "failed": len(audit.stopping)}
        holds = not audit.stopping and totals is not None and not totals.stops
        yield Proof("totals", holds, values)
        yield _compared(release, settings.candidate)
    finally:
        close_all()
        build.discard(settings)


def _as_then(settings: Settings, release: Release) -> build.Decision:
    """What has to be built to have this release again: the deliveries that it was built from.

    Raises:
        VigieError: these are not the deliveries that stand up to its date any more.
    """
    for as_of in (None, release.business_date):
        plan = build.current_plan(settings, as_of)
        if plan.fingerprint == release.about["plan_fingerprint"]:
            return build.Decision(plan, None, as_of)
    raise VigieError(say(settings.lang, "proof.other_deliveries", release=release.id))


def _build(settings: Settings, decision: build.Decision, progress: Progress) -> Any:
    # Late: dbt.
    from orchestration import dbt_runner
    from orchestration.audit import run_audit

    build.prepare(settings, decision)
    try:
        with progress.step("build"):
            for node in dbt_runner.working(settings):
                progress.advance(node.name, node.place, node.total)
    finally:
        dbt_runner.stop()
    return run_audit(settings)


def _compared(release: Release, candidate: Path) -> Proof:
    left, right = contents_of(release.path), contents_of(candidate)
    both = {name for name in left | right if name not in _OF_PUBLICATION}
    other = sorted(name for name in both if left.get(name) != right.get(name))
    since = [name for name in other if name in _SINCE_THE_LAST]
    wrong = [name for name in other if name not in _SINCE_THE_LAST]
    values = {"release": release.id, "tables": len(both) - len(other)}
    if wrong:
        return Proof("other_tables", False, {**values, "names": ", ".join(wrong[:10])})
    if since:
        return Proof("same_but_since", True, {**values, "names": ", ".join(since)})
    return Proof("same_tables", True, values)


def contents_of(file: Path) -> dict[str, tuple[int, int]]:
    """Rows, and the sum of the hashes of the rows, of each table of a release; the order of rows
    does not count.

    Raises:
        duckdb.Error: it does not open.
    """
    with contextlib.closing(databases.connect()) as connection:
        # Attached: readers have it open with settings of their own.
        databases.attach(connection, file, "looked_at", read_only=True)
        databases.use(connection, "looked_at")
        names = connection.execute(
            "select schema_name, table_name from duckdb_tables() "
            "where database_name = current_database() and not temporary"
        ).fetchall()
        return {
            f"{schema}.{name}": connection.execute(
                "select count(*), coalesce(sum(hash(_row)::hugeint), 0) "
                f'from "{schema}"."{name}" as _row'
            ).fetchone()
            for schema, name in names
        }
