"""What a recipient was given before: packages that lie beside the new one.

Belongs here: reading the cells of earlier packages. Does not belong here: what follows from them. A
cell that was shown then and has the same value now is known, whatever becomes of it; one that has
another value now is another number.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from exports.errors import NotAPackage
from exports.package import MANIFEST
from exports.protection.book import Book, kind_of
from exports.texts import text

_SAME = 1e-6


@dataclass(frozen=True)
class Earlier:
    """Masks of rows: shown before with the value of now; there before, shown or not; shown before
    with another value.
    """

    shown: np.ndarray
    there: np.ndarray
    restated: np.ndarray


def read_earlier(book: Book, packages: Sequence[Path], profile: str, lang: str) -> Earlier:
    """Compare earlier packages for a recipient with the rows of an answer.

    Raises:
        NotAPackage: a folder is no package.
    """
    shown, there, other = (np.zeros(len(book), dtype=bool) for _ in range(3))
    place_of = {statistic.code: place for place, statistic in enumerate(book.statistics)}
    for package in map(Path, packages):
        try:
            said = json.loads((package / MANIFEST).read_text(encoding="utf-8"))
            files = [(one["code"], package / one["file"]) for one in said["statistics"]]
            for code, path in files if said["profile"] == profile else ():
                if code in place_of:
                    _read(book, place_of[code], path, shown, there, other)
        except (OSError, ValueError, KeyError, TypeError) as error:
            sentence = text("not_a_package", lang, folder=package.name, what=MANIFEST)
            raise NotAPackage(sentence) from error
    return Earlier(shown, there, other & ~shown)


def _read(book: Book, place: int, path: Path, shown, there, other) -> None:
    names = [name.upper() for name in book.statistics[place].dimension_names]
    with open(path, encoding="utf-8-sig", newline="") as opened:
        for line in csv.DictReader(opened):
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
