"""A folder that this account may not look into, for real: nothing in it is taken for nothing being
there. Root sees everything: it gives that right up for the time of a test."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.worlds import copy_of

pytestmark = pytest.mark.xdist_group("pipeline-gate")

#: A command in a process that may not pass over the modes of files.
_WITHOUT_RIGHTS = ["setpriv", "--bounding-set=-dac_override,-dac_read_search", "--"]


@pytest.fixture
def closed(published, tmp_path):
    """Close a folder of a copy of the data folder: it belongs to nobody that runs a command."""
    home = copy_of(published, tmp_path / "home")
    shut: list[Path] = []

    def shut_folder(name: str) -> Path:
        folder = home / name
        folder.chmod(0)
        shut.append(folder)
        return home

    yield shut_folder
    for folder in shut:
        folder.chmod(0o700)


def vigie(home: Path, *words: object, lang: str = "en") -> tuple[int, str]:
    told = subprocess.run(
        [*(_WITHOUT_RIGHTS if os.geteuid() == 0 else []), sys.executable, "-m", "orchestration.cli",
         *map(str, words)],
        env={**os.environ, "VIGIE_HOME": str(home), "VIGIE_LANG": lang, "VIGIE_STATISTICS": ""},
        cwd=Path(__file__).parents[2], capture_output=True, text=True, check=False,
    )  # fmt: skip
    if "setpriv" in told.stderr:
        pytest.skip(f"rights cannot be given up here: {told.stderr.strip()}")
    return told.returncode, told.stdout + told.stderr


@pytest.mark.parametrize("name", ["releases", "raw/2026-06-30-1", "judgements"])
def test_a_copy_is_refused_that_could_not_look_into_a_folder(closed, tmp_path, name):
    home = closed(name)
    code, said = vigie(home, "backup", "--to", tmp_path / "copies")
    assert code == 1
    assert name.split("/")[0] in said
    assert not list((tmp_path / "copies").glob("backups/*.json"))


def test_the_doctor_tells_a_folder_that_it_cannot_look_into(closed):
    home = closed("releases")
    code, said = vigie(home, "doctor", "--quick")
    assert code == 1
    assert f"{home / 'releases'} is closed to this account" in said


def test_nobody_is_forgotten_while_a_folder_would_keep_the_names(closed):
    home = closed("releases")
    code, said = vigie(home, "forget", "--account", "A00000001", "--reason", "Asked for")
    assert code == 1
    assert "releases" in said
    assert not list((home / "forgotten").glob("*"))


@pytest.mark.parametrize(
    ("name", "words", "told"),
    [
        ("releases", ("explain", "commitment", "SC03"), "current.json is closed to this account"),
        ("raw", ("run",), "access is denied; give the account that runs Vigie the right to it"),
        (".", ("status",), "format.json is closed to this account"),
    ],
)
def test_what_is_closed_is_told_by_its_path_and_is_no_damage(closed, name, words, told):
    home = closed(name)
    code, said = vigie(home, *words)
    assert code == 1
    assert told in said
    assert str(home) in said
    assert "copy" not in said
