"""What sqlfluff needs of dbt's `adapter`, and its own emulation of dbt does not give.

Lint reads the form of SQL, not its meaning: a dispatched macro is shown to it as a plain function
call. Loaded by `.sqlfluff` (library_path); the project itself never uses this.
"""

from collections.abc import Callable


def dispatch(macro: str) -> Callable[..., str]:
    """The macro as an SQL function of the same name."""

    def call(*arguments: object) -> str:
        return f"{macro}({', '.join(str(argument) for argument in arguments)})"

    return call


def get_relation(database: str, schema: str, identifier: str) -> str:
    """A table by its place."""
    return f"{database}.{schema}.{identifier}"
