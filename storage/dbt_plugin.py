"""The databases of a build, opened for dbt with the key (dbt_project/profiles.yml names this
module). Without a key it does nothing, and dbt opens them itself.

With one, dbt gets a session in memory in which the databases of its profile are attached under
their names before it attaches them itself, which then finds them there. The key is in no setting of
dbt. Does not belong here: which databases these are (the profile).
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import duckdb
from dbt.adapters.duckdb.plugins import BasePlugin

from storage import databases, key


class Plugin(BasePlugin):
    """As dbt-duckdb asks for it: one object for a build, asked once for each connection."""

    def initialize(self, plugin_config: dict[str, Any]) -> None:
        """Nothing is opened yet."""
        self._file: Path | None = None

    def update_connection_config(self, creds: Any, config: dict[str, Any]) -> None:
        """Before dbt opens its database: in memory where there is a key."""
        if key.current() is not None and self._file is None:
            self._file = Path(creds.path)
            creds.path = ":memory:"
            config.update(databases.extension_options())

    def configure_connection(self, conn: duckdb.DuckDBPyConnection) -> None:
        """Attach what dbt is about to use."""
        if self._file is None:
            return
        # Its settings are compared at each connection: as they were.
        self.creds.path = str(self._file)
        databases.prepare(conn, key.required())
        databases.attach(conn, self._file, self._file.stem)
        for one in self.creds.attach or ():
            databases.attach(conn, one.path, one.alias, read_only=one.read_only)
        databases.use(conn, self._file.stem)

    def configure_cursor(self, cursor: duckdb.DuckDBPyConnection) -> None:
        """Each cursor looks in the candidate first, as it would have."""
        if self._file is not None:
            databases.use(cursor, self._file.stem)
