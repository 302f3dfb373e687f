"""What the register of the desk, where it is at hand, says of a package that names a request.

Belongs here: whether it left, was refused, withdrawn or replaced. Does not belong here: whether the
register is whole (`vigie verify --register`), the slip of a delivery (origin.py).
"""

import os

from exports.manifest import manifest_hash
from exports.register.errors import RegisterError
from exports.register.fold import ImpossibleLine, fold
from exports.register.folder import request_folder
from exports.register.request import Request, Version
from exports.register.states import WITHDRAWN
from exports.register.store import Store
from exports.verify.case import Case
from exports.verify.check import OK, Check, not_checked, wrong


def is_in_desk(case: Case) -> bool:
    """Whether the package lies where the desk made it: there it has no slip."""
    request = case.manifest["commission"] or {}
    place = request_folder(case.home, str(request.get("request_id"))).resolve()
    return case.folder.is_relative_to(place)


def standing(case: Case) -> Check | None:
    """Say what became of the request; None where the register has nothing against it, or is not
    here.
    """
    named = case.manifest["commission"]
    store = Store(case.home, os.environ.get("VIGIE_REGISTER"), lang=case.lang)
    if not named or not store.exists():
        return None
    try:
        request = fold(store.events()).get(named["request_id"])
    except (RegisterError, ImpossibleLine):
        return not_checked("delivery", "no_register")
    own = manifest_hash(case.folder)
    versions = request.versions if request else ()
    version = next((one for one in versions if one.manifest == own), None)
    if version is None:
        return not_checked("delivery", "unregistered", id=named["request_id"])
    return _of_version(request, version)


def _of_version(request: Request, version: Version) -> Check | None:
    if request.state == WITHDRAWN:
        return wrong("delivery", "withdrawn", id=request.id)
    if request.is_given and request.delivery.version == version.number:
        if request.restated_by is None:
            return None
        values = {"id": request.id, "other": request.restated_by}
        return Check("delivery", OK, "delivery_replaced", values)
    if version.spent or version.number < request.version.number:
        return wrong("delivery", "refused", id=request.id, version=version.number)
    return not_checked("delivery", "waiting", id=request.id, version=version.number)
