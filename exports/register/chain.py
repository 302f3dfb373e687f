"""Whether the register is what the desk wrote: every line, their order, where it ends.

Belongs here: looking for damage, and naming the line. Each line holds the hash of what it says and
of the line before, the end is signed outside the database (head.py), triggers refuse changes. Does
not belong here: mending; the remedy is the copy of the database and of `desk/`, and for a seal that
is lost with its copy `reseal` (upkeep.py).
"""

from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.exc import OperationalError, SQLAlchemyError

from exports.register.anchors import had_register, loose
from exports.register.clock import hour_of
from exports.register.database import shown, why_not
from exports.register.errors import BadRegister, RegisterError
from exports.register.event import COLUMNS, GENESIS, Event, hash_of
from exports.register.fold import ImpossibleLine, fold
from exports.register.folder import differing, hashes, version_folder
from exports.register.guards import Guards, guards, needed_guards
from exports.register.head import START, End, Head, read_head
from exports.register.house import ACTIONS as OF_HOUSE
from exports.register.house import HOUSE, house_of
from exports.register.states import BEFORE, after
from exports.register.store import Store, revision, steps
from exports.register.texts import say

#: More than that says nothing new, and one removed line moves all that follow.
_MOST = 20
#: What is told of a line and another one, and of all between them.
_OF_SEVERAL = ("removed", "added")


@dataclass(frozen=True)
class Fault:
    """One thing that is not as the desk wrote it.

    Attributes:
        kind: changed, removed, moved, inserted, unlinked, cut_off, added, rewritten, unsigned,
            vanished, unguarded, impossible, unreadable, unopened, loose, slip, unsigned_slip, lost,
            altered, unversioned (texts.yaml: fault_…).
        line: number of the line, or None where the fault is of the whole.
        other: another number that the sentence names.
        detail: what else it names.
        where: the register, where it does not open.
        why: why it does not (texts.yaml: database_…); `detail` is then the code of its engine.
    """

    kind: str
    line: int | None = None
    other: int | None = None
    detail: str = ""
    where: str = ""
    why: str = ""

    @property
    def is_out_of_reach(self) -> bool:
        """Say whether nothing is known of the register: nobody could look."""
        return self.kind == "unopened"

    def sentence(self, lang: str) -> str:
        """Say it in one sentence."""
        one = "_one" if self.kind in _OF_SEVERAL and self.line == self.other else ""
        return say(
            f"fault_{self.kind}{one}",
            lang,
            line=self.line,
            other=self.other,
            what=say(f"database_{self.why}", lang, code=self.detail) if self.why else self.detail,
            where=self.where,
        )


def check(store: Store) -> tuple[Fault, ...]:
    """Look at every line of a register and at its signed head; empty when all is as written."""
    with store.alone():
        head = read_head(store.home)
        try:
            if not store.exists():
                return (*_of_end(store, head, START), *_of_anchors(store, ()))[:_MOST]
            lines, in_force, version = _read(store)
        except OperationalError as error:
            # No server, no right, somebody keeps it: it may be whole.
            return (_unread("unopened", store, error),)
        except (SQLAlchemyError, BadRegister) as error:
            return (_unread("unreadable", store, error),)
    found = list(_of_lines(lines))
    if not found:
        found += _of_end(store, head, End(len(lines), lines[-1][-1] if lines else GENESIS))
        found += _of_anchors(store, lines)
        found += _of_moves(lines)
        # What somebody else wrote need not mean anything.
        found += [] if found else _of_folders(store, lines)
    needed = needed_guards(store.url)
    away = sorted(name for name in needed if in_force.get(name) != needed[name])
    found += [Fault("unguarded", detail=one) for one in away]
    if version not in steps():
        found.append(Fault("unversioned", detail=version or "-"))
    return tuple(found[:_MOST])


@dataclass(frozen=True)
class Seal:
    """A time when the end of the register was signed anew.

    Attributes:
        event: its line.
        proven: the last line before it that a delivery names: what stood after it cannot be proven.
        is_anchored: something left since, whose slip names all lines so far.
    """

    event: Event
    proven: int
    is_anchored: bool

    def sentence(self, lang: str) -> str:
        """Say it in one sentence."""
        said = self.event.data
        return say(
            "was_resealed",
            lang,
            line=self.event.number,
            who=self.event.who,
            # A line of before 30 November 2026 names none.
            witness=said.get("witness", "-"),
            moment=hour_of(self.event.moment, lang),
            slips=len(said["slips"]),
            reason=said["reason"],
            proven=self.proven,
        )


def resealed(store: Store) -> tuple[Seal, ...]:
    """Return each time that the end of the register was signed anew; who reads them for a register
    that does not pass `check` gets none.
    """
    try:
        events = store.events()
    except RegisterError:
        return ()
    left = [one.number for one in events if one.action == "deliver"]
    return tuple(
        Seal(
            one,
            proven=max((line for line in left if line < one.number), default=0),
            is_anchored=any(line > one.number for line in left),
        )
        for one in house_of(events).resealed
    )


def _read(store: Store) -> tuple[list[tuple], Guards, str | None]:
    """Return the lines as they stand, whatever they are, the triggers in force, the version."""
    with store.engine.connect() as connection:
        if not sa.inspect(connection).has_table("events"):
            # A first writer that was killed before it made the table.
            return [], needed_guards(store.url), steps()[0]
        names = ", ".join(COLUMNS)
        rows = connection.exec_driver_sql(f"select {names} from events order by number")
        lines = [tuple(row) for row in rows.fetchall()]
        return lines, guards(connection), revision(connection)


def _of_lines(lines: Sequence[tuple]) -> list[Fault]:
    """Return what is wrong within the chain, each line told once."""
    found: list[Fault] = []
    place, previous = 0, GENESIS
    # Nothing follows for a line from one before it that stands where another should.
    is_known = True
    for at, line in enumerate(lines):
        number, linked, own = line[0], line[-2], line[-1]
        is_whole = _is_whole(line)
        place += 1
        if is_whole and number > place:
            found.append(Fault("removed", place, number - 1))
            place, previous = number, linked
        if not is_whole:
            found.append(_misplaced(line, len(lines)))
        elif is_known and linked != previous:
            found.append(_unlinked(lines, at))
        previous, is_known = own, is_whole
        if len(found) >= _MOST:
            break
    return found


def _is_whole(line: tuple) -> bool:
    """Whether a line says what its hash was made of."""
    if not isinstance(line[0], int) or not all(isinstance(one, str) for one in line[1:]):
        return False
    return hash_of(*line[:-1]) == line[-1]


def _misplaced(line: tuple, count: int) -> Fault:
    """Say whether a line that is not whole is whole at another place, or was changed."""
    number, rest = line[0], line[1:]
    if all(isinstance(one, str) for one in rest):
        # One place further at most for each line that is missing or too many; a swap is anywhere.
        for other in range(1, count + _MOST):
            if hash_of(other, *rest[:-1]) == rest[-1]:
                return Fault("moved", number, other)
    return Fault("changed", number)


def _unlinked(lines: Sequence[tuple], at: int) -> Fault:
    """Say what broke the link between a whole line and the one before it."""
    line = lines[at]
    if at + 1 < len(lines) and at > 0 and lines[at + 1][-2] == lines[at - 1][-1]:
        return Fault("inserted", line[0])
    return Fault("unlinked", line[0], line[0] - 1)


def _unread(kind: str, store: Store, error: Exception) -> Fault:
    # Our own error says only that the one of the database came before it.
    why, code = why_not(error.__cause__ if isinstance(error, BadRegister) else error)
    return Fault(kind, detail=code, where=shown(store.url), why=why)


def _of_end(store: Store, head: Head | None, end: End) -> tuple[Fault, ...]:
    """Compare where the register ends with what the desk signed."""
    if head is None and end == START:
        return (Fault("vanished", where=shown(store.url)),) if had_register(store.home) else ()
    if head is None:
        return (Fault("unsigned"),)
    if not head.trusted:
        return (Fault("unsigned"),)
    if end in head.ends:
        return ()
    if end.count < head.end.count:
        return (Fault("cut_off", end.count, head.end.count),)
    if end.count > max(one.count for one in head.ends):
        return (Fault("added", head.end.count + 1, end.count),)
    # As long as it should be, each line fits the one before, and yet it ends otherwise.
    return (Fault("rewritten", end.count),)


def _of_anchors(store: Store, lines: Sequence[tuple]) -> list[Fault]:
    """Return deliveries that name another register than this one."""
    found = []
    for one in loose(store.home, [line[-1] for line in lines]):
        if one.line is None:
            found.append(Fault("slip", detail=one.slip))
        elif one.contradicts:
            found.append(Fault("loose", one.line, detail=one.slip))
        else:
            found.append(Fault("unsigned_slip", detail=one.slip))
    return found


def _of_folders(store: Store, lines: Sequence[tuple]) -> list[Fault]:
    """Return deliveries of which files are missing, or are not what left: the desk's own copy is
    what the attacker of the next answer knows, and what a later dispute is settled by.
    """
    try:
        requests = fold([Event(*line) for line in lines])
    except (ImpossibleLine, LookupError, TypeError, ValueError, AttributeError):
        # Signed, in an order that exists, and yet not what the desk writes.
        return [Fault("unreadable", where=shown(store.url), why="lines")]
    found = []
    for request in requests.values():
        if not request.is_given:
            continue
        version = request.versions[request.delivery.version - 1]
        folder = version_folder(store.home, request.id, version.number) / version.name
        if not all((folder / name).is_file() for name in version.files):
            found.append(Fault("lost", request.delivery.line, detail=f"{request.id}, {folder}"))
        elif changed := differing(hashes(folder), version.files):
            files = ", ".join(changed[:3])
            detail = f"{request.id}, {folder}: {files}"
            found.append(Fault("altered", request.delivery.line, detail=detail))
    return found


def _of_moves(lines: Sequence[tuple]) -> list[Fault]:
    """Return lines that no state allows: nobody can have written them through the desk."""
    found, states = [], {}
    for number, request_id, _, _, action, *_ in lines:
        if request_id == HOUSE and action in OF_HOUSE:
            continue
        state = after(states.get(request_id, BEFORE), action)
        if state is None:
            found.append(Fault("impossible", number, detail=f"{request_id}, {action}"))
        else:
            states[request_id] = state
    return found
