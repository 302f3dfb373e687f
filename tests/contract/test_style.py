"""The style of Python and SQL that `make lint` checks, so that `main` cannot drift from it.

sqlfluff takes a minute: on a machine that runs the tests again, only the files are read that were
not clean before, or all when a macro, a setting or sqlfluff itself has changed.
"""

from __future__ import annotations

import hashlib
import re
import subprocess
import sys
from importlib.metadata import version
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
BIN = Path(sys.executable).parent
_RECIPE = re.search(r"^lint:.*\n((?:\t.*\n)+)", (ROOT / "Makefile").read_text(), re.MULTILINE)
COMMANDS = [line.strip().removeprefix("@$(BIN)/").split() for line in _RECIPE[1].splitlines()]


def linted(command: list[str]) -> None:
    done = subprocess.run(
        [BIN / command[0], *command[1:]], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout[-4000:] + done.stderr[-2000:]


def test_python_is_as_make_lint_wants_it():
    linted(COMMANDS[0])


def test_sql_is_as_make_lint_wants_it(request):
    fluff, lint, *folders = COMMANDS[1]
    # What the reading of every file depends on.
    shared = [ROOT / ".sqlfluff", *_files("dbt_project/macros"), *_files("dbt_project/lint")]
    rules = _digest(version("sqlfluff"), *(f"{file.name}\0{file.read_text()}" for file in shared))
    now = {
        str(file.relative_to(ROOT)): _digest(rules, file.read_text())
        for folder in folders
        for file in _files(folder)
        if file.suffix == ".sql"
    }
    cache = getattr(request.config, "cache", None)
    clean = set(cache.get("vigie/clean-sql", []) if cache else [])
    unread = sorted(name for name, digest in now.items() if digest not in clean)
    if unread:
        linted([fluff, lint, *unread])
    if cache:
        cache.set("vigie/clean-sql", sorted(now.values()))


def _files(folder: str) -> list[Path]:
    return sorted(file for file in (ROOT / folder).rglob("*") if file.is_file())


def _digest(*texts: str) -> str:
    return hashlib.sha256("\0".join(texts).encode()).hexdigest()


def test_the_recipe_names_both_languages():
    assert [command[:2] for command in COMMANDS] == [["ruff", "check"], ["sqlfluff", "lint"]]
