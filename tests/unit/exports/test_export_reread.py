"""A package read back from its files is what was written: same tables, same signs."""

import json
import shutil

import pytest

from exports.answer import prepare
from exports.errors import NotAPackage
from exports.files import write_files
from exports.reread import reread
from release.reader import open_release


@pytest.fixture(scope="module")
def written(shapes_home, tmp_path_factory):
    """(contents, package, release) of statistics of all shapes for the public: cells are hidden,
    rates have no base.
    """
    release = open_release(shapes_home)
    codes = ["T01", "T04", "T08", "T16"]
    contents, cursor = prepare(release, codes, "2025", profile="public", lang="nl")
    package = write_files(contents, cursor, tmp_path_factory.mktemp("reread"))
    return contents, package, release


def test_every_cell_comes_back_as_it_was_written(written):
    contents, package, release = written
    found = reread(package.folder, release, "nl")
    assert [part.statistic.code for part in found.parts] == ["T01", "T04", "T08", "T16"]
    assert (found.release_id, found.period, found.profile.name) == (
        contents.release_id, contents.period, "public"
    )  # fmt: skip
    hidden = 0
    for before, now in zip(contents.parts, found.parts, strict=True):
        assert [one.block for one in now.left_out] == [one.block for one in before.left_out]
        assert len(before.tables) == len(now.tables) > 0
        for one, other in zip(before.tables, now.tables, strict=True):
            assert (one.block, one.frequency, one.ref_periods, one.dimensions) == (
                other.block, other.frequency, other.ref_periods, other.dimensions
            )  # fmt: skip
            assert [told(row) for row in one.rows] == [told(row) for row in other.rows]
            hidden += other.hidden
    assert hidden


def told(row):
    """A row without the digits that a file does not keep."""
    cells = [
        (None if cell.value is None else round(float(cell.value), 6), cell.obs_status)
        for cell in row.cells
    ]
    return row.ref_period, row.codes, cells


def test_a_block_that_was_left_out_is_named_and_has_no_table(written, tmp_path):
    """Whole, or at one frequency only."""
    _, package, release = written
    copy = shutil.copytree(package.folder, tmp_path / "copy")
    path = copy / "manifest.json"
    said = json.loads(path.read_text(encoding="utf-8"))
    before = reread(copy, release, "fr").part("T01").tables
    (first, second) = dict.fromkeys(one.block.name for one in before)
    (statistic,) = (one for one in said["statistics"] if one["code"] == "T01")
    statistic["blocks_left_out"] = [first, f"{second} quarter"]
    path.write_text(json.dumps(said), encoding="utf-8")
    part = reread(copy, release, "fr").part("T01")
    assert [(one.block, one.frequency) for one in part.left_out] == [
        (first, ""), (second, "quarter")
    ]  # fmt: skip
    assert [(one.block.name, one.frequency) for one in part.tables] == [(second, "year")]


def test_what_is_no_package_is_told(written, tmp_path):
    _, package, release = written
    with pytest.raises(NotAPackage, match=r"manifest\.json"):
        reread(tmp_path, release, "fr")
    copy = shutil.copytree(package.folder, tmp_path / "copy")
    next(copy.glob("T04*.csv")).unlink()
    with pytest.raises(NotAPackage, match="T04"):
        reread(copy, release, "fr")


def test_a_name_is_never_a_pattern(written, tmp_path):
    """A folder with a bracket in its name is read itself, not another one that it could mean."""
    _, package, release = written
    shutil.copytree(package.folder, tmp_path / "a1")
    copy = shutil.copytree(package.folder, tmp_path / "a[1]")
    manifest = json.loads((copy / "manifest.json").read_text(encoding="utf-8"))
    for path in (tmp_path / "a1").glob("T*.csv"):
        path.write_text("", encoding="utf-8")
    found = reread(copy, release, "fr")
    assert found.part("T01").cells == next(
        one["cells"] for one in manifest["statistics"] if one["code"] == "T01"
    )
