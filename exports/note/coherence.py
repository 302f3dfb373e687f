"""How the statistics of a package hold together with each other and with other tables.

Belongs here: the relations of coherence.yaml that concern what was asked, with both figures where
the package shows both. Does not belong here: testing them (dbt tests do, on the whole release).
"""

from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from pathlib import Path

import yaml

from exports.catalogue import TOTAL
from exports.package import Contents, Part
from exports.signs import value_sql
from exports.units import places


@dataclass(frozen=True)
class Agreement:
    """A relation in words; `values` are the figures of the package that it compares: statistic,
    period, value.
    """

    title: str
    said: str
    values: tuple[tuple[str, str, Decimal], ...] = ()
    places: int = 0


@cache
def _relations() -> list[dict]:
    path = Path(__file__).parent / "coherence.yaml"
    return yaml.safe_load(path.read_text(encoding="utf-8"))


def agreements(cursor, contents: Contents) -> list[Agreement]:
    """Return the relations of the statistics asked for, in the order of the list."""
    parts = {part.statistic.code: part for part in contents.parts}
    found = []
    for relation in _relations():
        if not parts.keys() & set(relation["statistics"]):
            continue
        values, kept = [], 0
        for cell in relation.get("cells") or ():
            part = parts.get(cell["statistic"])
            value = _value(cursor, part, cell) if part else None
            if value is not None:
                measure = next(m for m in part.statistic.measures if m.name == cell["measure"])
                kept = places(measure.unit, measure.decimals) or 0
                values.append((cell["statistic"], _period(part, cell), value))
        title, said = (relation[f"{key}_{contents.lang}"] for key in ("title", "said"))
        found.append(Agreement(title, said, tuple(values) if len(values) > 1 else (), kept))
    return found


def _period(part: Part, cell: dict) -> str:
    return part.main_period + cell.get("quarter", "")


def _value(cursor, part: Part, cell: dict) -> Decimal | None:
    """Return a cell of the main year of a package; None when it is not there or not shown."""
    wanted = _period(part, cell)
    codes = cell.get("codes") or {}
    statistic = part.statistic
    if wanted not in part.ref_periods or len(part.main_period) != 4:
        return None
    if cell["measure"] not in {measure.name for measure in statistic.measures}:
        return None
    asked = {
        name: wanted[:4] if codes.get(name) == "PERIOD" else codes.get(name, TOTAL)
        for name in statistic.dimension_names
    }
    tests = "".join(f' and "{name}" = ${name}' for name in asked)
    row = cursor.execute(
        f"select {value_sql()} from {part.table}"
        f" where ref_period = $ref_period and measure = $measure{tests}",
        {"ref_period": wanted, "measure": cell["measure"], **asked},
    ).fetchone()
    return Decimal(str(row[0])) if row and row[0] is not None else None
