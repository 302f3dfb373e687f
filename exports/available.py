"""Which periods of a statistic a release has, and whether one that is asked for can ever be given.

Belongs here: comparing what is asked with what is declared and held, each refusal as one sentence.
Does not belong here: reading a period (periods.py), taking cells (cells.py).
"""

from collections.abc import Mapping, Sequence
from datetime import date
from functools import cache
from pathlib import Path

import yaml

from exports.catalogue import Statistic, load_catalogue
from exports.errors import UnknownPeriod
from exports.periods import LENGTHS, Period, covered, frequency, lengths_within, read_period, span
from exports.tables import held_frequencies
from exports.texts import sentence
from release.dictionary import Dictionary, Entry

_DECLARED = Path(__file__).resolve().parents[1] / "dbt_project" / "models" / "marts" / "statistics"


@cache
def declared_catalogue() -> dict[str, Statistic]:
    """Return the statistics that the next release will have, as the project declares them: what is
    asked before the first release is judged by them.
    """
    entries = [
        Entry("statistics", model["name"], None, None, "", meta=model["config"]["meta"])
        for path in sorted(_DECLARED.glob("*.yml"))
        for model in yaml.safe_load(path.read_text(encoding="utf-8"))["models"]
    ]
    return load_catalogue(Dictionary(entries))


def counted_by(statistic: Statistic) -> frozenset[str]:
    """Return the lengths of period by which a statistic is counted; none where it declares no
    block: then it is given as it is.
    """
    return frozenset().union(*map(held_frequencies, statistic.blocks))


def held_periods(cursor, statistics: Sequence[Statistic]) -> dict[str, list[str]]:
    """Return the reference periods that a release has, by the code of the statistic."""
    return {
        one.code: [
            row[0]
            for row in cursor.execute(f"select distinct ref_period from {one.table}").fetchall()
        ]
        for one in statistics
    }


def require_covered(
    held: Mapping[str, Sequence[str]], period: Period, lang: str
) -> dict[str, list[str]]:
    """Return the reference periods in `period`, by statistic.

    Raises:
        UnknownPeriod: names every statistic that has none, and the periods that it has.
    """
    found = {code: covered(period, list(periods)) for code, periods in held.items()}
    without = [
        sentence("uncovered_statistic", lang, code=code, existing=span(held[code]))
        for code, inside in found.items()
        if not inside
    ]
    if without:
        raise UnknownPeriod(
            sentence("uncovered_period", lang, asked=period.text, statistics=without)
        )
    return found


def require_possible(
    statistics: Sequence[Statistic],
    held: Mapping[str, Sequence[str]],
    period: Period,
    due_on: date,
    lang: str,
) -> None:
    """Make sure that each statistic can have `period` by the day on which it is due: it is counted
    that often, and the period is held, or is over by then and after what is held.

    Raises:
        UnknownPeriod: it cannot.
    """
    _require_frequency(statistics, period, lang)
    missing = {one.code: held.get(one.code, ()) for one in statistics}
    missing = {code: had for code, had in missing.items() if not covered(period, list(had))}
    if missing and period.end > due_on:
        raise UnknownPeriod(
            sentence("period_after_due", lang, asked=period.text, end=period.end, due=due_on)
        )
    gone = {code: had for code, had in missing.items() if _is_before(period, had)}
    if gone:
        require_covered(gone, period, lang)


def _is_before(period: Period, held: Sequence[str]) -> bool:
    starts = [one.start for written in held if (one := read_period(written))]
    return bool(starts) and period.end < min(starts)


def _require_frequency(statistics: Sequence[Statistic], period: Period, lang: str) -> None:
    inside = lengths_within(frequency(period.text))
    without = []
    for one in statistics:
        counted = counted_by(one)
        if counted and not counted & inside:
            words = [sentence(f"frequency_{name}", lang) for name in LENGTHS if name in counted]
            without.append(sentence("counted_by", lang, code=one.code, frequencies=words))
    if without:
        raise UnknownPeriod(
            sentence("wrong_frequency", lang, asked=period.text, statistics=without)
        )
