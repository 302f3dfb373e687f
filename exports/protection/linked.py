"""What a statistic declares to have in common with others, or between its own measures.

Belongs here: the keys `population` and `equations` of its YAML, applied to the rows of an answer.
Does not belong here: any statistic by name.

    population: persons_in_stock            every measure counts the people of that name
    population:
      - {name: charges, measure: claimed_amount, codes: {claim_type: company_contribution}}

Two rows that count the same population, of the same period or day and codes, are the same number.
Keys of an entry: `name`; `measure` (default: each, with that of the same name); `only` {dimension:
code}: rows with that code, which then says nothing more; `codes` {dimension: code}: what holds for
all rows though no dimension says it; `without` [dimension, …]: those whose code makes no difference
(a cohort begins with the same claims at every observation); `at`: `period`, or `first_day`,
`last_day`, `next_day` of it (default: the last day of a stock, else the period).

    equations:
      - {plus: [{measure: claimed_amount}], minus: [{measure: collected_amount}], rest: true}

The sum of `plus` less the sum of `minus` is 0, at every crossing that all terms can have; with
`rest`, it is something that is not shown and not negative. A term: `measure`, `statistic` (default:
this one), and codes of dimensions; what it does not name is as in the other terms, or the total.
A term without a row is 0; where the equation then does not hold, the term cannot be observed yet.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from exports.catalogue import TOTAL, Statistic
from exports.periods import read_period
from exports.protection.book import Book, is_in_block, kind_of
from exports.protection.equations import CENT, BrokenEquation

_WORDS = ("measure", "statistic")


@dataclass(frozen=True)
class Balance:
    """Sum of `plus` less sum of `minus` = 0, or `rest` when that is not None."""

    plus: tuple[int, ...]
    minus: tuple[int, ...]
    rest: float | None = None


def groups_of(asked: Sequence[tuple[Statistic, list[str]]]) -> list[list]:
    """The statistics of a request, those together that share a population or an equation."""
    names = []
    for statistic, _ in asked:
        others = {
            str(term["statistic"])
            for entry in statistic.equations
            for term in (*(entry.get("plus") or ()), *(entry.get("minus") or ()))
            if "statistic" in term
        }
        populations = {f"population {entry['name']}" for entry in statistic.populations}
        names.append({statistic.code, *others, *populations})
    groups: list[tuple[set, list]] = []
    for one, mine in zip(asked, names, strict=True):
        linked = [group for group in groups if not group[0].isdisjoint(mine)]
        merged = (mine.union(*(group[0] for group in linked)), [])
        for group in linked:
            merged[1].extend(group[1])
            groups.remove(group)
        merged[1].append(one)
        groups.append(merged)
    return [sorted(group, key=lambda one: one[0].code) for _, group in groups]


def of_populations(book: Book) -> list[tuple[int, ...]]:
    """Groups of rows that are the same number."""
    groups: dict[tuple, list[int]] = {}
    for place, statistic in enumerate(book.statistics):
        repeating = _repeating(book, place) if statistic.populations else set()
        for entry in statistic.populations:
            for number, (mine, period, codes) in enumerate(book.crossings):
                if mine != place:
                    continue
                for name, row in book.rows_at[number].items():
                    if entry.get("measure", name) != name or kind_of(book.measures[row]) == "ratio":
                        continue
                    key = _key(statistic, entry, book, row, period, codes, repeating)
                    if key is not None:
                        groups.setdefault(key, []).append(row)
    return [tuple(rows) for rows in groups.values() if len(rows) > 1]


def _repeating(book: Book, place: int) -> set[str]:
    """Dimensions that only repeat the period (the contribution year) and say nothing more."""
    found = set(book.statistics[place].dimension_names)
    for mine, period, codes in book.crossings:
        if mine == place:
            named = zip(book.statistics[place].dimension_names, codes, strict=True)
            found -= {name for name, code in named if code != period}
    return found


def _key(
    statistic, entry: dict, book: Book, row: int, period: str, codes, repeating
) -> tuple | None:
    said = dict(identified(statistic, codes))
    for name, code in (entry.get("only") or {}).items():
        if said.pop(name, TOTAL) != str(code):
            return None
    for name, code in (entry.get("codes") or {}).items():
        said[name] = str(code)
    idle = {*repeating, *(entry.get("without") or ())}
    said = {name: code for name, code in said.items() if name not in idle}
    when = _when(entry, book.measures[row].basis_of(period), period)
    measure = "" if "measure" in entry else book.measures[row].name
    return entry["name"], measure, when, tuple(sorted(said.items()))


def _when(entry: dict, basis: str, period: str) -> str:
    at = entry.get("at") or ("last_day" if basis.startswith("stock") else "period")
    found = read_period(period)
    if at == "period" or found is None:
        return period
    days = {
        "first_day": found.start,
        "last_day": found.end,
        "next_day": found.end + timedelta(days=1),
    }
    return days[at].isoformat()


def identified(statistic: Statistic, codes: tuple[str, ...]) -> list[tuple[str, str]]:
    """The codes of a crossing under names that all statistics share, totals left out: a place is
    named by its level, whether a dimension is that level or a column beside it says so.
    """
    by_name = dict(zip(statistic.dimension_names, codes, strict=True))
    found = []
    for name, code in by_name.items():
        level = by_name.get(f"{name.removesuffix('_level')}_code")
        if name.endswith("_level") and level is not None:
            if code != TOTAL:
                found.append((code.casefold(), level))
        elif code != TOTAL and not (
            name.endswith("_code") and f"{name.removesuffix('_code')}_level" in by_name
        ):
            found.append((name, code))
    return found


def of_equations(book: Book) -> list[Balance]:
    """Every equation that a statistic declares, at every crossing it holds for.

    Raises:
        BrokenEquation: one does not hold.
    """
    by_code = {statistic.code: place for place, statistic in enumerate(book.statistics)}
    found = []
    for place, statistic in enumerate(book.statistics):
        for entry in statistic.equations:
            terms = [
                (sign, by_code.get(str(term.get("statistic", statistic.code))), term)
                for sign, side in ((1, "plus"), (-1, "minus"))
                for term in entry.get(side) or ()
            ]
            if any(mine is None for _, mine, _ in terms):
                # The other statistic is not asked for: nobody can set them side by side.
                continue
            found += _of_entry(book, place, entry, terms)
    return found


def _of_entry(book: Book, place: int, entry: dict, terms: list[tuple]) -> list[Balance]:
    fixed = {name for _, _, term in terms for name in term if name not in _WORDS}
    shared = (
        set.intersection(*(set(book.statistics[mine].dimension_names) for _, mine, _ in terms))
        - fixed
    )
    names = sorted(shared)
    crossings: dict[tuple, None] = {}
    for _, mine, term in terms:
        statistic = book.statistics[mine]
        for number, (of, period, codes) in enumerate(book.crossings):
            if of != mine or term["measure"] not in book.rows_at[number]:
                continue
            by_name = dict(zip(statistic.dimension_names, codes, strict=True))
            if all(
                name in shared or code == str(term.get(name, TOTAL))
                for name, code in by_name.items()
            ):
                crossings.setdefault((period, tuple(by_name[name] for name in names)))
    balances = []
    for period, codes in sorted(crossings):
        sides = _sides(book, terms, period, dict(zip(names, codes, strict=True)))
        if sides is None or not any(sides):
            continue
        gap = _gap(book, *sides)
        if gap and sum(map(len, sides)) < len(terms) and not (entry.get("rest") and gap > 0):
            # A term without a row is 0, or cannot be observed yet: then nothing is said.
            continue
        balances.append((sides, gap))
    return _checked(book, place, entry, balances)


def _sides(book: Book, terms: list[tuple], period: str, codes: dict[str, str]) -> tuple | None:
    """Rows of both sides at one crossing; None when a term has no cell of that kind there."""
    sides: dict[int, list[int]] = {1: [], -1: []}
    for sign, mine, term in terms:
        statistic = book.statistics[mine]
        asked = tuple(
            str(term.get(name, codes.get(name, TOTAL))) for name in statistic.dimension_names
        )
        row = book.find((mine, period, asked), term["measure"])
        if row is not None:
            sides[sign].append(row)
        elif not any(
            term["measure"] in block.measures and is_in_block(statistic, block, period, asked)
            for block in statistic.blocks
        ):
            return None
    return tuple(sides[1]), tuple(sides[-1])


def _gap(book: Book, plus: tuple[int, ...], minus: tuple[int, ...]) -> float:
    gap = sum(book.value[row] for row in plus) - sum(book.value[row] for row in minus)
    return 0.0 if abs(gap) <= CENT else float(gap)


def _checked(book: Book, place: int, entry: dict, balances: list[tuple]) -> list[Balance]:
    has_rest = bool(entry.get("rest")) and any(gap for _, gap in balances)
    found = []
    for (plus, minus), gap in balances:
        if gap and (not entry.get("rest") or gap < 0):
            row = (*plus, *minus)[0]
            raise BrokenEquation(book.in_words(row))
        found.append(Balance(plus, minus, gap if has_rest else None))
    return found
