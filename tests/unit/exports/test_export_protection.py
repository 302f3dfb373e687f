"""An answer is protected: nobody can be worked out from its cells, whatever shape they have."""

from __future__ import annotations

import csv
import json
import random
from dataclasses import replace
from hashlib import sha256

import pytest

from exports.cells import take_all
from exports.errors import UnprotectedCells
from exports.profiles import find_profile
from exports.protection import answer as steps
from exports.protection import protect_answer
from exports.protection.book import read_book
from exports.protection.judgement import judge
from tests.unit.exports.plain_attacker import Attack
from tests.unit.exports.random_statistics import (
    cells_of,
    charges,
    database,
    flow,
    money,
    people,
    requests,
    statistic,
    stock,
)

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


def test_the_attackers_of_these_tests_find_what_is_given_away():
    """One secondary cell less, and somebody is exposed: to this attacker and to the project's."""
    statistics = worlds(0)["one"]
    shown, rows, _ = answered(statistics)
    attack = Attack(statistics, shown, set(rows), WHOLE)
    secondary = sorted(cell for cell, row in rows.items() if row["conf_status"] == "D")
    assert secondary
    given_away = 0
    for cell in secondary[:12]:
        attack.shown = {**shown, cell: attack.value[cell]}
        given_away += bool(attack.exposed(insiders=False))
    assert given_away > 6


def test_what_is_written_is_attacked(monkeypatch):
    """Whoever chose the cells: an exposed one stops the answer, in one sentence."""
    statistics = worlds(0)["one"]
    original = steps.write

    def careless(cursor, book, place, periods, said, free):
        said = [free if status == "D" else status for status in said]
        return original(cursor, book, place, periods, said, free)

    monkeypatch.setattr(steps, "write", careless)
    with pytest.raises(UnprotectedCells, match=r"cellules .* dont T91") as caught:
        answered(statistics)
    assert "\n" not in str(caught.value)


def test_same_request_same_cells():
    """The same request on the same data hides the same cells."""
    statistics = worlds(1)["linked"]
    assert answered(statistics)[1] == answered(statistics)[1]


def test_all_measures_of_a_crossing_go_together():
    """A share or an amount beside a hidden count would give it back."""
    statistics = worlds(0)["money"]
    _, rows, _ = answered(statistics)
    said: dict[tuple, set] = {}
    for (code, span, codes, _), row in rows.items():
        said.setdefault((code, span, codes), set()).add(row["obs_value"] is None)
    assert {len(each) for each in said.values()} == {1}


def test_a_ratio_goes_with_what_it_is_taken_of():
    """The share of one year of collection is taken of what is claimed in all of them."""
    statistics = worlds(1)["money"]
    _, rows, _ = answered(statistics)
    shares = [cell for cell in rows if cell[3] == "collected_pct" and rows[cell]["obs_value"]]
    assert shares
    for code, span, codes, _ in shares:
        for base in ("claimed", "collected"):
            assert rows[code, span, codes, base]["obs_value"] is not None


def test_health_has_its_own_threshold():
    """Four requests about a health cause are unsafe for SPF too; three persons in stock are not."""
    statistics = worlds(0)["flow"]
    _, rows, _ = answered(statistics, replace(find_profile("spf"), left_out_pct=100))
    counted = {
        (one.code, *cell): len([v for v in who.values() if v])
        for one, records in statistics.items()
        for cell, who in cells_of(one, records).items()
    }
    few = [cell for cell in rows if cell[3] == "requests" and 0 < counted[cell] < 5]
    assert any(counted[cell] in (3, 4) for cell in few)
    assert {rows[cell]["conf_status"] for cell in few} == {"A"}


def test_statuses_are_words_of_sdmx():
    """A: too few; O, T: one or two dominate; D: hidden to protect others; F: free."""
    _, rows, _ = answered(worlds(0)["money"])
    found = {row["conf_status"] for row in rows.values()}
    assert {"A", "D", "F"} <= found <= {"A", "O", "T", "D", "F"}
    for row in rows.values():
        is_free = row["conf_status"] == "F"
        assert (row["obs_value"] is not None, row["obs_status"], row["reason"] is None) == (
            is_free,
            "A" if is_free else "Q",
            is_free,
        )


@pytest.mark.parametrize(
    ("amounts", "said"),
    [
        ([10, 10, 10, 10], "A"),
        ([85, 5, 4, 3, 3], "O"),
        ([50, 45, 2, 2, 1], "T"),
        ([30, 20, 20, 20, 10], ""),
    ],
)
def test_who_gives_an_amount_away(amounts, said):
    """Too few contributors, one who makes nearly all of it, two who do."""
    records = [
        {"who": str(i), "period": "2025", "kind": "a", "amount": v} for i, v in enumerate(amounts)
    ]
    one = statistic("T95", ("kind",), [("amount", "EUR")], [("year", "kind", "amount")])
    book = read_book(database({one: records}), [(one, ["2025"])])
    assert set(judge(book, PUBLIC).status) == {said}


def test_a_block_that_would_be_blank_is_left_out():
    """It is named with how much of it would have been hidden; what it shares stays."""
    statistics = worlds(0)["one"]
    _, whole, _ = answered(statistics)
    shown, rows, found = answered(statistics, PUBLIC)
    left_out = found["T91"].left_out
    assert left_out
    for block in left_out:
        assert block.hidden > 0.6 * block.cells
    assert set(rows) < set(whole)
    assert ("T91", "2025", ("_T",) * 6, "persons") in shown
    attack = Attack(statistics, shown, set(rows), PUBLIC)
    assert attack.exposed(insiders=False) == []


def test_a_cell_of_two_statistics_is_one():
    """What is hidden in one statistic is not shown in the other."""
    statistics = worlds(2)["linked"]
    _, rows, _ = answered(statistics)
    same: dict[tuple, set] = {}
    for (code, span, codes, _), row in rows.items():
        if span != "2025":
            continue
        one = next(s for s in statistics if s.code == code)
        said = dict(zip(one.dimension_names, codes, strict=True))
        level, place = said.pop("residence_level", "_T"), said.pop("residence_code", "_T")
        if level not in ("_T", "REGION"):
            continue
        if level == "REGION":
            said["region"] = place
        key = tuple(sorted((n, c) for n, c in said.items() if c != "_T"))
        same.setdefault(key, set()).add((code, row["obs_value"]))
    shared = [values for values in same.values() if len({code for code, _ in values}) == 2]
    assert shared
    assert all(len({value for _, value in values}) == 1 for values in shared)


@pytest.mark.parametrize("shape", ["one", "linked"])
@pytest.mark.parametrize("seed", [1, 2])
def test_a_total_is_not_given_up_for_a_few(shape, seed):
    """Hiding everybody costs more than hiding crossings of some."""
    shown, _, _ = answered(worlds(seed)[shape])
    assert ("T91", "2025", ("_T",) * 6, "persons") in shown


def test_no_suppression_for_inasti():
    """Every cell as it stands in the release."""
    statistics = worlds(0)["one"]
    ((one, records),) = statistics.items()
    connection = database(statistics)
    inasti = find_profile("inasti")
    assert not inasti.protects
    cells = take_all(connection, one, ["2025"], inasti)
    ((count, shown, free),) = connection.execute(
        f"select count(*), count(obs_value), count(*) filter (where conf_status = 'N')"
        f" from {cells.table}"
    ).fetchall()
    there = [cell for cell in cells_of(one, records) if cell[0] == "2025"]
    assert count == shown == free == len(there)


def write_package(folder, statistics: dict, shown: dict, profile: str = "public", there=None):
    """A folder as an earlier answer leaves it; a hidden cell has no value, one that is not `there`
    (of a block left out) no line.
    """
    folder.mkdir()
    described = []
    for one, records in statistics.items():
        path = folder / f"{one.code}.csv"
        names = [name.upper() for name in one.dimension_names]
        with path.open("w", encoding="utf-8", newline="") as opened:
            writer = csv.writer(opened)
            writer.writerow(["REF_PERIOD", *names, "MEASURE", "OBS_VALUE"])
            for span, codes, name in cells_of(one, records):
                cell = (one.code, span, codes, name)
                if there is None or cell in there:
                    writer.writerow([span, *codes, name, shown.get(cell, "")])
        described.append({"code": one.code, "file": path.name})
    said = {"profile": profile, "statistics": described, "files": listed(folder, described)}
    (folder / "manifest.json").write_text(json.dumps(said), encoding="utf-8")
    return folder


def listed(folder, described: list[dict]) -> list[dict]:
    """What a manifest says of the files of statistics."""
    content = {one["file"]: (folder / one["file"]).read_bytes() for one in described}
    return [
        {"name": name, "bytes": len(held), "sha256": sha256(held).hexdigest()}
        for name, held in content.items()
    ]


def test_what_was_given_before_is_known(tmp_path):
    """A cell shown in an earlier answer stays known: the choice works around it."""
    statistics = worlds(0)["one"]
    shown, rows, _ = answered(statistics)
    secondary = sorted(cell for cell, row in rows.items() if row["conf_status"] == "D")
    attack = Attack(statistics, shown, set(rows), WHOLE)
    earlier = dict(shown)
    for cell in secondary:
        attack.shown = {**earlier, cell: attack.value[cell]}
        if not attack.exposed(insiders=False):
            earlier = attack.shown
            break
    else:
        # Nothing can be shown besides: give what is shown now, and something else now.
        pytest.skip("every secondary cell is needed")
    package = write_package(tmp_path / "before", statistics, earlier)
    again, there, _ = answered(statistics, WHOLE, [package])
    attack.shown = {**earlier, **again}
    attack.there = set(there)
    assert attack.exposed(insiders=False) == []


def test_an_earlier_answer_that_gives_a_cell_away_stops_this_one(tmp_path):
    """An unsafe cell that was shown before cannot be protected any more."""
    statistics = worlds(0)["one"]
    shown, rows, _ = answered(statistics)
    attack = Attack(statistics, shown, set(rows), WHOLE)
    unsafe = next(cell for cell in sorted(attack.unsafe()) if cell not in shown)
    package = write_package(
        tmp_path / "before", statistics, {**shown, unsafe: attack.value[unsafe]}
    )
    with pytest.raises(UnprotectedCells, match="déjà été donné"):
        answered(statistics, WHOLE, [package])
