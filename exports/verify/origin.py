"""Where a package comes from: whether a second person checked it, whose signature it bears, how it
left, which packages it names.

Belongs here: these four. Does not belong here: the register's chain, which only the desk has.
"""

import json
from pathlib import Path

from exports.manifest import manifest_hash, read_manifest, read_signature
from exports.names import MANIFEST, SIGNATURE
from exports.signature import Signed, check, known_keys
from exports.verify.case import DELIVERY, Case
from exports.verify.check import OK, Check, attention, not_checked, ok, unproven, wrong
from exports.verify.faults import reading
from exports.verify.standing import is_in_desk, standing

# What a delivery and the manifest say alike of the request.
_ALIKE = ("request_id", "version", "requester", "override")


def is_overridden(case: Case) -> bool:
    """Say whether the manifest tells of an approval without a second check."""
    said = case.manifest.get("commission")
    return isinstance(said, dict) and bool(said.get("override"))


def check_approval(case: Case) -> Check:
    """Nobody but its producer checked the package: the desk allows that to an office of one person,
    and whoever has it is told first.
    """
    said = case.manifest["commission"]["override"]
    return attention("approval", "override", by=str(said["by"]), reason=str(said["reason"]))


def check_signature(case: Case) -> Check:
    """The desk signed exactly this manifest."""
    path = case.folder / SIGNATURE
    if not path.is_file():
        return wrong("signature", "none", name=SIGNATURE)
    signed = _signed(case, case.folder / MANIFEST, path)
    return _judged("signature", signed, case)


def check_delivery(case: Case) -> Check:
    """What the desk wrote when it handed the package over is about this package."""
    slip, signature = (case.folder / name for name in DELIVERY)
    told = standing(case)
    if told is not None and told.state != OK:
        return told
    if not slip.is_file():
        if case.manifest["commission"] and not is_in_desk(case):
            return wrong("delivery", "missing", name=slip.name)
        return told or not_checked("delivery", "none")
    if not signature.is_file():
        return wrong("delivery", "unsigned", name=signature.name)
    with reading("json", slip.name):
        said = json.loads(slip.read_text(encoding="utf-8"))
    request = case.manifest["commission"] or {}
    # The hash says which package it is; that its folder bears another name, the files tell.
    mine = [manifest_hash(case.folder), *(request.get(key) for key in _ALIKE)]
    if [said[key] for key in ("manifest", *_ALIKE)] != mine:
        return wrong("delivery", "other", name=slip.name)
    judged = _judged("delivery", _signed(case, slip, signature), case)
    return told if told is not None and judged.state == OK else judged


def check_chain(case: Case) -> Check:
    """The packages that the request names are at hand, and are for the same recipient."""
    request = case.manifest["commission"]
    named = [request[key] for key in ("previous", "replaces") if request[key]] if request else []
    if not named:
        return Check("chain", OK, "chain_alone")
    missing = [one for one in named if one not in case.others]
    for one in named:
        if one in case.others:
            other = read_manifest(case.others[one], case.lang)
            if other["profile"] != case.manifest["profile"]:
                return wrong("chain", "other", name=case.others[one].name)
    if missing:
        return not_checked("chain", "missing", sha256=missing[0])
    return ok("chain", count=len(named))


def _signed(case: Case, path: Path, signature: Path) -> Signed:
    return check(case.home, path.read_bytes(), read_signature(signature), case.keys)


def _judged(name: str, signed: Signed, case: Case) -> Check:
    if signed.trusted:
        return ok(name, key_id=signed.key_id)
    if signed.ok:
        # Who knows no key at all cannot tell a stranger from the desk; who knows some can.
        known = known_keys(case.home) if case.keys is None else case.keys
        return (wrong if known else unproven)(name, "unknown", key_id=signed.key_id)
    return wrong(name, "wrong", key_id=signed.key_id or "?")
