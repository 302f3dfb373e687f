"""Four eyes: asking for a review, voting, and what an office of one person does instead.

Who produced a package, or waived a rule for it, does not vote on it. A vote is on the hash of a
manifest; where two must agree, all must be given, and a verdict that is not the last one is sealed
until then, for everybody and in the register itself (ballots.py). An approval makes the
package again from its release, with the same earlier packages known to the attacker and the same
rules, and compares every file. Belongs here: these rules. Does not belong here: making packages
(production.py), handing them out (delivery.py).
"""

from collections.abc import Mapping

from exports.commission import Override
from exports.names import SIGNATURE
from exports.register.ballots import opened, seal
from exports.register.desk import Desk
from exports.register.errors import (
    BadRequest,
    BlockedReview,
    ChangedPackage,
    ForbiddenMove,
    ForbiddenPerson,
)
from exports.register.event import Draft
from exports.register.folder import differing, hashes, removed, request_folder
from exports.register.people import same
from exports.register.production import make, require_same_earlier, require_sound_chain, write
from exports.register.reception import text_of
from exports.register.request import AGAINST, FOR, Request, Version
from exports.validation.finding import BLOCKING

#: A folder that never counts: what an approval makes again to compare.
_AGAIN = ".again"


def ask(desk: Desk, request_id: str, waivers: Mapping[str, str] | None = None) -> Request:
    """Ask for the review of the last version.

    Args:
        waivers: rules that do not hold and need not stop it, each with a reason; who asks is named.

    Raises:
        BlockedReview: a rule that blocks does not hold and is not waived.
        ForbiddenMove: the version was refused, or is no longer what was produced.
    """
    with desk.hold(request_id):
        request = desk.require(desk.request(request_id), "review")
        _require_fresh(desk, request)
        desk.require_unchanged(request)
        given = _waived(desk, request.version, waivers or {})
        _require_none_blocks(desk, request.id, request.version.failed, set(given))
        said = {
            "version": request.version.number,
            "manifest": request.version.manifest,
            # Later lines obey this one, whatever the desk decides meanwhile.
            "checkers": desk.house().checkers,
            "waivers": [{"rule": rule, "reason": reason} for rule, reason in given.items()],
        }
        return desk.record(request, "review", said)


def approve(desk: Desk, request_id: str, comment: str = "") -> Request:
    """Vote for the version under review, after making it again and comparing every file.

    Raises:
        ForbiddenPerson: who produced it, waived a rule for it, or has voted already.
        ChangedPackage: it is not what was produced, or cannot be made again: its votes are lost.
        BlockedReview: the packages that it names are not what they should be.
    """
    with desk.hold(request_id):
        request = _votable(desk, request_id)
        require_sound_chain(desk, request)
        _require_same_again(desk, request)
        return _vote(desk, request, FOR, text_of(desk, "comment", comment) if comment else "")


def refuse(desk: Desk, request_id: str, reason: str) -> Request:
    """Vote against the version under review.

    Raises:
        ForbiddenPerson: who produced it, waived a rule for it, or has voted already.
    """
    with desk.hold(request_id):
        request = _votable(desk, request_id)
        return _vote(desk, request, AGAINST, text_of(desk, "reason", reason))


def recall(desk: Desk, request_id: str, reason: str) -> Request:
    """Take a package back that has not left, because somebody has found a mistake in it; an embargo
    is gone with it. Anybody may.
    """
    with desk.hold(request_id):
        request = desk.require(desk.request(request_id), "recall")
        said = {"version": request.version.number, "reason": text_of(desk, "reason", reason)}
        return desk.record(request, "recall", said)


def override(desk: Desk, request_id: str, reason: str) -> Request:
    """Let a version leave that nobody but its producer has checked: it is written once more, and
    its cover, note and manifest say so.

    Raises:
        ForbiddenPerson: anybody but the producer, who has a vote; the producer too, once somebody
            else has voted: they are not alone.
        BlockedReview: a rule that blocks does not hold and was not waived.
    """
    with desk.hold(request_id):
        request = desk.require(desk.request(request_id), "override")
        if not same(request.version.by, desk.who):
            raise ForbiddenPerson(desk.say("not_producer", id=request_id, who=request.version.by))
        if votes := request.round.votes:
            raise ForbiddenPerson(desk.say("not_alone", id=request_id, who=votes[0].by))
        why = Override(desk.who, text_of(desk, "reason", reason))
        desk.require_unchanged(request)
        require_same_earlier(desk, request)
        require_sound_chain(desk, request)
        said = make(desk, request, why)
        waived = {one.rule for one in request.round.waivers}
        _require_none_blocks(desk, request.id, said["failed"], waived)
        return desk.record(request, "override", said)


def _votable(desk: Desk, request_id: str) -> Request:
    """Return a request on which who works may vote."""
    request = desk.require(desk.request(request_id), "vote")
    if same(request.version.by, desk.who):
        raise ForbiddenPerson(desk.say("own_package", id=request_id))
    if mine := [one.rule for one in request.round.waivers if same(one.by, desk.who)]:
        raise ForbiddenPerson(desk.say("own_waiver", id=request_id, rules=", ".join(mine)))
    if any(same(one.by, desk.who) for one in request.round.votes):
        raise ForbiddenPerson(desk.say("voted_already", id=request_id))
    desk.require_unchanged(request)
    return request


def _vote(desk: Desk, request: Request, verdict: str, comment: str) -> Request:
    """Write a vote. One that others follow is sealed; the last one opens them and decides, together
    with them.

    Raises:
        SealedVotes: the key that seals is not here, or is none.
    """
    now, number = request.round, request.version.number
    said = {"manifest": request.version.manifest, "verdict": verdict, "comment": comment}
    if len(now.votes) + 1 < now.checkers:
        sealed = seal(desk.home, request.id, desk.who, said, desk.lang)
        return desk.record(request, "vote", {"version": number, **sealed})
    before = opened(desk.home, request, desk.lang)
    verdicts = {verdict, *(one["verdict"] for one in before), *(one.verdict for one in now.votes)}
    action = "refuse" if AGAINST in verdicts else "approve"
    decision = Draft(request.id, desk.who, action, {"version": number, "opened": before})
    return desk.record(request, "vote", {"version": number, **said}, lambda _: [decision])


def _require_fresh(desk: Desk, request: Request) -> None:
    if request.version.spent:
        because = desk.say(f"spent_{request.version.spent}")
        raise ForbiddenMove(
            desk.say("spent", id=request.id, version=request.version.number, because=because)
        )
    if request.version.definition != request.definition:  # never: `define` leads back to defined
        raise ForbiddenMove(desk.say("undefined", id=request.id))


def _waived(desk: Desk, version: Version, waivers: Mapping[str, str]) -> dict[str, str]:
    failed = {one["rule"] for one in version.failed}
    for rule in waivers:
        if rule not in failed:
            existing = ", ".join(sorted(failed)) or "-"
            raise BadRequest(desk.say("no_such_failure", rule=rule, existing=existing))
    return {rule: text_of(desk, "reason", reason) for rule, reason in sorted(waivers.items())}


def _require_none_blocks(desk: Desk, request_id: str, failed, waived: set[str]) -> None:
    """Make sure that no rule that blocks is left."""
    left = [one for one in failed if one["level"] == BLOCKING and one["rule"] not in waived]
    if left:
        rules = ", ".join(sorted({one["rule"] for one in left}))
        said = left[0]["sentence_nl" if desk.lang == "nl" else "sentence_fr"]
        raise BlockedReview(desk.say("blocked", id=request_id, rules=rules, first=said))


def _require_same_again(desk: Desk, request: Request) -> None:
    """Make the package again from its release and compare every file; what the rules and the
    attacker find stands in the manifest.

    Raises:
        ChangedPackage: it cannot be made again to the same bytes; the votes are lost.
    """
    require_same_earlier(desk, request)
    version = request.version
    place = removed(request_folder(desk.home, request.id) / _AGAIN)
    place.mkdir(mode=0o700)
    try:
        made = write(desk, request, version, version.release_id, place)
        files = differing(_proof(hashes(made.folder)), _proof(version.files))
    except ChangedPackage:
        desk.lapse(request, "not_again")
        raise
    finally:
        removed(place)
    if files:
        desk.lapse(request, "not_again", files)
        named = ", ".join(files[:3])
        raise ChangedPackage(desk.say("not_again", id=request.id, files=named))


def _proof(files: Mapping[str, str]) -> dict[str, str]:
    """Leave out the signature: it follows the key, and the manifest that it signs is compared."""
    return {name: one for name, one in files.items() if name != SIGNATURE}
