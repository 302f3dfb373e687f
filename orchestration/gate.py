"""The gate: a candidate that passed its audit gets its `meta.*` tables and becomes a release; any
other does not.

Does not belong here: collecting the checks (audit.py), renaming files (release.publish).
"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from orchestration import manifest
from orchestration.audit import Audit, open_candidate
from orchestration.build import Decision, Kind
from orchestration.dictionary import write_dictionary
from orchestration.errors import AuditError
from orchestration.fingerprint import build_fingerprint, code_version
from orchestration.meta import write_table
from orchestration.settings import Settings
from release.home import file_name, new_release_id
from release.pointer import find_pointer
from release.publish import Published, publish


def refuse_failed(audit: Audit) -> None:
    """Stop when the audit found an error.

    Raises:
        AuditError: which check, how many rows, an example.
    """
    if not audit.stopping:
        return
    first = audit.stopping[0]
    more = len(audit.stopping) - 1
    raise AuditError(
        f"{first.check_id} ({first.subject}): {first.failures} — {first.explanation}"
        + (f" (+{more})" if more else "")
    )


def publish_candidate(
    settings: Settings, decision: Decision, audit: Audit, as_of: date | None = None
) -> Published:
    """Publish the audited candidate, as the current release or as the one as of a date.

    Raises:
        AuditError: the audit found an error; nothing is published.
        PublicationError: the file could not be put in its place; the earlier release stays.
    """
    refuse_failed(audit)
    replaced = find_pointer(settings.home, as_of)
    built_at = datetime.now(UTC).replace(microsecond=0)
    release_id = new_release_id(decision.business_date, built_at)
    while (settings.releases / file_name(release_id)).exists():
        built_at += timedelta(seconds=1)
        release_id = new_release_id(decision.business_date, built_at)
    with open_candidate(settings) as connection:
        write_table(connection, "checks", audit.rows())
        write_table(
            connection,
            "release",
            [
                {
                    "release_id": release_id,
                    "business_date": decision.business_date,
                    "built_at": built_at.replace(tzinfo=None),
                    "code_version": code_version(),
                    "deliveries": len(decision.plan.deliveries),
                    "checks_passed": audit.passed,
                    "checks_failed": len(audit.stopping),
                    "checks_warned": len(audit.warnings),
                    "previous_release_id": replaced.release_id if replaced else None,
                    "is_incremental": decision.kind is Kind.INCREMENTAL,
                    "plan_fingerprint": decision.plan.fingerprint,
                    "build_fingerprint": build_fingerprint(),
                }
            ],
        )
        write_dictionary(connection, manifest.graph(settings))
    return publish(
        settings.home,
        settings.candidate,
        release_id,
        decision.business_date,
        as_of=as_of,
        keep=settings.keep_releases,
    )
