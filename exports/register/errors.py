"""Why the register refuses something: one class for each kind of reason.

Does not belong here: the sentences (texts.yaml), faults of the register that `vigie verify` lists
(chain.py).
"""

from exports.errors import ExportError


class RegisterError(ExportError):
    """Base of every error of the register; its text is one complete sentence."""


class BadRegister(RegisterError):
    """The register does not open: no such database, no right, a version of tomorrow."""


class DamagedRegister(RegisterError):
    """The register is not what the desk signed last: nothing more is written into it."""


class UnknownRequest(RegisterError):
    """A number that the register does not have."""


class BadRequest(RegisterError):
    """What was given cannot be registered: a field is missing or means nothing."""


class ForbiddenMove(RegisterError):
    """The state of the request does not allow it."""


class ForbiddenPerson(RegisterError):
    """This person may not do it: four eyes."""


class BlockedReview(RegisterError):
    """Rules that block do not hold, and nobody has waived them."""


class SealedVotes(RegisterError):
    """Verdicts cannot be sealed or opened: their key is not here, or is none."""


class ChangedPackage(RegisterError):
    """What lies in the folder is not what was produced, or cannot be made again from its release;
    its votes are lost.
    """


class LostDelivery(RegisterError):
    """A package that left before is not in its folder as it left."""


class Embargoed(RegisterError):
    """It may not leave before a moment that has not come."""


class Occupied(RegisterError):
    """Somebody else works on the request, or has changed it meanwhile."""


class BadCalendar(RegisterError):
    """The list of recurrent requests cannot be read, or an entry of it means nothing."""
