"""Vigie as others install it: the wheel in an environment of its own, which nothing may change,
called from a folder that is no checkout.

One run, of the smallest synthetic fund. Its dependencies are those of the environment that runs the
tests, by a line on the path; Vigie itself comes from the wheel. What the wheel holds file by file
is tested in contract/test_wheel.py.
"""

from __future__ import annotations

import json
import subprocess
import sys
import venv
from pathlib import Path

import duckdb
import pytest

pytestmark = pytest.mark.xdist_group("wheel")
_ABOUT = (
    "import orchestration, law.engine; from orchestration.fingerprint import code_version;"
    "print(orchestration.__file__, law.engine.SEEDS, code_version(), sep='\\n')"
)


def contents(folder: Path) -> dict[str, tuple[int, int]]:
    """Every path of a folder with its size and the moment it was changed."""
    found = {str(one): one.lstat() for one in sorted(folder.rglob("*"))}
    return {path: (said.st_size, said.st_mtime_ns) for path, said in found.items()}


@pytest.fixture(scope="module")
def installed(wheel, tmp_path_factory) -> Path:
    """The environment, closed to writing."""
    folder = tmp_path_factory.mktemp("installed")
    venv.create(folder, symlinks=True)
    python = folder / "bin" / "python"
    install = (sys.executable, "-m", "uv", "pip", "install", "--quiet", "--offline", "--no-deps")
    subprocess.run([*install, "--python", python, wheel], check=True, capture_output=True)
    (packages,) = folder.glob("lib/python*/site-packages")
    # A path alone: the lines by which a checkout puts itself on it are not read there.
    (packages / "dependencies.pth").write_text(f"{Path(duckdb.__file__).parents[1]}\n")
    for one in folder.rglob("*"):
        if not one.is_symlink():
            one.chmod(one.stat().st_mode & ~0o222)
    return folder


def test_an_installation_samples_runs_and_answers_without_being_written_in(installed, tmp_path):
    before = contents(installed)
    home, landing, person = tmp_path / "home", tmp_path / "landing", tmp_path / "person"
    person.mkdir()
    environment = {
        "PATH": "/usr/bin:/bin",
        "HOME": str(person),
        "PYTHONDONTWRITEBYTECODE": "1",
        "VIGIE_HOME": str(home),
        "VIGIE_LANG": "en",
        "VIGIE_STATISTICS": "T01",
    }

    def call(program: str, *arguments: str) -> str:
        done = subprocess.run(
            [installed / "bin" / program, *arguments],
            cwd=tmp_path,
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr[-2000:] + done.stdout[-2000:]
        return done.stdout

    module, seeds, version = call("python", "-c", _ABOUT).splitlines()
    assert Path(module).is_relative_to(installed)
    assert Path(seeds).is_relative_to(installed)
    size = ("--affiliates", "20", "--companies", "5", "--deltas", "0")
    call("vigie", "sample", "--out", str(landing), *size)
    said = call("vigie", "run", "--landing", str(landing))
    release = json.loads((home / "releases" / "current.json").read_text())["release_id"]
    assert release in said
    with duckdb.connect(str(home / "releases" / f"{release}.duckdb"), read_only=True) as opened:
        told = opened.sql("select code_version from meta.release").fetchone()
    assert told == (version,)
    assert list((home / "out").rglob("*.xlsx")) != []
    # Nothing in the installation, nothing beside the data folder.
    assert contents(installed) == before
    assert sorted(one.name for one in tmp_path.iterdir()) == ["home", "landing", "person"]
