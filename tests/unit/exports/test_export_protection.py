"""An answer is protected: nobody can be worked out from its cells, whatever shape they have."""

from __future__ import annotations

import random
from dataclasses import replace

import pytest
from plain_attacker import Attack
from random_statistics import (
    cells_of,
    charges,
    database,
    flow,
    money,
    people,
    requests,
    stock,
)

from exports.profiles import find_profile
from exports.protection import protect_answer

PUBLIC = find_profile("public")
#: Nothing is left out: then everything has to be protected by hiding.
WHOLE = replace(PUBLIC, left_out_pct=100)


def answered(statistics: dict, profile=WHOLE, earlier=()):
    """Cells of an answer as a reader sees them: {cell: value}, {cell: row}, and Cells by code."""
    connection = database(statistics)
    asked = [
        (one, sorted({span for span, _, _ in cells_of(one, records)}))
        for one, records in statistics.items()
    ]
    found = protect_answer(connection, asked, profile, "fr", earlier)
    shown, rows = {}, {}
    for one in statistics:
        cursor = connection.execute(f"select * from {found[one.code].table}")
        names = [column[0] for column in cursor.description]
        for values in cursor.fetchall():
            row = dict(zip(names, values, strict=True))
            cell = (
                one.code,
                row["ref_period"],
                tuple(row[name] for name in one.dimension_names),
                row["measure"],
            )
            rows[cell] = row
            if row["obs_value"] is not None:
                shown[cell] = row["obs_value"]
    return shown, rows, found


def worlds(seed: int) -> dict[str, dict]:
    """Requests of every shape."""
    chance = random.Random(seed)
    first, second = stock()
    persons = people(chance, chance.choice([60, 150, 300]))
    return {
        "one": {first: persons},
        "linked": {first: persons, second: persons},
        "money": {money(): charges(chance, chance.choice([80, 200]))},
        "flow": {flow(): requests(chance, chance.choice([60, 200]))},
    }


@pytest.mark.parametrize("shape", ["one", "linked", "money", "flow"])
@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("name", ["spf", "public"])
def test_nobody_can_be_worked_out(shape, seed, name):
    statistics = worlds(seed)[shape]
    profile = replace(find_profile(name), left_out_pct=100)
    shown, rows, _ = answered(statistics, profile)
    assert shown
    attack = Attack(statistics, shown, set(rows), profile)
    assert attack.unsafe()
    assert attack.exposed() == []
