"""A hundred changes of a package, at random: each is found. What fits the manifest breaks the
signature; what is signed anew by a stranger has an unknown key; what is signed anew by the desk
itself is not what its release gives.
"""

from __future__ import annotations

import random
import shutil
from datetime import date
from pathlib import Path
from typing import NamedTuple

import pytest

from exports.answer import answer
from exports.commission import Commission, Override
from exports.signature import rotate, sign
from exports.verify import verify_package
from exports.verify.check import WRONG
from tests.unit.exports.small_release import build_release
from tests.unit.exports.tampering import ALL, OF_THE_DESK, sign_anew

REQUEST = Commission(
    request_id="2026-0012",
    version=1,
    requester="SPF",
    legal_basis="A.R. n° 38, art. 20",
    wording="Combien ?",
    received_on=date(2026, 9, 1),
    due_on=date(2026, 10, 15),
    override=Override("jdupont", "congé"),
)


class World(NamedTuple):
    """The data folder of the desk, that of a recipient who has the public key alone, that of a
    stranger with a key of their own; the package, and one of another recipient.
    """

    desk: Path
    reader: Path
    stranger: Path
    package: Path
    other: Path


@pytest.fixture(scope="module")
def world(tmp_path_factory) -> World:
    base = tmp_path_factory.mktemp("tampering")
    desk, reader = base / "desk", base / "reader"
    build_release(desk, persons=60)
    made = [
        answer(
            ["T08"],
            "2025Q3",
            out=base / profile,
            home=desk,
            profile=profile,
            commission=REQUEST,
        ).folder
        for profile in ("public", "spf")
    ]
    # The key is changed after: what it signed stays known, here and at the reader's.
    rotate(desk)
    shutil.copytree(desk / "keys" / "desk-former", reader / "keys" / "desk-former")
    sign(base / "stranger", b"once")
    return World(desk, reader, base / "stranger", *made)


def copy_of(world: World, tmp_path: Path) -> Path:
    return Path(shutil.copytree(world.package, tmp_path / world.package.name))


def wrong(package: Path, home: Path) -> set[str]:
    """What is wrong; that a package for a request never left is so of all of them."""
    found = {one.name for one in verify_package(package, home) if one.state == WRONG}
    return found - {"delivery"}


def test_the_package_itself_is_right_for_everybody(world):
    assert wrong(world.package, world.desk) == set()
    assert wrong(world.package, world.reader) == set()
    assert wrong(world.package, world.stranger) == {"signature"}


@pytest.mark.parametrize("how", ["removed", "renamed"])
def test_figures_that_are_missing_are_called_missing(world, tmp_path, how):
    """The manifest is the desk's: what is wrong is the file, and the reader is told which."""
    package = copy_of(world, tmp_path)
    figures = next(package.glob("T*.csv"))
    if how == "removed":
        figures.unlink()
    else:
        figures.rename(package / "figures.csv")
    (found,) = verify_package(package, world.reader)
    assert (found.name, found.state) == ("files", WRONG)
    assert (
        found.sentence("fr")
        == f"Fichiers : il manque {figures.name} ; redemandez le dossier entier."
    )


def test_there_is_something_hidden_in_it(world):
    written = next(world.package.glob("T*.csv")).read_text(encoding="utf-8")
    assert ",Q," in written


@pytest.mark.parametrize("number", range(82))
def test_a_change_is_found_by_who_has_the_public_key(world, tmp_path, number):
    """Four of each kind and more; some of them are signed anew by a stranger."""
    name = list(ALL)[number % len(ALL)]
    chance = random.Random(f"{name} {number}")
    package = copy_of(world, tmp_path)
    ALL[name](package, chance, world.other)
    if number // len(ALL) % 2 and name in {change.__name__ for change in OF_THE_DESK}:
        sign_anew(package, world.stranger)
    assert wrong(package, world.reader), (name, number)


@pytest.mark.parametrize("number", range(18))
def test_a_change_that_the_desk_signs_is_found_by_its_release(world, tmp_path, number):
    change = OF_THE_DESK[number % len(OF_THE_DESK)]
    package = copy_of(world, tmp_path)
    change(package, random.Random(f"desk {number}"), world.other)
    sign_anew(package, world.desk)
    assert "rebuild" in wrong(package, world.desk), (change.__name__, number)


@pytest.mark.parametrize("name", sorted(ALL))
def test_every_change_changes_something(world, tmp_path, name):
    """A change that does nothing would prove nothing."""
    package = copy_of(world, tmp_path)
    before = {path: path.read_bytes() for path in package.rglob("*") if path.is_file()}
    ALL[name](package, random.Random(name), world.other)
    after = {path: path.read_bytes() for path in package.rglob("*") if path.is_file()}
    assert before != after or any(path.is_symlink() for path in after)
