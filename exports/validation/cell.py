"""The name of one cell: as a text that SQL compares while a rule looks for it, in words in the
sentence that tells of it.

Belongs here: both forms. Does not belong here: which cell is named (the rules).
"""

from __future__ import annotations

from collections.abc import Mapping

from exports.catalogue import TOTAL, Code, Statistic
from exports.periods import words
from exports.texts import text

# Between the parts of a name: the sign of ASCII that no code holds.
_BETWEEN = "\x1f"


def name_in_sql(statistic: Statistic) -> str:
    """SQL for the name of a cell: period, codes that are no total, measure."""
    codes = [
        f"case when \"{name}\" <> '{TOTAL}' then '{name}=' || \"{name}\" end"
        for name in statistic.dimension_names
    ]
    parts = ", ".join(["ref_period", *codes, "measure"])
    return f"concat_ws(chr({ord(_BETWEEN)}), '{statistic.code}', {parts})"


def in_words(
    name: str, statistic: Statistic, lists: Mapping[str, Mapping[str, Code]], lang: str
) -> str:
    """Return such a name as a reader of a language says it; a text that is none as it stands."""
    if _BETWEEN not in name:
        return name
    code, ref_period, *pairs, measure = name.split(_BETWEEN)
    said = []
    for pair in pairs:
        column, _, value = pair.partition("=")
        dimension = statistic.dimension(column)
        known = lists.get(dimension.list_name, {}).get(value)
        told = known.label(lang) if known else value
        said.append(text("labelled", lang, name=dimension.label(lang), said=told))
    said.append(next(one for one in statistic.measures if one.name == measure).label(lang))
    return f"{code} {words(ref_period, lang)} ({text('between', lang).join(said)})"
