"""Errors of a run. Each message is one sentence a person can act on; details go to the log.

Does not belong here: errors of a delivery (ingest.errors) or of the folder of releases
(release.errors).
"""

from __future__ import annotations


class VigieError(Exception):
    """Base class: the run, or the command, cannot do what was asked."""


class SettingError(VigieError):
    """A setting has a value that means nothing."""


class AnotherRunError(VigieError):
    """Another process is writing in this data folder."""


class NothingToBuildError(VigieError):
    """No accepted delivery stands at the date asked for."""


class BuildError(VigieError):
    """dbt could not compute a table."""


class CandidateError(VigieError):
    """The candidate may not become a release; the message is the key of the sentence that says
    why (texts.yaml).
    """


class AuditError(VigieError):
    """A check of error severity failed: nothing is published."""
