"""The notebook as a table that grows.

Belongs here: adding, reading and forgetting lines, in SQLite or PostgreSQL. Does not belong here:
what the lines mean (standing).
"""

from collections.abc import Iterable
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import sqlalchemy as sa

from dashboards.i18n import BRUSSELS
from dashboards.kept import Kept
from dashboards.notebook.entry import Entry, checked

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


class Notebook(Kept):
    """The notebook of a data folder; `url` is a database of SQLAlchemy, a file where none is given.

    Raises (each operation):
        exports.register.errors.BadRegister: the address is none.
        sqlalchemy.exc.SQLAlchemyError: the database does not open.
    """

    name = "notebook"
    migrations = Path(__file__).parent / "migrations"

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
        with self.writing() as connection:
            found = connection.execute(sa.insert(ENTRIES).values(**said))
            (number,) = found.inserted_primary_key
        return _entry((number, *said.values()))

    def entries(self, accounts: Iterable[str] | None = None) -> list[Entry]:
        """Return the lines in the order in which they were written: all, or those of accounts."""
        if not self.exists():
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
        if not self.exists():
            return 0
        self.prepare()
        newest = (
            sa.select(ENTRIES.c.account_id)
            .group_by(ENTRIES.c.account_id)
            .having(sa.func.max(ENTRIES.c.at) < before.astimezone(UTC).isoformat())
        )
        with self.writing() as connection:
            gone = connection.execute(
                sa.delete(ENTRIES).where(ENTRIES.c.account_id.in_(newest.scalar_subquery()))
            )
        return gone.rowcount

    def take_away(self, accounts: list[str]) -> int:
        """Take away every line on these accounts; returns how many. Nothing of them is left in the
        file."""
        if not self.exists():
            return 0
        self.prepare()
        with self.erasing() as connection:
            found = connection.execute(sa.delete(ENTRIES).where(ENTRIES.c.account_id.in_(accounts)))
        return found.rowcount


def _entry(row: Iterable) -> Entry:
    number, at, author, account, action, about, until, amount, note = row
    money = None if amount is None else Decimal(amount)
    return Entry(
        number, datetime.fromisoformat(at), author, account, action, about, until, money, note
    )
