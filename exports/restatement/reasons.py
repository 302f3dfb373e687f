"""Why a delivered cell would be different today.

Belongs here: the rule by which facts decide. Does not belong here: the facts (causes.py).

The rule, for one statistic and period:

1. `definition`: the definition of the statistic is another one than the package says.
2. `law`: a list of law that the statistic uses is another one in today's release.
3. `correction`, `late`, `later`: rows of the extracts it is computed from changed that way between
   the two releases, and can touch the period (rules.yaml says which rows reach it).
4. `code`: none of these, and another program made the release.
5. `unknown`: none of these; or the release or the deliveries of then do not stand any more, so that
   2 or 3 cannot be said.

Several may hold at once: all are given, in this order, and the first is the main one. Rows decide
by statistic and period, not cell by cell: which rows lie in a cell, a release does not hold.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path

import yaml

from exports.periods import Period, read_period
from exports.restatement.causes import CORRECTION, LATE, LATER, Causes, ChangedRows

DEFINITION, LAW, CODE, UNKNOWN = "definition", "law", "code", "unknown"


@dataclass(frozen=True)
class _Made:
    """What a statistic is made of."""

    reaches: str
    extracts: tuple[str, ...]
    law: tuple[str, ...]


@cache
def _rules() -> dict:
    return yaml.safe_load((Path(__file__).parent / "rules.yaml").read_text(encoding="utf-8"))


def words(reason: str, lang: str) -> str:
    """Return a reason in a word or two (fr, nl or en)."""
    return _rules()["reasons"][reason][lang]


def sentence(reason: str, lang: str) -> str:
    """Return what a reason means."""
    return _rules()["reasons"][reason][f"said_{lang}"]


def reasons(causes: Causes, code: str, definition_version: str, ref_period: str) -> tuple[str, ...]:
    """Return the reasons that hold for a statistic and period; at least one.

    Args:
        definition_version: the one of today.
    """
    told = next(one for one in causes.delivered.statistics if one.code == code)
    found, is_known = [], True
    if told.definition_version != definition_version:
        found.append(DEFINITION)
    made = _made(code)
    if made is None:
        is_known = False
    else:
        law = causes.law_changed(made.law)
        is_known = law is not None
        found += [LAW] if law else []
        kinds = _kinds(causes, made, ref_period)
        is_known = is_known and kinds is not None
        found += [kind for kind in (CORRECTION, LATE, LATER) if kind in (kinds or ())]
    if not found and is_known and causes.code_changed:
        return (CODE,)
    if not is_known or not found:
        found.append(UNKNOWN)
    return tuple(found)


def _made(code: str) -> _Made | None:
    said = _rules()["statistics"].get(code)
    return said and _Made(said["reaches"], tuple(said["extracts"]), tuple(said["law"]))


def _kinds(causes: Causes, made: _Made, ref_period: str) -> set[str] | None:
    """Return the kinds of changed rows that can touch a period; None when nobody knows."""
    period = read_period(ref_period)
    found = set()
    for extract in made.extracts:
        rows = causes.changes(extract)
        if rows is None:
            return None
        found |= {one.kind for one in rows if period is None or _reach(one, made.reaches, period)}
    return found


def _reach(rows: ChangedRows, reaches: str, period: Period) -> bool:
    begun = rows.first_day is None or rows.first_day <= period.end
    if reaches == "always":
        return True
    if reaches == "until":
        return begun
    return begun and (rows.last_day is None or rows.last_day >= period.start)
