"""Whose fault an error is, and the sentence about it: for each step of a run and each command.

`owner` answers for any error; what `ingest` knows of files and of the machine it knows for all of
us (ingest/faults.py). Belongs here: the errors of the other packages and of the orchestrator, and
the sentence for each owner. Does not belong here: what a package's own errors say (their message
is the sentence), texts (texts.yaml).
"""

from __future__ import annotations

import errno
import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

from orchestration.errors import (
    AuditError,
    BuildError,
    CandidateError,
    NothingToBuildError,
    SettingError,
    StorageError,
    VigieError,
    shown,
)
from orchestration.settings import Settings
from orchestration.texts import say

if TYPE_CHECKING:
    from ingest.faults import Owner

# What dbt and the audit pass on as text when the machine stopped a table.
_OF_THE_MACHINE = (
    "Out of Memory Error",
    *map(
        os.strerror,
        (errno.ENOSPC, errno.EDQUOT, errno.EIO, errno.EMFILE, errno.ENOMEM, errno.EROFS),
    ),
)


#: What is wrong with the path that was given: another one is as good.
_LIKE_ANY_FILE = frozenset(
    (0, errno.ENOENT, errno.ENOTDIR, errno.EISDIR, errno.EEXIST, errno.ENAMETOOLONG)
)


def owner(error: BaseException) -> Owner:
    """Who can mend it: the sender of a file, who keeps the machine, who runs Vigie, who writes
    it. There is no error without an owner.
    """
    # Late, here and below: engines that the start of the command line need not wait for.
    from exports.errors import BadDeclaration, ExportError
    from ingest.errors import IngestError
    from ingest.faults import Owner, fault_of
    from release.errors import BrokenReleaseError
    from sample.errors import SampleError
    from wording.errors import SaidError

    if isinstance(error, IngestError):
        return fault_of(error).owner
    if isinstance(error, (AuditError, BuildError)):
        if any(words in str(error) for words in _OF_THE_MACHINE):
            return Owner.MACHINE
        return Owner.OURS if isinstance(error, BuildError) else Owner.OPERATOR
    if isinstance(error, (StorageError, BrokenReleaseError)) or _is_of_storage(error):
        return Owner.MACHINE
    if isinstance(error, BadDeclaration):
        return Owner.OURS
    operator = (VigieError, ExportError, SaidError, SampleError)
    if isinstance(error, operator):
        return Owner.OPERATOR
    fault = fault_of(error).owner
    # Only a load reads what others made; it has said so in an error of its own.
    return (
        Owner.MACHINE
        if fault is Owner.FILE and not isinstance(error, UnicodeError)
        else (Owner.OURS if fault is Owner.FILE else fault)
    )


def failure_sentence(settings: Settings, lang: str, step: str, error: BaseException) -> str:
    """The sentence about an error that stopped a step or (`command`) a command of the command
    line.
    """
    from ingest.errors import DeliveryRefused
    from ingest.faults import Owner, fault_of
    from ingest.texts import in_language

    said = _own_sentence(lang, error)
    if said is None and _is_of_storage(error):
        said = str(StorageError(lang, settings.dagster))
    if said is None and isinstance(error, OSError) and error.strerror:
        said = file_sentence(lang, error, settings.home)
    if said is None and owner(error) is Owner.MACHINE:
        fault = fault_of(error, settings.home)
        if fault.owner is Owner.FILE:
            said = say(lang, "error.damaged", home=shown(settings.home))
        else:
            told = {"reason": fault.reason, "remedy": fault.remedy}
            told = {name: in_language(text, lang) for name, text in told.items()}
            said = say(lang, "error.machine", **told)
    if said is None:
        kind, log = type(error).__name__, settings.logs / "vigie.log"
        said = say(lang, "error.unexpected", kind=kind, step=step, log=log)
    if step == "statistics" and not isinstance(error, DeliveryRefused):
        return say(lang, "error.statistics", detail=said)
    return said


def refusal_sentence(lang: str, refused: Any) -> str:
    """The sentence about a refused delivery (ingest.errors.DeliveryRefused)."""
    # Late, as above.
    from ingest.texts import in_language

    where = f"{refused.delivery_id}/{refused.file}" if refused.file else refused.delivery_id
    return say(
        lang,
        "error.refused",
        delivery_id=where,
        reason=f"{in_language(refused.reason, lang)}; {in_language(refused.remedy, lang)}.",
    )


def held_sentence(lang: str, held: Any) -> str:
    """The sentence about a delivery that waits for a person (ingest.drop.DeliveryHeld)."""
    figures = "; ".join(
        say(lang, "held.extract", **vars(drop))
        + (say(lang, "held.amounts", **vars(drop)) if drop.amount_before is not None else "")
        for drop in held.drops
    )
    return say(lang, "error.held", delivery_id=held.delivery_id, figures=figures)


def file_sentence(lang: str, error: OSError, otherwise: Path) -> str:
    """The sentence about a file or folder that cannot be used; `otherwise` where none is named."""
    # Of a rename, the name it was to have: the other one is a draft of ours.
    path = error.filename2 or error.filename or otherwise
    from ingest.faults import reason_of, remedy_of
    from ingest.texts import in_language

    said = {"path": shown(path), "reason": in_language(reason_of(error.errno or 0), lang)}
    if (error.errno or 0) in _LIKE_ANY_FILE:
        return say(lang, "error.file", **said)
    remedy = in_language(remedy_of(error.errno or 0), lang)
    return say(lang, "error.file_of_machine", **said, remedy=remedy)


def _own_sentence(lang: str, error: BaseException) -> str | None:
    """What an error of one of our packages says; None for any other."""
    from exports.errors import ExportError
    from exports.texts import error_in
    from ingest.errors import DeliveryRefused, IngestError
    from release.errors import PublicationError
    from sample.errors import SampleError
    from wording.errors import SaidError

    if isinstance(error, ExportError):
        return " ".join(error_in(error, lang).split())
    detail = " ".join(str(error).split())
    if isinstance(error, DeliveryRefused):
        return refusal_sentence(lang, error)
    if isinstance(error, SettingError):
        return say(lang, "error.setting", detail=say(lang, error.key, **error.values))
    if isinstance(error, NothingToBuildError):
        return say(lang, "error.nothing", where=detail)
    if isinstance(error, CandidateError):
        return say(lang, str(error))
    if isinstance(error, AuditError):
        return say(lang, "error.audit", detail=detail)
    if isinstance(error, PublicationError):
        return say(lang, "error.build", detail=error.sentence(lang))
    if isinstance(error, BuildError):
        return say(lang, "error.build", detail=detail)
    if isinstance(error, SaidError):
        return error.sentence(lang)
    if isinstance(error, IngestError):
        return " ".join(error.sentence(lang).split())
    if isinstance(error, SampleError):
        return say(lang, f"sample.{error.key}", **error.values)
    return detail if isinstance(error, VigieError) else None


def _is_of_storage(error: BaseException) -> bool:
    """Whether the orchestrator's memory says it: SQLite, the layer above it, its migrations."""
    names = {kind.__module__.partition(".")[0] for kind in type(error).__mro__}
    return bool(names & {"sqlite3", "sqlalchemy", "alembic"})
