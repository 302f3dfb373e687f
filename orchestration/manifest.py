"""The parsed dbt project: parsed once per state of its sources, then read from disk in a fraction
of a second.

Two forms of the same thing: JSON for the graph of assets, dbt's own binary form for running. Both
are kept under the fingerprint of the sources, in `dbt_project/target` when made at set-up (`make
setup`), else in `$VIGIE_HOME/dbt`. Does not belong here: running dbt (dbt_command.py).
"""

from __future__ import annotations

import contextlib
import json
import os
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from orchestration.dbt_command import invoke
from orchestration.fingerprint import project_fingerprint
from orchestration.settings import DBT_PROJECT, Settings

if TYPE_CHECKING:
    from dbt.contracts.graph.manifest import Manifest

AT_SETUP = DBT_PROJECT / "target"


def graph(settings: Settings) -> dict[str, Any]:
    """The manifest as dbt documents it (`manifest.json`)."""
    return _read(settings, "json", json.loads)


def runnable(settings: Settings) -> Manifest:
    """The manifest as `dbtRunner` takes it: nothing is parsed again."""
    from dbt.contracts.graph.manifest import Manifest

    manifest = _read(settings, "msgpack", Manifest.from_msgpack)
    manifest.build_flat_graph()
    return manifest


def parse(settings: Settings, folder: Path) -> None:
    """Parse the project and keep both forms in a folder; forms of earlier states are removed.

    Raises:
        BuildError: the project does not parse; the message is dbt's.
    """
    # dbt takes a second to import: only where it is needed.
    manifest = invoke(settings, ["parse"]).result
    binary = manifest.to_msgpack()
    text = json.dumps(manifest.writable_manifest().to_dict(), default=str)
    folder.mkdir(parents=True, exist_ok=True)
    for kind, content in (("msgpack", binary), ("json", text.encode())):
        target = folder / _name(kind)
        draft = target.with_suffix(f".{os.getpid()}.tmp")
        draft.write_bytes(content)
        draft.replace(target)
    for kind in ("msgpack", "json"):
        for file in folder.glob(f"vigie-*.{kind}"):
            if file.name != _name(kind):
                file.unlink(missing_ok=True)


def _read(settings: Settings, kind: str, load: Callable[[bytes], Any]) -> Any:
    """One of the forms; where none is there, or it is damaged, the project is parsed again."""
    for folder in (AT_SETUP, settings.dbt):
        # Whatever is wrong with a copy, there is another way to it.
        with contextlib.suppress(Exception):
            return load((folder / _name(kind)).read_bytes())
    parse(settings, settings.dbt)
    return load((settings.dbt / _name(kind)).read_bytes())


def _name(kind: str) -> str:
    return f"vigie-{project_fingerprint()[:16]}.{kind}"


def main() -> None:
    """At set-up: parse the project once, unless its present state is parsed already."""
    if all((AT_SETUP / _name(kind)).is_file() for kind in ("msgpack", "json")):
        return
    with tempfile.TemporaryDirectory() as home:
        parse(Settings.from_env(home=home), AT_SETUP)


if __name__ == "__main__":
    main()
