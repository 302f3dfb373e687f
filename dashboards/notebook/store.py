"""The notebook as a table that grows.

Belongs here: adding, reading and forgetting lines, in SQLite or PostgreSQL. Does not belong here:
what the lines mean (standing).
"""

import fcntl
import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import sqlalchemy as sa

from dashboards.i18n import BRUSSELS
from dashboards.notebook.entry import Entry, checked
from exports.register.database import database_url, make_file, open_engine, shown

#: Beside the table of the register, where both live in one PostgreSQL.
VERSION_TABLE = "notebook_version"
ENTRIES = sa.Table(
    "notebook_entries",
    sa.MetaData(),
    sa.Column("number", sa.Integer, primary_key=True),
    sa.Column("at", sa.Text, nullable=False),
    sa.Column("author", sa.Text, nullable=False),
    sa.Column("account_id", sa.Text, nullable=False, index=True),
    sa.Column("action", sa.Text, nullable=False),
    sa.Column("about", sa.Text, nullable=False),
    sa.Column("until", sa.Date),
    # Text: SQLite has no decimals.
    sa.Column("amount", sa.Text),
    sa.Column("note", sa.Text, nullable=False),
)
_FILE = "notebook/notebook.sqlite"
_MIGRATIONS = Path(__file__).parent / "migrations"


class Notebook:
    """The notebook of a data folder; `url` is a database of SQLAlchemy, a file where none is given.

    Raises (each operation):
        exports.register.errors.BadRegister: the address is none.
        sqlalchemy.exc.SQLAlchemyError: the database does not open.
    """

    def __init__(self, home: Path, url: str | None = None) -> None:
        self.home = Path(home)
        self.url = database_url(self.home, url, name=_FILE)
        self.engine = open_engine(self.url)
        self._is_current = False

    @property
    def where(self) -> str:
        """Return where it lies, as a person may read it."""
        return shown(self.url)

    def add(self, entry: Entry, now: datetime | None = None) -> Entry:
        """Add a line; its number and its moment are given here.

        Raises:
            BadEntry: it means nothing.
        """
        at = now or datetime.now(UTC)
        checked(entry, at.astimezone(BRUSSELS).date())
        said = {
            "at": at.isoformat(timespec="milliseconds"),
            "author": entry.author.strip(),
            "account_id": entry.account_id,
            "action": entry.action,
            "about": entry.about,
            "until": entry.until,
            "amount": None if entry.amount is None else f"{entry.amount:.2f}",
            "note": entry.note.strip(),
        }
        self.prepare()
        with self._writing() as connection:
            found = connection.execute(sa.insert(ENTRIES).values(**said))
            (number,) = found.inserted_primary_key
        return _entry((number, *said.values()))

    def entries(self, accounts: Iterable[str] | None = None) -> list[Entry]:
        """Return the lines in the order in which they were written: all, or those of accounts."""
        if not self._exists():
            return []
        self.prepare()
        query = sa.select(ENTRIES).order_by(ENTRIES.c.number)
        if accounts is not None:
            query = query.where(ENTRIES.c.account_id.in_(list(accounts)))
        with self.engine.connect() as connection:
            return [_entry(row) for row in connection.execute(query)]

    def forget(self, before: datetime) -> int:
        """Take away the lines written before a moment; returns how many. An account whose later
        lines stay keeps them all until they are as old: half a history tells something else."""
        if not self._exists():
            return 0
        self.prepare()
        newest = (
            sa.select(ENTRIES.c.account_id)
            .group_by(ENTRIES.c.account_id)
            .having(sa.func.max(ENTRIES.c.at) < before.astimezone(UTC).isoformat())
        )
        with self._writing() as connection:
            gone = connection.execute(
                sa.delete(ENTRIES).where(ENTRIES.c.account_id.in_(newest.scalar_subquery()))
            )
        return gone.rowcount

    def take_away(self, accounts: list[str]) -> int:
        """Take away every line on these accounts; returns how many. Nothing of them is left in the
        file."""
        if not self._exists():
            return 0
        self.prepare()
        with self._writing() as connection:
            if self.url.get_backend_name() == "sqlite":
                # Else the text stays in the file until something is written over it.
                connection.exec_driver_sql("pragma secure_delete = on")
            found = connection.execute(
                sa.delete(ENTRIES).where(ENTRIES.c.account_id.in_(accounts))
            )
        return found.rowcount

    @contextmanager
    def _writing(self) -> Iterator[sa.Connection]:
        writer = self.engine.connect().execution_options(writes=True)
        with writer as connection, connection.begin():
            yield connection

    def _exists(self) -> bool:
        if self.url.get_backend_name() != "sqlite":
            return True
        return Path(self.url.database).is_file()

    def prepare(self) -> None:
        """Bring the table up to date, once in the life of this object; one process at a time."""
        if self._is_current:
            return
        # Late: seconds that a page which shows no notebook need not wait for.
        from alembic import command
        from alembic.config import Config

        config = Config()
        config.set_main_option("script_location", str(_MIGRATIONS).replace("%", "%%"))
        with _alone(self.home):
            make_file(self.url)
            with self._writing() as connection:
                config.attributes["connection"] = connection
                command.upgrade(config, "head")
        self._is_current = True


@contextmanager
def _alone(home: Path) -> Iterator[None]:
    folder = home / "notebook"
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    handle = os.open(folder / "notebook.lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


def _entry(row: Iterable) -> Entry:
    number, at, author, account, action, about, until, amount, note = row
    money = None if amount is None else Decimal(amount)
    return Entry(
        number, datetime.fromisoformat(at), author, account, action, about, until, money, note
    )
