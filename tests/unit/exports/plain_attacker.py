"""An attacker written apart from the project's: every equation of the specification over the cells
of an answer, and one linear programme for each bound of each unsafe cell.

Belongs here: what somebody outside, or the one contributor of a cell, can work out from what is
shown. Does not belong here: anything of exports/protection; only the solver is shared.
"""

from __future__ import annotations

from collections import defaultdict
from itertools import combinations

import numpy as np

from exports.disclosure.solver import Programme, Rows, compressed
from tests.unit.exports.random_statistics import LEVELS, PLACES, cells_of, place

BIG = 1e7


class Attack:
    """All cells of a request. `shown`: {(code, period, codes, measure): value}, as a reader sees
    it; `there`: cells that have a row, shown or not.
    """

    def __init__(self, statistics, shown: dict, there: set, profile) -> None:
        self.profile, self.shown, self.there = profile, shown, there
        self.truth: dict[tuple, dict] = {}
        self.measure: dict[tuple, object] = {}
        self.kind: dict[tuple, str] = {}
        self.statistics = list(statistics)
        for one, records in statistics.items():
            by_name = {measure.name: measure for measure in one.measures}
            for (span, codes, name), by_who in cells_of(one, records).items():
                cell = (one.code, span, codes, name)
                self.truth[cell] = by_who
                self.measure[cell] = by_name[name]
                unit = by_name[name].unit
                self.kind[cell] = {"EUR": "amount", "PCT": "ratio"}.get(unit, "count")
        self.cells = [c for c in sorted(self.truth) if self.kind[c] != "ratio"]
        self.at = {cell: i for i, cell in enumerate(self.cells)}
        self.value = {c: sum(v for w, v in self.truth[c].items()) for c in self.cells}
        self.rows: list[tuple[dict[int, float], float, float]] = []
        self.extra = len(self.cells)
        self._block_equations()
        self._linked()

    # --- what is known --------------------------------------------------------------------------

    def _add(self, factors: dict, low: float = 0.0, high: float = 0.0) -> None:
        self.rows.append((factors, low, high))

    def _block_equations(self) -> None:
        for one in self.statistics:
            names = one.dimension_names
            for block in one.blocks:
                members = [
                    c for c in self.cells if c[0] == one.code and self._inside(one, block, c)
                ]
                if not all(c in self.there for c in members):
                    members = [
                        c
                        for c in members
                        if all(
                            other in self.there for other in members if len(other[1]) == len(c[1])
                        )
                    ]
                for axis in block.axes:
                    at = [names.index(name) for name in axis.dimensions]
                    groups = defaultdict(list)
                    for cell in members:
                        for total, mark in self._totals(cell, at, axis):
                            if total in self.at:
                                groups[total, mark].append(cell)
                    for (total, _), parts in groups.items():
                        self._sum(total, parts)
                    if axis.levels:
                        self._levels(members, at, axis.levels)
                for often, rarely in (("month", "quarter"), ("quarter", "year")):
                    if {often, rarely} <= set(block.frequencies) and _plain(one.code) == "T94":
                        groups = defaultdict(list)
                        for cell in members:
                            if _often(cell[1]) == often:
                                groups[cell[0], _whole(cell[1]), *cell[2:]].append(cell)
                        for total, parts in groups.items():
                            if total in self.at:
                                self._sum(total, parts)

    def _inside(self, one, block, cell) -> bool:
        _, span, codes, name = cell
        if name not in block.measures:
            return False
        often = _often(span)
        if often not in block.frequencies and "contribution_year" not in block.frequencies:
            return False
        said = dict(zip(one.dimension_names, codes, strict=True))
        for axis in block.axes:
            first, last = said.pop(axis.dimensions[0]), said.pop(axis.dimensions[-1], None)
            if axis.levels and first != "_T" and first not in axis.levels:
                return False
            if first == "_T" and (not axis.has_total or last not in (None, "_T")):
                return False
        return all(code == "_T" for code in said.values())

    def _totals(self, cell, at, axis):
        code, span, codes, name = cell
        if codes[at[0]] == "_T":
            return
        if axis.levels:
            yield (code, span, _put(codes, dict.fromkeys(at, "_T")), name), codes[at[0]]
        elif len(at) > 1 and codes[at[1]] != "_T":
            yield (code, span, _put(codes, {at[1]: "_T"}), name), ""
        else:
            yield (code, span, _put(codes, {at[0]: "_T"}), name), ""

    def _sum(self, total, parts) -> None:
        top, below = self.at[total], [self.at[part] for part in parts]
        if self.measure[total].additive:
            self._add({top: -1.0, **dict.fromkeys(below, 1.0)})
        else:
            self._add({top: -1.0, **dict.fromkeys(below, 1.0)}, 0.0, np.inf)
            for part in below:
                self._add({top: 1.0, part: -1.0}, 0.0, np.inf)

    def _levels(self, members, at, levels) -> None:
        """Every area is the people of its municipalities: one unknown for each of those."""
        everywhere = defaultdict(dict)
        for cell in members:
            code, span, codes, name = cell
            if codes[at[0]] != "_T":
                key = (code, span, _put(codes, dict.fromkeys(at, "_T")), name)
                everywhere[key][codes[at[0]], codes[at[1]]] = cell
        assert set(levels) <= set(LEVELS)
        for areas in everywhere.values():
            people = {number: self.extra + number for number in range(len(PLACES))}
            self.extra += len(PLACES)
            for level in levels:
                for code in {place(number)[level] for number in people}:
                    inside = [n for n in people if place(n)[level] == code]
                    factors = {people[n]: 1.0 for n in inside}
                    if (level, code) in areas:
                        factors[self.at[areas[level, code]]] = -1.0
                    self._add(factors)

    def _linked(self) -> None:
        """T91 and T92 count the same persons, a year's and its last quarter's too; what is claimed
        and not collected is not negative.
        """
        same = defaultdict(list)
        for cell in self.cells:
            code, span, codes, name = cell
            if _plain(code) in ("T91", "T92"):
                one = next(s for s in self.statistics if s.code == code)
                said = {n: c for n, c in zip(one.dimension_names, codes, strict=True) if c != "_T"}
                if said.get("residence_level") == "REGION":
                    said = {**said, "region": said["residence_code"]}
                    del said["residence_level"], said["residence_code"]
                if span in ("2025", "2025Q4"):
                    state = code.partition("@")[2]
                    same[state, tuple(sorted(said.items()))].append(self.at[cell])
            if name == "claimed":
                other = self.at.get((code, span, codes, "collected"))
                if other is not None:
                    self._add({self.at[cell]: 1.0, other: -1.0}, 0.0, np.inf)
        for cells in same.values():
            for one, other in combinations(cells, 2):
                self._add({one: 1.0, other: -1.0})

    def tie(self) -> int:
        """Set two states of the same statistics side by side (T91 and T91@old): a cell that both
        have, shown or not, and in which nothing changed is one number. Returns how many.
        """
        tied = 0
        for cell in self.cells:
            former = (f"{cell[0]}@old", *cell[1:])
            if {cell, former} <= self.there and self.truth[cell] == self.truth[former]:
                self._add({self.at[cell]: 1.0, self.at[former]: -1.0})
                tied += 1
        return tied

    # --- what must hold -------------------------------------------------------------------------

    def unsafe(self) -> dict[tuple, tuple[float, float]]:
        """{cell: (width, reach)} of every cell that a rule calls unsafe."""
        found = {}
        for cell in self.cells:
            count, width, reach = self._judged(cell)
            if count:
                found[cell] = (width, reach)
        return found

    def _judged(self, cell) -> tuple[bool, float, float]:
        amounts = sorted((abs(v) for v in self.truth[cell].values() if v), reverse=True)
        profile = self.profile
        threshold = profile.count_threshold
        if next(s for s in self.statistics if s.code == cell[0]).is_health_related:
            threshold = max(threshold, profile.health_threshold)
        few = 0 < len(amounts) < threshold
        reach = 0.0
        if self.kind[cell] == "amount" and amounts:
            total, rest = sum(amounts), sum(amounts[2:])
            if profile.dominance_pct:
                reach = max(reach, 100 / profile.dominance_pct * amounts[0] - total)
            if profile.p_percent:
                reach = max(reach, profile.p_percent / 100 * amounts[0] - rest)
        reach = max(reach, 0.0) if reach > 1e-6 else 0.0
        return few or reach > 0, float(threshold) if few else 0.0, reach

    def exposed(self, insiders: bool = True) -> list[str]:
        """Every unsafe cell that can be known too closely, in words."""
        unsafe = self.unsafe()
        failing = [f"{cell} is shown" for cell in unsafe if cell in self.shown]
        hidden = [cell for cell in unsafe if cell not in self.shown and cell in self.there]
        programme, low = self._programme()
        failing += self._failing(programme, hidden, unsafe, "outside")
        if not insiders:
            return failing
        for crossing in sorted({cell[:3] for cell in self.cells}):
            mine = [
                c
                for c in self.cells
                if c[:3] == crossing
                and c not in self.shown
                and c in self.there
                and len([v for v in self.truth[c].values() if v]) == 1
            ]
            if not mine:
                continue
            who = {w for c in mine for w, v in self.truth[c].items() if v}
            columns = np.array([self.at[c] for c in mine])
            values = np.array([self.value[c] for c in mine], dtype=float)
            programme.set_bounds(columns, values, values)
            others = [c for c in hidden if {w for w, v in self.truth[c].items() if v} - who]
            failing += self._failing(programme, others, unsafe, f"alone in {crossing}", who)
            programme.set_bounds(columns, low[columns], np.full(len(columns), BIG))
        return failing

    def _programme(self):
        size = self.extra
        low = np.zeros(size)
        high = np.full(size, BIG)
        never_zero = {
            (code, name): all(
                self.value[c] >= 1 for c in self.cells if (c[0], c[3]) == (code, name)
            )
            for code, _, _, name in self.cells
        }
        for cell, i in self.at.items():
            if cell in self.shown:
                low[i] = high[i] = float(self.value[cell])
            elif cell in self.there and self.kind[cell] == "count":
                low[i] = 1.0 if never_zero[cell[0], cell[3]] else 0.0
        row, column, factor = [], [], []
        for number, (factors, _, _) in enumerate(self.rows):
            for i, f in factors.items():
                row.append(number)
                column.append(i)
                factor.append(f)
        rows = Rows(
            *compressed(np.array(row), np.array(column), np.array(factor), len(self.rows)),
            low=np.array([r[1] for r in self.rows]),
            high=np.array([r[2] for r in self.rows]),
        )
        return Programme(low, high, rows), low

    def _failing(self, programme, cells, unsafe, who: str, own=frozenset()) -> list[str]:
        """`own`: whoever attacks knows that a cell is not less than what is theirs in it."""
        failing = []
        for cell in cells:
            width, reach = unsafe[cell]
            value = float(self.value[cell])
            if not value:
                continue
            programme.set_objective(np.array([self.at[cell]]), np.ones(1))
            high, low = programme.maximise().value, programme.minimise().value
            assert high is not None, "the published cells do not fit together"
            dust = 1e-4 * max(1.0, abs(value))
            if (
                high - low < max(width, 1e-3) - dust
                or high < value + reach - dust
                or low > max(value - reach, sum(self.truth[cell].get(w, 0) for w in own)) + dust
            ):
                failing.append(f"{cell} = {value} lies in {low} … {high}, {who}")
        return failing


def _plain(code: str) -> str:
    """A statistic without the mark of its former state."""
    return code.partition("@")[0]


def _often(span: str) -> str:
    return {4: "year", 6: "quarter", 7: "month"}[len(span)]


def _whole(span: str) -> str:
    return f"{span[:4]}Q{(int(span[5:]) + 2) // 3}" if len(span) == 7 else span[:4]


def _put(codes: tuple, changed: dict) -> tuple:
    return tuple(changed.get(i, code) for i, code in enumerate(codes))
