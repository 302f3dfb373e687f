"""The board's letter: one page, both languages, the figures of the first page."""

import io

import pytest
from click.testing import CliRunner
from pypdf import PdfReader

from dashboards import source
from dashboards.i18n import Language
from dashboards.paper.letter import NoLetter, letter
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
