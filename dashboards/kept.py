"""A small database of the pages, outside the releases: SQLite in the data folder, or PostgreSQL.

Belongs here: opening it, bringing its tables up to date, who writes. Does not belong here: its
tables and what they mean (notebook, notices).
"""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import sqlalchemy as sa

from exports.register.database import database_url, make_file, open_engine, shown


class Kept:
    """A database of a data folder; `url` is one of SQLAlchemy, a file where none is given.

    `name`: of its folder and file; `migrations`: its steps, for alembic.

    Raises (each operation):
        exports.register.errors.BadRegister: the address is none.
        sqlalchemy.exc.SQLAlchemyError: the database does not open.
    """

    name: str
    migrations: Path

    def __init__(self, home: Path, url: str | None = None) -> None:
        self.home = Path(home)
        self.url = database_url(self.home, url, name=f"{self.name}/{self.name}.sqlite")
        self.engine = open_engine(self.url)
        self._is_current = False

    @property
    def where(self) -> str:
        """Return where it lies, as a person may read it."""
        return shown(self.url)

    @contextmanager
    def writing(self) -> Iterator[sa.Connection]:
        """A transaction that writes."""
        writer = self.engine.connect().execution_options(writes=True)
        with writer as connection, connection.begin():
            yield connection

    @contextmanager
    def erasing(self) -> Iterator[sa.Connection]:
        """A transaction that takes lines away and leaves nothing of them in the file."""
        with self.writing() as connection:
            if self.url.get_backend_name() == "sqlite":
                # Else the text stays in the file until something is written over it.
                connection.exec_driver_sql("pragma secure_delete = on")
            yield connection

    def exists(self) -> bool:
        """Whether something was ever written."""
        if self.url.get_backend_name() != "sqlite":
            return True
        return Path(self.url.database).is_file()

    def prepare(self) -> None:
        """Bring the tables up to date, once in the life of this object; one process at a time."""
        if self._is_current:
            return
        # Late: seconds that a page which shows nothing of it need not wait for.
        from alembic import command
        from alembic.config import Config

        config = Config()
        config.set_main_option("script_location", str(self.migrations).replace("%", "%%"))
        with self._alone():
            make_file(self.url)
            with self.writing() as connection:
                config.attributes["connection"] = connection
                command.upgrade(config, "head")
        self._is_current = True

    @contextmanager
    def _alone(self) -> Iterator[None]:
        folder = self.home / self.name
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        handle = os.open(folder / f"{self.name}.lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX)
            yield
        finally:
            os.close(handle)
