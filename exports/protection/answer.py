"""The order of protecting an answer: judge, choose, leave out what would be blank, write, attack.

Belongs here: these steps. Does not belong here: any of them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from exports.catalogue import Statistic
from exports.cells import Cells
from exports.errors import BadDeclaration, UnprotectedCells
from exports.profiles import Profile
from exports.protection.audit import attack
from exports.protection.blocks import Blocks, Given, Lost
from exports.protection.book import Book, kind_of, read_book
from exports.protection.choice import Pattern, choose
from exports.protection.earlier import Earlier, read_earlier
from exports.protection.equations import BrokenEquation
from exports.protection.former import Former, Ties, read_former, tie
from exports.protection.judgement import Judgement, judge
from exports.protection.linked import groups_of
from exports.protection.moves import carried_over
from exports.protection.places import Places
from exports.protection.system import System, build
from exports.protection.written import bases_of, shown_rows, statuses, write
from exports.texts import text

_FINER = ("year", "quarter", "month")


@dataclass
class _Request:
    """What does not change while blocks are left out."""

    book: Book
    blocks: Blocks
    judgement: Judgement
    profile: Profile
    places: Places
    earlier: Earlier
    former: Sequence[Former]
    ties: Ties
    lang: str

    def system(self, left_out: set[Given]) -> System:
        """The linked system of what is given, now or before: a block that is left out now is still
        told by an earlier package, unless its former state is there to say what it tells.
        """
        there = self.earlier.there & ~self.ties.covered
        before = {block for block in left_out if there[self.blocks.rows[block]].all()}
        gone = left_out - before
        given = self.blocks.given(gone) | self.blocks.former
        never = frozenset(gone).union(*(one.left_out for one in self.former))
        try:
            system = build(
                self.book,
                self.profile,
                self.places,
                given,
                never,
                self.judgement,
                self.ties.same,
            )
        except BrokenEquation as broken:
            raise BadDeclaration(text("broken_equation", self.lang, cell=broken)) from broken
        self._forgive(system)
        pairs = [(system.number[one], system.number[other]) for one, other in self.ties.alone]
        return replace(system, alone=tuple((int(a), int(b)) for a, b in pairs if a >= 0 and b >= 0))

    def known(self, system: System) -> np.ndarray:
        """Mask of the numbers that were given before."""
        known = np.zeros(len(system.value), dtype=bool)
        shown = self.earlier.shown | self.ties.shown
        # Its value is another one now, and the release of the former one does not stand any more.
        unsure = self.earlier.restated & ~self.ties.covered
        shown |= unsure & (np.array(self.judgement.status) == "")
        rows = np.flatnonzero(shown & (system.number >= 0))
        known[system.number[rows]] = True
        return known

    def _forgive(self, system: System) -> None:
        """What is safe by itself and was given before needs no range, though a measure beside it
        has become unsafe.
        """
        safe = np.ones(len(system.value), dtype=bool)
        for row in np.flatnonzero(system.number >= 0):
            if self.judgement.status[row]:
                safe[system.number[row]] = False
        known = self.known(system) & safe
        system.need_reach[known] = 0.0
        system.need_width[known] = 0.0


def protect_answer(
    cursor,
    asked: Sequence[tuple[Statistic, list[str]]],
    profile: Profile,
    lang: str,
    earlier: Sequence[Path] = (),
) -> dict[str, Cells]:
    """Give the cells of every statistic, by code, such that nobody can be worked out from them.

    Raises:
        UnprotectedCells: one sentence; a cell can be worked out, or was given before.
        BadDeclaration: a declared equation does not hold.
    """
    cells: dict[str, Cells] = {}
    for group in groups_of(asked):
        cells |= _protect(cursor, group, profile, lang, earlier)
    if not any(_has_cells(cursor, found) for found in cells.values()):
        codes = ", ".join(cells)
        raise UnprotectedCells(text("nothing_left", lang, profile=profile.name, codes=codes))
    return cells


def _has_cells(cursor, cells: Cells) -> bool:
    return cursor.execute(f"select count(*) from {cells.table}").fetchone()[0] > 0


def _protect(cursor, asked, profile: Profile, lang: str, earlier) -> dict[str, Cells]:
    """Protect statistics that are linked to each other."""
    request = _read(cursor, asked, profile, lang, earlier)
    left_out, pattern, system = _leave_out(request)
    free = profile.conf_status
    said = statuses(system, pattern.hidden, free)
    given = request.blocks.given(set(left_out))
    said = [status if given[row] else "" for row, status in enumerate(said)]
    cells, tables = {}, []
    for place, (statistic, ref_periods) in enumerate(asked):
        tables.append(write(cursor, request.book, place, ref_periods, said, free))
        described = request.blocks.described(statistic, place, left_out)
        cells[statistic.code] = Cells(tables[-1], described)
    _attack(cursor, request, set(left_out), tables, pattern)
    return cells


def _read(cursor, asked, profile: Profile, lang: str, earlier: Sequence[Path]) -> _Request:
    former = read_former(cursor, asked, earlier, profile.name, lang)
    states = [(one.statistic, list(one.ref_periods)) for one in former]
    book = read_book(cursor, [*asked, *states])
    blocks = Blocks(book, len(asked))
    outside = np.flatnonzero(~(blocks.given(set()) | blocks.former))
    if len(outside):
        code = book.statistic_of(outside[0]).code
        what = book.in_words(int(outside[0]))
        raise BadDeclaration(text("bad_declaration", lang, code=code, what=what))
    return _Request(
        book,
        blocks,
        judge(book, profile),
        profile,
        Places(cursor),
        read_earlier(book, earlier, profile.name, lang),
        former,
        tie(book, former),
        lang,
    )


def _leave_out(request: _Request) -> tuple[dict[Given, Lost], Pattern, System]:
    """Protect, and leave out the blocks that would be mostly blank, the blankest first: without it
    less has to be hidden in the others.
    """
    blocks, limit = request.blocks, request.profile.left_out_pct
    left_out: dict[Given, Lost] = {}
    last: tuple[Pattern, System, set[Given]] | None = None
    while True:
        system = request.system(set(left_out))
        before = np.isin(np.arange(system.units), system.unit_of_row[blocks.given(set(left_out))])
        # What was shown then is not hidden because nothing shows it now.
        before[system.unit_of_row[request.ties.shown]] = True
        unsafe = _rows_of(system, system.unsafe_units)
        if _blankest(request, unsafe, unsafe, left_out, limit):
            continue
        # What protected before does so again, but for the statistics that lost a block: those are
        # protected anew, since less is to be hidden in them.
        offered = ()
        if last is not None:
            changed = {blocks.place[block] for block in left_out.keys() - last[2]}
            offered = carried_over(last[0].moves.standing, last[1], system, changed)
        pattern = choose(system, request.known(system), ~before, offered)
        last = pattern, system, set(left_out)
        if pattern.lost:
            _without(request, system, pattern, left_out)
        elif not _blankest(request, _rows_of(system, pattern.hidden), unsafe, left_out, limit):
            return left_out, pattern, system


def _rows_of(system: System, units: np.ndarray) -> np.ndarray:
    return (system.unit_of_row >= 0) & units[system.unit_of_row]


def _blankest(request: _Request, hidden, unsafe, left_out: dict, limit: float) -> bool:
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


def _without(request: _Request, system: System, pattern: Pattern, left_out: dict) -> None:
    """Leave out the most detailed block of what cannot be protected; refuse what no block gives or
    what was given before.
    """
    hidden = _rows_of(system, pattern.hidden)
    known = request.known(system)
    for target in pattern.lost:
        rows = np.flatnonzero(system.number == target)
        holding = [b for row in rows for b in request.blocks.holding(int(row), set(left_out))]
        is_former = len(rows) > 0 and bool(request.blocks.former[rows].all())
        if known[target] or not (holding or is_former or len(rows) == 0):
            name = request.book.in_words(int(rows[0]))
            raise UnprotectedCells(text("given_before", request.lang, cell=name))
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
            raise UnprotectedCells(text("given_before", request.lang, cell=name))
        block = max(dict.fromkeys(holding), key=lambda b: (request.blocks.detail[b], b))
        unsafe = _rows_of(system, system.unsafe_units)
        left_out[block] = request.blocks.lost(block, hidden, unsafe)
        return


def _attack(cursor, request: _Request, left_out: set[Given], tables, pattern: Pattern) -> None:
    """Attack the cells as they stand in the tables that the writers read."""
    shown = shown_rows(cursor, request.book, tables)
    system = request.system(left_out)
    known = request.known(system)
    rows = np.flatnonzero(shown & (system.number >= 0))
    known[system.number[rows]] = True
    exposed = [
        int(np.flatnonzero(system.number == found.number)[0])
        for found in attack(system, known, pattern.moves.standing)
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
        raise UnprotectedCells(text("exposed", request.lang, cells=len(set(exposed)), cell=named))
