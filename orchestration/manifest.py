"""The parsed dbt project: parsed once per state of its sources, then read from disk in a fraction
of a second.

Two forms of the same thing: JSON for the graph of assets, dbt's own binary form for running. Both
are kept under the fingerprint of the sources, in `dbt_project/target` when made at set-up (`make
setup`), else in `$VIGIE_HOME/dbt`. Does not belong here: running dbt (dbt_runner.py).
"""

from __future__ import annotations

import json
import os
import tempfile
from functools import cache
from graphlib import TopologicalSorter
from pathlib import Path
from typing import TYPE_CHECKING, Any

from orchestration.fingerprint import project_fingerprint
from orchestration.settings import DBT_PROJECT, Settings

if TYPE_CHECKING:
    from dbt.contracts.graph.manifest import Manifest

AT_SETUP = DBT_PROJECT / "target"
CONSTANT = "constant"


def graph(settings: Settings) -> dict[str, Any]:
    """The manifest as dbt documents it (`manifest.json`)."""
    return json.loads(_file(settings, "json").read_text(encoding="utf-8"))


def runnable(settings: Settings) -> Manifest:
    """The manifest as `dbtRunner` takes it: nothing is parsed again."""
    from dbt.contracts.graph.manifest import Manifest

    manifest = Manifest.from_msgpack(_file(settings, "msgpack").read_bytes())
    manifest.build_flat_graph()
    return manifest


def parse(settings: Settings, folder: Path) -> None:
    """Parse the project and keep both forms in a folder; forms of earlier states are removed.

    Raises:
        BuildError: the project does not parse; the message is dbt's.
    """
    # dbt takes a second to import: only where it is needed.
    from orchestration.dbt_runner import invoke

    manifest = invoke(settings, ["parse"]).result
    gather(manifest)
    tag_constants(manifest)
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


def gather(manifest: Manifest) -> None:
    """Make each model that declares `meta: {gathers: <tag>}` come after all models with that tag.

    dbt learns what a model depends on while it parses, when no model knows of the others yet. A
    model that brings together whatever carries a tag would need a list of them by hand.
    """
    models = [node for node in manifest.nodes.values() if node.resource_type == "model"]
    for node in models:
        tag = node.config.meta.get("gathers")
        if tag is None:
            continue
        gathered = {other.unique_id for other in models if tag in other.config.tags}
        node.depends_on.nodes = sorted({*node.depends_on.nodes, *gathered})


def tag_constants(manifest: Manifest) -> None:
    """Tag what rests on seeds alone: tables and checks that no delivery can change, the law and the
    reference lists.

    A build that carries a release on by the same code has them already (dbt_runner.build).
    """

    @cache
    def is_constant(unique_id: str) -> bool:
        node = manifest.nodes.get(unique_id)
        return node is not None and _lasts(node) and all(map(is_constant, node.depends_on_nodes))

    for unique_id, node in manifest.nodes.items():
        if is_constant(unique_id):
            node.tags = [*node.tags, CONSTANT]


def constants(manifest: Manifest) -> list[Any]:
    """The nodes that are tagged so, each after those it rests on."""
    parents = {unique_id: node.depends_on_nodes for unique_id, node in manifest.nodes.items()}
    ordered = (manifest.nodes.get(name) for name in TopologicalSorter(parents).static_order())
    return [node for node in ordered if node is not None and CONSTANT in node.tags]


def _lasts(node: Any) -> bool:
    """Whether a node is part of the release; the work database is made anew by each build."""
    return node.resource_type in ("seed", "test") or (
        node.resource_type == "model" and node.database != "work"
    )


def _file(settings: Settings, kind: str) -> Path:
    for folder in (AT_SETUP, settings.dbt):
        file = folder / _name(kind)
        if file.is_file():
            return file
    parse(settings, settings.dbt)
    return settings.dbt / _name(kind)


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
