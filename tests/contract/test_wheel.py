"""The wheel holds every file of our packages, and they read nothing beside them; the lock of an
installation is the part of the whole lock that Vigie needs to run.
"""

from __future__ import annotations

import re
import tomllib
import zipfile
from pathlib import Path

import pytest

from tests.wheel import NOT_SHIPPED, PACKAGES, PROJECT

pytestmark = pytest.mark.xdist_group("wheel")
DECLARED = tomllib.loads((PROJECT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
#: Looked at to know whether this is a checkout.
OF_A_CHECKOUT = {".git"}
_PIN = re.compile(r"^([a-z0-9._-]+)==(\S+) \\\n((?:    --hash=sha256:\w{64}(?: \\)?\n)+)", re.M)
_NAMED = re.compile(r"(\b_?PROJECT|\b_?ROOT|parents\[1\]|parent\.parent)\)? / \"([^\"/]+)\"")


def shipped() -> dict[str, int]:
    """Path and size of every file of our packages."""
    return {
        str(file.relative_to(PROJECT)): file.stat().st_size
        for package in PACKAGES
        for file in (PROJECT / package).rglob("*")
        if file.is_file() and not NOT_SHIPPED.intersection(file.relative_to(PROJECT).parts)
    }


def pins(lock: str) -> dict[str, tuple[str, str]]:
    """What a lock holds: name → version and hashes."""
    text = (PROJECT / "requirements" / lock).read_text(encoding="utf-8")
    return {name: (number, hashes.replace("\\", "")) for name, number, hashes in _PIN.findall(text)}


def name_of(requirement: str) -> str:
    return re.split(r"[\[<>=!~; ]", requirement)[0].lower()


def test_every_file_of_our_packages_is_in_the_wheel_and_nothing_else(wheel):
    with zipfile.ZipFile(wheel) as archive:
        inside = {one.filename: one.file_size for one in archive.infolist()}
    beside = (f"vigie-{DECLARED['version']}.dist-info/", f"vigie-{DECLARED['version']}.data/")
    packages = {name: size for name, size in inside.items() if not name.startswith(beside)}
    assert packages == shipped()
    kinds = {Path(name).suffix for name in packages}
    assert {".py", ".sql", ".yml", ".yaml", ".csv", ".json", ".typ", ".svg", ".toml"} <= kinds
    share = {name.partition("/share/")[2] for name in inside if "/share/" in name}
    assert "doc/vigie/docs/runbook/run-failed.md" in share
    deployed = [one for one in (PROJECT / "deploy").rglob("*") if one.is_file()]
    assert {f"vigie/{one.relative_to(PROJECT)}" for one in deployed} <= share


def test_a_change_of_the_source_would_be_seen(wheel):
    """The comparison is of this wheel with these files, not of two empty lists."""
    names = shipped()
    assert len(names) > 900
    assert "dashboards/.streamlit/config.toml" in names
    assert "exports/register/migrations/versions/0001_events.py" in names
    assert DECLARED["version"] in wheel.name


def test_no_module_reads_beside_our_packages():
    """What a module names behind the folder of all packages is one of them: an installation has
    nothing else there."""
    # There the name is that of the dbt project.
    also = {PROJECT / "law" / "engine.py": PROJECT / "dbt_project"}
    named = {
        (file.parents[1] if base.startswith("parent") else also.get(file, PROJECT)) / name
        for package in PACKAGES
        for file in (PROJECT / package).rglob("*.py")
        for base, name in _NAMED.findall(file.read_text(encoding="utf-8"))
    }
    assert PROJECT / "dbt_project" in named
    firsts = {one.relative_to(PROJECT).parts[0] for one in named}
    assert firsts - set(PACKAGES) == OF_A_CHECKOUT


def test_the_lock_of_an_installation_is_a_part_of_the_whole_lock():
    run, everything = pins("run.txt"), pins("all.txt")
    assert len(run) > 100
    assert {name for name, pin in run.items() if everything.get(name) != pin} == set()


def test_the_lock_of_an_installation_has_what_runs_and_no_tool_of_ours():
    run = set(pins("run.txt"))
    needed = {name_of(one) for one in DECLARED["dependencies"]}
    extras = {name_of(one) for names in DECLARED["optional-dependencies"].values() for one in names}
    assert needed - run == set()
    assert {"pytest", "ruff", "sqlfluff", "hypothesis", "selenium"} <= extras - run
