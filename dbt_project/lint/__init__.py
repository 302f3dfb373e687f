"""What dbt gives to SQL and sqlfluff's emulation of dbt lacks, for lint alone.

Named by `.sqlfluff` (library_path); the project itself never uses it.
"""

from types import SimpleNamespace

from . import adapter

__all__ = ["adapter", "env_var", "run_query"]


def env_var(name: str, default: str = "") -> str:
    """The default of a setting: lint looks the same on every machine."""
    return default or name


def run_query(query: str) -> SimpleNamespace:
    """An answer of zeros to whatever the database is asked: lint has none."""
    return SimpleNamespace(rows=[(0, 0)])
