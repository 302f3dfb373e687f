"""The deliveries of the register that would be different today.

Belongs here: which deliveries are asked about, by recipient. Does not belong here: comparing and
explaining (exports/restatement), opening the request that corrects one (reception.restate).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from exports.register.desk import EVERYBODY, Desk, delivered_version
from exports.register.people import name_key
from exports.register.request import Request
from exports.restatement import Restatement, restate, to_be_looked_at
from exports.restatement.causes import Changes
from exports.restatement.listing import BACK


@dataclass(frozen=True)
class Outdated:
    """A delivery, and what of it would be different today."""

    request: Request
    restatement: Restatement


def outdated(
    desk: Desk, back: int = BACK, changes: Changes | None = None, number: str | None = None
) -> list[Outdated]:
    """Look up the cells of the deliveries in the current release: of each recipient and table the
    last one and those of up to `back` years before. A delivery that was asked as of a date, or was
    corrected already, is left as it is.

    Args:
        changes: how to ask for changed rows of the extracts.
        number: only that request; then also when nothing of it is different, or it is older.

    Raises:
        UnknownRequest: there is no such request.
        ForbiddenMove: it was not delivered, or was corrected already.
    """
    if number is not None:
        request = desk.require(desk.request(number), "restate")
        (chosen,) = to_be_looked_at([_folder(desk, request)])
        return [Outdated(request, restate(chosen, desk.home, changes))]
    found = []
    for given in _by_recipient(desk):
        by_folder = {_folder(desk, request): request for request in given}
        # What was lost from the disk cannot be compared; `vigie verify --register` tells of it.
        folders = [folder for folder in by_folder if folder.is_dir()]
        for chosen in to_be_looked_at(folders, back):
            restatement = restate(chosen, desk.home, changes)
            if restatement.is_due:
                found.append(Outdated(by_folder[chosen.folder], restatement))
    return sorted(found, key=lambda one: one.request.id)


def _by_recipient(desk: Desk) -> Iterator[list[Request]]:
    """Yield the deliveries of each recipient, in their order."""
    groups: dict[tuple[str, str], list[Request]] = {}
    given = [one for one in desk.requests().values() if one.is_given and one.restated_by is None]
    for request in sorted(given, key=lambda one: one.delivery.line):
        definition = delivered_version(request).definition
        if definition.as_of is None:
            who = "" if definition.profile == EVERYBODY else name_key(request.received.requester)
            groups.setdefault((definition.profile, who), []).append(request)
    yield from groups.values()


def _folder(desk: Desk, request: Request):
    return desk.package(request, delivered_version(request))
