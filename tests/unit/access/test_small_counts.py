"""Small counts stay small: no view, no difference of two views and no combination of views gives a
cell of fewer persons than the threshold. Attacked as somebody with the pages would; the same
attacks find such cells where nothing is protected.
"""

from __future__ import annotations

import random
from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cache

import duckdb
import numpy as np
import pytest

from dashboards import measures, source
from dashboards.access.cells import Cells
from dashboards.access.declared import declaration
from dashboards.access.person import Person, demonstration, right_of
from dashboards.access.small_counts import FEW, statements
from dashboards.i18n import Language
from release.reader import open_release

CELLS = declaration().cells
THRESHOLD = declaration().roles["management"].threshold
PAIRS = 300
#: So many periods of a mart are attacked by combinations of all views.
_PERIODS = 6


@dataclass(frozen=True)
class Truth:
    """The cells of a mart as they are, and what a right is shown.

    Attributes:
        cells: (period, *codes) by the count of each of `persons`.
        sums: the same by what adds up.
        atoms: the cells by the atom they are in (None: left out), as what is shown adds up.
    """

    cells: dict[tuple, tuple[int, ...]]
    sums: dict[tuple, tuple[float, ...]]
    atoms: dict[tuple, tuple | None]


def _text(column: str) -> str:
    """A period or a code as a text; nothing is an empty one."""
    return f"coalesce(cast({column} as varchar), '')"


def _truth(table: str) -> Truth:
    return _truth_of(str(open_release().path), table)


@cache
def _truth_of(path: str, table: str) -> Truth:
    """What is in the mart, from the release itself, and the atoms that its SQL makes."""
    cells = CELLS[table]
    connection = duckdb.connect()
    connection.execute(f"attach '{path}' as whole (read_only)")
    connection.execute("create schema own")
    for statement in statements(cells, THRESHOLD, "own.made"):
        connection.execute(statement)
    count = len(cells.dimensions)
    olds = ", ".join(f"o{n}" for n in range(count))
    news = ", ".join(f"d{n}" for n in range(count))
    periods = ", ".join(f"any_value({_text(c)}) as {c}" for c in cells.period)
    sums = ", ".join(f"sum({c})::double as {c}" for c in cells.sums)
    first = connection.execute(
        f"select period_id, {periods}, {olds}, {sums} from mart group by period_id, {olds}"
    ).df()
    names = [f"o{n}" for n in range(count)]

    def key(row) -> tuple:
        return (*(row[c] for c in cells.period), *(row[name] for name in names))

    places = {(row["period_id"], *(row[n] for n in names)): key(row) for _, row in first.iterrows()}
    held = {key(row): tuple(row[c] for c in cells.sums) for _, row in first.iterrows()}
    persons = {
        places[row[: 1 + count]]: tuple(row[1 + count :])
        for row in connection.execute(
            f"select period_id, {olds}, {', '.join(cells.persons)} from part"
        ).fetchall()
    }
    shown = {
        row[: 1 + count]: not row[-1]
        for row in connection.execute(f"select period_id, {news}, is_small from current").fetchall()
    }
    atoms = {}
    for row in connection.execute(f"select period_id, {olds}, {news} from atom").fetchall():
        place = places[row[: 1 + count]]
        labels = row[1 + count :]
        is_shown = shown[(row[0], *labels)]
        atoms[place] = (*place[: len(cells.period)], *labels) if is_shown else None
    return Truth(persons, held, atoms)


def _reading(role: str) -> source.Reading:
    return source.begin(Language("fr"), demonstration((role,)))


def _shown(reading: source.Reading, cells: Cells) -> dict[tuple, tuple[float, ...]]:
    """What is shown of a mart, cell by cell, by the very same query as a page's."""
    names = [*cells.period, *cells.dimensions]
    sums = ", ".join(f"sum({c})::double as {c}" for c in cells.sums)
    where = f"where {cells.margin[0]} <> '{cells.margin[1]}'" if cells.margin else ""
    shown = ", ".join(f"{_text(name)} as {name}" for name in names)
    rows = reading.query(f"select {shown}, {sums} from {cells.table} {where} group by all")
    return {
        tuple(row[n] for n in names): tuple(row[c] for c in cells.sums)
        for _, row in rows.iterrows()
    }


def _least(cells: Cells, members: list[tuple], truth: Truth, n: int) -> int:
    """So many persons at least stand in these cells together: of cells that share persons, the
    largest; of those that cannot, the sum."""
    name = list(cells.persons)[n]
    apart = cells.disjoint.get(name, [])
    places = [len(cells.period) + at for at, one in enumerate(cells.dimensions) if one not in apart]
    found: dict[tuple, int] = {}
    for member in members:
        group = tuple(member[at] for at in places)
        found[group] = found.get(group, 0) + truth.cells[member][n]
    return max(found.values())


def _is_small(counts) -> bool:
    return any(0 < count < THRESHOLD for count in counts) or not any(counts)


@pytest.mark.parametrize("table", CELLS)
def test_what_is_shown_are_whole_atoms_of_enough_persons(fund, table):
    """Each cell that management is shown is the sum of the true cells in its atom, and these hold
    the threshold of persons. Nothing is added and nothing counted twice."""
    cells, truth = CELLS[table], _truth(table)
    shown = _shown(_reading("management"), cells)
    members: dict[tuple, list[tuple]] = {}
    for cell, atom in truth.atoms.items():
        if atom is not None:
            members.setdefault(atom, []).append(cell)
    if cells.margin:
        # What belongs to no office is an atom that is not shown.
        members = {atom: inside for atom, inside in members.items() if atom[-1] != ""}
    assert shown.keys() == members.keys()
    for atom, inside in members.items():
        counts = [_least(cells, inside, truth, n) for n in range(len(cells.persons))]
        assert not _is_small(counts), (atom, counts)
        for place, column in enumerate(cells.sums):
            meant = sum(truth.sums[cell][place] for cell in inside)
            told = shown[atom][place]
            if column in _steps(cells):
                assert told % THRESHOLD == 0
                assert abs(told - meant) <= _steps(cells)[column] * (THRESHOLD - 1)
                assert meant or not told
            elif cells.shares and column == "numerator" and told != meant:
                # A minimum, or nothing; a median has no numerator either.
                assert not 0 < told < THRESHOLD
                assert meant - told < THRESHOLD or told != told
            else:
                assert told == pytest.approx(meant, abs=0.005, nan_ok=True)


def _steps(cells: Cells) -> dict[str, int]:
    """The columns that are told in steps, by how many rounded counts each is the sum of."""
    parts = {part: 1 for parts in cells.parts.values() for part in parts}
    return parts | {whole: 1 + len(parts) for whole, parts in cells.parts.items()}


def _filters(cells: Cells, rows: dict[tuple, tuple], rng: random.Random) -> tuple[str, str]:
    """Two filters of a page, the second with one code or one period less, around a cell that is
    shown: conditions as pages write them."""
    target = rng.choice(sorted(rows))
    names = [*cells.period, *cells.dimensions]
    wide, narrow = [], []
    without = rng.randrange(len(names))
    for at, name in enumerate(names):
        codes = sorted({row[at] for row in rows})
        others = rng.sample(codes, rng.randint(0, min(3, len(codes))))
        # Narrow choices find most: mostly the other codes are left alone.
        chosen = {target[at], *(others if rng.random() < 0.15 or at == without else [])}
        left = chosen - {target[at]} if at == without else chosen
        for kept, told in ((chosen, wide), (left, narrow)):
            listed = ", ".join("'" + code.replace("'", "''") + "'" for code in sorted(kept))
            told.append(f"list_contains([{listed}]::varchar[], {_text(name)})")
    return " and ".join(wide), " and ".join(narrow)


def _gap(reading: source.Reading, cells: Cells, wide: str, narrow: str) -> tuple[float, ...]:
    """What the second view of a pair has less than the first."""
    gaps = ", ".join(
        f"coalesce(sum({c}) filter (where {wide})::double, 0)"
        f" - coalesce(sum({c}) filter (where {narrow})::double, 0) as {c}"
        for c in _compared(cells)
    )
    total = f"where {cells.margin[0]} <> '{cells.margin[1]}'" if cells.margin else ""
    row = reading.query(f"select {gaps} from {cells.table} {total}").iloc[0]
    return _rounded(row[c] for c in _compared(cells))


def _compared(cells: Cells) -> tuple[str, ...]:
    """Figures by which a cell is known again: some of them are enough."""
    exact = [c for c in cells.sums if c not in _steps(cells) and c != "numerator"]
    return tuple(exact or cells.sums)[:3]


def _rounded(values: Iterable[float]) -> tuple[float, ...]:
    return tuple(round(float(value), 2) for value in values)


def _found_by_pairs(role: str, table: str, seed: int, enough: int = PAIRS) -> set[tuple]:
    """The cells of too few persons whose every figure is the difference of two views; no more are
    sought once `enough` are found."""
    cells, truth = CELLS[table], _truth(table)
    places = [cells.sums.index(c) for c in _compared(cells)]

    def known_by(cell: tuple) -> tuple[float, ...]:
        return _rounded(truth.sums[cell][place] for place in places)

    small = {
        known_by(cell): cell
        for cell, counts in truth.cells.items()
        # By nothing no cell is known again.
        if any(0 < count < THRESHOLD for count in counts)
        and truth.atoms[cell] != cell
        and any(known_by(cell))
    }
    # What could as well be a cell of enough persons gives nobody away.
    for cell, counts in truth.cells.items():
        if not _is_small(counts):
            small.pop(known_by(cell), None)
    reading, rng = _reading(role), random.Random(seed)
    rows = _shown(reading, cells)
    found = set()
    for _ in range(PAIRS):
        gap = _gap(reading, cells, *_filters(cells, rows, rng))
        if gap in small:
            found.add(small[gap])
        if len(found) >= enough:
            break
    return found


#: Marts of the sample fund in which there is something to find.
WITH_SMALL_CELLS = (
    "benefit.mart_quarter",
    "company.mart_affiliation_quarter",
    "contribution.mart_accuracy",
    "contribution.mart_quarter",
    "recovery.mart_arrears_ageing",
    "recovery.mart_roll_rates",
    "service.mart_commitments",
    "service.mart_transmissions",
)


@pytest.mark.parametrize("table", WITH_SMALL_CELLS)
def test_no_difference_of_two_views_is_a_small_cell(fund, table):
    """300 random pairs, which differ by one code or one period; whoever sees the marts as they are
    finds such cells by the same pairs."""
    assert _found_by_pairs("management", table, seed=7) == set()
    assert len(_found_by_pairs("statistics", table, seed=7, enough=3)) == 3


def _views(cells: Cells, places: list[tuple], atoms: list[tuple | None]) -> np.ndarray:
    """Which cells each view of one filter adds up: all of a period, and each code of each
    dimension, and each pair of codes of two; what is shown has the labels of the atoms."""
    rows = []
    start, end = len(cells.period), len(cells.period) + len(cells.dimensions)
    known = [atom for atom in atoms if atom is not None]
    choices: list[dict[int, str]] = [{}]
    for at in range(start, end):
        for code in sorted({atom[at] for atom in known}):
            choices.append({at: code})
            for other in range(at + 1, end):
                for second in sorted({atom[other] for atom in known}):
                    choices.append({at: code, other: second})
    for choice in choices:
        rows.append(
            [
                float(atom is not None and all(atom[at] == code for at, code in choice.items()))
                for atom in atoms
            ]
        )
    # And every cell that is shown, by itself.
    for one in sorted(set(known)):
        rows.append([float(atom == one) for atom in atoms])
    return np.array(rows).reshape(-1, len(places))


def _found_by_combination(table: str, *, protected: bool) -> int:
    """How many cells of too few persons some combination of views of their period gives."""
    cells, truth = CELLS[table], _truth(table)
    periods: dict[tuple, list[tuple]] = {}
    for cell in truth.cells:
        periods.setdefault(cell[: len(cells.period)], []).append(cell)
    # Where most is to be found.
    few = {p: sum(_is_small(truth.cells[c]) for c in inside) for p, inside in periods.items()}
    found = 0
    for period in sorted(periods, key=lambda p: (-few[p], p))[:_PERIODS]:
        places = sorted(periods[period])
        atoms = [truth.atoms[cell] if protected else cell for cell in places]
        views = _views(cells, places, atoms)
        if cells.margin:
            views = np.vstack([views, np.ones(len(places))])
        span = np.linalg.pinv(views) @ views
        for at, cell in enumerate(places):
            counts = truth.cells[cell]
            if any(0 < count < THRESHOLD for count in counts) and span[at, at] > 1 - 1e-6:
                found += 1
    return found


@pytest.mark.parametrize("table", CELLS)
def test_no_combination_of_views_is_a_small_cell(fund, table):
    """Least squares over the views by one and by two filters, and the totals: a cell is given away
    when the projection of it on their span is the cell itself."""
    assert _found_by_combination(table, protected=True) == 0


@pytest.mark.parametrize("table", WITH_SMALL_CELLS)
def test_the_same_combinations_find_small_cells_where_nothing_is_protected(fund, table):
    assert _found_by_combination(table, protected=False) >= 3


INVENTED = Cells(
    table="main.mart",
    period=("period",),
    dimensions=("a", "b", "c"),
    persons={"persons": "persons"},
    sums=("rows", "marker"),
    fractions=(),
)


@pytest.mark.parametrize("seed", range(12))
@pytest.mark.parametrize("disjoint", [[], ["c"], ["b", "c"], ["a", "b", "c"]], ids=str)
def test_of_invented_persons_each_atom_holds_enough(seed, disjoint):
    """Persons drawn at random, in several cells or in one as `disjoint` says; an atom is counted by
    the persons themselves. Every cell is in one atom, and every period that has enough is shown."""
    rng = random.Random(seed)
    lines = []
    for period in range(4):
        for person in range(rng.choice([3, 8, 40, 120])):
            mine = [rng.choice("xyz"), rng.choice("pqrs"), rng.choice("klmno")]
            for _ in range(rng.randint(1, 3)):
                lines.append((f"p{period}", *mine, f"{period}-{person}"))
                for at, name in enumerate("abc"):
                    if name not in disjoint:
                        mine[at] = rng.choice(("xyz", "pqrs", "klmno")[at])
    db = duckdb.connect()
    db.execute("attach ':memory:' as whole")
    db.execute("create table whole.line (period text, a text, b text, c text, person text)")
    db.executemany("insert into whole.line values (?, ?, ?, ?, ?)", lines)
    db.execute(
        """create table whole.mart as select period, a, b, c, count(distinct person) as persons,
            count(*) as rows, 0 as marker from whole.line group by all"""
    )
    db.execute("create schema own")
    cells = replace(INVENTED, disjoint={"persons": disjoint})
    for statement in statements(cells, THRESHOLD, "own.made"):
        db.execute(statement)
    found = db.execute(
        """select m.period, d0, d1, d2, count(distinct person), count(*)
        from mart as m
        inner join atom on m.period_id = atom.period_id
            and (m.o0, m.o1, m.o2) = (atom.o0, atom.o1, atom.o2)
        inner join whole.line as l on (l.period, l.a, l.b, l.c) = (m.period, m.a, m.b, m.c)
        group by all"""
    ).fetchall()
    shown = db.execute("select period, a, b, c, rows from own.made").fetchall()
    made = {row[:4]: row[4] for row in shown}
    assert sum(row[5] for row in found) == len(lines)
    for *labels, persons, count in found:
        if tuple(labels) in made:
            assert persons >= THRESHOLD
            assert made[tuple(labels)] == count
        else:
            # Left out: of the cells of its period one has to be as large, or all share their few.
            assert labels[1:] == [FEW, FEW, FEW]
    enough = db.execute("select period from whole.mart where persons >= 5 group by all").fetchall()
    assert {period for (period,) in enough} <= {labels[0] for labels in made}


def test_a_person_of_an_office_is_not_protected_from_their_own_accounts(fund):
    """Recovery sees accounts by name: its counts are as they are, within its offices too."""
    right = right_of(("recovery",), frozenset({"BXL"}))
    assert right.cut == ()
    agent = source.begin(Language("fr"), Person("1", "P", ("recovery",), frozenset({"BXL"}), True))
    least = agent.query("select min(affiliates) as least from contribution.mart_quarter")
    assert least["least"].iloc[0] < THRESHOLD


@pytest.mark.parametrize(
    ("column", "kept", "table", "added"),
    [
        ("difference_reason", "none", "contribution.mart_accuracy", "charges"),
        ("account_type", "affiliate", "recovery.mart_arrears_ageing", "outstanding_amount"),
        ("account_type", "affiliate", "recovery.mart_arrears_cohorts", "claimed_amount"),
        ("account_type", "affiliate", "recovery.mart_roll_rates", "outstanding_amount"),
    ],
)
def test_what_a_page_tells_apart_is_not_merged_with_the_rest(fund, column, kept, table, added):
    """What is right, a kind of account: next to all of it stays told apart,
    whatever small cells lie beside it, or a page would give another figure by the role."""
    query = f"select sum({added})::double as told from {table} where {column} = '{kept}'"
    (cut,) = _reading("management").query(query)["told"]
    (whole,) = open_release().cursor().execute(query).fetchone()
    assert 0.98 * whole <= cut <= whole


def test_what_is_too_few_is_not_told_as_none(fund):
    """Who sees small counts reads that there is nothing; who does not, that it may be a few."""
    whole, cut = _reading("statistics"), _reading("management")
    assert whole.nothing("empty") == whole.text("empty")
    assert cut.nothing("empty").startswith(cut.text("empty"))
    assert "trop petit" in cut.nothing("empty")
    assert "trop peu" not in measures.write_state(whole, measures.EMPTY)
    assert "trop peu" in measures.write_state(cut, measures.EMPTY)
    assert measures.write_state(cut, measures.MET) == measures.write_state(whole, measures.MET)
