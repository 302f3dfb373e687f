"""Making the package of a request.

Belongs here: what a version is made of, and writing it so that a killed process leaves nothing that
counts: first the files, then the line that says what lies there; doing it again begins anew. Does
not belong here: how a package is made (office.py), whether it may leave (review.py).
"""

from dataclasses import asdict
from pathlib import Path
from typing import Any

from exports.commission import Override
from exports.names import MANIFEST
from exports.register.desk import Desk, delivered_version
from exports.register.errors import BlockedReview, ChangedPackage, DamagedRegister, LostDelivery
from exports.register.folder import SLIP, hashes, removed, version_folder
from exports.register.office import Made, Order
from exports.register.reception import require_same_question, said_of
from exports.register.request import Request, Version


def produce(desk: Desk, request_id: str) -> Request:
    """Make the next version of the answer; who makes it cannot vote on it.

    Raises:
        ExportError: the package cannot be made; nothing is registered then.
    """
    with desk.hold(request_id):
        request = desk.require(desk.request(request_id), "produce")
        return desk.record(request, "produce", make(desk, request))


def make(desk: Desk, request: Request, override: Override | None = None) -> dict[str, Any]:
    """Write the next version into its folder and return what its line says. With `override` it is
    the last version once more, from the same release, with that on its cover.
    """
    requests = desk.requests()
    number = len(request.versions) + 1
    earlier = desk.earlier(requests, request)
    given = list(desk.given_to(requests, request).values())
    replaced = requests.get(request.received.replaces or "")
    last = request.version
    said = {
        "version": number,
        "definition": said_of(request.definition),
        "previous": delivered_version(given[-1]).manifest if given else None,
        "replaces": delivered_version(replaced).manifest if replaced else None,
        "override": asdict(override) if override else None,
        "earlier": {name: delivered_version(one).manifest for name, one in earlier.items()},
    }
    place = _emptied(desk, request, number)
    place.mkdir(parents=True, mode=0o700)
    release_id = last.release_id if override and last else None
    made = write(desk, request, draft_version(request, said, override), release_id, place)
    files = hashes(made.folder)
    return said | {
        "name": made.folder.name,
        "release_id": made.release_id,
        "manifest": files[MANIFEST],
        "files": files,
        "failed": failures(made),
        "passed": sum(one.passed for one in made.findings),
    }


def _emptied(desk: Desk, request: Request, number: int) -> Path:
    """Return the folder of the next version, what a killed process left there removed; a delivery
    is never removed, whatever the register says.
    """
    place = version_folder(desk.home, request.id, number)
    if (place / SLIP).exists():
        raise DamagedRegister(desk.say("damaged", where=desk.store.where))
    return removed(place)


def write(
    desk: Desk, request: Request, version: Version, release_id: str | None, out: Path
) -> Made:
    """Write the package of a version under `out`; the same version gives the same bytes.

    Raises:
        LostDelivery: a package that the recipient has is not in its folder as it left.
    """
    replaced = desk.requests().get(request.received.replaces or "")
    commission = request.commission(version, replaced)
    earlier = known_packages(desk, version.earlier)
    order = Order(version.definition, commission, release_id, earlier)
    return desk.office.write(order, out)


def known_packages(desk: Desk, earlier: dict[str, str]) -> tuple[Path, ...]:
    """Return the folders of packages that a recipient has, by the hashes they left with.

    Raises:
        LostDelivery: one is not as it left: the attacker would know something else.
    """
    requests = desk.requests()
    found = []
    for name in sorted(earlier):
        request = requests[name]
        version = delivered_version(request)
        folder = desk.package(request, version)
        if changed := desk.changed_files(request, version):
            files = ", ".join(changed[:3])
            sentence = desk.say("changed_delivery", id=name, folder=folder, files=files)
            raise LostDelivery(sentence)
        found.append(folder)
    return tuple(found)


def require_same_earlier(desk: Desk, request: Request) -> None:
    """Make sure that the recipient has got nothing meanwhile that the attacker did not know.

    Raises:
        ChangedPackage: it has; the votes are lost.
    """
    if new := newly_given(desk, desk.requests(), request):
        desk.lapse(request, "recipient")
        raise ChangedPackage(desk.say("recipient_has_more", id=request.id, others=new))


def require_sound_chain(desk: Desk, request: Request) -> None:
    """Make sure that `vigie verify` will have nothing against the packages that this one names, and
    that a correction answers the question of what it corrects: nothing leaves that the desk itself
    would call wrong.

    Raises:
        BlockedReview: it will.
        BadRequest: it answers another question.
    """
    require_same_question(desk, request, request.version.definition)
    if found := desk.office.objection(desk.package(request)):
        raise BlockedReview(desk.say("chain_wrong", id=request.id, found=found.rstrip(".")))


def newly_given(desk: Desk, requests: dict[str, Request], request: Request) -> str:
    """Return the requests answered since the last version was made that touch it; "" for none."""
    return ", ".join(sorted(set(desk.earlier(requests, request)) - set(request.version.earlier)))


def draft_version(request: Request, said: dict[str, Any], override: Override | None) -> Version:
    """Return a version of which nothing is made yet."""
    return Version(
        number=said["version"],
        by="",
        at=request.history[-1].moment,
        name="",
        release_id="",
        manifest="",
        files={},
        definition=request.definition,
        previous=said["previous"],
        replaces=said["replaces"],
        override=override,
        failed=(),
        passed=0,
        earlier=said["earlier"],
    )


def failures(made: Made) -> list[dict[str, Any]]:
    """Return what the rules found wrong, as it stands in a line."""
    names = ("rule", "level", "code", "failed", "sentence_fr", "sentence_nl")
    return [{name: getattr(one, name) for name in names} for one in made.findings if not one.passed]
