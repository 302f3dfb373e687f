"""The desk as one person works at it.

Belongs here: what every action needs: reading requests, one worker at a time on each, writing lines
that the state allows, where packages lie, what a recipient has already. Does not belong here: the
actions (reception, production, review, delivery).
"""

import fcntl
import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from pathlib import Path

from exports.profiles import find_profile
from exports.profiles import profiles as every_profile
from exports.register.ballots import opened
from exports.register.clock import day_of, utc_now
from exports.register.errors import (
    ChangedPackage,
    DamagedRegister,
    ForbiddenMove,
    Occupied,
    SealedVotes,
    UnknownRequest,
)
from exports.register.event import Draft, Event
from exports.register.fold import ImpossibleLine, fold
from exports.register.folder import differing, hashes, request_folder, version_folder
from exports.register.house import House, house_of
from exports.register.office import Office, StatisticsOffice
from exports.register.people import name_key, who_acts
from exports.register.request import Definition, Request, Version
from exports.register.states import APPROVED, UNDER_REVIEW, WITHDRAWN, after, possible
from exports.register.store import Store
from exports.register.texts import say
from release.home import vigie_home

#: Seconds to wait for somebody else who works on the same request.
_PATIENCE = 10
#: The public sees every package made for it, whoever asked.
EVERYBODY = "public"
#: What ends a review without a decision of its checkers.
_BREAKS_OFF = ("lapse", "recall", "withdraw")
#: Further lines that belong to the same step, given the requests as they then are.
Further = Callable[[dict[str, Request]], list[Draft]]


@dataclass
class Desk:
    """The register of a data folder, as `who` works with it.

    Attributes:
        lang: language of sentences (fr, nl, en).
        now: the clock, in UTC.
    """

    home: Path
    who: str
    store: Store
    office: Office
    lang: str = "fr"
    now: Callable[[], datetime] = utc_now
    patience: float = field(default=_PATIENCE, repr=False)

    @property
    def today(self) -> date:
        """Return the day in Brussels."""
        return day_of(self.now())

    def say(self, key: str, **values: object) -> str:
        """Return a sentence in the language of who works."""
        return say(key, self.lang, **values)

    def requests(self) -> dict[str, Request]:
        """Return every request by its number, with all that the register knows."""
        return self.folded(self.store.events())

    def house(self) -> House:
        """Return what holds for the desk as a whole."""
        return house_of(self.store.events())

    def look(self, request_id: str) -> Request:
        """Return a request, its package compared with what was produced: one that was changed under
        review or after it loses its votes now.
        """
        found = self.request(request_id)
        changed = self.changed_files(found)
        if changed and found.state in (UNDER_REVIEW, APPROVED):
            with self.hold(request_id):
                found = self.request(request_id)
                if found.state in (UNDER_REVIEW, APPROVED):
                    self.lapse(found, "changed", changed)
                    found = self.request(request_id)
        return replace(found, changed=changed)

    def request(self, request_id: str) -> Request:
        """Return a request with all that the register knows of it.

        Raises:
            UnknownRequest: there is none.
        """
        return self._known(self.requests(), request_id)

    def require(self, request: Request, action: str) -> Request:
        """Return the request when its state allows an action.

        Raises:
            ForbiddenMove: it does not; the sentence says what can be done.
        """
        if after(request.state, action) is None:
            state = self.say(f"state_{request.state}")
            existing = self.next_steps(request)
            key = "forbidden" if existing else "forbidden_for_ever"
            asked = self.say(f"action_{action}")
            raise ForbiddenMove(
                self.say(key, id=request.id, state=state, asked=asked, can=", ".join(existing))
            )
        return request

    def next_steps(self, request: Request) -> list[str]:
        """Return what people can do with a request as it is, in words."""
        steps = _of_people(possible(request.state))
        if request.version is not None and request.version.spent and "review" in steps:
            steps.remove("review")
        if "override" in steps and request.round.votes:
            # There is somebody to check (review.override).
            steps.remove("override")
        return [self.say(f"action_{one}") for one in steps]

    @contextmanager
    def hold(self, request_id: str) -> Iterator[None]:
        """Keep everybody else away from a request: its files and its lines belong together.

        Raises:
            Occupied: somebody else works on it.
        """
        self.request(request_id)
        folder = request_folder(self.home, request_id)
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        flags = os.O_RDWR | os.O_CREAT | os.O_CLOEXEC
        handle = os.open(folder / ".lock", flags, 0o600)
        until = time.monotonic() + self.patience
        try:
            while not _locked(handle):
                if time.monotonic() > until:
                    raise Occupied(self.say("occupied", id=request_id))
                time.sleep(0.05)
            yield
        finally:
            os.close(handle)

    def record(
        self, request: Request, action: str, payload: dict, further: Further | None = None
    ) -> Request:
        """Write a line about a request that nobody has changed since it was read, and what
        `further` adds, in one step; return the request as it is then.

        Raises:
            Occupied: somebody has changed it meanwhile.
            ForbiddenMove: its state does not allow the action.
        """
        if request.state == UNDER_REVIEW and action in _BREAKS_OFF:
            # Nobody has a verdict to give any more: those that were given are no secret.
            with suppress(SealedVotes):
                payload = {**payload, "opened": opened(self.home, request, self.lang)}
        draft = Draft(request.id, self.who, action, payload)

        def decide(events: list[Event]) -> list[Draft]:
            all_now = self.folded(events)
            found = self._known(all_now, request.id)
            if found.last != request.last:
                raise Occupied(self.say("changed_meanwhile", id=request.id))
            drafts = [draft, *(further(all_now) if further else ())]
            for one in drafts:
                before = self.require(all_now[one.request_id], one.action)
                state = after(before.state, one.action)
                all_now[before.id] = replace(before, state=state)
            return drafts

        self.store.append(decide)
        return self.request(request.id)

    def lapse(self, request: Request, because: str, files: tuple[str, ...] = ()) -> Request:
        """Take the votes from a package that is not what was produced any more."""
        said = {"version": request.version.number, "because": because, "files": list(files[:20])}
        return self.record(request, "lapse", said)

    def package(self, request: Request, version: Version | None = None) -> Path:
        """Return the folder of a package (default: the last version)."""
        version = version or request.version
        return version_folder(self.home, request.id, version.number) / version.name

    def changed_files(self, request: Request, version: Version | None = None) -> tuple[str, ...]:
        """Return the names of files that are not what was produced, there or not."""
        version = version or request.version
        folder = version and self.package(request, version)
        # A package that nobody waits for any more may have been cleared away (kept.py).
        if version is None or (request.state == WITHDRAWN and not folder.exists()):
            return ()
        return differing(hashes(folder), version.files)

    def require_unchanged(self, request: Request) -> None:
        """Make sure that the package is what was produced; its votes are lost otherwise.

        Raises:
            ChangedPackage: it is not.
        """
        changed = self.changed_files(request)
        if not changed:
            return
        if request.state in (UNDER_REVIEW, APPROVED):
            self.lapse(request, "changed", changed)
        files = ", ".join(changed[:3])
        raise ChangedPackage(self.say("changed_package", id=request.id, files=files))

    def earlier(self, requests: dict[str, Request], request: Request) -> dict[str, Request]:
        """Return the requests whose answers the attacker must know: they touch this definition and
        went out by the same rules of protection, whoever asked, or to the public, that is to
        everybody. Authorities talk to each other, and a name that was typed in another way must
        not blind the attacker. For an answer to the public: those of all who are protected, who
        will have it beside theirs. Where nothing is protected: those of the recipient.
        """
        if request.definition is None:
            return {}
        mine, profiles = request.definition, {request.definition.profile}
        if find_profile(mine.profile).protects:
            known = _given(requests, request)
            profiles.add(EVERYBODY)
            if mine.profile == EVERYBODY:
                profiles |= {name for name, one in every_profile().items() if one.protects}
        else:
            known = self.given_to(requests, request)
        return {
            name: one
            for name, one in known.items()
            if (theirs := delivered_version(one).definition).profile in profiles
            and theirs.meets(mine)
        }

    def given_to(self, requests: dict[str, Request], request: Request) -> dict[str, Request]:
        """Return the requests whose answers the recipient of this one has, in their order."""
        given = _given(requests, request)
        return {name: one for name, one in given.items() if _is_same_recipient(one, request)}

    def folded(self, events: list[Event]) -> dict[str, Request]:
        """Return the requests that lines of the register make.

        Raises:
            DamagedRegister: they cannot be lines of the desk.
        """
        try:
            return fold(events)
        except (ImpossibleLine, KeyError, TypeError, ValueError, AttributeError) as error:
            raise DamagedRegister(self.say("damaged", where=self.store.where)) from error

    def _known(self, requests: dict[str, Request], request_id: str) -> Request:
        found = requests.get(request_id)
        if found is None:
            existing = ", ".join(list(requests)[-3:]) or "-"
            raise UnknownRequest(self.say("unknown_request", id=request_id, existing=existing))
        return found


def open_desk(
    home: Path | None = None,
    who: str | None = None,
    *,
    lang: str = "fr",
    url: str | None = None,
) -> Desk:
    """Open the desk of a data folder; what is not given comes from VIGIE_HOME, VIGIE_USER and
    VIGIE_REGISTER.

    Raises:
        RegisterError: one of them means nothing.
    """
    place = vigie_home(home)
    store = Store(place, url or os.environ.get("VIGIE_REGISTER"), lang=lang)
    office = StatisticsOffice(place, lang)
    return Desk(place, who_acts(who, lang), store, office, lang)


def delivered_version(request: Request) -> Version:
    """Return the version of a request that left."""
    return request.versions[request.delivery.version - 1]


def definition_asked(request: Request) -> Definition | None:
    """Return what is meant: the definition, or what came in with the request."""
    return request.definition or request.received.asked


def _is_same_recipient(one: Request, other: Request) -> bool:
    profile = delivered_version(one).definition.profile
    if other.definition is None or profile != other.definition.profile:
        return False
    return profile == EVERYBODY or name_key(one.received.requester) == name_key(
        other.received.requester
    )


def _given(requests: dict[str, Request], request: Request) -> dict[str, Request]:
    """Return the other requests whose answers have left, in their order."""
    given = [one for one in requests.values() if one.is_given and one.id != request.id]
    return {one.id: one for one in sorted(given, key=lambda one: one.delivery.line)}


def _of_people(actions: tuple[str, ...]) -> list[str]:
    """Leave out what the desk writes by itself, when all votes are in or a file was changed."""
    return [one for one in actions if one not in ("approve", "refuse", "lapse")]


def _locked(handle: int) -> bool:
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
