"""Any other database, by SQLAlchemy: the same mapping, rows in batches through its driver.

Belongs here: the snapshot as far as the database has one, how each writes a value as text. Tried
with SQLite and, by another road than ADBC, with PostgreSQL; for MySQL, MariaDB and Oracle the
driver must be installed and the delivery compared once with one from files. The text of an error
quotes the statement and its values: nothing of it is told or chained.
"""

from collections.abc import Generator, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, date, datetime, timedelta

import pyarrow as pa
import sqlalchemy as sa
from sqlalchemy.engine import URL

from ingest.errors import SourceError
from ingest.source.declared import SOURCE, XMIN, Source
from ingest.source.snapshot import Snapshot
from ingest.texts import said

BATCH = 50_000
# How a value becomes the text that the database itself writes.
_AS_TEXT = {"sqlite": "CAST(({x}) AS TEXT)", "mysql": "CAST(({x}) AS CHAR)",
            "mariadb": "CAST(({x}) AS CHAR)", "oracle": "TO_CHAR({x})"}
_ANY_TEXT = "CAST(({x}) AS VARCHAR)"
# One state for the whole delivery that nobody can write in, where it is asked for by a statement.
_BEGIN = {
    "sqlite": ("PRAGMA query_only = on", "BEGIN", "SELECT count(*) FROM sqlite_master"),
    "mysql": ("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ",
              "START TRANSACTION WITH CONSISTENT SNAPSHOT, READ ONLY"),
    "mariadb": ("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ",
                "START TRANSACTION WITH CONSISTENT SNAPSHOT, READ ONLY"),
    "oracle": ("ALTER SESSION SET NLS_DATE_FORMAT = 'YYYY-MM-DD'",
               "ALTER SESSION SET NLS_TIMESTAMP_FORMAT = 'YYYY-MM-DD\"T\"HH24:MI:SS.FF6'",
               "ALTER SESSION SET NLS_NUMERIC_CHARACTERS = '.,'",
               "SET TRANSACTION READ ONLY"),
    "postgresql": ("SET client_encoding = 'UTF8'", "SET DateStyle = 'ISO, YMD'",
                   "SET TimeZone = 'UTC'", "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"),
}


class OtherSession:
    """See `session.Session`."""

    may_break_text = True

    def __init__(self, source: Source, connection: sa.Connection):
        self._source, self._connection = source, connection
        dialect = connection.dialect.name
        if dialect not in _BEGIN:
            raise SourceError("dialect", where=f"{source.name}/{SOURCE}", dialect=dialect,
                              known=", ".join(sorted(_BEGIN)))
        self._text = _AS_TEXT.get(dialect, _ANY_TEXT)
        for statement in _BEGIN[dialect]:
            self._run(statement)
        self.snapshot = Snapshot(datetime.now(UTC), dialect, None, None, timedelta(0))

    @classmethod
    @contextmanager
    def opened(cls, source: Source, url: URL) -> Iterator["OtherSession"]:
        """The database at an address. Errors: SourceError."""
        where = f"{source.name}/{SOURCE}"
        try:
            if url.get_backend_name() == "sqlite" and url.database:
                # The driver would make an empty database of a name that is wrong.
                url = url.set(database=f"file:{url.database}", query={"mode": "ro", "uri": "true"})
            engine = sa.create_engine(url, poolclass=sa.NullPool, hide_parameters=True)
        except Exception:
            raise SourceError("no_driver", where=where) from None
        try:
            connection = engine.connect().execution_options(isolation_level="AUTOCOMMIT")
        except Exception:
            raise SourceError("out_of_reach", where=where) from None
        try:
            yield cls(source, connection)
        finally:
            with suppress(Exception):
                connection.close()

    def as_text(self, expression: str) -> str:
        return self._text.format(x=expression)

    def changed(self, column: str, mark: str) -> str:
        # Only columns that are numbers have marks that are.
        number = mark.removeprefix("-").isdigit()
        return f"({column}) >= {mark if number else _quoted(mark)}"

    def mark(self, table: str, column: str, overlap: timedelta | int) -> str | None:
        where = f"{self._source.name}/{SOURCE}"
        if column == XMIN:
            raise SourceError("xmin_of_postgresql", where=where, xmin=XMIN)
        try:
            found = self._connection.exec_driver_sql(
                f"SELECT max({column}) FROM {table}").scalar()
            return None if found is None else _less(found, overlap)
        except (TypeError, ValueError):
            raise SourceError("overlap_of_other_kind", where=where, column=column) from None
        except Exception as error:
            raise _told(error, where) from None

    def batches(self, sql: str, names: list[str], where: str) -> Generator[pa.RecordBatch]:
        schema = pa.schema([(name, pa.string()) for name in names])
        try:
            # As they come: some drivers would otherwise fetch every row before the first.
            result = self._connection.exec_driver_sql(
                sql, execution_options={"stream_results": True})
            while rows := result.fetchmany(BATCH):
                yield pa.RecordBatch.from_arrays(
                    [pa.array(column, pa.string()) for column in zip(*rows, strict=True)],
                    schema=schema)
        except GeneratorExit:
            raise
        except (UnicodeError, pa.ArrowInvalid):
            raise SourceError("told", where=where, reason=said("database.no_utf8")) from None
        except Exception as error:
            raise _told(error, where) from None

    def broken(self, sql: str) -> bool:
        try:
            self._connection.exec_driver_sql(sql).fetchall()
        except Exception:
            return True
        return False

    def _run(self, statement: str) -> None:
        try:
            self._connection.exec_driver_sql(statement)
        except Exception as error:
            raise _told(error, f"{self._source.name}/{SOURCE}") from None


def _less(found: object, overlap: timedelta | int) -> str:
    """A highest value less the overlap, as text; of a moment in the future, now. Errors: TypeError,
    ValueError.
    """
    if isinstance(found, str):  # SQLite writes moments as text
        sign = found[10:11] or "T"
        return (_past(datetime.fromisoformat(found)) - overlap).isoformat(sep=sign)
    if isinstance(found, datetime):
        found = _past(found)
    elif isinstance(found, date):
        found = min(found, datetime.now(UTC).date())
    if isinstance(found, (datetime, date, int)) and not isinstance(found, bool):
        less = found - overlap
        return less.isoformat(sep=" ") if isinstance(less, datetime) else str(less)
    raise TypeError


def _past(moment: datetime) -> datetime:
    now = datetime.now(UTC)
    return min(moment, now if moment.tzinfo else now.replace(tzinfo=None))


def _quoted(value: str) -> str:
    return "'" + value.replace("'", "''") + "'"


def _told(error: Exception, where: str) -> SourceError:
    if isinstance(error, SourceError):
        return error
    # The one the driver knows by name; which key it is, is sought by asking for each alone.
    refused = isinstance(error, (sa.exc.ProgrammingError, sa.exc.OperationalError)) and not getattr(
        error, "connection_invalidated", False)
    reason = said("database.mapping" if refused else "database.lost_or_stopped")
    return SourceError("told", refused, where=where, reason=reason)
