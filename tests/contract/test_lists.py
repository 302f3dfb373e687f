"""The lists of the project: tests that look at seeds, or at models that rest on seeds alone, find
the same whatever is delivered. They are run here, once, and left out of a build.
"""

from __future__ import annotations

from datetime import date
from functools import cache
from typing import Any

import pytest

from orchestration import manifest
from orchestration.dbt_command import invoke
from orchestration.settings import Settings
from tests.unit import workbench

pytestmark = pytest.mark.xdist_group("lists")


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory):
    return tmp_path_factory.mktemp("lists")


@pytest.fixture(scope="module")
def nodes(home) -> dict[str, dict[str, Any]]:
    return manifest.graph(Settings.from_env(home=home, statistics=""))["nodes"]


def is_left_out(node: dict[str, Any]) -> bool:
    """As the build selects (orchestration/dbt_runner.py)."""
    is_list = node["original_file_path"].startswith("seeds/") or "lists" in node["tags"]
    return node["resource_type"] == "test" and is_list


def test_what_looks_at_lists_alone_is_left_out_of_a_build_and_nothing_else(nodes):
    """A test in a YAML of seeds/ is left out by its place, any other by the tag `lists`."""

    @cache
    def rests_on_seeds(name: str) -> bool:
        node = nodes.get(name)
        if node is None or node["resource_type"] == "seed":
            return node is not None
        return bool(parents := node["depends_on"]["nodes"]) and all(map(rests_on_seeds, parents))

    wrong = [
        f"{node['name']} ({node['original_file_path']}): "
        + ("needs the tag lists" if rests_on_seeds(name) else "looks at what is delivered")
        for name, node in nodes.items()
        if node["resource_type"] == "test" and rests_on_seeds(name) != is_left_out(node)
    ]
    assert wrong == []


def test_lists_hold_what_is_said_of_them(home, nodes):
    workbench.write_history(home, {}, as_of=date(2026, 9, 30))
    settings = Settings.from_env(home=home, statistics="")
    outcome = invoke(
        settings,
        [
            *("build", "--exclude-resource-type", "unit_test", "--no-write-json"),
            *("--select", "path:seeds", "+tag:lists", "--indirect-selection", "cautious"),
        ],
        manifest=manifest.runnable(settings),
    )
    results = outcome.result.results
    found = [f"{r.node.name}: {r.message}" for r in results if r.status not in ("success", "pass")]
    assert found == []
    tested = {result.node.unique_id for result in results if result.node.resource_type == "test"}
    assert tested == {name for name, node in nodes.items() if is_left_out(node)}
