"""The database of the register: which one, opening it, bringing its table up to date.

SQLite in the data folder unless an address says otherwise; PostgreSQL is the other engine that the
migrations know. Belongs here: what differs between the two. Does not belong here: reading and
writing lines (store.py).
"""

import os
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.exc import ArgumentError, OperationalError
from sqlalchemy.pool import NullPool

from exports.register.errors import BadRegister
from exports.register.texts import say

#: Seconds that a writer waits for another one.
_PATIENCE = 30
#: A line that was registered is on the disk, whatever happens to the machine.
SYNCHRONOUS = "full"
#: The codes of SQLite and of PostgreSQL, by their beginning.
_WHY = (
    ("SQLITE_CANTOPEN", "absent"),
    ("SQLITE_BUSY", "busy"),
    ("SQLITE_LOCKED", "busy"),
    ("SQLITE_READONLY", "right"),
    ("SQLITE_PERM", "right"),
    ("SQLITE_AUTH", "right"),
    ("SQLITE_NOTADB", "damaged"),
    ("SQLITE_CORRUPT", "damaged"),
    ("SQLITE_FULL", "room"),
    ("08", "silent"),
    ("57P", "silent"),
    ("3D", "absent"),
    ("28", "right"),
    ("42501", "right"),
    ("55P03", "busy"),
    ("53", "room"),
    ("XX", "damaged"),
)
_DRIVERS = {"sqlite": "sqlite+pysqlite", "postgresql": "postgresql+psycopg"}


def database_url(
    home: Path, given: str | None, lang: str = "fr", name: str = "desk/register.sqlite"
) -> sa.URL:
    """Return the address of a database: the given one, else a file `name` in the data folder.

    Raises:
        BadRegister: no address, or of an engine that the migrations do not know.
    """
    if not given:
        file = home / name
        return sa.URL.create(_DRIVERS["sqlite"], database=str(file))
    try:
        url = sa.make_url(given)
        engine = url.get_backend_name()
    except ArgumentError as error:
        raise BadRegister(say("bad_url", lang)) from error
    if engine not in _DRIVERS or (engine == "sqlite" and url.database in (None, "", ":memory:")):
        raise BadRegister(say("bad_url", lang))
    return url.set(drivername=_DRIVERS[engine])


def shown(url: sa.URL) -> str:
    """Return an address as a person may read it: a file name, or an address without password."""
    if url.get_backend_name() == "sqlite":
        return str(url.database)
    return url.render_as_string(hide_password=True)


def why_not(error: BaseException | None) -> tuple[str, str]:
    """Return why a database does not serve (texts.yaml: database_…), and the code under which its
    engine knows that, for who keeps it: what a driver says is neither ours nor of any language.
    """
    own = getattr(error, "orig", None)
    code = getattr(own, "sqlite_errorname", None) or getattr(own, "sqlstate", None) or ""
    found = next((why for known, why in _WHY if code.startswith(known)), None)
    if found is None:
        # A server that cannot be reached has no code to give.
        found = "silent" if isinstance(error, OperationalError) and not code else "other"
    return found, code or "-"


def open_engine(url: sa.URL) -> sa.Engine:
    """Return an engine; each use opens a connection of its own, so that nothing stays open."""
    if url.get_backend_name() != "sqlite":
        arguments = {"connect_timeout": _PATIENCE}
        return sa.create_engine(url, poolclass=NullPool, connect_args=arguments)
    engine = sa.create_engine(url, poolclass=NullPool, connect_args={"timeout": _PATIENCE})

    # The driver begins transactions late and by guess: here each begins where it is said.
    @sa.event.listens_for(engine, "connect")
    def _by_hand(connection, _record):
        connection.isolation_level = None
        connection.execute(f"pragma synchronous = {SYNCHRONOUS}")

    @sa.event.listens_for(engine, "begin")
    def _begin(connection):
        writes = connection.get_execution_options().get("writes")
        connection.exec_driver_sql("begin immediate" if writes else "begin")

    return engine


def make_file(url: sa.URL) -> None:
    """Make the file of an SQLite register, for its own account alone, where there is none."""
    if url.get_backend_name() != "sqlite":
        return
    file = Path(url.database)
    file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    os.close(os.open(file, os.O_RDWR | os.O_CREAT, 0o600))


def keep_others_out(connection: sa.Connection) -> None:
    """Keep every other writer out until the transaction ends (SQLite does so when it begins). Not
    by a lock of the table: that takes the right to change it, which nobody needs.
    """
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql(
            "select pg_advisory_xact_lock(hashtextextended('vigie ' || current_schema(), 0))"
        )
