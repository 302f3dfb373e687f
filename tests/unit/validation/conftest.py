"""The small release in which every rule holds, and releases made of it."""

from __future__ import annotations

import shutil
from datetime import date
from pathlib import Path

import duckdb
import pytest

from release.reader import Release, close_all
from tests.unit.validation.answers import DAY, RELEASE
from tests.unit.validation.history import build


@pytest.fixture(scope="module")
def sound(tmp_path_factory) -> Path:
    """The file of a release in which every rule holds."""
    made = build(tmp_path_factory.mktemp("sound"))
    return made.rename(made.with_name(f"{RELEASE}.duckdb"))


@pytest.fixture
def changed(sound, tmp_path):
    """`changed(sql)`: a release like the sound one, but for what `sql` does to it."""

    def change(*statements: str, day: date = DAY) -> Release:
        target = tmp_path / f"{RELEASE}.duckdb"
        # Nobody may be reading what is written anew.
        close_all()
        shutil.copyfile(sound, target)
        with duckdb.connect(str(target)) as connection:
            for statement in statements:
                connection.execute(statement)
        return Release(RELEASE, target, day)

    yield change
    close_all()
