"""What we use of the insides of Dagster and dbt, and why: they may change without notice, so each
name is listed here and looked at when a pin moves.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from tests.contract.test_architecture import PACKAGES, PROJECT

THEIRS = ("dagster", "dagster_dbt", "dagster_shared", "dagster_webserver", "dbt")
#: dbt's only promised interface for programs; everything of Dagster without an underscore.
PROMISED = {"dbt.cli.main.dbtRunner"}
REASONS = {
    "dagster._core.storage.event_log.SqliteEventLogStorage": (
        "its record of events opens a file anew for each of 700 events; ours keeps it open"
    ),
    "dagster._core.workspace.context.WorkspaceProcessContext": (
        "its web server stands behind our guard, in a process of ours: what its own command makes"
    ),
    "dagster._core.workspace.load_target.ModuleTarget": "as above: which graph the server shows",
    "dagster_webserver.webserver.DagsterWebserver": "as above: the server itself",
    "dagster_dbt.asset_utils.get_asset_check_key_for_test": (
        "which check a dbt test is: its own events come from dbt in another process"
    ),
    "dbt.adapters.duckdb.plugins.BasePlugin": (
        "dbt opens the databases of a build by a plugin of ours, which knows the key"
    ),
    "dbt.contracts.graph.manifest.Manifest": "the parsed project is kept in dbt's own binary form",
    "dbt.adapters.factory.reset_adapters": "the candidate is renamed next: dbt lets go of it",
    "dbt.adapters.factory.get_adapter_by_type": "Ctrl-C interrupts the queries of dbt",
    "dbt.adapters.duckdb.connections.DuckDBConnectionManager": (
        "the candidate is renamed next: dbt lets go of it"
    ),
}


def names() -> Iterator[tuple[str, str]]:
    """(file, name) of everything imported from Dagster or dbt."""
    for package in PACKAGES:
        for file in (PROJECT / package).rglob("*.py"):
            for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
                found = []
                if isinstance(node, ast.Import):
                    found = [alias.name for alias in node.names]
                elif isinstance(node, ast.ImportFrom) and node.module:
                    found = [f"{node.module}.{alias.name}" for alias in node.names]
                for name in found:
                    if name.split(".")[0] in THEIRS:
                        yield str(file.relative_to(PROJECT)), name


def is_private(name: str) -> bool:
    """A name with an underscore in front somewhere; of dbt and of dagster_dbt's modules, any that
    is not promised.
    """
    parts = name.split(".")
    if any(part.startswith("_") for part in parts):
        return True
    if parts[0] == "dbt":
        return name not in PROMISED
    return parts[0] in THEIRS[1:] and len(parts) > 2


def test_nothing_private_is_used_without_a_reason():
    used = {name: file for file, name in names() if is_private(name)}
    assert {f"{file}: {name}" for name, file in used.items() if name not in REASONS} == set()
    assert set(REASONS) - set(used) == set()


def test_nothing_of_them_is_patched():
    """No assignment to an attribute of a module or class that comes from them."""
    wrong = []
    for package in PACKAGES:
        for file in (PROJECT / package).rglob("*.py"):
            tree = ast.parse(file.read_text(encoding="utf-8"))
            theirs = {
                alias.asname or alias.name.split(".")[0]
                for node in ast.walk(tree)
                if isinstance(node, (ast.Import, ast.ImportFrom))
                and (getattr(node, "module", None) or node.names[0].name).split(".")[0] in THEIRS
                for alias in node.names
            }
            wrong += [
                f"{file.relative_to(PROJECT)}:{node.lineno}"
                for node in ast.walk(tree)
                if isinstance(node, (ast.Assign, ast.AugAssign))
                for target in (node.targets if isinstance(node, ast.Assign) else [node.target])
                if isinstance(target, ast.Attribute)
                and isinstance(target.value, ast.Name)
                and target.value.id in theirs
            ]
    assert wrong == []
