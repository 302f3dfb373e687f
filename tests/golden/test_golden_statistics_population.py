"""T02 to T05 against a slow plain replay, cell by cell, and the equations that tie them to T01.
Persons, counting periods, touches and stays are worked out again, from the periods as delivered.
"""

from __future__ import annotations

import calendar
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache, partial
from itertools import pairwise
from typing import Any, NamedTuple

import pytest

from tests.golden import blocks
from tests.golden.entangled import AS_OF, DAY, FOREVER, RANKS, age_class, areas_at

pytestmark = pytest.mark.xdist_group("golden_statistics")

FIRST_YEAR = 2018
#: T03 of statistics-tables.md, in its words; every other code is OTHER.
GROUPS = {
    "BE": "BE",
    "EU14": "AT DE DK ES FI FR GR IE IT LU NL PT SE",
    "EU13": "BG CY CZ EE HR HU LT LV MT PL RO SI SK",
    "OTHER_EUROPE": "AD AL AX BA BY CH FO GB GG GI IM IS JE LI MC MD ME MK NO RS RU SJ SM UA VA",
    "unknown": "XX",
}
GROUP_OF = {code: group for group, codes in GROUPS.items() for code in codes.split()}


class Period(NamedTuple):
    """A period as delivered, with its dossier; one without end ends after every date."""

    key: str
    dossier: str
    person: str
    category: str
    nature: str
    start: date
    end: date
    reason: str | None
    origin: str
    first: bool
    profession: str
    branch: str
    nace: str | None
    sex: str
    birth: date
    nationality: str
    municipality: str | None

    @property
    def group(self) -> str:
        return GROUP_OF.get(self.nationality, "OTHER")

    def covers(self, day: date) -> bool:
        return self.start <= day <= self.end


#: Measure and row (period, codes of all dimensions) -> what each person brings to it.
Contributions = dict[tuple[str, tuple[str, ...]], dict[str, int]]


@dataclass(frozen=True)
class World:
    """The periods of each person, and the annulled ones apart."""

    people: dict[str, list[Period]]
    annulled: list[Period]
    locate: Callable[[str | None, date], dict[str, str]]

    def counted(self) -> Iterator[Period]:
        for periods in self.people.values():
            yield from periods


@pytest.fixture(scope="module")
def world(query: Any) -> World:
    people: dict[str, list[Period]] = defaultdict(list)
    annulled = []
    for row in query(
        "select affiliation_id, affiliate_id, person_key, category, nature, start_date, end_date, "
        "end_reason, origin, is_first_activity, profession_code, branch_code, nace_code, sex, "
        "birth_date, nationality, municipality_nis "
        "from core.fct_affiliation_periods as periods "
        "join (select * exclude (person_key) from core.dim_affiliate) using (affiliate_id) "
        "join core.dim_profession using (profession_code)"
    ):
        period = Period(*row)
        period = period._replace(end=period.end or FOREVER)
        if period.reason == "annulled":
            annulled.append(period)
        else:
            people[period.person].append(period)
    return World(people, annulled, areas_at(query))


def counting(periods: Iterable[Period], day: date) -> Period | None:
    """S6: of the periods that cover a day, the one that counts for the person."""
    covering = [period for period in periods if period.covers(day)]
    return min(covering, key=lambda p: (RANKS.index(p.category), p.key), default=None)


@cache
def spans(frequencies: str) -> list[tuple[str, str, date, date]]:
    """Frequency, name, first and last day of each period that has ended."""
    found = []
    for year in range(FIRST_YEAR, AS_OF.year + 1):
        named = [("year", str(year), 1, 12)]
        named += [("quarter", f"{year}Q{q}", 3 * q - 2, 3 * q) for q in (1, 2, 3, 4)]
        named += [("month", f"{year}-{m:02}", m, m) for m in range(1, 13)]
        for frequency, name, first, last in named:
            until = months_on(date(year, last, 1), 1) - DAY
            if frequency in frequencies.split() and until <= AS_OF:
                found.append((frequency, name, date(year, first, 1), until))
    return found


def months_on(day: date, months: int) -> date:
    """Same day so many months later, or the last day of a shorter month."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def year_ends() -> list[date]:
    return [until for *_, until in spans("year")]


@cache
def placed(code: str, name: str, day: date, codes: tuple[tuple[str, str], ...]) -> list[Any]:
    """Every row of one block that a record of a day lies in, in every ended period of the day."""
    (block,) = [row for row in blocks.of(code, "block") if row["name"] == name]
    return [
        (period, *cell)
        for frequency, period, first, last in spans(block["frequencies"])
        if first <= day <= last
        for cell in blocks.margins(code, frequency, dict(codes), only=name)
    ]


def put(
    into: Contributions, code: str, names: str, day: date, record: dict[str, str], **of: Any
) -> None:
    """A record of one day, in the cells of the blocks named; `of`: its person and measures."""
    for name in names.split():
        for row in placed(code, name, day, tuple(record.items())):
            for measure, value in of["measures"].items():
                # A cell that two blocks of one population have is there once (by_person).
                brought = into[measure, row]
                named = f"{name} {of['person']}"
                brought[named] = brought.get(named, 0) + value


def by_person(found: Contributions) -> Contributions:
    """Without the blocks: what several of them give to one cell is the same, and counts once."""
    merged: Contributions = {}
    for key, row in found.items():
        parts: dict[str, dict[str, int]] = defaultdict(dict)
        for named, value in row.items():
            block, person = named.split(" ")
            parts[block][person] = value
        first, *others = parts.values()
        assert all(other == first for other in others), key
        merged[key] = first
    return merged


def stock(world: World, code: str, names: str) -> Contributions:
    """T02 and T03: who is in the stock on 31 December, once, described by the counting period."""
    found: Contributions = defaultdict(dict)
    for person, periods in world.people.items():
        for day in year_ends():
            if (period := counting(periods, day)) is not None:
                record = {
                    "branch": period.branch,
                    "profession": period.profession,
                    "nace_division": period.nace[:2] if period.nace else "unknown",
                    "nature": period.nature,
                    "sex": period.sex,
                    "region": world.locate(period.municipality, day)["REGION"],
                    "nationality_group": period.group,
                    "nationality": period.nationality,
                    "affiliation_origin": origin_on(periods, period.dossier, day),
                }
                put(found, code, names, day, record, person=person, measures={"persons": 1})
    return by_person(found)


def origin_on(periods: list[Period], dossier: str, day: date) -> str:
    """C2: over the periods of the dossier, with the day for due date."""
    telling = [p for p in periods if p.dossier == dossier and p.origin != "category_change"]
    telling.sort(key=lambda p: (p.start, p.key))
    begun = [period for period in telling if period.start <= day]
    return (begun[-1] if begun else telling[0]).origin if telling else "unknown"


FLOWS = {
    "voluntary": "starter",
    "ex_officio": "starter",
    "resumption": "starter",
    "transfer_in": "transfer_in",
    "category_change": "other_in",
}


def events(world: World) -> Iterator[tuple[Period, date, str, str]]:
    """Ruling D2, word by word: entries and exits with their day, flow and type."""
    for period in world.counted():
        others = [other for other in world.people[period.person] if other is not period]
        if not any(
            (other.start, other.key) < (period.start, period.key)
            and other.end >= period.start - DAY
            for other in others
        ):
            flow = FLOWS[period.origin]
            kind = period.origin if flow == "starter" else flow
            if period.origin == "voluntary" and period.first:
                kind = "first_voluntary"
            yield period, period.start, flow, kind
        if period.end != FOREVER and not any(
            (other.end, other.key) > (period.end, period.key) and other.start <= period.end + DAY
            for other in others
        ):
            named = {"transfer_out": "transfer_out", "category_change": "other_out"}
            flow = named.get(period.reason, "cessation")
            yield period, period.end, flow, period.reason if flow == "cessation" else flow


@pytest.fixture(scope="module")
def flows(world: World) -> Contributions:
    """T04: the events, and the stocks around each period (D3)."""
    found: Contributions = defaultdict(dict)
    for period, day, flow, kind in events(world):
        record = {
            "flow": flow,
            "flow_type": kind,
            "nature": period.nature,
            "sex": period.sex,
            "age_class": age_class(period.birth, day),
            "branch": period.branch,
            "nationality_group": period.group,
            "province": world.locate(period.municipality, day)["PROVINCE"],
        }
        names = "T04.1 T04.2 T04.3 T04.4 T04.5"
        put(found, "T04", names, day, record, person=period.person, measures={"events": 1})
    for person, periods in world.people.items():
        midnights = {day for _, _, first, last in spans("month") for day in (first - DAY, last)}
        kept = {
            day: period.sex
            for day in midnights
            if (period := counting(periods, day)) is not None
            and counting(periods, day + DAY) is not None
        }
        for _, name, first, last in spans("year quarter month"):
            for flow, day in (("stock_start", first - DAY), ("stock_end", last)):
                for sex in {kept[day], "_T"} if day in kept else ():
                    codes = (flow, "_T", "_T", sex, "_T", "_T", "_T", "_T")
                    found["persons", (name, *codes)][f"T04.6 {person}"] = 1
    return by_person(found)


def stays(periods: list[Period]) -> list[list[Period]]:
    """Chains in which each period starts no later than the day after the latest end so far."""
    chains: list[list[Period]] = []
    for period in sorted(periods, key=lambda p: (p.start, p.key)):
        if chains and period.start <= max(p.end for p in chains[-1]) + DAY:
            chains[-1].append(period)
        else:
            chains.append([period])
    return chains


def ex_officio(world: World) -> Iterator[tuple[Period, date, str]]:
    """The entries of T05: their period, the end of the stay and what became of them."""
    for periods in world.people.values():
        for chain in stays(periods):
            if chain[0].origin == "ex_officio":
                last = max(chain, key=lambda p: (p.end, p.key))
                ended = "other" if last.reason == "category_change" else str(last.reason)
                yield chain[0], last.end, "active" if last.end >= AS_OF else ended
    for period in world.annulled:
        if period.origin == "ex_officio":
            yield period, period.end, "annulled"


@pytest.fixture(scope="module")
def entries(world: World) -> Contributions:
    found: Contributions = defaultdict(dict)
    for entry, end, outcome in ex_officio(world):
        record = {
            "outcome": outcome,
            "nature": entry.nature,
            "sex": entry.sex,
            "branch": entry.branch,
        }
        add = partial(put, found, "T05", day=entry.start, person=entry.person)
        add("T05.1 T05.2", record=record, measures={"entries": 1})
        for quarters in (4, 12, 20):
            is_seen = months_on(date(entry.start.year, 12, 31), 3 * quarters) <= AS_OF
            if is_seen and outcome != "annulled":
                survives = int(end >= months_on(entry.start, 3 * quarters))
                add(
                    "T05.3 T05.4",
                    record={**record, "quarters_since_entry": str(quarters)},
                    measures={"observed_entries": 1, "survivors": survives},
                )
    return by_person(found)


def read(query: Any, code: str) -> dict[tuple[str, tuple[str, ...]], tuple[Any, ...]]:
    """Every row of a table by its measure and codes; none is there twice."""
    names = ["ref_period", *(row["name"] for row in blocks.of(code, "dimension"))]
    rows = query(
        f"select measure, {', '.join(names)}, obs_value, contributors, largest_contribution, "
        f"second_contribution from statistics.stat_{code.lower()}"
    )
    found = {(row[0], tuple(row[1:-4])): row[-4:] for row in rows}
    assert len(found) == len(rows)
    return found


def figures(row: dict[str, int]) -> tuple[Any, ...]:
    largest = sorted((abs(value) for value in row.values() if value), reverse=True)
    return (sum(row.values()), len(largest), *[*largest[:2], None, None][:2])


def compare(found: dict[Any, tuple[Any, ...]], expected: Contributions) -> None:
    assert found.keys() == expected.keys()
    wrong = {key: (found[key], figures(row)) for key, row in expected.items()}
    assert {key: pair for key, pair in wrong.items() if pair[0] != pair[1]} == {}


def test_stock_by_activity_cell_by_cell(query: Any, world: World) -> None:
    compare(read(query, "T02"), stock(world, "T02", "T02.1 T02.2 T02.3"))


def test_stock_by_nationality_cell_by_cell(query: Any, world: World) -> None:
    compare(read(query, "T03"), stock(world, "T03", "T03.1 T03.2 T03.3"))


def test_starters_and_cessations_cell_by_cell(query: Any, flows: Contributions) -> None:
    compare(read(query, "T04"), flows)


def test_ex_officio_affiliations_cell_by_cell(query: Any, entries: Contributions) -> None:
    found = read(query, "T05")
    rates = {key: row for key, row in found.items() if key[0] == "survival_pct"}
    compare({key: row for key, row in found.items() if key not in rates}, entries)
    observed = {key[1]: row for key, row in entries.items() if key[0] == "observed_entries"}
    assert {cell for _, cell in rates} == observed.keys()
    for (_, cell), (rate, *contributors) in rates.items():
        survivors = sum(entries["survivors", cell].values())
        exact = Decimal(100 * survivors) / sum(observed[cell].values())
        assert abs(rate - exact) <= Decimal("0.000001"), cell
        assert contributors == [len(observed[cell]), None, None]


def by(query: Any, code: str, names: str, where: str = "true") -> dict[tuple[str, ...], Decimal]:
    """The cells of a table that have a code on each of these dimensions, or its total, and the
    total on all others.
    """
    others = {row["name"] for row in blocks.of(code, "dimension")} - set(names.split())
    conditions = " and ".join([*(f"{name} = '_T'" for name in sorted(others)), where])
    columns = ", ".join(names.split())
    rows = query(
        f"select ref_period, {columns}, obs_value from statistics.stat_{code.lower()} "
        f"where {conditions}"
    )
    return {tuple(row[:-1]): row[-1] for row in rows}


def test_equation_1_stocks_agree_on_31_december(query: Any) -> None:
    t01 = by(query, "T01", "nature sex", "length(ref_period) = 4")
    assert len({cell[0] for cell in t01}) == len(year_ends())
    assert t01 == by(query, "T02", "nature sex") == by(query, "T03", "nature sex")
    regions = "nature sex residence_level residence_code"
    placed = {
        (period, nature, sex, code): value
        for (period, nature, sex, level, code), value in by(query, "T01", regions).items()
        if level == "REGION" and "Q" not in period
    }
    shown = by(query, "T02", "nature sex region", "region <> '_T'")
    assert placed == shown
    branches = by(query, "T02", "branch nature sex")
    assert branches == by(query, "T03", "branch nature sex")
    quarters = {
        (period[:4], *cell): value
        for (period, *cell), value in by(query, "T01", "nature sex age_class").items()
        if period.endswith("Q4")
    }
    years = by(query, "T01", "nature sex age_class", "length(ref_period) = 4")
    assert quarters == years


ENTRIES = ("starter", "transfer_in", "other_in")
EXITS = ("cessation", "transfer_out", "other_out")


def test_equation_2_stock_entries_and_exits_balance(query: Any, flows: Contributions) -> None:
    cells = by(query, "T04", "flow sex")
    expected = [name for _, name, *_ in spans("year quarter month")]

    def balance(value: Callable[[str, str], int]) -> int:
        """Start, plus entries, less exits, less end: nothing is left."""
        moved = sum(value(f, "events") for f in ENTRIES) - sum(value(f, "events") for f in EXITS)
        return value("stock_start", "persons") + moved - value("stock_end", "persons")

    for name in expected:
        assert balance(lambda flow, _, n=name: cells.get((n, flow, "_T"), 0)) == 0, name
    # By sex: of persons whose dossiers agree on it. An event has the sex of its own dossier.
    sexes = defaultdict(set)
    for (_, (_, flow, *codes)), row in flows.items():
        if codes[2] != "_T":
            for person in row:
                sexes[person].add(codes[2])
        assert flow
    mixed = {person for person, found in sexes.items() if len(found) > 1}
    assert mixed
    for name in expected:
        for sex in ("M", "F", "X"):

            def agreed(flow: str, measure: str, n: str = name, s: str = sex) -> int:
                row = flows.get((measure, (n, flow, "_T", "_T", s, "_T", "_T", "_T", "_T")), {})
                return sum(value for person, value in row.items() if person not in mixed)

            assert balance(agreed) == 0, (name, sex)


def test_equation_2_periods_add_up_and_follow_each_other(query: Any) -> None:
    cells = by(query, "T04", "flow flow_type nature sex", "measure = 'events'")
    for larger, smaller in (("quarter", "month"), ("year", "quarter")):
        parts: dict[tuple[str, ...], Decimal] = defaultdict(Decimal)
        for _, whole, first, last in spans(larger):
            inside = {n for _, n, from_, to in spans(smaller) if first <= from_ and to <= last}
            for (name, *codes), value in cells.items():
                if name in inside:
                    parts[whole, *codes] += value
        wholes = {name for _, name, *_ in spans(larger)}
        assert parts == {cell: value for cell, value in cells.items() if cell[0] in wholes}
    stocks = by(query, "T04", "flow sex", "measure = 'persons'")
    for frequency in ("year", "quarter", "month"):
        names = [name for _, name, *_ in spans(frequency)]
        for name, following in pairwise(names):
            for sex in ("_T", "M", "F", "X"):
                end = stocks.get((name, "stock_end", sex), 0)
                assert end == stocks.get((following, "stock_start", sex), 0), (name, sex)


def test_equation_2_stock_of_t01_counts_who_leaves_that_day(query: Any, world: World) -> None:
    stocks = by(query, "T04", "flow", "measure = 'persons'")
    leaving = defaultdict(int)
    for _, day, flow, _ in events(world):
        leaving[day] += flow in EXITS
    t01 = by(query, "T01", "nature", "nature = '_T'")
    for _, name, _, last in spans("year quarter"):
        assert t01[name, "_T"] == stocks[name, "stock_end"] + leaving[last], name
    assert any(leaving[last] for *_, last in spans("quarter"))


def test_equation_3_ex_officio_starters_are_the_entries(query: Any) -> None:
    names = "nature sex"
    starters = {
        (period, nature, sex): value
        for (period, _, _, nature, sex), value in by(
            query, "T04", f"flow flow_type {names}", "flow_type = 'ex_officio'"
        ).items()
        if "-" not in period
    }
    entered: dict[tuple[str, ...], Decimal] = defaultdict(Decimal)
    for (period, outcome, nature, sex), value in by(
        query, "T05", f"outcome {names}", "measure = 'entries'"
    ).items():
        if outcome not in ("_T", "annulled"):
            entered[period, nature, sex] += value
    assert starters == entered


def test_the_world_is_worth_replaying(world: World, flows: Contributions) -> None:
    entered = list(ex_officio(world))
    assert {outcome for *_, outcome in entered} >= {"active", "annulled", "bankruptcy", "other"}
    assert any(end == AS_OF for _, end, _ in entered)
    # Whether they last a year is a question of a day, after a day that a shorter month lacks too.
    edges = {
        (entry.start.day, (end - months_on(entry.start, 12)).days) for entry, end, _ in entered
    }
    assert edges >= {(29, 0), (29, -1), (31, 0), (31, -1)}
    assert any(len({p.dossier for p in periods}) > 1 for periods in world.people.values())
    assert any(len(chain) > 1 for periods in world.people.values() for chain in stays(periods))
    assert any(max(row.values()) > 1 for row in flows.values())
    assert {p.group for p in world.counted()} == {*GROUPS, "OTHER"}
    assert {p.birth.day for p in world.counted() if p.birth.month == 2} >= {29}
    assert any(p.nationality == "XK" for p in world.counted())
    assert any(p.branch == "unknown" for p in world.counted())
    assert any(p.municipality is None for p in world.counted())
