"""Every delivered cell that would be different today is found, and no other one."""

from __future__ import annotations

import csv
import shutil
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path

import duckdb
import pytest

from exports.answer import prepare
from exports.catalogue import load_catalogue
from exports.errors import NotAPackage
from exports.files import write_files
from exports.restatement.compare import compare
from exports.restatement.delivered import read_delivered
from exports.restatement.listing import to_be_looked_at
from release.dictionary import read_dictionary
from release.reader import Release, close_all
from tests.unit.validation.history import build

OLD, NEW = "2026-01-31_20260201T020000Z", "2026-02-28_20260301T020000Z"


@pytest.fixture(scope="module")
def old(tmp_path_factory) -> Release:
    """The release of the delivery."""
    made = build(tmp_path_factory.mktemp("old"))
    return Release(OLD, made.rename(made.with_name(f"{OLD}.duckdb")), date(2026, 1, 31))


def delivered(old: Release, out: Path, codes, period="2025", profile="inasti", before=()):
    """A package of some statistics, as delivered; `before`: what is done to its cells first."""
    contents, cursor = prepare(old, list(codes), period, profile=profile)
    for statement in before:
        cursor.execute(statement)
    package = write_files(contents, cursor, out, home=out.parent / "home")
    return read_delivered(package.folder)


@pytest.fixture(scope="module")
def package(old, tmp_path_factory):
    """T01, T04 and T08 of 2025 for the public: some cells hidden."""
    return delivered(old, tmp_path_factory.mktemp("out"), ["T01", "T04", "T08"], profile="public")


@pytest.fixture
def today(old, tmp_path):
    """`today(sql)`: a later release that differs by it."""

    def change(*statements: str) -> Release:
        target = tmp_path / f"{NEW}.duckdb"
        shutil.copyfile(old.path, target)
        with duckdb.connect(str(target)) as connection:
            for statement in statements:
                connection.execute(statement)
        return Release(NEW, target, date(2026, 2, 28))

    yield change
    close_all()


def compared(release: Release, package, code: str):
    """How many were compared, and what differs, by (period, codes, measure)."""
    told = next(one for one in package.statistics if one.code == code)
    statistic = load_catalogue(read_dictionary(release))[code]
    number, cells = compare(release.cursor(), statistic, told)
    return number, {(c.ref_period, *sorted(c.codes.items()), c.measure): c for c in cells}


def shown(package, code: str) -> dict:
    """The cells that were given, read from the file by hand."""
    told = next(one for one in package.statistics if one.code == code)
    with open(told.file, encoding="utf-8", newline="") as opened:
        return {
            (line["REF_PERIOD"], line.get("NATURE"), line.get("SEX"), line["MEASURE"]): Decimal(
                line["OBS_VALUE"]
            )
            for line in csv.DictReader(opened)
            if line["OBS_STATUS"] == "A"
        }


def test_the_same_figures_are_no_restatement(today, package):
    release = today()
    for code in ("T01", "T04", "T08"):
        number, cells = compared(release, package, code)
        assert number > 0
        assert cells == {}
    assert compared(release, package, "T01")[0] == len(shown(package, "T01"))


def test_each_cell_that_differs_is_found_with_both_values(today, package):
    release = today(
        "update statistics.stat_t01 set obs_value = obs_value + 7"
        " where ref_period = '2025Q2' and nature in ('main', '_T') and sex = '_T'"
    )
    _, cells = compared(release, package, "T01")
    before = shown(package, "T01")
    total = cells["2025Q2", "persons"]
    part = cells["2025Q2", ("nature", "main"), "persons"]
    assert len(cells) == 2
    assert (total.old, total.new) == (before["2025Q2", "_T", "_T", "persons"], total.old + 7)
    assert (part.old, part.new) == (before["2025Q2", "main", "_T", "persons"], part.old + 7)
    # The share is of the total of today.
    assert part.share == total.share == Decimal(7) / total.new


def test_every_changed_value_is_one_of_the_package(today, package):
    """Against the file read by hand: all values move, the hidden ones are not told."""
    release = today("update statistics.stat_t04 set obs_value = obs_value + 1")
    number, cells = compared(release, package, "T04")
    assert number == len(cells)
    assert all(cell.new == cell.old + 1 for cell in cells.values())
    # What is never added up has a total of its kind.
    assert all(cell.share is not None for cell in cells.values())


def test_what_was_hidden_is_not_told(today, old, tmp_path):
    package = delivered(
        old,
        tmp_path / "out",
        ["T01"],
        before=[
            "update answer_t01 set obs_value = null, obs_status = 'Q', conf_status = 'A',"
            " reason = 'reason_few' where sex = 'F'"
        ],
    )
    release = today("update statistics.stat_t01 set obs_value = obs_value + 1")
    _, cells = compared(release, package, "T01")
    assert cells
    assert not [key for key in cells if ("sex", "F") in key]


def test_cells_that_came_and_went(today, package):
    release = today(
        "delete from statistics.stat_t01 where ref_period = '2025' and sex = 'F'"
        " and nature = 'main'",
        "insert into statistics.stat_t01 select * replace ('X' as sex, 3 as obs_value)"
        " from statistics.stat_t01 where ref_period = '2025' and nature = '_T' and sex = 'F'",
    )
    _, cells = compared(release, package, "T01")
    gone = cells["2025", ("nature", "main"), ("sex", "F"), "persons"]
    come = cells["2025", ("sex", "X"), "persons"]
    assert len(cells) == 2
    assert gone.new is None
    assert gone.old > 0
    assert (come.old, come.new) == (None, 3)


def test_a_block_that_was_not_given_is_not_looked_at(today, package):
    release = today(
        "insert into statistics.stat_t01 select * replace ('X' as sex, 3 as obs_value)"
        " from statistics.stat_t01 where ref_period = '2025' and nature = '_T' and sex = 'F'"
    )
    told = next(one for one in package.statistics if one.code == "T01")
    for left_out in (("T01.1", ""), ("T01.1", "year")):
        statistic = load_catalogue(read_dictionary(release))["T01"]
        other = replace(told, left_out=frozenset([left_out]))
        assert compare(release.cursor(), statistic, other)[1] == []


def test_a_rate_has_no_share_and_rounding_is_no_change(today, package):
    release = today(
        "update statistics.stat_t08 set obs_value = obs_value + case measure"
        " when 'perception_pct' then 1 when 'claimed_amount' then 0.004 else 0 end"
    )
    _, cells = compared(release, package, "T08")
    assert {cell.measure for cell in cells.values()} == {"perception_pct"}
    assert all(cell.share is None for cell in cells.values())


def test_other_breakdowns_today_make_every_cell_another_one(today, package):
    release = today(
        "alter table statistics.stat_t01 rename column sex to gender",
        "update meta.dictionary set meta_json ="
        ' replace(meta_json, \'"name": "sex"\', \'"name": "gender"\')'
        " where table_name = 'stat_t01'",
        "update meta.dictionary set meta_json = replace(meta_json, 'nature sex', 'nature gender')"
        " where table_name = 'stat_t01'",
    )
    number, cells = compared(release, package, "T01")
    assert number == len(cells) == len(shown(package, "T01"))
    assert all(cell.new is None for cell in cells.values())


def test_a_folder_that_is_no_package(tmp_path):
    with pytest.raises(NotAPackage, match="manifest"):
        read_delivered(tmp_path)


def test_how_far_back(old, tmp_path):
    """The last delivery of each table and those of the year before; of one period the last one."""
    first, second, third = (
        delivered(old, tmp_path / "out", codes, period)
        for codes, period in ((["T01", "T08"], "2023"), (["T01"], "2024"), (["T01", "T08"], "2025"))
    )
    again = delivered(old, tmp_path / "again", ["T01"], "2024")
    folders = [one.folder for one in (first, second, third, again)]

    def chosen(back: int) -> list:
        return [
            (one.folder, [told.code for told in one.statistics])
            for one in to_be_looked_at(folders, back)
        ]

    assert chosen(0) == [(third.folder, ["T01", "T08"])]
    assert chosen(1) == [(third.folder, ["T01", "T08"]), (again.folder, ["T01"])]
    assert chosen(2)[0] == (first.folder, ["T01", "T08"])
    # A table that was not delivered since has its last delivery then.
    old_only = to_be_looked_at([one.folder for one in (first, second)], 0)
    assert [[told.code for told in one.statistics] for one in old_only] == [["T08"], ["T01"]]
