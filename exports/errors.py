"""Errors a statistician may read: one sentence that names what exists and what to do.

Belongs here: the base class and its kinds. Does not belong here: the sentences themselves, which
are in texts.yaml.
"""


class ExportError(Exception):
    """Base of every error of this package; its text is one complete sentence for a reader."""


class UnknownStatistic(ExportError):
    """A code that the release does not declare."""


class UnknownPeriod(ExportError):
    """A period that cannot be read, or that a statistic does not cover."""


class UnknownProfile(ExportError):
    """A recipient profile that the reference list does not hold."""


class UnprotectedCells(ExportError):
    """Cells that could give somebody away would leave: nothing is written."""


class NotAPackage(ExportError):
    """A folder that was given as an earlier answer and holds none."""


class AlteredPackage(ExportError):
    """An earlier answer that is not as it left: what it shows now, nobody was given."""


class OtherRecipient(ExportError):
    """An earlier answer that was made for somebody else than this one is for."""


class BadDeclaration(ExportError):
    """A statistic whose declaration and table do not agree."""


class SigningKeyError(ExportError):
    """The key of the desk is no key, or others than the desk may read it."""


class MicrodataRefused(ExportError):
    """Rows about persons were asked for a recipient who may not have them."""


class PseudonymKeyError(ExportError):
    """The key of pseudonyms is no key, or others than the desk may read it."""


class StaleRelease(ExportError):
    """A release of an earlier version, without a table that is needed."""


class NotReconciled(ExportError):
    """What would leave is not what the release counts: nothing is written."""
