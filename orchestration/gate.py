"""The gate: a candidate that passed its audit gets its `meta.*` tables and becomes a release; any
other does not.

All it knows of the candidate it finds in the warehouse folder, whoever built it and when. Does not
belong here: collecting the checks (audit.py), renaming files (release.publish).
"""

from __future__ import annotations

import logging

import duckdb

from exports.errors import ExportError
from orchestration import manifest
from orchestration.audit import Audit, open_candidate, read_audit
from orchestration.build import Candidate, current_plan, read_candidate
from orchestration.desk import open_clock_desk
from orchestration.dictionary import write_dictionary
from orchestration.errors import AuditError, CandidateError
from orchestration.fingerprint import build_fingerprint
from orchestration.meta import write_table
from orchestration.previous import previous_file
from orchestration.settings import Settings
from release.pointer import find_pointer
from release.publish import Published, publish
from storage import databases

log = logging.getLogger("vigie")


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


def admit(settings: Settings) -> tuple[Candidate, Audit]:
    """The candidate that stands in the warehouse folder and its audit, when it may be published.

    Raises:
        CandidateError: there is none, its audit is not there or of another one, or it was not built
            from the deliveries that stand and by the code that runs.
        AuditError: its audit found an error.
    """
    candidate, audit = read_candidate(settings), read_audit(settings)
    if candidate is None:
        raise CandidateError("candidate.none")
    if _name_inside(settings) != candidate.release_id:
        raise CandidateError("candidate.broken")
    if audit is None or audit.release_id != candidate.release_id:
        raise CandidateError("candidate.unaudited")
    if candidate.build_fingerprint != build_fingerprint():
        raise CandidateError("candidate.other_code")
    if candidate.plan_fingerprint != current_plan(settings, candidate.as_of).fingerprint:
        raise CandidateError("candidate.other_deliveries")
    refuse_failed(audit)
    return candidate, audit


def publish_candidate(settings: Settings) -> tuple[Candidate, Published]:
    """Publish the candidate, as the current release or as the one as of a date.

    Raises:
        CandidateError, AuditError: it may not be published (`admit`).
        PublicationError: the file could not be put in its place; the earlier release stays.
    """
    candidate, audit = admit(settings)
    replaced = find_pointer(settings.home, candidate.as_of)
    with open_candidate(settings) as connection:
        write_table(connection, "checks", audit.rows())
        write_table(
            connection,
            "release",
            [
                {
                    **candidate.about(),
                    "checks_passed": audit.passed,
                    "checks_failed": len(audit.stopping),
                    "checks_warned": len(audit.warnings),
                    "previous_release_id": replaced.release_id if replaced else None,
                }
            ],
        )
        write_dictionary(connection, manifest.graph(settings))
    published = publish(
        settings.home,
        settings.candidate,
        candidate.release_id,
        candidate.business_date,
        as_of=candidate.as_of,
        keep=settings.keep_releases,
        held=_held(settings),
    )
    # The second name of the release before would keep its file after retention dropped it.
    previous_file(settings).unlink(missing_ok=True)
    return candidate, published


def _held(settings: Settings) -> frozenset[str] | None:
    """The releases that the statistics desk still needs; None where its register cannot be read:
    nothing is removed then.
    """
    # Late: the libraries of databases, once there is something to publish.
    from exports.register.kept import needed_releases

    try:
        return needed_releases(open_clock_desk(settings), settings.restate_years)
    except ExportError as error:
        log.warning("retention: every release stays, the register of the desk is unread: %s", error)
        return None


def _name_inside(settings: Settings) -> str | None:
    """The release id that the candidate bears in itself."""
    try:
        with databases.connect(settings.candidate, read_only=True) as connection:
            row = connection.execute("select release_id from meta.release").fetchone()
    except duckdb.Error:
        return None
    return row and row[0]
