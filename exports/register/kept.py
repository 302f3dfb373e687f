"""What must stay on the disk for the register, and what need not: releases that packages were made
of, packages that never left.

Belongs here: telling the two apart, clearing packages away. Does not belong here: removing releases
(release.publish), when that happens (orchestration).
"""

from collections import defaultdict
from datetime import timedelta
from pathlib import Path

from exports.register.desk import EVERYBODY, Desk, delivered_version
from exports.register.folder import SLIP, removed, version_folder
from exports.register.people import name_key
from exports.register.request import Request
from exports.register.states import GIVEN, WITHDRAWN

#: States in which no package of a request is waited for any more.
_CLOSED = (*GIVEN, WITHDRAWN)


def needed_releases(desk: Desk, back: int) -> frozenset[str]:
    """Return the ids of the releases that a package may have to be made again from, or protected
    together with: those of the last version of each open request and of what it knew of, of a
    delivery that is being corrected, and of the deliveries that may still be corrected: for each
    recipient and table those of the last period and of up to `back` years before.
    """
    requests = desk.requests()
    found = {delivered_version(one).release_id for one in _correctable(requests, back)}
    for request in requests.values():
        if request.state in _CLOSED:
            continue
        known = [request.received.replaces] if request.received.replaces else []
        if request.version is not None:
            found.add(request.version.release_id)
            known += request.version.earlier
        found |= {delivered_version(requests[name]).release_id for name in known}
    return frozenset(found)


def clear_versions(desk: Desk, days: int) -> list[Path]:
    """Remove the packages that never left and were made more than `days` days ago, and return their
    folders. Never one that left, nor the last one of an open request: somebody waits for it.
    """
    before = desk.now() - timedelta(days=days)
    cleared = []
    for request in desk.requests().values():
        kept = _kept(request)
        for version in request.versions:
            folder = version_folder(desk.home, request.id, version.number)
            if version.number == kept or version.at >= before or not folder.is_dir():
                continue
            with desk.hold(request.id):
                # Nobody has gone on with it meanwhile; a slip says that something left, whatever
                # the register says.
                is_kept = _kept(desk.request(request.id)) == version.number
                if not is_kept and not (folder / SLIP).exists():
                    cleared.append(removed(folder))
    return cleared


def _kept(request: Request) -> int | None:
    """Return the number of the version that somebody has or waits for."""
    if request.delivery is not None:
        return request.delivery.version
    is_open = request.state not in _CLOSED and request.version is not None
    return request.version.number if is_open else None


def _correctable(requests: dict[str, Request], back: int) -> list[Request]:
    given = [one for one in requests.values() if one.is_given]
    newest: dict[tuple[str, str, str], int] = defaultdict(int)
    for one in given:
        for table in _tables(one):
            newest[table] = max(newest[table], _year(one))
    return [
        one for one in given if any(_year(one) >= newest[table] - back for table in _tables(one))
    ]


def _tables(request: Request) -> list[tuple[str, str, str]]:
    """Return what was given to whom: profile, recipient, statistic."""
    meant = delivered_version(request).definition
    who = "" if meant.profile == EVERYBODY else name_key(request.received.requester)
    return [(meant.profile, who, code) for code in meant.codes]


def _year(request: Request) -> int:
    return delivered_version(request).definition.span.end.year
