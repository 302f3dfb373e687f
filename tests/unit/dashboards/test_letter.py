"""The board's letter: one page, both languages, the figures of the first page."""

import io

import pytest
from click.testing import CliRunner
from pypdf import PdfReader

from dashboards import rankings, source
from dashboards.i18n import Language
from dashboards.paper.letter import NoLetter, letter
from dashboards.sections import signals
from dashboards.sections.board import board
from orchestration.cli import vigie
from release.reader import open_release

pytestmark = pytest.mark.usefixtures("fund")


@pytest.mark.parametrize("lang", ["fr", "nl"])
def test_one_page_with_the_five_figures(lang):
    found = board(source.begin(Language(lang)))
    document = PdfReader(io.BytesIO(letter(open_release(), found.quarter, lang)))
    assert len(document.pages) == 1
    said = "".join(document.pages[0].extract_text().split())
    for figure in (found.claimed, found.collected, found.outstanding):
        assert "".join(Language(lang).euros(figure.now, 0).split()) in said
    for figure in (found.rate, found.perception):
        assert "".join(Language(lang).percent(figure.now).split()) in said


def test_a_quarter_that_is_not_over_has_no_letter():
    running = source.begin(Language("fr")).running_quarter()
    with pytest.raises(NoLetter, match="letter_running"):
        letter(open_release(), running, "fr")
    with pytest.raises(NoLetter, match="letter_nothing"):
        letter(open_release(), "1990Q1", "fr")


def test_the_command_writes_both_languages_and_says_what_is_wrong(tmp_path):
    quarter = board(source.begin(Language("fr"))).quarter
    out = tmp_path / "out"
    done = CliRunner().invoke(vigie, ["letter", "--quarter", quarter, "--out", str(out)])
    assert done.exit_code == 0
    assert {path.suffixes[-1] for path in out.iterdir()} == {".pdf"}
    assert len(list(out.iterdir())) == 2
    wrong = CliRunner().invoke(vigie, ["letter", "--quarter", "2026-3", "--out", str(out)])
    assert wrong.exit_code == 2


@pytest.mark.parametrize("lang", ["fr", "nl"])
def test_an_office_is_named_from_thirty_items_on_and_a_promise_says_of_what(lang):
    """Ruling H13; the second measure of a promise goes on from the title of the first."""
    reading = source.begin(Language(lang))
    quarters = [f"{year}Q{quarter}" for year in (2023, 2024, 2025) for quarter in (1, 2, 3, 4)]
    named, small = 0, 0
    for quarter in quarters:
        rows, columns = signals.promise_rows(reading, quarter, [quarter])
        assert not any(title.startswith("…") for title in rows["title"])
        assert "denominator" in [column.name for column in columns]
        for row in rows.itertuples():
            judged = reading.query(
                """select denominator, unit, office_code in (select unnest($offices)) as is_named
                from service.mart_commitments where code = $code and quarter = $quarter
                and office_code <> 'ALL' and not is_met""",
                code=row.code, quarter=quarter, offices=list(row.offices),
            )  # fmt: skip
            for one in judged.itertuples():
                is_enough = one.unit != "share" or one.denominator >= rankings.LEAST
                assert one.is_named == is_enough
                named, small = named + is_enough, small + (not is_enough)
    assert named
    assert small
