"""The deliveries that may have to be made again, and each of them beside today's release.

Belongs here: how far back one looks, the list for the desk. Does not belong here: the register,
which knows what was delivered and hands the folders in.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from pathlib import Path

from exports.catalogue import load_catalogue
from exports.periods import parse_period
from exports.restatement.causes import Changes, causes_of
from exports.restatement.compare import Restated, compare
from exports.restatement.delivered import Delivered, read_delivered
from exports.restatement.reasons import reasons
from release.dictionary import read_dictionary
from release.reader import open_release

#: Years before the last period delivered of a table that are still looked at.
BACK = 1


@dataclass(frozen=True)
class Restatement:
    """One delivery as it would be today: how many of its cells were compared, and those that are
    different, table by table. A cell that is new was never delivered: it is none of those compared.
    """

    delivered: Delivered
    release_id: str
    compared: int
    cells: tuple[Restated, ...]

    @property
    def is_due(self) -> bool:
        """Say whether any cell is different."""
        return bool(self.cells)

    @property
    def changed(self) -> int:
        """Return how many delivered cells have another value, or are not there any more."""
        return sum(cell.old is not None for cell in self.cells)

    @property
    def new(self) -> int:
        """Return how many cells are there today that were never delivered."""
        return len(self.cells) - self.changed

    @property
    def largest_share(self) -> Decimal | None:
        """Return the largest change, as a share of the total of its table and period."""
        return max((cell.share for cell in self.cells if cell.share is not None), default=None)

    @property
    def reasons(self) -> tuple[str, ...]:
        """Return every reason that occurs, once."""
        return tuple(dict.fromkeys(reason for cell in self.cells for reason in cell.reasons))


def to_be_looked_at(folders: Iterable[Path], back: int = BACK) -> list[Delivered]:
    """Choose the deliveries of one recipient that are worth a look: of each table the one with the
    last period, and those of up to `back` years before it. Of several deliveries of a table and
    period only the last counts: it corrected the others.

    Args:
        folders: packages, in the order in which they were delivered.

    Raises:
        NotAPackage: a folder is none.
    """
    _, chosen = _chosen(folders, back, lambda place, last: last == place)
    return [chosen[place] for place in sorted(chosen)]


def overtaken(folders: Iterable[Path], back: int = BACK) -> list[tuple[Delivered, list[Delivered]]]:
    """Choose the deliveries of one recipient of which a later one answers a table and period again,
    as far back as `to_be_looked_at` looks; each with those that came after it, in their order.

    Args:
        folders: packages, in the order in which they were delivered.

    Raises:
        NotAPackage: a folder is none.
    """
    packages, chosen = _chosen(folders, back, lambda place, last: last > place)
    return [(chosen[place], packages[place + 1 :]) for place in sorted(chosen)]


def _chosen(
    folders: Iterable[Path], back: int, counts: Callable[[int, int], bool]
) -> tuple[list[Delivered], dict[int, Delivered]]:
    """Read the packages; return them and, by its place, each with those of its tables that are not
    older than `back` and that count: by the place of the package and that of the last one that
    answers the same table and period.
    """
    packages, newest, latest = _read(folders)
    found = {}
    for place, one in enumerate(packages):
        year = parse_period(one.period).end.year
        kept = tuple(
            told
            for told in one.statistics
            if counts(place, latest[told.code, one.period]) and year >= newest[told.code] - back
        )
        if kept:
            found[place] = replace(one, statistics=kept)
    return packages, found


def _read(
    folders: Iterable[Path],
) -> tuple[list[Delivered], dict[str, int], dict[tuple[str, str], int]]:
    """Read the packages; return them, the last year of each table, and the place of the last one of
    each table and period.
    """
    packages = [read_delivered(Path(folder)) for folder in folders]
    newest: dict[str, int] = {}
    latest: dict[tuple[str, str], int] = {}
    for place, one in enumerate(packages):
        year = parse_period(one.period).end.year
        for told in one.statistics:
            newest[told.code] = max(newest.get(told.code, year), year)
            latest[told.code, one.period] = place
    return packages, newest, latest


def restate(
    delivered: Delivered,
    home: Path | None = None,
    changes: Changes | None = None,
    later: Sequence[Delivered] = (),
) -> Restatement:
    """Look up every given cell of a delivery in the current release, and why it changed.

    Args:
        home: data folder (default: VIGIE_HOME).
        changes: how to ask for changed rows of the extracts; without it no reason of the data is
            known.
        later: what the recipient got afterwards; cells that it carries are none of this delivery
            any more.

    Raises:
        release.errors.ReleaseError: there is no release.
    """
    today = open_release(home)
    catalogue = load_catalogue(read_dictionary(today))
    causes = causes_of(home, delivered, today, changes)
    cursor = today.cursor()
    compared, cells = 0, []
    for told in delivered.statistics:
        statistic = catalogue.get(told.code)
        if statistic is None:
            continue
        after = [it for one in later for it in one.statistics if it.code == told.code]
        number, found = compare(cursor, statistic, told, after)
        compared += number
        why = {
            period: reasons(causes, told.code, statistic.definition_version, period)
            for period in {cell.ref_period for cell in found}
        }
        cells += [replace(cell, reasons=why[cell.ref_period]) for cell in found]
    return Restatement(delivered, today.id, compared, tuple(cells))
