"""PostgreSQL by ADBC: rows come as Arrow batches, in one repeatable-read, read-only transaction.

Belongs here: the transaction, what the server says of its snapshot, and what its errors mean. A
driver's text quotes the query, the address and rows: only the SQLSTATE and words of the system are
looked for in it, nothing of it is told or chained.

`xmin`, the transaction that wrote a row, tells changes without a gap: every transaction that had
not ended when a snapshot was taken has a number from `pg_snapshot_xmin` on, however late it
commits and whenever it began. Numbers are compared by age, as the server does, so that they may
wrap around; no more than 2^31 transactions may lie between two deliveries.
"""

import re
from collections.abc import Callable, Generator, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from typing import Any

import adbc_driver_postgresql.dbapi as driver
import pyarrow as pa
from sqlalchemy.engine import URL

from ingest.errors import SourceError
from ingest.source.declared import SOURCE, XMIN, Source
from ingest.source.snapshot import Snapshot
from ingest.texts import said

_TURN = 1 << 32
# What a database calls an encoding that it does not know.
_UNSAID = "SQL_ASCII"
# Of a transaction that failed: its connection stands.
_FAILED = "25P02"
_SETTINGS = ("SET client_encoding = 'UTF8'", "SET DateStyle = 'ISO, YMD'", "SET TimeZone = 'UTC'",
             "SET extra_float_digits = 1", "SET IntervalStyle = 'postgres'",
             "SET bytea_output = 'hex'", "SET lock_timeout = '30s'",
             "SET application_name = 'vigie'", "SET default_transaction_read_only = on")
# Before the snapshot: what begins after this question begins after its moment.
_RUNNING = """SELECT coalesce(max(extract(epoch FROM clock_timestamp() - xact_start)), 0)::text
    FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"""
_SNAPSHOT = """SELECT pg_snapshot_xmin(pg_current_snapshot())::text,
    pg_snapshot_xmax(pg_current_snapshot())::text, current_setting('server_encoding'),
    (SELECT oid::text FROM pg_database WHERE datname = current_database())"""
_IDENTITY = "SELECT system_identifier::text FROM pg_control_system()"
# What the server means by an SQLSTATE, by its longest beginning (`database.…` of texts.yaml).
_STATES = {
    "42501": "no_right",
    "42": "mapping",
    "21": "mapping",
    "22021": "no_utf8",
    "22P05": "no_utf8",
    "22": "value",
    "40": "snapshot",
    "53100": "disk",
    "53": "busy",
    "55P03": "locked",
    "57014": "stopped",
}
# Why no connection comes about, by words of the client library.
_NO_CONNECTION = (
    ("authentication failed|no password supplied", "password"),
    ('database ".*" does not exist', "no_database"),
    ('role ".*" does not exist', "no_account"),
    ("pg_hba", "no_entry"),
    ("refused|No such file", "no_answer"),
    ("could not translate host name", "no_host"),
    ("time(d )?out", "late"),
    ("too many|slots are reserved", "full"),
    ("starting up|shutting down", "starting"),
    ("SSL|certificate", "no_encryption"),
)


class PostgresSession:
    """See `session.Session`. The driver is called in one thread of its own: in the main thread it
    takes Ctrl-C for itself, and the next batch comes while the last one is being written.
    """

    def __init__(self, source: Source, connection, worker: ThreadPoolExecutor):
        self._source, self._connection, self._worker = source, connection, worker
        for setting in _SETTINGS:
            self._run(setting)
        running = timedelta(seconds=float(self._row(_RUNNING)[0]))
        identity = ""
        with suppress(SourceError):  # some servers keep it from ordinary accounts
            identity = self._row(_IDENTITY)[0]
        self._run("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
        oldest, following, encoding, database = self._row(_SNAPSHOT)
        self.may_break_text = encoding == _UNSAID
        if self.may_break_text:
            # It converts nothing, and would stop at the first text that is not UTF-8.
            self._run(f"SET client_encoding = '{_UNSAID}'")
        self.snapshot = Snapshot(datetime.now(UTC), f"{identity}/{database}", int(oldest),
                                 int(following), running)

    @classmethod
    @contextmanager
    def opened(cls, source: Source, url: URL) -> Iterator["PostgresSession"]:
        """The database at an address. Errors: SourceError."""
        uri = url.set(drivername="postgresql").update_query_dict(
            {} if "connect_timeout" in url.query else {"connect_timeout": "20"})
        with ThreadPoolExecutor(1) as worker:
            try:
                connection = worker.submit(driver.connect,
                                           uri.render_as_string(hide_password=False),
                                           autocommit=True).result()
            except Exception as error:
                raise _no_connection(source, str(error)) from None
            try:
                yield cls(source, connection, worker)
            finally:
                with suppress(Exception):  # it may be broken already
                    worker.submit(connection.close).result()

    def as_text(self, expression: str) -> str:
        return f"CAST(({expression}) AS text)"

    def changed(self, column: str, mark: str) -> str:
        if column == XMIN:
            return f"age(xmin) <= age('{int(mark) % _TURN}'::xid)"
        return f"({column}) >= '{mark}'"

    def mark(self, table: str, column: str, overlap: timedelta | int) -> str | None:
        if column == XMIN:
            return str(self.snapshot.oldest)
        if isinstance(overlap, timedelta):
            # A transaction may have taken its time when it began and commit only after us.
            back = (overlap + self.snapshot.running).total_seconds()
            # A row dated in the future must not hide all that come before its day.
            highest, less = f"least(max({column}), now())", f"INTERVAL '{back:.6f} seconds'"
        else:
            highest, less = f"max({column})", str(overlap)
        return self._row(f"SELECT {self.as_text(f'{highest} - {less}')} FROM {table}")[0]

    def batches(self, sql: str, names: list[str], where: str) -> Generator[pa.RecordBatch]:
        cursor = self._connection.cursor()
        try:
            reader = self._call(_opened, cursor, sql)
            following = self._worker.submit(next, reader, None)
            while (batch := self._wait(following)) is not None:
                following = self._worker.submit(next, reader, None)
                yield pa.RecordBatch.from_arrays(batch.columns, names=names)
        except Exception as error:
            if not getattr(error, "sqlstate", None) and self._stands():
                # The driver does not say why, once rows have begun to come.
                raise SourceError("told", where=where, reason=said("database.half_way")) from None
            raise _told(error, where) from None
        except GeneratorExit:  # nobody wants the rest: the thread must not go on reading it
            self._cancel()
            raise
        finally:
            with suppress(Exception):
                self._call(cursor.close)

    def _stands(self) -> bool:
        """Whether the server still answers, if only that the transaction has failed."""
        try:
            self._call(_executed, self._connection, "SELECT 1")
        except Exception as error:
            return getattr(error, "sqlstate", None) == _FAILED
        return True

    def broken(self, sql: str) -> bool:
        # A transaction that failed answers nothing more; nothing is read after this.
        with suppress(SourceError):
            self._run("ROLLBACK")
        try:
            self._row_or_none(sql)
        except SourceError:
            return True
        return False

    def _run(self, statement: str) -> None:
        self._row_or_none(statement)

    def _row(self, sql: str) -> tuple:
        return self._row_or_none(sql)

    def _row_or_none(self, sql: str) -> tuple | None:
        try:
            return self._call(_executed, self._connection, sql)
        except Exception as error:
            raise _told(error, f"{self._source.name}/{SOURCE}") from None

    def _call(self, function: Callable, *arguments: object) -> Any:
        return self._wait(self._worker.submit(function, *arguments))

    def _wait(self, called: Future) -> Any:
        try:
            return called.result()
        except Exception:
            raise
        except BaseException:  # a person stopped it
            self._cancel()
            raise

    def _cancel(self) -> None:
        with suppress(Exception):
            self._connection.adbc_cancel()


def _opened(cursor: Any, sql: str) -> Any:
    cursor.execute(sql)
    return cursor.fetch_record_batch()


def _executed(connection: Any, sql: str) -> tuple | None:
    """The first row of a query, or None for a statement that has none."""
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return cursor.fetchone() if cursor.description else None


def _told(error: Exception, where: str) -> SourceError:
    """An error of the driver as one sentence, without its text."""
    state = getattr(error, "sqlstate", None) or ""
    for length in (5, 2):
        if reason := _STATES.get(state[:length]):
            is_refused = state[:2] in ("42", "21") and state != "42501"
            return SourceError("told_state", is_refused, where=where, state=state,
                               reason=said(f"database.{reason}"))
    if not state or state[:2] in ("08", "57"):
        return SourceError("told", where=where, reason=said("database.lost"))
    return SourceError("told_state", where=where, state=state, reason=said("database.refuses"))


def _no_connection(source: Source, told: str) -> SourceError:
    reason = next((reason for words, reason in _NO_CONNECTION if re.search(words, told)),
                  "no_driver")
    return SourceError("no_connection", where=f"{source.name}/{SOURCE}",
                       reason=said(f"database.{reason}"))
