"""The order of protecting an answer: judge, choose, leave out what would be blank, write, attack.

Belongs here: these steps. Does not belong here: any of them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

import numpy as np

from exports.catalogue import Statistic
from exports.cells import Cells
from exports.errors import UnprotectedCells
from exports.profiles import Profile
from exports.protection.audit import attack
from exports.protection.blocks import Given, Lost
from exports.protection.book import kind_of
from exports.protection.choice import Pattern, choose
from exports.protection.earlier import together, told_besides
from exports.protection.moves import carried_over
from exports.protection.packages import Package, by_other_holders, is_held, read_packages
from exports.protection.request import Key, Request, keys_of, read_request
from exports.protection.system import System
from exports.protection.written import bases_of, shown_rows, statuses, write
from exports.texts import sentence

_FINER = ("year", "quarter", "month")


def protect_answer(
    cursor,
    asked: Sequence[tuple[Statistic, list[str]]],
    profile: Profile,
    lang: str,
    earlier: Sequence[Path] = (),
    catalogue: Mapping[str, Statistic] = MappingProxyType({}),
) -> dict[str, Cells]:
    """Give the cells of every statistic, by code, such that nobody can be worked out from them.

    `earlier`: folders of packages that the recipient has, and for the public those that others have
    who are protected; `catalogue`: every statistic of the release, by code, for what those tell
    besides.

    Raises:
        UnprotectedCells: one sentence; a cell can be worked out, or was given before.
        BadDeclaration: a declared equation does not hold.
        NotAPackage, AlteredPackage, OtherRecipient: an earlier package does not count.
    """
    every = read_packages(earlier, profile, lang)
    packages = [one for one in every if is_held(one, profile)]
    beside = [
        found
        for other, theirs in by_other_holders(every, profile)
        for found in _beside(cursor, asked, other, [*packages, *theirs], catalogue, lang)
    ]
    withheld = frozenset().union(*(one.withheld for one in beside))
    barred = frozenset().union(*(one.left_out for one in beside))
    besides = told_besides(cursor, asked, packages, catalogue, lang)
    cells: dict[str, Cells] = {}
    for group, more in together(asked, besides):
        request = read_request(cursor, group, more, packages, profile, lang, withheld, barred)
        cells |= _protect(cursor, request, group)
    for one in beside:
        _attack(cursor, one, [cells[code].table for code in one.codes])
    if not any(_has_cells(cursor, found) for found in cells.values()):
        said = {"profile": profile.name, "codes": ", ".join(cells)}
        if not packages:
            raise UnprotectedCells(sentence("nothing_left", lang, **said))
        # A longer period helps nobody who corrects: what is known already is what hides the rest.
        names = ", ".join(one.folder.name for one in packages)
        raise UnprotectedCells(sentence("nothing_left_beside", lang, earlier=names, **said))
    return cells


@dataclass(frozen=True)
class Chosen:
    """How linked statistics are protected: the codes of those asked for, what is left out, what is
    hidden.
    """

    request: Request
    codes: tuple[str, ...]
    left_out: dict[Given, Lost]
    pattern: Pattern
    system: System

    @property
    def statuses(self) -> list[str]:
        """The status of each row, "" where no block gives it."""
        said = statuses(self.system, self.pattern.hidden, self.request.profile.conf_status)
        given = self.request.blocks.given(set(self.left_out))
        return [status if given[row] else "" for row, status in enumerate(said)]

    @property
    def withheld(self) -> frozenset[Key]:
        """The cells asked for that are not shown."""
        free, said = self.request.profile.conf_status, self.statuses
        return frozenset(
            key
            for key, status in zip(keys_of(self.request.book), said, strict=True)
            if key[0] in self.codes and status != free
        )


def _beside(
    cursor, asked, profile: Profile, packages: Sequence[Package], catalogue, lang: str
) -> list[Chosen]:
    """How the answer would be protected for somebody who has more than who asked: what they could
    not be shown, nobody is. So nothing they may not know follows from theirs and this one.
    """
    besides = told_besides(cursor, asked, packages, catalogue, lang)
    return [
        _chosen(read_request(cursor, group, more, packages, profile, lang), group)
        for group, more in together(asked, besides)
    ]


def _chosen(request: Request, asked) -> Chosen:
    left_out, pattern, system = _leave_out(request)
    codes = tuple(statistic.code for statistic, _ in asked)
    return Chosen(request, codes, left_out, pattern, system)


def _has_cells(cursor, cells: Cells) -> bool:
    return cursor.execute(f"select count(*) from {cells.table}").fetchone()[0] > 0


def _protect(cursor, request: Request, asked) -> dict[str, Cells]:
    """Protect statistics that are linked to each other."""
    chosen = _chosen(request, asked)
    free, said = request.profile.conf_status, chosen.statuses
    cells, tables = {}, []
    for place, (statistic, ref_periods) in enumerate(asked):
        tables.append(write(cursor, request.book, place, ref_periods, said, free))
        described = request.blocks.described(statistic, place, chosen.left_out)
        cells[statistic.code] = Cells(tables[-1], described)
    _attack(cursor, chosen, tables)
    return cells


def _leave_out(request: Request) -> tuple[dict[Given, Lost], Pattern, System]:
    """Protect, and leave out the blocks that would be mostly blank, the blankest first: without it
    less has to be hidden in the others.
    """
    blocks, limit = request.blocks, request.profile.left_out_pct
    left_out: dict[Given, Lost] = {}
    last: tuple[Pattern, System, set[Given]] | None = None
    while True:
        system = request.system(set(left_out))
        blank = ~request.open_units(system, set(left_out))
        unsafe = _rows_of(system, system.unsafe_units)
        if barred := request.barred - left_out.keys():
            left_out |= {block: blocks.lost(block, unsafe, unsafe) for block in barred}
            continue
        if _blankest(request, unsafe, unsafe, left_out, limit):
            continue
        # What protected before does so again, but for the statistics that lost a block: those are
        # protected anew, since less is to be hidden in them.
        offered = ()
        if last is not None:
            changed = {blocks.place[block] for block in left_out.keys() - last[2]}
            offered = carried_over(last[0].moves.standing, last[1], system, changed)
        pattern = choose(system, request.known(system), blank, offered)
        last = pattern, system, set(left_out)
        if pattern.lost:
            _without(request, system, pattern, left_out)
        elif not _blankest(request, _rows_of(system, pattern.hidden), unsafe, left_out, limit):
            return left_out, pattern, system


def _rows_of(system: System, units: np.ndarray) -> np.ndarray:
    return (system.unit_of_row >= 0) & units[system.unit_of_row]


def _blankest(request: Request, hidden, unsafe, left_out: dict, limit: float) -> bool:
    """Leave out the blankest block past the limit of each statistic, if there is one."""
    worst: dict[int, tuple[int, float, Given]] = {}
    for block, share in request.blocks.shares(hidden, unsafe, set(left_out)).items():
        if share > limit:
            place = request.blocks.place[block]
            # Months before quarters before years: what is hidden in them spreads to their sums.
            rank = (_FINER.index(block[1]), share, block)
            worst[place] = max(worst.get(place, rank), rank)
    for _, _, block in worst.values():
        left_out[block] = request.blocks.lost(block, hidden, unsafe, limit)
    return bool(worst)


def _without(request: Request, system: System, pattern: Pattern, left_out: dict) -> None:
    """Leave out the most detailed block of what cannot be protected; refuse what no block gives or
    what was given before.
    """
    hidden = _rows_of(system, pattern.hidden)
    known = request.known(system)
    for target in pattern.lost:
        rows = np.flatnonzero(system.number == target)
        holding = [b for row in rows for b in request.blocks.holding(int(row), set(left_out))]
        was_given = len(rows) > 0 and bool((request.former | request.told)[rows].all())
        if known[target] or not (holding or was_given or len(rows) == 0):
            name = request.book.in_words(int(rows[0]))
            raise UnprotectedCells(sentence("given_before", request.lang, cell=name))
        if not holding:
            # Part of an area that no table shows, or what was hidden then: a block beside it gives
            # it away.
            holding = [
                block
                for line in system.lines
                if target in line.numbers
                for number in line.numbers
                for row in np.flatnonzero(system.number == number)
                for block in request.blocks.holding(int(row), set(left_out))
            ]
        if not holding:
            # Nothing near it is given now: the most detailed block may be what gives it away.
            holding = [block for block in request.blocks.rows if block not in left_out]
        if not holding:
            name = request.book.in_words(int(rows[0]))
            raise UnprotectedCells(sentence("given_before", request.lang, cell=name))
        block = max(dict.fromkeys(holding), key=lambda b: (request.blocks.detail[b], b))
        unsafe = _rows_of(system, system.unsafe_units)
        left_out[block] = request.blocks.lost(block, hidden, unsafe)
        return


def _attack(cursor, chosen: Chosen, tables: list[str]) -> None:
    """Attack the cells as they stand in the tables that the writers read."""
    request = chosen.request
    shown = shown_rows(cursor, request.book, tables)
    system = request.system(set(chosen.left_out))
    known = request.known(system)
    rows = np.flatnonzero(shown & (system.number >= 0))
    known[system.number[rows]] = True
    exposed = [
        int(np.flatnonzero(system.number == found.number)[0])
        for found in attack(system, known, chosen.pattern.moves.standing)
        if (system.number == found.number).any()
    ]
    book = request.book
    exposed += [
        int(row)
        for row in np.flatnonzero(shown)
        if kind_of(book.measures[row]) == "ratio"
        and not all(shown[base] for base in bases_of(book, int(row)))
    ]
    if exposed:
        named = book.in_words(min(exposed))
        raise UnprotectedCells(
            sentence("exposed", request.lang, cells=len(set(exposed)), cell=named)
        )
