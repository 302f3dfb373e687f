"""Periods, profiles, catalogue and tables taken alone."""

from dataclasses import replace

import duckdb
import pytest

from exports.catalogue import (
    Axis,
    Block,
    Dimension,
    Measure,
    Statistic,
    check_table,
    load_catalogue,
    load_codes,
    read_axis,
)
from exports.cells import take_all
from exports.errors import BadDeclaration
from exports.periods import covered, parse_period, words
from exports.profiles import find_profile, profiles
from exports.protection.book import read_book
from exports.protection.judgement import judge
from exports.tables import tables_of
from release.dictionary import read_dictionary
from release.reader import open_release


def statistic(**changes) -> Statistic:
    """A statistic of one dimension over a table `cells` of an in-memory database."""
    values = {
        "code": "T99",
        "table": "cells",
        "title_fr": "Essai",
        "title_nl": "Proef",
        "dimensions": (Dimension("cause", "cause", "Cause", "Oorzaak"),),
        "measures": (
            Measure("files", "FILES", "Dossiers", "Dossiers"),
            Measure("paid", "EUR", "Payé", "Betaald"),
            Measure("share", "PCT", "Part", "Aandeel"),
        ),
    }
    return Statistic(**{**values, **changes})


def cells(*rows):
    """A connection with a table `cells` of (cause, measure, value, contributors, x1, x2)."""
    connection = duckdb.connect()
    connection.execute(
        "create table cells (cause varchar, measure varchar, obs_value double,"
        " contributors bigint, largest_contribution double, second_contribution double,"
        " ref_period varchar default '2025')"
    )
    for row in rows:
        connection.execute(
            "insert into cells (cause, measure, obs_value, contributors, largest_contribution,"
            " second_contribution) values (?, ?, ?, ?, ?, ?)",
            row,
        )
    return connection


def unsafe(profile, *rows, **changes):
    """Number of unsafe cells of these rows: all of a crossing, when one of them is."""
    book = read_book(cells(*rows), [(statistic(**changes), ["2025"])])
    status = judge(book, find_profile(profile)).status
    crossings = {book.crossing[row] for row, said in enumerate(status) if said}
    return sum(number in crossings for number in book.crossing)


def test_period_covers_every_frequency_inside_it():
    """In calendar order, the longest first; other years and unreadable texts left out."""
    held = ["2025Q4", "2025", "2024", "2025-09", "2025Q3", "2025Q10", "x", "2026Q1"]
    assert covered(parse_period("2025"), held) == ["2025", "2025Q3", "2025-09", "2025Q4"]
    assert covered(parse_period("2025q3"), held) == ["2025Q3", "2025-09"]
    assert covered(parse_period("2025-09"), held) == ["2025-09"]


def test_profiles_are_those_of_the_definitions():
    """definitions.md section 7: the three recipients and their thresholds."""
    assert list(profiles()) == ["inasti", "spf", "public"]
    assert not find_profile("inasti").protects
    spf, public = find_profile("spf"), find_profile("public")
    assert (spf.count_threshold, spf.health_threshold) == (3, 5)
    assert (public.count_threshold, public.dominance_pct, public.p_percent) == (5, 80, 15)


@pytest.mark.parametrize(
    ("profile", "count", "expected"),
    [
        ("inasti", 1, 0),
        ("spf", 0, 0),
        ("spf", 1, 1),
        ("spf", 2, 1),
        ("spf", 3, 0),
        ("public", 4, 1),
        ("public", 5, 0),
    ],
)
def test_small_counts(profile, count, expected):
    """The border of each threshold; a zero may be published."""
    assert unsafe(profile, ("a", "files", count, count, None, None)) == expected


def test_health_causes_have_their_own_threshold():
    """Threshold 5 outside inasti, by code of a dimension or for a whole statistic."""
    row = ("palliative", "files", 4, 4, None, None)
    marked = Dimension("cause", "cause", "C", "O", health_codes=("palliative",))
    assert unsafe("spf", row) == 0
    assert unsafe("spf", row, dimensions=(marked,)) == 1
    assert unsafe("spf", row, disclosure_class="health") == 1
    assert unsafe("inasti", row, disclosure_class="health") == 0


@pytest.mark.parametrize(
    ("total", "largest", "second", "expected"),
    [
        (1000, 800, 20, 0),  # exactly 80 %, and 180 left against 120: both rules let it out
        (1000, 801, 20, 1),  # dominance
        (1000, 700, 200, 1),  # 100 left, under 15 % of 700
        (1000, 700, 195, 0),  # 105 left, exactly 15 %
        (1000, None, None, 1),  # nobody knows the largest
        (-1000, -801, -20, 1),  # a negative amount is judged by its size
    ],
)
def test_dominance_and_p_percent_for_the_public(total, largest, second, expected):
    """Amounts are judged by their largest contributions; equality is safe."""
    assert unsafe("public", ("a", "paid", total, 50, largest, second)) == expected


def test_all_measures_of_a_crossing_stand_or_fall_together():
    """A share gives the hidden count back; a share alone has no count to judge it by."""
    small = [("a", "files", 2, 2, None, None), ("a", "share", 40.0, None, None, None)]
    assert unsafe("spf", *small) == 2
    assert unsafe("spf", ("a", "share", 40.0, None, None, None)) == 1


def test_amount_without_known_contributors_is_unsafe():
    """What cannot be judged does not leave."""
    assert unsafe("spf", ("a", "paid", 100.0, None, None, None)) == 1


def test_undeclared_measure_is_a_bad_declaration():
    """A table that holds more than its YAML says is refused, by name."""
    connection = cells(("a", "surprise", 1, 1, None, None))
    with pytest.raises(BadDeclaration, match="surprise"):
        check_table(connection, statistic())


def test_catalogue_comes_from_the_release(home):
    """Titles, units, count basis and notes as declared; notes as one text or as a list."""
    catalogue = load_catalogue(read_dictionary(open_release(home)))
    assert list(catalogue) == ["T01", "T08"]
    assert catalogue["T01"].count_bases(["2025", "2025Q3"]) == ("stock_31_12", "stock_qend")
    assert catalogue["T01"].notes_nl == ("Elke persoon telt één keer.",)
    assert catalogue["T08"].notes_fr == ("Majorations à part.", "Au cours du jour.")
    assert catalogue["T08"].measures[2].unit == "PCT"


@pytest.mark.parametrize(
    ("written", "axis"),
    [
        ("sex", Axis(("sex",))),
        ("service!", Axis(("service",), has_total=False)),
        ("nature>category", Axis(("nature", "category"))),
        ("flow!>flow_type", Axis(("flow", "flow_type"), has_total=False)),
        (
            "residence:REGION,PROVINCE",
            Axis(("residence_level", "residence_code"), levels=("REGION", "PROVINCE")),
        ),
    ],
)
def test_an_axis_is_read_as_the_interface_writes_it(written, axis):
    """Totals, parts within a whole, codes by level."""
    assert read_axis(written) == axis


def test_tables_are_the_blocks_by_frequency(shapes_home):
    """One for each block and frequency that the period holds, its axes only."""
    assert [(t.block.name, t.frequency, len(t.dimensions)) for t in tables(shapes_home, "T01")] == [
        ("T01.1", "year", 3),
        ("T01.1", "quarter", 3),
        ("T01.2", "year", 4),
        ("T01.2", "quarter", 4),
    ]
    assert [(t.block.name, t.frequency) for t in tables(shapes_home, "T16")] == [
        ("T16.1", "year"),
        ("T16.1", "quarter"),
        ("T16.2", "year"),
    ]
    assert {t.frequency for t in tables(shapes_home, "T04", "2025Q3")} == {"quarter", "month"}


def test_rows_of_a_block_are_its_cells(shapes_home):
    """What never has a total has none; parts stand after their whole; the period comes first."""
    year, _, month = tables(shapes_home, "T04")
    assert [row.codes for row in year.rows] == [
        ("starter", "_T", "_T"),
        ("starter", "_T", "M"),
        ("starter", "_T", "F"),
        ("starter", "voluntary", "_T"),
        ("starter", "voluntary", "M"),
        ("starter", "voluntary", "F"),
        ("starter", "ex_officio", "_T"),
        ("starter", "ex_officio", "M"),
        ("starter", "ex_officio", "F"),
        ("cessation", "_T", "_T"),
        ("cessation", "_T", "M"),
        ("cessation", "_T", "F"),
        ("cessation", "pension", "_T"),
        ("cessation", "pension", "M"),
        ("cessation", "pension", "F"),
    ]
    assert [row.codes[0] for row in year.rows if row.is_total] == ["starter", "cessation"]
    periods = [row.ref_period for row in month.rows]
    assert periods == sorted(periods)
    assert len(set(periods)) == 12


def test_a_block_has_its_own_measures_and_levels(shapes_home):
    """A total, regions, provinces; a block of one measure shows that one."""
    by_residence = tables(shapes_home, "T01")[2]
    levels = {row.codes[2] for row in by_residence.rows}
    assert levels == {"_T", "REGION", "PROVINCE"}
    vintages = tables(shapes_home, "T16")[2]
    assert [measure.name for measure in vintages.measures] == ["items"]
    assert {row.codes for row in vintages.rows if row.codes[0] == "question"} == {
        ("question", "_T"),
        ("question", "2024"),
        ("question", "2025"),
    }


def test_a_breakdown_that_repeats_the_period_is_not_shown(home):
    """The contribution year of the claims of a contribution year says nothing."""
    cursor = open_release(home).cursor()
    cursor.execute(
        "create temp table repeated as select * from (values"
        " ('2025', '2025', 'a', 'files', 9), ('2025', '2025', '_T', 'files', 9))"
        " t(ref_period, year, cause, measure, obs_value)"
    )
    names = ("year", "cause")
    block = Block("T99.1", ("contribution_year",), tuple(map(read_axis, names)), ("files",))
    one = statistic(dimensions=tuple(Dimension(n, n, n, n) for n in names), blocks=(block,))
    one = replace(one, table="repeated")
    cells = take_all(cursor, one, ["2025"], find_profile("inasti"))
    (table,) = tables_of(cursor, one, cells, ["2025"], {name: {} for name in names})
    assert [dimension.name for dimension in table.dimensions] == ["cause"]
    assert [row.codes for row in table.rows] == [("_T",), ("a",)]


def test_a_statistic_without_blocks_is_one_table_of_all(home):
    """What is not declared is shown whole."""
    cursor = open_release(home).cursor()
    cursor.execute(
        "create temp table undeclared as select '2025' as ref_period, 'a' as cause,"
        " 'files' as measure, 6 as obs_value"
    )
    one = replace(statistic(), table="undeclared")
    cells = take_all(cursor, one, ["2025"], find_profile("inasti"))
    (table,) = tables_of(cursor, one, cells, ["2025"], {"cause": {}})
    assert [cell.obs_status for cell in table.rows[0].cells] == ["A", "O", "M"]


def tables(home, code, period="2025"):
    """The tables of a statistic of a small release."""
    release = open_release(home)
    cursor = release.cursor()
    one = load_catalogue(read_dictionary(release))[code]
    held = cursor.execute(f"select distinct ref_period from {one.table}").fetchall()
    ref_periods = covered(parse_period(period), [row[0] for row in held])
    cells = take_all(cursor, one, ref_periods, find_profile("inasti"))
    codes = load_codes(cursor, {dimension.list_name for dimension in one.dimensions})
    return tables_of(cursor, one, cells, ref_periods, codes)


@pytest.mark.parametrize(
    ("written", "fr", "nl"),
    [
        ("2025", "année 2025", "jaar 2025"),
        ("2025Q1", "1er trimestre 2025", "1e kwartaal 2025"),
        ("2025-08", "août 2025", "augustus 2025"),
    ],
)
def test_a_period_in_words(written, fr, nl):
    assert (words(written, "fr"), words(written, "nl")) == (fr, nl)
