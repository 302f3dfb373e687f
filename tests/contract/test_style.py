"""The style of Python and SQL that `make lint` checks, so that `main` cannot drift from it."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
BIN = Path(sys.executable).parent
_RECIPE = re.search(r"^lint:.*\n((?:\t.*\n)+)", (ROOT / "Makefile").read_text(), re.MULTILINE)
COMMANDS = [line.strip().removeprefix("@$(BIN)/").split() for line in _RECIPE[1].splitlines()]


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: command[0])
def test_as_make_lint_wants_it(command):
    done = subprocess.run(
        [BIN / command[0], *command[1:]], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout[-4000:] + done.stderr[-2000:]


def test_the_recipe_names_both_languages():
    assert [command[0] for command in COMMANDS] == ["ruff", "sqlfluff"]
