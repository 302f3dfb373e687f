"""Handing out what was approved, and not before its moment.

A delivery is a copy of the approved package in the folder of the recipient, with `delivery.json`
and its signature in it: who checked it, when it left, what the recipient had before, and the line
of the register that says so. The copy is made under a temporary name; then comes the line; then the
rename. Killed in between, `finish` makes the folder that the line says, to the same bytes. Belongs
here: these steps. Does not belong here: approving (review.py).
"""

import json
import os
import shutil
from datetime import datetime
from pathlib import Path
from typing import Any

from exports import days
from exports.errors import ExportError
from exports.register.anchors import sign_slip, write_slip
from exports.register.clock import NoSuchHour, hour_of, in_utc
from exports.register.desk import Desk, delivered_version
from exports.register.errors import BadRequest, ChangedPackage, Embargoed
from exports.register.event import Draft
from exports.register.folder import SLIP, SLIP_SIGNATURE, differing, hashes, version_folder
from exports.register.national_number import holds_national_number
from exports.register.production import newly_given, require_same_earlier, require_sound_chain
from exports.register.reception import require_near, text_of
from exports.register.request import FOR, Request
from exports.register.states import APPROVED
from release.pointer import sync_folder


def deliver(
    desk: Desk,
    request_id: str,
    out: Path | None = None,
    not_before: datetime | None = None,
    reason: str | None = None,
) -> Request:
    """Hand out an approved package, or, before `not_before`, note when and where it goes: nothing
    is written into `out` until then. Doing it again finishes what was interrupted. A moment that
    was noted is moved, forth or back, for a reason alone, which is a line of its own.

    Args:
        out: folder of the recipient; may be left out where it was noted.
        not_before: a moment; without a zone it is an hour of Brussels.
        reason: why the moment is moved that was noted before.

    Raises:
        Embargoed: its moment has not come.
        ChangedPackage: it is not what was approved, or the recipient has got more meanwhile.
        BlockedReview: the packages that it names are not what they should be.
        BadRequest: `out` is missing, lies in the desk's own folder, or holds something else under
            the name of the package; the moment does not exist, or is moved without a reason.
    """
    with desk.hold(request_id):
        request = desk.request(request_id)
        if _is_interrupted(desk, request):
            return finish(desk, request)
        desk.require(request, "deliver")
        noted = request.schedule
        if out is None and noted is None:
            raise BadRequest(desk.say("no_out", id=request_id))
        place = Path(out).absolute() if out is not None else Path(noted.out)
        _require_outside(desk, place)
        moment = _moment(desk, not_before) if not_before else noted and noted.not_before
        if reason is not None and (noted is None or not_before is None):
            raise BadRequest(desk.say("nothing_moved", id=request_id))
        why = _why_moved(desk, request, moment, reason)
        desk.require_unchanged(request)
        require_same_earlier(desk, request)
        require_sound_chain(desk, request)
        if why:
            # Noted before anything leaves: who moves a moment is named, whatever comes after.
            request = _schedule(desk, request, place, moment, why)
        if moment is None or moment <= desk.now():
            return _hand_out(desk, request, place, moment)
        if why or (noted and not_before and (noted.out, noted.not_before) == (str(place), moment)):
            return request
        if not_before is None:
            raise Embargoed(desk.say("embargo", id=request_id, moment=hour_of(moment, desk.lang)))
        return _schedule(desk, request, place, moment, "")


def _require_outside(desk: Desk, place: Path) -> None:
    """Make sure that a recipient's folder is not one in which the desk keeps its own things, and
    has a name that the register may keep.
    """
    own = desk.home / "desk"
    if place.resolve().is_relative_to(own.resolve()):
        raise BadRequest(desk.say("out_in_desk", folder=place, desk=own))
    if holds_national_number(str(place)):
        raise BadRequest(desk.say("national_number", name=desk.say("field_out")))


def _moment(desk: Desk, given: datetime) -> datetime:
    """Return the moment in UTC; of an hour that comes twice the later one, so that nothing leaves
    too early.
    """
    require_near(desk, given.date())
    try:
        return in_utc(given)
    except NoSuchHour as error:
        raise BadRequest(desk.say("no_such_hour", hour=days.moment(given, desk.lang))) from error


def _why_moved(desk: Desk, request: Request, moment: datetime | None, reason: str | None) -> str:
    """Return why the moment is moved that was noted; empty where it is not."""
    noted = request.schedule
    if noted is None or moment == noted.not_before:
        return ""
    if reason is None:
        said = hour_of(noted.not_before, desk.lang)
        raise BadRequest(desk.say("why_moved", id=request.id, moment=said))
    return text_of(desk, "reason", reason)


def _schedule(desk: Desk, request: Request, place: Path, moment: datetime, reason: str) -> Request:
    said = {"out": str(place), "not_before": moment.isoformat(), "reason": reason}
    return desk.record(request, "schedule", said)


def deliver_due(desk: Desk) -> tuple[list[Request], list[tuple[str, ExportError | OSError]]]:
    """Hand out every package whose moment has come, and finish what was interrupted.

    Returns what left, and what could not, each with its reason: one does not hold up the others.
    """
    left, failed = [], []
    for request in desk.requests().values():
        is_due = request.state == APPROVED and request.schedule is not None
        is_due = is_due and request.schedule.not_before <= desk.now()
        if not is_due and not _is_interrupted(desk, request):
            continue
        try:
            left.append(deliver(desk, request.id))
        except (ExportError, OSError) as error:
            failed.append((request.id, error))
    return left, failed


def finish(desk: Desk, request: Request) -> Request:
    """Make the folder that the register says was delivered, where a killed process did not."""
    delivery = request.delivery
    place = Path(delivery.out)
    version = delivered_version(request)
    final = place / delivery.name
    draft = _draft(desk, request, place)
    try:
        slip = slip_of(desk.requests(), request)
        signature = sign_slip(desk.home, slip, desk.lang)
        (draft / SLIP).write_bytes(slip)
        (draft / SLIP_SIGNATURE).write_bytes(signature)
        if not final.exists():
            _put(draft, final)
        elif hashes(final) != hashes(draft):
            raise BadRequest(desk.say("taken", folder=final))
    finally:
        shutil.rmtree(draft, ignore_errors=True)
    # What says that the folder was there once: the recipient may take it away.
    write_slip(version_folder(desk.home, request.id, version.number), slip, signature)
    return desk.request(request.id)


def slip_of(requests: dict[str, Request], request: Request) -> bytes:
    """Return `delivery.json`: all of it stands in the register, so it is the same each time."""
    delivery, version = request.delivery, delivered_version(request)
    last = next(one for one in reversed(request.rounds) if one.version <= version.number)
    replaced = requests.get(request.received.replaces or "")
    said = {
        "format": 1,
        "request_id": request.id,
        "version": version.number,
        "requester": request.received.requester,
        "package": version.name,
        "manifest": version.manifest,
        "produced": {"by": version.by, "at": version.at.isoformat()},
        "checkers": last.checkers,
        "votes": [
            {"by": one.by, "at": one.at.isoformat()}
            for one in last.votes
            if one.verdict == FOR and one.manifest == version.manifest
        ],
        "waivers": [vars(one) for one in last.waivers],
        "override": vars(version.override) if version.override else None,
        "not_before": delivery.not_before.isoformat() if delivery.not_before else None,
        "delivered": {"by": delivery.by, "at": delivery.at.isoformat()},
        "previous": delivery.previous,
        "replaces": _named(replaced) if replaced else None,
        "register": {"count": delivery.line, "hash": delivery.hash},
    }
    return (json.dumps(said, ensure_ascii=False, indent=2, sort_keys=True) + "\n").encode()


def _hand_out(desk: Desk, request: Request, place: Path, moment: datetime | None) -> Request:
    version = request.version
    final = place / version.name
    if final.exists():
        raise BadRequest(desk.say("taken", folder=final))
    # Once now: no right or no room is told before the register says that it left.
    _draft(desk, request, place)
    said = {
        "version": version.number,
        "name": version.name,
        "manifest": version.manifest,
        "out": str(place),
        "not_before": moment.isoformat() if moment else None,
        "previous": None,
    }

    def further(all_now: dict[str, Request]) -> list[Draft]:
        now = all_now[request.id]
        if new := newly_given(desk, all_now, now):
            raise ChangedPackage(desk.say("recipient_has_more", id=request.id, others=new))
        given = list(desk.given_to(all_now, now).values())
        # Only here nobody else hands out anything.
        said["previous"] = _named(given[-1]) if given else None
        old = request.received.replaces
        return [Draft(old, desk.who, "restate", {"by": request.id})] if old else []

    return finish(desk, desk.record(request, "deliver", said, further))


def _named(request: Request) -> dict[str, Any]:
    version = delivered_version(request)
    return {
        "request_id": request.id,
        "version": version.number,
        "manifest": version.manifest,
    }


def _draft(desk: Desk, request: Request, place: Path) -> Path:
    """Copy the package into the recipient's folder under a temporary name; what a killed process
    left there for this request is taken away. It is the copy that is compared: what leaves is what
    was approved, whatever happens in the desk's own folder meanwhile.
    """
    version = request.version
    place.mkdir(parents=True, exist_ok=True)
    draft = place / f".{version.name}.{request.id}.draft"
    shutil.rmtree(draft, ignore_errors=True)
    try:
        copy_whole(desk.package(request), draft)
    except BaseException:
        shutil.rmtree(draft, ignore_errors=True)
        raise
    if changed := differing(hashes(draft), version.files):
        shutil.rmtree(draft, ignore_errors=True)
        files = ", ".join(changed[:3])
        raise ChangedPackage(desk.say("changed_package", id=request.id, files=files))
    return draft


def copy_whole(source: Path, target: Path) -> None:
    """Copy a folder; the first file that cannot be copied is told as what it is (no room, no
    right), where `shutil` makes one error of its own of all of them.
    """
    target.mkdir()
    for path in sorted(source.rglob("*")):
        there = target / path.relative_to(source)
        if path.is_dir() and not path.is_symlink():
            there.mkdir()
        else:
            shutil.copy2(path, there, follow_symlinks=False)


def _put(draft: Path, final: Path) -> None:
    """Give the copy its name, all of it on the disk before."""
    for path in [*draft.rglob("*"), draft]:
        sync_folder(path)
    os.rename(draft, final)
    sync_folder(final.parent)


def _is_interrupted(desk: Desk, request: Request) -> bool:
    """Whether the register says that it left, and nobody saw it in the recipient's folder."""
    if request.delivery is None:
        return False
    folder = version_folder(desk.home, request.id, request.delivery.version)
    return not (folder / SLIP).is_file()
