"""The wheel of what lies here, built from a copy so that nothing is left beside the source.

Belongs here: building it, once for all tests of a run that look at it. Does not belong here: what
they look at (contract/test_wheel.py, pipeline/test_installed.py).
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[1]
_FOUND = tomllib.loads((PROJECT / "pyproject.toml").read_text(encoding="utf-8"))
#: What the wheel is made of; `docs` and `deploy` go into `share/` of an environment.
PACKAGES = tuple(
    name.removesuffix("*") for name in _FOUND["tool"]["setuptools"]["packages"]["find"]["include"]
)
#: Left behind by tools, or of use to those who change the SQL alone (`dbt_project/lint`).
NOT_SHIPPED = {"__pycache__", "target", "logs", "lint"}


def build_wheel(folder: Path) -> Path:
    """Build the wheel in a folder, without the network; return its path."""
    source = folder / "source"
    ignore = shutil.ignore_patterns("__pycache__", "*.egg-info")
    for name in (*PACKAGES, "docs", "deploy"):
        shutil.copytree(PROJECT / name, source / name, ignore=ignore)
    for name in ("pyproject.toml", "README.md"):
        shutil.copy2(PROJECT / name, source)
    subprocess.run(
        [
            *(sys.executable, "-m", "uv", "build", "--quiet", "--wheel", "--offline"),
            *("--no-build-isolation", "--python", sys.executable, "--out-dir", folder, source),
        ],
        check=True,
        capture_output=True,
    )
    (wheel,) = folder.glob("*.whl")
    shutil.rmtree(source)
    return wheel
