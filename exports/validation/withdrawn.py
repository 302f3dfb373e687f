"""What a correction takes back without giving it anew.

Belongs here: rule V34, and what cover and note say of the same. Does not belong here: which cells
are not what they were and what an answer carries of them (exports/restatement).

The delivery that is corrected counts as corrected as a whole. A cell that it showed, that is
another one today and that the correction hides or leaves out is not corrected by that: its old
value goes on being used. Protection may want it so; somebody then has to say so by name, and the
recipient is told.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from exports.manifest import manifest_hash
from exports.package import Contents
from exports.restatement.carried import (
    RESTATED,
    Carrier,
    Withdrawn,
    blocks_withdrawn,
    leave_out_carried,
)
from exports.restatement.compare import has_breakdowns, load_given, match
from exports.restatement.delivered import Told, read_delivered
from exports.signs import SHOWN
from exports.validation.rule import Result
from exports.validation.view import View, views_of, where_given


def carried(view: View, _: Mapping) -> Result:
    """Every delivered cell that is another one today is given anew."""
    found = looked_up(view)
    return Result(found.changed, found.cells, found.example) if found else Result(0)


def withdrawals(contents: Contents, cursor, earlier: Sequence[Path]) -> tuple[Withdrawn, ...]:
    """Return what a correction does not give anew, by statistic; nothing for another package.

    Raises:
        NotAPackage: a folder of `earlier` is none.
    """
    if _replaces(contents) is None:
        return ()
    views = views_of(contents, cursor, earlier)
    return tuple(one for view in views if (one := looked_up(view)) is not None and one.cells)


def looked_up(view: View) -> Withdrawn | None:
    """Return what becomes of the cells of one statistic that the package corrects; None where it
    corrects none.
    """
    told = _corrected(view)
    if told is None:
        return None
    cursor, statistic = view.cursor, view.statistic
    if not has_breakdowns(statistic, load_given(cursor, told)):
        return _by_others(view, told)
    match(cursor, statistic, told)
    cursor.execute(f"delete from {RESTATED} where old is null")
    (changed,) = cursor.execute(f"select count(*) from {RESTATED}").fetchone()
    given = [f"({where_given(statistic, block, periods)})" for block, periods in view.given()]
    carrier = Carrier(
        f"select {', '.join(view.keys)} from {view.table} where shown is not null",
        " or ".join(given) or "false",
        view.part.ref_periods,
    )
    leave_out_carried(cursor, statistic, [carrier])
    cells, example = cursor.execute(
        f"select count(*), coalesce(min({view.in_words}), '') from {RESTATED}"
    ).fetchone()
    left_out = [(left.block, left.frequency) for left in view.part.left_out]
    blocks = blocks_withdrawn(cursor, statistic, told, left_out)
    return Withdrawn(view.code, changed, cells, example, blocks)


def _by_others(view: View, told: Told) -> Withdrawn:
    """A statistic by other breakdowns than then has no cell in common with it: what is shown of it
    stands in place of all of that, and where nothing is, all of that is withdrawn.
    """
    (changed,) = view.cursor.execute(
        f"select count(*) from delivered_cells where \"OBS_STATUS\" = '{SHOWN}'"
    ).fetchone()
    shown = view.count("shown is not null").failed
    left = 0 if shown else changed
    return Withdrawn(view.code, changed, left, view.code if left else "")


def _replaces(contents: Contents) -> str | None:
    return contents.commission.replaces if contents.commission else None


def _corrected(view: View) -> Told | None:
    """Return the statistic in the package that is corrected, which is one of the earlier ones."""
    replaces = _replaces(view.contents)
    if replaces is None:
        return None
    for folder in view.earlier:
        if manifest_hash(folder) == replaces:
            of = read_delivered(folder, view.contents.lang).statistics
            return next((told for told in of if told.code == view.code), None)
    return None
