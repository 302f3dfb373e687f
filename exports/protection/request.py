"""One request to be protected: what is asked now beside what earlier packages told.

Belongs here: everything that does not change while blocks are left out, and the linked system of
what is given, now or before. Does not belong here: which cells are hidden (choice.py), the order of
the steps (answer.py).
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

import numpy as np

from exports.errors import BadDeclaration
from exports.profiles import Profile
from exports.protection.blocks import Blocks, Given
from exports.protection.book import Book, read_book
from exports.protection.earlier import Asked, Earlier, read_earlier
from exports.protection.equations import BrokenEquation
from exports.protection.former import Former, Ties, read_former, tie
from exports.protection.judgement import Judgement, judge
from exports.protection.packages import Package
from exports.protection.places import Places
from exports.protection.system import Joined, System, build
from exports.texts import sentence

#: A cell: the code of its statistic, its period, its codes, its measure.
Key = tuple[str, str, tuple[str, ...], str]


@dataclass
class Request:
    """`told`: mask of the rows of today that earlier packages tell of, shown or hidden, with the
    value of today; `former`: of the rows as they were then, where they are others today;
    `withheld`: of the rows that others could not bear to be shown beside what they have; `barred`:
    the blocks that are not even to be listed for that reason.
    """

    book: Book
    blocks: Blocks
    judgement: Judgement
    profile: Profile
    places: Places
    earlier: Earlier
    states: Sequence[Former]
    ties: Ties
    told: np.ndarray
    former: np.ndarray
    withheld: np.ndarray
    barred: frozenset[Given]
    lang: str

    def system(self, left_out: set[Given]) -> System:
        """The linked system of what is given, now or before. Of what was given before nothing can
        be left out any more; what was hidden then is to stay hidden.
        """
        never = frozenset(left_out) if not self.told.any() else frozenset()
        given = self.blocks.given(left_out) | self.told | self.former
        try:
            system = build(
                self.book,
                self.profile,
                self.places,
                given,
                never.union(*(one.left_out for one in self.states)),
                self.judgement,
                self.ties.same,
            )
        except BrokenEquation as broken:
            raise BadDeclaration(sentence("broken_equation", self.lang, cell=broken)) from broken
        self._forgive(system)
        if self.told.any() or self.former.any():
            self._forget_others(system, self.blocks.given(left_out))
        pairs = [(system.number[one], system.number[other]) for one, other in self.ties.alone]
        return replace(system, alone=tuple((int(a), int(b)) for a, b in pairs if a >= 0 and b >= 0))

    @property
    def shown_before(self) -> np.ndarray:
        """Mask of the rows whose value was given."""
        return (self.earlier.shown & self.told) | self.ties.shown

    def known(self, system: System) -> np.ndarray:
        """Mask of the numbers that were given before."""
        known = np.zeros(len(system.value), dtype=bool)
        # Its value is another one now, and the release of the former one does not stand any more.
        unsure = self.earlier.restated & ~self.ties.covered
        shown = self.shown_before | (unsure & (np.array(self.judgement.status) == ""))
        rows = np.flatnonzero(shown & (system.number >= 0))
        known[system.number[rows]] = True
        return known

    def open_units(self, system: System, left_out: set[Given]) -> np.ndarray:
        """Mask of the units that are given now, or shown before: all others are blank anyway."""
        found = _units(system, self.blocks.given(left_out)) & ~_units(system, self.withheld)
        return found | _units(system, self.shown_before)

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

    def _forget_others(self, system: System, now: np.ndarray) -> None:
        """Nothing new is said of what no equation ties to a cell that is given now."""
        joined = Joined(len(system.value))
        first: dict[int, int] = {}
        for number, unit in enumerate(system.unit.tolist()):
            if unit >= 0:
                joined.join(first.setdefault(unit, number), number)
        for line in system.lines:
            for number in line.numbers[1:]:
                joined.join(line.numbers[0], number)
        for one, other in self.ties.alone:
            a, b = int(system.number[one]), int(system.number[other])
            if a >= 0 and b >= 0:
                joined.join(a, b)
        part = joined.numbered()
        rows = np.flatnonzero(now & (system.number >= 0))
        others = ~np.isin(part, part[system.number[rows]])
        system.need_reach[others] = 0.0
        system.need_width[others] = 0.0


def _units(system: System, rows: np.ndarray) -> np.ndarray:
    """Mask of the units that have one of these rows."""
    units = system.unit_of_row[rows]
    found = np.zeros(system.units, dtype=bool)
    found[units[units >= 0]] = True
    return found


def read_request(
    cursor,
    asked: Sequence[Asked],
    besides: Sequence[Asked],
    packages: Sequence[Package],
    profile: Profile,
    lang: str,
    withheld: Collection[Key] = (),
    barred: Collection[Given] = (),
) -> Request:
    """Read what is asked for, and what earlier packages tell besides. `withheld`: cells that are
    not to be shown, by the code of their statistic, period, codes and measure; `barred`: blocks
    that are not to be given.

    Raises:
        BadDeclaration: a row of the release lies in no block.
    """
    told_of = _merged(asked, besides)
    states = read_former(cursor, told_of, packages)
    book = read_book(
        cursor, [*told_of, *((one.statistic, list(one.ref_periods)) for one in states)]
    )
    place = np.array([book.crossings[number][0] for number in book.crossing], dtype=int)
    blocks = Blocks(book, [ref_periods for _, ref_periods in asked])
    _check_blocks(book, asked, blocks.given(set()), lang)
    earlier, ties = read_earlier(book, packages, lang), tie(book, states)
    unchanged = np.zeros(len(book), dtype=bool)
    unchanged[[other for other, _ in ties.same]] = True
    return Request(
        book=book,
        blocks=blocks,
        judgement=judge(book, profile),
        profile=profile,
        places=Places(cursor),
        earlier=earlier,
        states=states,
        ties=ties,
        told=earlier.there & np.where(ties.covered, unchanged, ~earlier.restated),
        former=place >= len(told_of),
        withheld=np.array([key in withheld for key in keys_of(book)], dtype=bool),
        barred=frozenset(barred) & blocks.rows.keys(),
        lang=lang,
    )


def keys_of(book: Book) -> list[Key]:
    """The name of each row: the code of its statistic, its period, codes and measure."""
    found = []
    for row, number in enumerate(book.crossing):
        place, period, codes = book.crossings[number]
        found.append((book.statistics[place].code, period, codes, book.measures[row]))
    return found


def _merged(asked: Sequence[Asked], besides: Sequence[Asked]) -> list[Asked]:
    """The statistics asked for first, in their order, each with the periods told besides."""
    more = {statistic.code: set(periods) for statistic, periods in besides}
    mine = [
        (statistic, sorted({*periods, *more.pop(statistic.code, ())}))
        for statistic, periods in asked
    ]
    return mine + [one for one in besides if one[0].code in more]


def _check_blocks(book: Book, asked: Sequence[Asked], given: np.ndarray, lang: str) -> None:
    wanted = {(place, period) for place, (_, periods) in enumerate(asked) for period in periods}
    for row in np.flatnonzero(~given).tolist():
        if book.crossings[book.crossing[row]][:2] in wanted:
            code, what = book.statistic_of(row).code, book.in_words(row)
            raise BadDeclaration(sentence("bad_declaration", lang, code=code, what=what))
