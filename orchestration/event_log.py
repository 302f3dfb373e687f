"""The orchestrator's record of events, in its own SQLite files, over connections that are kept.

Dagster's SQLite storage makes an engine, opens and closes the file for each event: 30 ms and more,
700 times a run. This is the same storage (files, tables, queries are Dagster's) over engines that
stay; dagster.yaml names it (instance.py), for the command line and the interface alike.
"""

from __future__ import annotations

import sqlite3
import threading
from collections import OrderedDict
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Any

from dagster._core.storage.event_log import SqliteEventLogStorage
from sqlalchemy import Connection, Engine, create_engine, event, text

# Of the files of single runs; the interface may look at many.
_KEPT = 4
_INDEX = "index"
_BUSY_SECONDS = 30


class EventLog(SqliteEventLogStorage):
    """Dagster's storage over kept engines, for one process."""

    def __init__(self, base_dir: str, inst_data: Any = None) -> None:
        self._engines: OrderedDict[str, Engine] = OrderedDict()
        # Reentrant: what is logged while a file is made may itself become an event.
        self._one_at_a_time = threading.RLock()
        self._tables: set[str] = set()
        super().__init__(base_dir, inst_data)

    @classmethod
    def from_config_value(cls, inst_data: Any, config_value: dict[str, str]) -> EventLog:
        """As the orchestrator makes it from dagster.yaml."""
        return cls(inst_data=inst_data, **config_value)

    def run_connection(self, run_id: str | None = None) -> AbstractContextManager[Connection]:
        """A transaction on the file of a run."""
        return self._transaction(run_id, lambda: super(EventLog, self).run_connection(run_id))

    def index_connection(self) -> AbstractContextManager[Connection]:
        """A transaction on the file that all runs share."""
        return self._transaction(_INDEX, super().index_connection)

    def has_table(self, table_name: str) -> bool:
        """Whether the shared file has a table; asked for each check, and none is ever dropped."""
        if table_name not in self._tables and super().has_table(table_name):
            self._tables.add(table_name)
        return table_name in self._tables

    def forget(self, run_id: str) -> None:
        """Let go of the file of a run, which is about to be removed, and remove what is left of it
        in the shared one: the results of its checks, which Dagster keeps for ever.
        """
        with self._one_at_a_time:
            if engine := self._engines.pop(run_id, None):
                engine.dispose()
        with self.index_connection() as connection:
            results = "delete from asset_check_executions where run_id = :run_id"
            connection.execute(text(results), {"run_id": run_id})

    def dispose(self) -> None:
        """Close what is kept."""
        for engine in self._engines.values():
            engine.dispose()
        self._engines.clear()
        super().dispose()

    @contextmanager
    def _transaction(
        self, shard: str, make: Callable[[], AbstractContextManager[Connection]]
    ) -> Iterator[Connection]:
        with self._one_at_a_time:
            engine = self._engines.get(shard)
            if engine is None:
                with make():  # makes the file and its tables where there are none
                    pass
                engine = create_engine(
                    self.conn_string_for_shard(shard), connect_args={"timeout": _BUSY_SECONDS}
                )
                event.listen(engine, "connect", _without_waiting)
                self._engines[shard] = engine
                for name in [name for name in self._engines if name != _INDEX][:-_KEPT]:
                    self._engines.pop(name).dispose()
            with engine.begin() as connection:
                yield connection


def _without_waiting(connection: sqlite3.Connection, _: object) -> None:
    """Whole after a crash of the process, and after a loss of power but for the last moments."""
    connection.execute("pragma synchronous = normal")
