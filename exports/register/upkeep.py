"""What is done to the desk as a whole: deciding how many must check, sealing the register anew.

Belongs here: these actions. Does not belong here: what their lines mean (house.py), requests
(reception, production, review, delivery), what is cleared away (kept.py).
"""

from pathlib import Path

from exports.register.anchors import loose, sign_slip, write_slip
from exports.register.delivery import slip_of
from exports.register.desk import Desk
from exports.register.errors import BadRequest, DamagedRegister
from exports.register.event import Draft, Event
from exports.register.folder import SLIP, version_folder
from exports.register.house import CHECKERS, HOUSE, POSSIBLE, RESEAL, House, house_of
from exports.register.people import same, who_acts
from exports.register.reception import text_of


def set_checkers(desk: Desk, number: int, reason: str) -> House:
    """Decide how many must check a package whose review is asked for from now on; the same number
    again says nothing new.

    Raises:
        BadRequest: neither one nor two, or no reason.
    """
    if number not in POSSIBLE:
        raise BadRequest(desk.say("bad_checkers", value=number))
    said = {"number": number, "reason": text_of(desk, "reason", reason)}

    def decide(events: list[Event]) -> list[Draft]:
        is_new = house_of(events).checkers != number
        return [Draft(HOUSE, desk.who, CHECKERS, said)] if is_new else []

    desk.store.append(decide)
    return desk.house()


def reseal(desk: Desk, reason: str, witness: str) -> Event:
    """Sign the end of the register anew where its seal is lost with every copy, and sign the slips
    of deliveries again that bear no signature of the desk. It is a line of the register for ever,
    and `vigie verify --register` goes on telling it: what came before rests on the word of who did
    it, and of somebody else who has seen that nothing is missing.

    Raises:
        BadRequest: no reason, no witness, or the same person.
        BadRegister: there is nothing to seal.
        DamagedRegister: something else than the seal is damaged.
    """
    why = text_of(desk, "reason", reason)
    seen_by = who_acts(witness, desk.lang)
    if same(seen_by, desk.who):
        raise BadRequest(desk.say("own_witness"))

    def decide(events: list[Event]) -> Draft:
        unsigned = [one.as_posix() for one in _unsigned(desk, events)]
        return Draft(
            HOUSE, desk.who, RESEAL, {"reason": why, "witness": seen_by, "slips": unsigned}
        )

    def sign(events: list[Event]) -> None:
        for name, slip in _unsigned(desk, events).items():
            folder = (desk.home / name).parent
            write_slip(folder, slip, sign_slip(desk.home, slip, desk.lang))

    return desk.store.reseal(decide, sign)


def _unsigned(desk: Desk, events: list[Event]) -> dict[Path, bytes]:
    """Return the slips that bear no signature of the desk, by their name in the data folder.

    Raises:
        DamagedRegister: one says something else than the register.
    """
    requests = desk.folded(events)
    said = {
        version_folder(desk.home, one.id, one.delivery.version) / SLIP: slip_of(requests, one)
        for one in requests.values()
        if one.is_given
    }
    found = {}
    for one in loose(desk.home, [one.hash for one in events]):
        slip = desk.home / one.slip
        if slip not in said or slip.read_bytes() != said[slip]:
            raise DamagedRegister(desk.say("damaged", where=desk.store.where))
        found[Path(one.slip)] = said[slip]
    return found
