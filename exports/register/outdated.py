"""The deliveries of the register that would be different today.

Belongs here: which deliveries are asked about, by recipient. Does not belong here: comparing and
explaining (exports/restatement), opening the request that corrects one (reception.restate).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from exports.errors import ExportError
from exports.register.desk import EVERYBODY, Desk, delivered_version
from exports.register.people import name_key
from exports.register.request import Request
from exports.restatement import Restatement, overtaken, restate, to_be_looked_at
from exports.restatement.causes import Changes
from exports.restatement.delivered import Delivered, read_delivered
from exports.restatement.listing import BACK
from release.errors import ReleaseError


@dataclass(frozen=True)
class Outdated:
    """A delivery, and what of it would be different today.

    Attributes:
        is_withdrawn: a later delivery answered it again, and hid or left out these cells: they were
            taken back, nothing stands in their place.
    """

    request: Request
    restatement: Restatement
    is_withdrawn: bool = False


def outdated(
    desk: Desk, back: int = BACK, changes: Changes | None = None, number: str | None = None
) -> list[Outdated]:
    """Look up the cells of the deliveries in the current release: of each recipient and table the
    last one and those of up to `back` years before. A delivery that was asked as of a date is left
    as it is. Of one that was corrected, or answered again, only the cells are told that no later
    delivery carries.

    Args:
        changes: how to ask for changed rows of the extracts.
        number: only that request; then also when nothing of it is different, or it is older.

    Raises:
        UnknownRequest: there is no such request.
        ForbiddenMove: it was not delivered, or was corrected already, wholly.
    """
    if number is not None:
        return [_of_one(desk, desk.request(number), changes)]
    found = []
    for given in _by_recipient(desk):
        by_folder = {_folder(desk, request): request for request in given}
        # What was lost from the disk cannot be compared; `vigie verify --register` tells of it.
        folders = [folder for folder in by_folder if folder.is_dir()]
        standing = [folder for folder in folders if by_folder[folder].restated_by is None]
        for chosen in to_be_looked_at(standing, back):
            restatement = restate(chosen, desk.home, changes)
            if restatement.is_due:
                found.append(Outdated(by_folder[chosen.folder], restatement))
        for chosen, later in overtaken(folders, back):
            restatement = restate(chosen, desk.home, changes, later)
            if restatement.is_due:
                found.append(Outdated(by_folder[chosen.folder], restatement, is_withdrawn=True))
    return sorted(found, key=lambda one: (one.request.id, one.is_withdrawn))


def is_same_today(desk: Desk, number: str) -> bool:
    """Say whether every cell of a delivery is today what was given: a correction of it would give
    the same figures again. Where nobody can say (no release, a lost package, data asked as of a
    date), it is not.
    """
    if delivered_version(desk.request(number)).definition.as_of is not None:
        return False
    try:
        return not _of_one(desk, desk.request(number), None).restatement.is_due
    except (ExportError, ReleaseError, OSError):
        return False


def _of_one(desk: Desk, request: Request, changes: Changes | None) -> Outdated:
    if later := _after(desk, request):
        (chosen,) = to_be_looked_at([_folder(desk, request)])
        restatement = restate(chosen, desk.home, changes, later)
        if restatement.is_due:
            return Outdated(request, restatement, is_withdrawn=True)
    desk.require(request, "restate")
    (chosen,) = to_be_looked_at([_folder(desk, request)])
    return Outdated(request, restate(chosen, desk.home, changes))


def _after(desk: Desk, request: Request) -> list[Delivered]:
    """Return what the recipient of a corrected delivery got after it; nothing where the correction
    was lost from the disk: then nobody can say what it carries.
    """
    for given in _by_recipient(desk):
        ids = [one.id for one in given]
        if request.restated_by is not None and request.id in ids:
            after = given[ids.index(request.id) + 1 :]
            there = {one.id: folder for one in after if (folder := _folder(desk, one)).is_dir()}
            if request.restated_by in there:
                return [read_delivered(folder) for folder in there.values()]
    return []


def _by_recipient(desk: Desk) -> Iterator[list[Request]]:
    """Yield the deliveries of each recipient, in their order."""
    groups: dict[tuple[str, str], list[Request]] = {}
    given = [one for one in desk.requests().values() if one.is_given]
    for request in sorted(given, key=lambda one: one.delivery.line):
        definition = delivered_version(request).definition
        if definition.as_of is None:
            who = "" if definition.profile == EVERYBODY else name_key(request.received.requester)
            groups.setdefault((definition.profile, who), []).append(request)
    yield from groups.values()


def _folder(desk: Desk, request: Request):
    return desk.package(request, delivered_version(request))
