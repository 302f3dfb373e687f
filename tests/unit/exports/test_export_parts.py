"""Periods, profiles, catalogue and table layouts taken alone."""

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
    read_axis,
)
from exports.errors import BadDeclaration
from exports.periods import covered, parse_period
from exports.profiles import count_unsafe, find_profile, profiles
from exports.tables import Layout, Seen, build, layouts, look_at
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
    """Number of unsafe cells of these rows."""
    return count_unsafe(cells(*rows), statistic(**changes), ["2025"], find_profile(profile))


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


def test_tables_of_a_statistic_are_those_of_its_blocks(home):
    """Categories lie within natures; residence has levels; sex is free."""
    release = open_release(home)
    t01 = load_catalogue(read_dictionary(release))["T01"]
    assert t01.dimension("category").within == "nature"
    seen = look_at(release.cursor(), t01, ["2025"])
    assert seen.sizes["residence_level"] == 2
    assert layouts(t01, seen) == [
        Layout((), "nature"),
        Layout(("nature", "category"), None),
        Layout(("sex",), "nature"),
        Layout(("residence_level", "residence_code"), "nature"),
    ]


def test_what_has_no_total_stands_in_each_table():
    """Of flows that are never added up, and of a block with some of the measures only."""
    axes = ("flow!>flow_type", "nature", "sex")
    block = Block("T99.1", ("year",), tuple(map(read_axis, axes)), ("files",))
    other = Block("T99.2", ("year",), (read_axis("unit!"), read_axis("nature")), ("paid", "share"))
    seen = Seen({"flow": 6, "flow_type": 12, "nature": 3, "sex": 2, "unit": 4}, {})
    assert layouts(statistic(blocks=(block, other)), seen) == [
        Layout(("flow",), None),
        Layout(("flow", "flow_type"), None),
        Layout(("flow", "nature"), None),
        Layout(("flow", "sex"), None),
        Layout(("unit",), None),
        Layout(("unit", "nature"), None),
    ]


def test_absent_cells_are_zero_absent_totals_stay_empty():
    """0 says that no case exists; a total that was left out is not contradicted."""
    connection = cells(
        ("a", "files", 6, 6, None, None),
        ("b", "paid", 9.0, 6, None, None),
        ("b", "share", 9.0, None, None, None),
    )
    one = statistic()
    table = build(connection, one, Layout(("cause",), None), ["2025"], {"cause": {}})
    assert table.rows == ((("2025", "a"), (6.0, 0, None)), (("2025", "b"), (0, 9.0, 9.0)))
    connection.execute("insert into cells values ('_T', 'paid', 9, 6, null, null, '2025')")
    table = build(connection, one, Layout(("cause",), None), ["2025"], {"cause": {}})
    assert table.rows[0] == (("2025", "_T"), (None, 9.0, None))


def test_one_year_one_value_and_measures_that_do_not_vary():
    """A constant dimension is no table of its own; what does not vary by a dimension is empty."""
    connection = duckdb.connect()
    connection.execute(
        "create table cells as select * from (values"
        " ('2025', '2025', 'tax', '_T', 'files', 9), ('2025', '2025', 'tax', 'x', 'files', 9),"
        " ('2025', '2025', 'fee', '_T', 'files', 5), ('2025', '2025', 'tax', '_T', 'paid', 7))"
        " t(ref_period, year, grp, kind, measure, obs_value)"
    )
    names = ("year", "grp", "kind")
    block = Block("T99.1", ("year",), (read_axis("year"), read_axis("grp!>kind")), ("files",))
    one = statistic(dimensions=tuple(Dimension(n, n, n, n) for n in names), blocks=(block,))
    seen = look_at(connection, one, ["2025"])
    assert seen == Seen({"grp": 2, "kind": 1}, {"year": "2025"})
    assert layouts(one, seen) == [Layout(("grp",), None), Layout(("grp", "kind"), None)]
    lists = {name: {} for name in names}
    table = build(connection, one, Layout(("grp", "kind"), None), ["2025"], lists, seen.constants)
    values = dict(table.rows)
    # No cell has a share: no column for it.
    assert values["2025", "tax", "x"] == (9, None)
    assert values["2025", "fee", "_T"] == (5, 0)
