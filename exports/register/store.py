"""The register as a table that only grows.

Belongs here: reading all lines, adding lines in one transaction together with the signed head.
Does not belong here: what a line means (fold.py), which database it is (database.py), looking for
damage (chain.py).
"""

import fcntl
import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.exc import SQLAlchemyError

from exports.register.anchors import had_register, loose
from exports.register.clock import utc_now
from exports.register.database import (
    database_url,
    keep_others_out,
    make_file,
    open_engine,
    shown,
    why_not,
)
from exports.register.errors import BadRegister, DamagedRegister
from exports.register.event import COLUMNS, GENESIS, Draft, Event, hash_of, sealed
from exports.register.head import START, End, Head, read_head, write_head
from exports.register.texts import say

VERSION_TABLE = "register_version"
EVENTS = sa.table("events", *(sa.column(name) for name in COLUMNS))
_MIGRATIONS = Path(__file__).parent / "migrations"


class Store:
    """The register of a data folder. `now` is the clock that dates its lines."""

    def __init__(
        self,
        home: Path,
        url: str | None = None,
        *,
        lang: str = "fr",
        now: Callable[[], datetime] = utc_now,
    ) -> None:
        self.home = Path(home)
        self.lang = lang
        self.now = now
        self.url = database_url(self.home, url, lang)
        self.engine = open_engine(self.url)
        self._is_current = False

    @property
    def where(self) -> str:
        """Return where the register lies, as a person may read it."""
        return shown(self.url)

    def events(self) -> list[Event]:
        """Return all lines in their order; none where nothing was registered yet.

        Raises:
            BadRegister: it does not open.
            DamagedRegister: it is not what the desk wrote, or ends elsewhere.
        """
        with self._told():
            if self.exists() and not self._is_current:
                with self.alone():
                    self.prepare()
            lines = self._lines()
            if not self._is_whole(lines):
                # Somebody may have written between the lines and the head: now nobody does.
                with self.alone():
                    lines = self._lines()
                    self._checked_end(lines)
            return lines

    def append(self, decide: Callable[[list[Event]], Sequence[Draft]]) -> list[Event]:
        """Add the lines that `decide` gives, seeing all lines before; nobody writes in between.

        An error of `decide` leaves the register as it is; no lines, nothing is written.

        Raises:
            BadRegister: it does not open.
            DamagedRegister: it is not what the desk signed last.
        """
        with self._told(), self.alone():
            make_file(self.url)
            self.prepare()
            writer = self.engine.connect().execution_options(writes=True)
            with writer as connection, connection.begin():
                keep_others_out(connection)
                before = self._read(connection)
                end = self._checked_end(before)
                added = _placed(decide(before), end, self.now())
                if not added:
                    return []
                reached = End(added[-1].number, added[-1].hash)
                write_head(self.home, end, reached, self.lang)
                connection.execute(sa.insert(EVENTS), [one.values for one in added])
            write_head(self.home, reached, None, self.lang)
            return added

    def reseal(
        self, decide: Callable[[list[Event]], Draft], sign: Callable[[list[Event]], None]
    ) -> Event:
        """Sign anew where the register ends, and say so in a line of its own.

        Only where its seal is lost: every line must fit the one before and be what the deliveries
        name. `decide` gives the line, seeing all lines before; then `sign` signs what else has lost
        its seal; then comes the end. A process that is killed before the line is there has sealed
        nothing.

        Raises:
            BadRegister: there is nothing to seal, or it is sealed.
            DamagedRegister: it is something else than its seal that is damaged.
        """
        with self._told(), self.alone():
            if not self.exists():
                raise BadRegister(say("nothing_to_seal", self.lang, where=self.where))
            self.prepare()
            writer = self.engine.connect().execution_options(writes=True)
            with writer as connection, connection.begin():
                keep_others_out(connection)
                before = self._read(connection)
                head = self._require_unsealed(before)
                added = _placed([decide(before)], _end_of(before), self.now())
                if head is not None and head.trusted:
                    write_head(self.home, _end_of(before), _end_of(added), self.lang)
                connection.execute(sa.insert(EVENTS), [one.values for one in added])
            sign(before)
            write_head(self.home, _end_of(added), None, self.lang)
            return added[0]

    def _require_unsealed(self, events: list[Event]) -> Head | None:
        """Return the head of lines that are as the desk wrote them, for all that is left to tell,
        and have lost a seal.
        """
        head = read_head(self.home)
        broken = [one for one in loose(self.home, [one.hash for one in events]) if one.contradicts]
        if broken or (head is not None and head.trusted and _end_of(events) not in head.ends):
            raise DamagedRegister(say("damaged", self.lang, where=self.where))
        if not events or self._is_whole(events):
            raise BadRegister(say("nothing_to_seal", self.lang, where=self.where))
        return head

    def exists(self) -> bool:
        """Say whether there is a register; one in a file is there once it holds a line."""
        if self.url.get_backend_name() == "sqlite":
            file = Path(self.url.database)
            return file.is_file() and file.stat().st_size > 0
        return True

    def prepare(self) -> None:
        """Bring the table up to date, once in the life of a store; call it `alone`."""
        if self._is_current:
            return
        # Late: seconds that a command which reads no register need not wait for.
        from alembic import command
        from alembic.config import Config

        config = Config()
        config.set_main_option("script_location", str(_MIGRATIONS).replace("%", "%%"))
        newest = steps()[0]
        with self.engine.connect() as connection:
            found = revision(connection)
        if found is not None and found > newest:
            raise BadRegister(say("newer_register", self.lang, where=self.where))
        if found != newest:
            writer = self.engine.connect().execution_options(writes=True)
            with writer as connection, connection.begin():
                config.attributes["connection"] = connection
                command.upgrade(config, "head")
        self._is_current = True

    @contextmanager
    def alone(self) -> Iterator[None]:
        """Keep every other process out that would write, or look at register and head together."""
        folder = self.home / "desk"
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        handle = os.open(folder / "register.lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX)
            yield
        finally:
            os.close(handle)

    def _lines(self) -> list[Event]:
        if not self.exists():
            return []
        with self.engine.connect() as connection:
            return self._read(connection)

    def _read(self, connection: sa.Connection) -> list[Event]:
        """Return all lines; whoever reads on from here may believe them."""
        rows = connection.execute(sa.select(EVENTS).order_by(EVENTS.c.number)).fetchall()
        previous = GENESIS
        for place, (number, *said, linked, own) in enumerate(rows, 1):
            is_text = all(isinstance(one, str) for one in said)
            fits = (number, linked) == (place, previous) and is_text
            if not fits or hash_of(number, *said, linked) != own:
                raise DamagedRegister(say("damaged", self.lang, where=self.where))
            previous = own
        return [Event(*row) for row in rows]

    def _checked_end(self, events: list[Event]) -> End:
        """Return where the register ends, which must be where the desk signed that it does."""
        if not self._is_whole(events):
            raise DamagedRegister(say("damaged", self.lang, where=self.where))
        return _end_of(events)

    def _is_whole(self, events: list[Event]) -> bool:
        """Whether the lines end where the desk signed, and each delivery finds its own."""
        head, end = read_head(self.home), _end_of(events)
        if head is None:
            # Numbers must not begin again where there was a register before.
            is_end = end == START and not had_register(self.home)
        else:
            is_end = head.trusted and end in head.ends
        return is_end and not loose(self.home, [one.hash for one in events])

    @contextmanager
    def _told(self) -> Iterator[None]:
        """Turn what the database says into one sentence."""
        try:
            yield
        except SQLAlchemyError as error:
            why, code = why_not(error)
            what = say(f"database_{why}", self.lang, code=code)
            said = say("fault_unopened", self.lang, where=self.where, what=what)
            raise BadRegister(said) from error


def steps() -> list[str]:
    """Return the versions of the table that this Vigie knows, the newest first."""
    from alembic.script import ScriptDirectory

    return [one.revision for one in ScriptDirectory(str(_MIGRATIONS)).walk_revisions()]


def revision(connection: sa.Connection) -> str | None:
    """Return the version that the table says it has; None where it says nothing."""
    from alembic.runtime.migration import MigrationContext

    options = {"version_table": VERSION_TABLE}
    return MigrationContext.configure(connection, opts=options).get_current_revision()


def _end_of(events: list[Event]) -> End:
    return End(events[-1].number, events[-1].hash) if events else START


def _placed(drafts: Sequence[Draft], end: End, at: datetime) -> list[Event]:
    added: list[Event] = []
    for draft in drafts:
        added.append(sealed(draft, end.count + 1, at, end.hash))
        end = End(added[-1].number, added[-1].hash)
    return added
