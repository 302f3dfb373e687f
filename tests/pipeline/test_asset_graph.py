"""The asset graph, pinned: what depends on what, which checks, what starts runs.

A change of the graph is meant to be seen in review. When it is wanted:
`VIGIE_UPDATE_SNAPSHOTS=1 make test`, then read the difference.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from orchestration.assets import ACCEPTANCE

SNAPSHOT = Path(__file__).with_name("asset_graph.txt")


@pytest.fixture(scope="module")
def repository(tmp_path_factory):
    from orchestration.definitions import build_defs

    return build_defs({"home": tmp_path_factory.mktemp("home")}).get_repository_def()


def describe(repository) -> str:
    graph = repository.asset_graph
    lines = []
    for key in sorted(graph.get_all_asset_keys()):
        node = graph.get(key)
        parents = ", ".join(sorted(parent.to_user_string() for parent in node.parent_keys))
        lines.append(f"{key.to_user_string()} [{node.group_name}] <- {parents or '-'}")
        checks = sorted(check.name for check in graph.get_check_keys_for_assets({key}))
        lines += [f"    check {name}" for name in checks]
    lines += [f"job {name}" for name in sorted(repository.job_names) if not name.startswith("__")]
    lines += [
        f"schedule {each.name}: {each.cron_schedule} {each.execution_timezone}"
        for each in repository.schedule_defs
    ]
    lines += sorted(f"sensor {each.name}" for each in repository.sensor_defs)
    return "\n".join(lines) + "\n"


def test_the_graph_is_as_pinned(repository):
    found = describe(repository)
    if os.environ.get("VIGIE_UPDATE_SNAPSHOTS"):
        SNAPSHOT.write_text(found, encoding="utf-8")
    assert found == SNAPSHOT.read_text(encoding="utf-8")


def test_every_table_that_leaves_leads_to_the_release(repository):
    graph = repository.asset_graph
    release = next(key for key in graph.get_all_asset_keys() if key.path == ["release"])
    parents = graph.get(release).parent_keys
    tables = {
        key
        for key in graph.get_all_asset_keys()
        if key.path[0] not in ("raw", "release", "first_statistics", "previous_release")
    }
    assert tables
    assert tables <= parents


def test_a_broken_extract_is_seen_at_its_own_asset(repository):
    graph = repository.asset_graph
    # `acceptance` is a step that fails, not a thing that is looked at.
    keys = graph.get_all_asset_keys() - {ACCEPTANCE}
    extracts = [key for key in keys if key.path[0] == "raw"]
    assert len(extracts) == 27
    for key in extracts:
        assert len(graph.get_check_keys_for_assets({key})) >= 1
