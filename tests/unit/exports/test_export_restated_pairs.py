"""An answer that corrects another one: who has both works out nobody, not from what both show, not
from what did not change, not from what did.

`VIGIE_PAIRS=200` tries as many random pairs; a run of all tests tries a few.
"""

from __future__ import annotations

import json
import os
import random
from dataclasses import replace
from pathlib import Path

import duckdb
import pytest

from exports.errors import UnprotectedCells
from exports.profiles import find_profile
from exports.protection import former as former_cells
from exports.protection import protect_answer
from exports.protection import request as steps
from release.reader import close_all
from tests.unit.exports.plain_attacker import Attack
from tests.unit.exports.random_statistics import (
    cells_of,
    charges,
    database,
    people,
    requests,
    statistic,
)
from tests.unit.exports.test_export_protection import write_package

PAIRS = int(os.environ.get("VIGIE_PAIRS") or 20)
SHAPES = ("one", "linked", "money", "flow")
OLD, NEW = "2026-01-31_20260201T020000Z", "2026-02-28_20260301T020000Z"


def records_of(chance: random.Random, shape: str) -> dict:
    """Small statistics of a shape and their records: few cells, so that a plain attacker is done
    with a pair in a second.
    """
    number = chance.choice([30, 60, 120])
    if shape == "money":
        rows = [row | {"type": f"{row['group']}1"} for row in charges(chance, number)]
        return {MONEY: [row | {"nature": row["nature"].replace("firm", "comp")} for row in rows]}
    if shape == "flow":
        rows = requests(chance, number)
        return {
            FLOW: [
                row | {"day": row["day"].replace(month=1 + row["day"].month % 6)} for row in rows
            ]
        }
    rows = [row | {"sex": row["sex"].replace("X", "F")} for row in people(chance, number)]
    return {STOCK: rows} if shape == "one" else {STOCK: rows, BRANCHES: rows}


STOCK = statistic(
    "T91",
    ("nature", "category", "sex"),
    [("persons", "PERSONS")],
    [("year quarter", "nature>category sex", "persons")],
    population="in_stock",
    basis="stock_31_12",
)
BRANCHES = statistic(
    "T92",
    ("branch", "nature", "sex"),
    [("persons", "PERSONS")],
    [("year", "branch nature", "persons"), ("year", "branch sex", "persons")],
    population="in_stock",
    basis="stock_31_12",
)
MONEY = statistic(
    "T93",
    ("group", "nature", "collected_in"),
    [
        ("debtors", "ACCOUNTS", {"additive": False}),
        ("claimed", "EUR"),
        ("collected", "EUR"),
        (
            "collected_pct",
            "PCT",
            {"additive": False, "numerator": "collected", "denominator": "claimed"},
        ),
    ],
    [
        ("contribution_year", "group! nature", "debtors claimed collected collected_pct"),
        ("contribution_year", "group! nature collected_in!", "collected"),
    ],
    equations=[
        {"plus": [{"measure": "claimed"}], "minus": [{"measure": "collected"}], "rest": True}
    ],
)
FLOW = statistic(
    "T94",
    ("cause", "decision", "sex"),
    [
        ("requests", "FILES"),
        ("judged", "FILES"),
        ("in_time", "FILES"),
        (
            "in_time_pct",
            "PCT",
            {"additive": False, "numerator": "in_time", "denominator": "judged"},
        ),
    ],
    [
        ("year quarter", "cause decision", "requests"),
        ("year", "cause sex", "requests judged in_time in_time_pct"),
    ],
    disclosure_class="health",
)


def corrected(chance: random.Random, shape: str, records: list[dict]) -> list[dict]:
    """The records as they are known later: some came late, some were never there, some say other
    things.
    """
    likely = chance.choice([0.01, 0.05, 0.2])
    other = next(iter(records_of(chance, shape).values()))
    found = []
    for record in records:
        if chance.random() < likely:
            if chance.random() < 0.3:
                continue
            said = chance.choice(other)
            names = [name for name in record if name not in ("who", "place", "region")]
            changed = chance.choice(names)
            pair = ("place", "region") if chance.random() < 0.3 and "place" in record else ()
            taken = {name: said[name] for name in (changed, *pair)}
            # A part stays within its whole.
            for whole, part in (("nature", "category"), ("group", "type")):
                if part in record and (whole in taken or part in taken):
                    taken |= {whole: said[whole], part: said[part]}
            if "claimed" in record and ("claimed" in taken or "collected" in taken):
                taken |= {"claimed": said["claimed"], "collected": said["collected"]}
            if "judged" in record and ("judged" in taken or "in_time" in taken):
                taken |= {"judged": said["judged"], "in_time": said["in_time"]}
            record = record | taken
        found.append(record)
    late = [record | {"who": f"L{place}"} for place, record in enumerate(other)]
    return found + [record for record in late if chance.random() < likely / 2]


def published(folder: Path, release_id: str, statistics: dict):
    """A release with these statistics, open for reading."""
    made = database(statistics)
    path = folder / f"{release_id}.duckdb"
    made.execute(f"attach '{path}' as kept")
    made.execute("copy from database memory to kept")
    made.execute("detach kept")
    made.close()
    return duckdb.connect(str(path), read_only=True)


def protected(connection, statistics: dict, profile, earlier=()) -> tuple[dict, set]:
    """Cells that are shown, with their values, and cells that are there."""
    found = protect_answer(connection, asked_of(statistics), profile, "fr", earlier)
    shown, there = {}, set()
    for one in statistics:
        names = ", ".join(f'"{name}"' for name in ("ref_period", *one.dimension_names, "measure"))
        for period, *codes, measure, value in connection.execute(
            f"select {names}, obs_value from {found[one.code].table}"
        ).fetchall():
            cell = (one.code, period, tuple(codes), measure)
            there.add(cell)
            if value is not None:
                shown[cell] = value
    return shown, there


def asked_of(statistics: dict) -> list:
    """What is asked for: every period there is."""
    return [
        (one, sorted({span for span, _, _ in cells_of(one, records)}))
        for one, records in statistics.items()
    ]


class Pair:
    """One random pair: what was delivered, what is delivered now, and whoever has both."""

    def __init__(self, seed: int, folder: Path) -> None:
        chance = random.Random(seed)
        shape = SHAPES[seed % len(SHAPES)]
        self.before = records_of(chance, shape)
        late = corrected(chance, shape, next(iter(self.before.values())))
        self.now = dict.fromkeys(self.before, late)
        name = chance.choice(["spf", "public"])
        self.profile = replace(find_profile(name), left_out_pct=chance.choice([90, 100]))
        then = published(folder, OLD, self.before)
        self.shown, self.there = protected(then, self.before, self.profile)
        then.close()
        self.package = write_package(folder / "before", self.before, self.shown, name, self.there)
        manifest = self.package / "manifest.json"
        said = json.loads(manifest.read_text(encoding="utf-8"))
        said |= {"release_id": OLD, "business_date": "2026-01-31"}
        manifest.write_text(json.dumps(said), encoding="utf-8")
        self.connection = published(folder, NEW, self.now)

    def attack(self, shown: dict, there: set) -> Attack:
        """Everything that the two together tell."""
        states = {replace(one, code=f"{one.code}@old"): rows for one, rows in self.before.items()}

        def former(cell):
            return (f"{cell[0]}@old", *cell[1:])

        known = {former(cell): value for cell, value in self.shown.items()}
        attack = Attack(
            {**self.now, **states},
            {**shown, **known},
            there | set(map(former, self.there)),
            self.profile,
        )
        attack.tie()
        return attack

    def close(self) -> None:
        self.connection.close()
        close_all()


@pytest.fixture
def pair_of(tmp_path):
    """`pair_of(seed)`: a random pair, closed when the test is over."""
    made = []

    def make(seed: int) -> Pair:
        made.append(Pair(seed, tmp_path))
        return made[-1]

    yield make
    for pair in made:
        pair.close()


@pytest.mark.parametrize("seed", range(PAIRS))
def test_nobody_can_be_worked_out_of_both(seed, pair_of):
    pair = pair_of(seed)
    try:
        shown, there = protected(pair.connection, pair.now, pair.profile, [pair.package])
    except UnprotectedCells as refused:
        # Too little is left to be an answer: nothing leaves.
        sentence = str(refused)
    else:
        sentence = "presque toutes les cellules"
        assert pair.attack(shown, there).exposed() == []
    assert "presque toutes les cellules" in sentence


@pytest.mark.parametrize("seed", [17, 45])
def test_without_the_former_cells_somebody_is_exposed(seed, pair_of, monkeypatch):
    """Protecting the correction as if nothing else had been given is not enough."""
    pair = pair_of(seed)
    monkeypatch.setattr(steps, "read_former", lambda *_: [])
    monkeypatch.setattr(steps, "read_earlier", forgetful(steps.read_earlier))
    shown, there = protected(pair.connection, pair.now, pair.profile, [pair.package])
    assert pair.attack(shown, there).exposed(insiders=False)


def forgetful(read):
    """Read earlier packages, but for the cells whose value was another one."""

    def reading(*given):
        found = read(*given)
        return replace(found, restated=found.restated & False)

    return reading


def test_without_the_release_of_then_restated_cells_hide_nobody(pair_of, tmp_path):
    """The release of a delivery does not stand any more: cells shown with another value are shown
    again wherever they are safe by themselves.
    """
    pair = pair_of(17)
    (tmp_path / f"{OLD}.duckdb").unlink()
    shown, there = protected(pair.connection, pair.now, pair.profile, [pair.package])
    attack = pair.attack(shown, there)
    unsafe = attack.unsafe()
    changed = {
        cell
        for cell, value in pair.shown.items()
        if cell in attack.at and abs(attack.value[cell] - float(value)) > 1e-6
    }
    assert changed
    assert {cell for cell in changed - unsafe.keys() if cell in there} <= shown.keys()


@pytest.mark.parametrize("seed", [1, 5, 17, 33])
def test_what_another_table_told_of_the_same_people_counts(seed, pair_of, monkeypatch):
    """Two tables were delivered, one is corrected: the other one is known as well."""
    pair = pair_of(seed)
    declared = {one.code: one for one in pair.before}
    monkeypatch.setattr(former_cells, "catalogue_of", lambda *_: declared)
    pair.now = {one: rows for one, rows in pair.now.items() if one.code == "T91"}
    shown, there = protected(pair.connection, pair.now, pair.profile, [pair.package])
    assert pair.attack(shown, there).exposed() == []
