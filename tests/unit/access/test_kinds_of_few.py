"""Within cells of enough persons, kinds of few (refused, late, exempt, a promise missed) are
neither shown nor found: not by whoever knows the exact total of all cells from another page, nor by
the whole fund less its other offices.
"""

from __future__ import annotations

import itertools
import random
from dataclasses import dataclass

import duckdb
import pandas as pd
import pytest

from dashboards import source
from dashboards.access.declared import declaration
from dashboards.access.person import demonstration
from dashboards.access.small_counts import statements
from dashboards.i18n import LANGUAGES, Language, words
from release.reader import open_release
from tests.unit.access.invented import cut
from tests.unit.access.test_pages import drawn, everything_on

CELLS = declaration().cells
THRESHOLD = declaration().roles["management"].threshold


def reading(role: str = "management") -> source.Reading:
    return source.begin(Language("fr"), demonstration((role,)))


_INVOLVED = """
    with events as (
        select paid_date as on_date, benefit, cause, affiliate_id, 'paid' as kind
        from whole.benefit.fct_payments
        union all
        select submitted_date, benefit, cause, affiliate_id, 'asking' from whole.benefit.fct_claims
        union all
        select decision_date, benefit, cause, affiliate_id, 'asking' from whole.benefit.fct_claims
    ),
    placed as (
        select year(on_date) || 'Q' || quarter(on_date) as "quarter", coalesce(benefit, '') as o0,
            coalesce(cause, '') as o1, affiliate_id, kind
        from events
        where on_date <= (select business_date from whole.meta.release)
    )
    select kind, period_id, d0, d1, count(distinct affiliate_id) as persons
    from placed
    inner join (select distinct period_id, "quarter" from mart) using ("quarter")
    inner join atom using (period_id, o0, o1)
    inner join current using (period_id, d0, d1)
    where not is_small
    group by all
"""


def test_what_is_told_of_benefits_is_of_enough_persons(fund):
    """Persons themselves are counted, once in what a cell pays and once in what it answers: not
    claims or payments, of which one person has several."""
    db = duckdb.connect()
    db.execute(f"attach '{open_release().path}' as whole (read_only)")
    db.execute("create schema own")
    for statement in statements(CELLS["benefit.mart_quarter"], THRESHOLD, "own.made"):
        db.execute(statement)
    found = db.execute(_INVOLVED).df()
    assert set(found["kind"]) == {"paid", "asking"}
    assert found["persons"].min() >= THRESHOLD


@pytest.mark.parametrize("table", [name for name, cells in CELLS.items() if cells.parts])
def test_parts_are_told_in_steps_and_add_up(fund, table):
    """Whatever is filtered or subtracted, what comes out is a number of whole steps."""
    rows, seen = reading().query(f"select * from {table}"), 0
    for whole, parts in CELLS[table].parts.items():
        left = rows[whole] - sum(rows[part] for part in parts)
        for told in (rows[whole], left, *(rows[part] for part in parts)):
            assert not (told % THRESHOLD).any()
            assert (told >= 0).all()
            seen += int((told > 0).sum())
    assert seen or rows.empty


@pytest.mark.parametrize(
    ("table", "whole", "part"),
    [
        ("company.mart_contribution_year", "companies", "owing_companies"),
        ("service.mart_transmissions", "messages_judged", "messages_in_time"),
        ("service.mart_career_completeness", "quarters", "complete_quarters"),
    ],
)
def test_sums_of_parts_stay_near_the_truth(fund, table, whole, part):
    """What rounding leaves is carried on: over all cells it is less than a step for each count."""
    query = f"select sum({whole}) as whole, sum({part}) as part from {table}"
    (cut_rows,) = reading().query(query).to_dict("records")
    (true_rows,) = reading("statistics").query(query).to_dict("records")
    for name in ("whole", "part"):
        assert abs(cut_rows[name] - true_rows[name]) <= 3 * THRESHOLD
        assert true_rows[name] > 3 * THRESHOLD


def possible(told: list[int], totals: list[tuple[int, int]], step: int) -> list[set[int]]:
    """What each count can be, for whoever knows how counts are told (in steps, what is left carried
    on) and the exact total of each run of cells (`totals`: its length and its sum)."""
    ends = dict(
        zip(
            itertools.accumulate(length for length, _ in totals),
            itertools.accumulate(total for _, total in totals),
            strict=True,
        )
    )
    around = (step - 1) // 2
    levels = list(itertools.accumulate(told))
    reach: list[dict[int, set[int]]] = []
    before = {0}
    for place, level in enumerate(levels, 1):
        allowed = range(level - around, level + around + 1)
        if place in ends:
            allowed = [one for one in allowed if one == ends[place]]
        now = {end: {start for start in before if start <= end} for end in allowed}
        reach.append({end: starts for end, starts in now.items() if starts})
        before = set(reach[-1])
    counts: list[set[int]] = []
    after = before
    for found in reversed(reach):
        counts.append({end - start for end in after & set(found) for start in found[end]})
        after = {start for end in after & set(found) for start in found[end]}
    return counts[::-1]


@pytest.mark.parametrize("seed", range(20))
def test_a_known_total_gives_no_small_part(seed):
    """Cells drawn at random, the exact total of each period known: no count of few is the only one
    that it can be, where the total is not of few itself."""
    rng = random.Random(seed)
    rows = [
        (f"p{period:02}", f"c{cell}", rng.choice([0, 0, 1, 1, 2, 3, 4, 6, 17]))
        for period in range(30)
        for cell in range(rng.randint(2, 5))
    ]
    told = cut(rows, THRESHOLD)
    grouped = [list(of) for _, of in itertools.groupby(rows, key=lambda row: row[0])]
    totals = [(len(of), sum(row[2] for row in of)) for of in grouped]
    counts = possible(told, totals, THRESHOLD)
    plain = possible([row[2] for row in rows], totals, 1)
    sums = [total for length, total in totals for _ in range(length)]
    few = [at for at, row in enumerate(rows) if 0 < row[2] < THRESHOLD <= sums[at]]
    assert len(few) >= 10
    for at in few:
        assert rows[at][2] in counts[at]
        assert len(counts[at]) > 1
        assert plain[at] == {rows[at][2]}


@dataclass(frozen=True)
class Told:
    """How many files an office may have missed, as whoever reads its row knows."""

    true: int
    files: int
    least: int
    most: int


def told_of(kept: float, files: int, true: int, *, of_fund: bool) -> Told:
    if kept != kept:
        return Told(true, files, 0, files)
    missed = int(files - kept)
    if missed in (0, files) or (of_fund and missed > THRESHOLD):
        return Told(true, files, missed, missed)
    return Told(true, files, missed - THRESHOLD + 1, min(missed, files - 1))


def exactly(parts: list[Told], whole: Told, elsewhere: int) -> list[Told]:
    """The parts whose number missed is the only one possible; `elsewhere`: files of no part."""
    found = []
    for one in parts:
        others = [other for other in parts if other is not one]
        least = whole.least - sum(other.most for other in others) - elsewhere
        most = whole.most - sum(other.least for other in others)
        if max(one.least, least) == min(one.most, most):
            found.append(one)
    return found


def is_few(one: Told) -> bool:
    return 0 < one.true < THRESHOLD or 0 < one.files - one.true < THRESHOLD


def _quarters(role: str) -> list[tuple[list[Told], Told, int]]:
    """Of each promise and quarter: its offices, the fund, and how many files are of no office that
    is shown. The truth of merged offices is what the fund has left."""
    query = (
        "select code, quarter, office_code, numerator::double as kept,"
        " denominator::bigint as files from service.mart_commitments where unit = 'share'"
    )
    shown = reading(role).query(query)
    true = {
        (row.code, row.quarter, row.office_code): int(row.files - row.kept)
        for row in reading("statistics").query(query).itertuples()
    }
    found = []
    for (code, quarter), rows in shown.groupby(["code", "quarter"]):
        fund, parts, left = None, [], None
        for row in rows.itertuples():
            key = (code, quarter, row.office_code)
            if row.office_code == "ALL":
                fund = told_of(row.kept, row.files, true[key], of_fund=True)
            elif key in true:
                parts.append(told_of(row.kept, row.files, true[key], of_fund=False))
            else:
                left = row
        if fund is None:
            continue
        elsewhere = fund.files - sum(one.files for one in parts)
        if left is not None:
            missed = fund.true - sum(one.true for one in parts)
            if elsewhere == left.files:
                parts.append(told_of(left.kept, left.files, missed, of_fund=False))
                elsewhere = 0
            else:
                parts.append(told_of(left.kept, left.files, -1, of_fund=False))
                elsewhere -= left.files
        found.append((parts, fund, elsewhere))
    return found


def test_no_promise_shows_or_gives_away_few_files(fund):
    """Neither an office nor the fund: none is shown, none is what the others leave."""
    few = 0
    for parts, whole, elsewhere in _quarters("management"):
        for one in (*parts, whole):
            if is_few(one) and one.true >= 0:
                few += 1
                assert one.least < one.most
        given = [one for one in exactly(parts, whole, elsewhere) if one.true >= 0 and is_few(one)]
        assert given == []
    assert few > 50


def test_the_same_look_finds_few_files_where_shares_are_exact(fund):
    rows = reading("statistics").query(
        "select count(*) as n from service.mart_commitments where unit = 'share'"
        " and denominator >= 5 and least(numerator, denominator - numerator) between 1 and 4"
    )
    assert rows["n"].iloc[0] > 50


def test_whether_a_target_is_met_says_no_more_than_the_share(fund):
    """Rows that are told alike are judged alike, and a judgement is that of the whole step."""
    rows = reading().query(
        "select office_code = 'ALL' as is_fund, numerator::double as kept, target,"
        " denominator::bigint as files, is_met from service.mart_commitments"
        " where unit = 'share' and target is not null"
    )
    open_cases = 0
    for row in rows.itertuples():
        told = told_of(row.kept, row.files, 0, of_fund=row.is_fund)
        at_worst = row.files - told.most >= row.target * row.files
        at_best = row.files - told.least >= row.target * row.files
        if row.kept == row.kept and told.least == told.most:
            assert row.is_met == at_worst
        elif not pd.isna(row.is_met):
            assert row.kept == row.kept
            assert row.is_met == at_worst
            assert row.is_met or not at_best
        else:
            open_cases += 1
    assert open_cases


def test_whoever_sees_cells_reads_under_the_board_that_they_are_cells(fund):
    """And whoever sees accounts does not."""
    for lang in LANGUAGES:
        told = words(lang)["board_cut"].replace("{least}", str(THRESHOLD))
        assert told in everything_on(drawn("management", "home", lang))
        assert told not in everything_on(drawn("recovery", "home", lang))
