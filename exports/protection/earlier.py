"""What a recipient was given before: packages that lie beside the new one.

Belongs here: what earlier packages tell, which statistics and periods besides those asked for are
needed to see it whole, and the cells that they show. Does not belong here: what follows from them
(answer.py); values that are others today (former.py).

A cell that was shown then and has the same value now is known, whatever becomes of it; one that was
hidden then is to stay hidden, though nobody asks for it now; one that has another value now is
another number.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from exports.catalogue import Statistic
from exports.errors import NotAPackage
from exports.names import MANIFEST
from exports.periods import read_period
from exports.protection.book import Book, kind_of
from exports.protection.linked import groups_of
from exports.protection.packages import Package
from exports.texts import sentence

_SAME = 1e-6
Asked = tuple[Statistic, list[str]]


@dataclass(frozen=True)
class Earlier:
    """Masks of rows: shown before with the value of now; there before, shown or not; shown before
    with another value.
    """

    shown: np.ndarray
    there: np.ndarray
    restated: np.ndarray


def told_besides(
    cursor,
    asked: Sequence[Asked],
    packages: Sequence[Package],
    catalogue: Mapping[str, Statistic],
    lang: str,
) -> dict[str, Asked]:
    """Give, by code, the statistics of earlier packages with the periods that they tell of, as far
    as the release still has them; with every other period of the same years.
    """
    known = {**catalogue, **{statistic.code: statistic for statistic, _ in asked}}
    told: dict[str, set[str]] = {}
    for package in packages:
        for entry in package.said["statistics"]:
            if entry["code"] in known:
                periods = {line["REF_PERIOD"] for line in _lines(package, entry, lang)}
                told.setdefault(entry["code"], set()).update(periods)
    now = {statistic.code: set(ref_periods) for statistic, ref_periods in asked}
    found = {}
    for code, periods in sorted(told.items()):
        every = periods | now.get(code, set())
        if every != now.get(code):
            # Whole years: only then do the figures say which measures add up over periods.
            years = {period[:4] for period in every if read_period(period)}
            held = _periods(cursor, known[code])
            found[code] = known[code], [p for p in held if p in every or p[:4] in years]
    return found


def together(asked: Sequence[Asked], besides: Mapping[str, Asked]) -> list[tuple[list, list]]:
    """What is protected together: (statistics asked for, what earlier packages tell besides)."""
    codes = {statistic.code for statistic, _ in asked}
    others = [besides[code] for code in besides if code not in codes]
    found = []
    for group in groups_of([*asked, *others]):
        mine = [one for one in group if one[0].code in codes]
        if mine:
            more = [besides[one[0].code] for one in group if one[0].code in besides]
            found.append((mine, more))
    return found


def _periods(cursor, statistic: Statistic) -> list[str]:
    rows = cursor.execute(f"select distinct ref_period from {statistic.table} order by 1")
    return [period for (period,) in rows.fetchall()]


def read_earlier(book: Book, packages: Sequence[Package], lang: str) -> Earlier:
    """Compare earlier packages for a recipient with the rows of an answer.

    Raises:
        NotAPackage: a file is none that we write.
    """
    shown, there, other = (np.zeros(len(book), dtype=bool) for _ in range(3))
    place_of = {statistic.code: place for place, statistic in enumerate(book.statistics)}
    for package in packages:
        for entry in package.said["statistics"]:
            if entry["code"] in place_of:
                _read(book, place_of[entry["code"]], package, entry, lang, (shown, there, other))
    return Earlier(shown, there, other & ~shown)


def _read(book: Book, place: int, package: Package, entry: dict, lang: str, masks) -> None:
    shown, there, other = masks
    names = [name.upper() for name in book.statistics[place].dimension_names]
    for line in _lines(package, entry, lang, (*names, "MEASURE", "OBS_VALUE")):
        codes = tuple(line[name] for name in names)
        row = book.find((place, line["REF_PERIOD"], codes), line["MEASURE"])
        if row is None:
            continue
        there[row] = True
        written = line["OBS_VALUE"]
        if written and kind_of(book.measures[row]) != "ratio":
            is_same = abs(float(written) - book.value[row]) <= _SAME
            shown[row] |= is_same
            other[row] |= not is_same


def _lines(
    package: Package, entry: dict, lang: str, needed: Sequence[str] = ()
) -> Iterator[dict[str, str]]:
    """The cells of a statistic in a package."""
    try:
        with open(package.file_of(entry), encoding="utf-8-sig", newline="") as opened:
            reader = csv.DictReader(opened)
            if not {"REF_PERIOD", *needed} <= set(reader.fieldnames or ()):
                raise ValueError
            yield from reader
    except (OSError, ValueError) as error:
        words = sentence("not_a_package", lang, folder=package.folder.name, what=MANIFEST)
        raise NotAPackage(words) from error
