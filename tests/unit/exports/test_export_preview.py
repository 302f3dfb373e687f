"""What the page "Statistiques" shows before anything is sent: costs, signs, reasons."""

from datetime import date
from types import SimpleNamespace

import pyarrow as pa
import pytest

from dashboards import grids, statistic_tables
from dashboards.i18n import Language
from dashboards.source import Reading
from exports.catalogue import TOTAL
from exports.preview import preview
from exports.signs import HIDDEN, SIGNS
from release.reader import open_release
from tests.unit.exports.other_shapes import build_shapes


@pytest.fixture(scope="module")
def seen(tmp_path_factory):
    """T01 of a few persons for the SPF: some of its cells are hidden."""
    home = tmp_path_factory.mktemp("preview")
    build_shapes(home, persons=90)
    release = open_release(home)
    found = preview(release, "T01", "2025", "spf", "fr")
    assert found.part.hidden
    return release, found


def test_the_share_of_the_value_counts_each_value_once(seen):
    """No margin beside its parts: the finest cells add up to the total, by a plain count."""
    release, found = seen
    true = {
        (ref, *codes): value
        for ref, *codes, value in release.cursor()
        .execute(
            "select ref_period, nature, category, sex, obs_value from statistics.stat_t01"
            " where residence_code = '_T'"
        )
        .fetchall()
    }
    place = next(
        at for at, one in enumerate(found.part.tables)
        if (one.block.name, one.frequency) == ("T01.1", "year")
    )  # fmt: skip
    table, cost = found.part.tables[place], found.costs[place]
    finest = [row for row in table.rows if TOTAL not in row.codes]
    values = [true[row.ref_period, *row.codes] for row in finest]
    assert sum(values) == true["2025", TOTAL, TOTAL, TOTAL] == 90
    lost = [
        value
        for row, value in zip(finest, values, strict=True)
        if row.cells[0].obs_status == HIDDEN
    ]
    assert 0 < sum(lost) < 90
    assert cost.value_share == sum(lost) / 90


@pytest.mark.parametrize("lang", ["fr", "nl"])
def test_a_value_that_is_not_shown_has_its_sign_and_its_reason_beside_it(seen, lang):
    _, found = seen
    table = next(one for one in found.part.tables if one.statuses)
    release = SimpleNamespace(id="2026-09-30_x", business_date=date(2026, 9, 30))
    reading = Reading(release, Language(lang), is_past=False)
    rows, columns = statistic_tables.lines(reading, table, found.contents.codes)
    assert [column.name for column in columns][:2] == ["persons", "why"]
    hidden = rows[rows["persons"].isna()]
    assert len(hidden) == table.hidden
    assert set(hidden["persons said"]) == {SIGNS[HIDDEN]}
    assert all(hidden["why"])
    assert not any(rows[rows["persons"].notna()]["why"])
    # A browser shows no text for what is null, and numbers still sort as numbers.
    shown, _ = grids.displayed(reading, rows, columns)
    label = columns[0].label
    assert not shown.data[label].isna().any()
    assert pa.Table.from_pandas(shown.data).schema.field(label).type == pa.float64()
    assert shown.to_html().count(f">{SIGNS[HIDDEN]}<") == table.hidden
