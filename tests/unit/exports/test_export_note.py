"""The note of a package: what a screen reader needs, what it says, and what it never says."""

import re
from datetime import date

import pypdf
import pytest

from exports.errors import NotAPackage
from exports.package import files_of
from tests.unit.exports.other_shapes import build_shapes, hide_nothing, write_package

CODES = ["T01", "T04", "T08", "T16"]


def said(made) -> str:
    """The words of a note on one line; spaces that keep a number together are plain ones."""
    pages = pypdf.PdfReader(made.note).pages
    text = " ".join(page.extract_text() for page in pages)
    return re.sub(r"\s+", " ", text.replace("\N{NO-BREAK SPACE}", " "))


@pytest.fixture(scope="module")
def revised_home(tmp_path_factory):
    """The same fund some days later, with more events and persons."""
    folder = tmp_path_factory.mktemp("revised")
    known = {"release_id": "2026-10-31_20261101T020000Z", "business_date": date(2026, 10, 31)}
    build_shapes(folder, events=660, persons=440, **known)
    return folder


@pytest.mark.parametrize("lang", ["fr", "nl"])
def test_it_is_tagged_and_says_its_language_and_title(shapes_home, tmp_path, lang):
    """PDF/UA-1, as the file itself claims; its date is that of the release."""
    made = write_package(shapes_home, tmp_path, CODES, lang=lang)
    reader = pypdf.PdfReader(made.note)
    root = reader.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"]
    assert root["/StructTreeRoot"]
    assert root["/Lang"].startswith(lang)
    assert root["/ViewerPreferences"]["/DisplayDocTitle"]
    metadata = root["/Metadata"].get_data().decode()
    assert "<pdfuaid:part>1</pdfuaid:part>" in metadata
    assert reader.metadata.title
    assert (reader.metadata.creation_date.date().isoformat()) == "2026-10-01"
    assert 1 <= len(reader.pages) <= 4


def test_every_glyph_comes_with_the_file(hidden):
    """No font of the machine is needed to read it, and none was used to write it."""
    for page in pypdf.PdfReader(hidden.note).pages:
        for font in page["/Resources"]["/Font"].values():
            (inner,) = font["/DescendantFonts"]
            descriptor = inner.get_object()["/FontDescriptor"]
            assert any(key.startswith("/FontFile") for key in descriptor)
            assert "Libertinus" in descriptor["/FontName"]


def test_it_says_what_was_asked_and_what_is_hidden(hidden):
    note = said(hidden)
    for heading in (
        "Ce qui a été demandé",
        "Ce que les chiffres comptent",
        "Ce qui n'est pas montré, et pourquoi",
        "Cohérence avec les autres tables",
        "Changements depuis la réponse précédente",
    ):
        assert heading.replace("'", "’") in note.replace("'", "’")
    assert "année 2025" in note
    assert "30/09/2026" in note
    assert "Événements de la période." in note
    assert "une soustraction suffirait" in note
    assert re.search(r"T04 : [1-9]\d* sur \d+ cellules sont confidentielles", note)
    assert "T16.2 Qualité du service, selon Service × Année, par année : non fourni." in note
    assert "11 contrôles réussis, avertissements : 1" in note
    assert "Aucune réponse précédente" in note


def test_an_internal_note_warns(shapes_home, tmp_path):
    made = write_package(shapes_home, tmp_path, ["T04"], profile="inasti", change=hide_nothing)
    assert "ces fichiers ne peuvent pas être diffusés" in said(made)
    public = write_package(shapes_home, tmp_path, ["T04"], change=hide_nothing)
    assert "assez de personnes" in said(public)


def test_it_names_what_changed_since_the_last_answer(shapes_home, revised_home, tmp_path):
    """600 events became 660: the total, its parts, and when the data were closed."""
    # No folder is a pattern.
    before = write_package(shapes_home, tmp_path / "[1]*", CODES, change=hide_nothing)
    after = write_package(
        revised_home, tmp_path, CODES, change=hide_nothing, earlier=[before.folder]
    )
    note = said(after)
    assert "T04 : année 2025, face à la réponse tirée de la version 2026-09-30" in note
    assert "du 30/09/2026 au 31/10/2026" in note
    # Starters are two of three, by flow: no total of both is ever made.
    assert re.search(r"Début 400 440 \+40 \+10,0", note)
    assert re.search(r"Cessation 200 220 \+20 \+10,0", note)
    # Persons by nature, the first breakdown of T01: main is six of ten.
    assert re.search(r"Personnes \(nombre\), Total 400 440 \+40 \+10,0", note)
    assert re.search(r"Activité principale 240 264 \+24 \+10,0", note)
    assert "Ce qui a le plus bougé (Personnes) : Activité principale" in note


def test_nothing_changed_is_said_too(shapes_home, tmp_path):
    """The same figures in a later release."""
    before = write_package(shapes_home, tmp_path / "a", ["T04"], change=hide_nothing)
    later = tmp_path / "later"
    build_shapes(later, release_id="2026-10-31_20261101T020000Z", business_date=date(2026, 10, 31))
    after = write_package(
        later, tmp_path / "b", ["T04"], change=hide_nothing, earlier=[before.folder]
    )
    assert re.search(r"Aucune des \d+ cellules", said(after))


def test_another_period_is_compared_as_another_period(shapes_home, tmp_path):
    before = write_package(shapes_home, tmp_path, ["T01"], period="2024", change=hide_nothing)
    after = write_package(
        shapes_home, tmp_path, ["T01"], change=hide_nothing, earlier=[before.folder]
    )
    note = said(after)
    assert "T01 : année 2025, face à année 2024" in note
    assert "Total 400 400 +0 +0,0" in note


def test_a_correction_shows_its_cells_when_no_total_moved(shapes_home, revised_home, tmp_path):
    """The largest first, each with its value then and now."""

    def two_cells(cursor, statistic, cells):
        cursor.execute(
            f"update {cells.table} set obs_value = round(obs_value / 1.1) + case when"
            " flow = 'starter' and flow_type = 'voluntary' and ref_period = '2025'"
            " then case sex when 'F' then 5 when 'M' then -7 else 0 end else 0 end"
        )
        return cells

    before = write_package(shapes_home, tmp_path, ["T04"], change=hide_nothing)
    after = write_package(
        revised_home, tmp_path, ["T04"], change=two_cells, earlier=[before.folder]
    )
    note = said(after)
    assert re.search(r"Volontaire, Homme 120 113 .7 .{1,60}Volontaire, Femme 80 85 \+5", note)
    assert "400 400" not in note


def test_a_hidden_cell_is_in_no_comparison(shapes_home, revised_home, tmp_path):
    """Neither what is hidden now nor what was hidden then: cessations here, by type."""

    def hide_cessations(cursor, statistic, cells):
        cursor.execute(
            f"update {cells.table} set obs_value = null, obs_status = 'Q', conf_status = 'A',"
            " reason = 'small' where flow = 'cessation'"
        )
        return cells

    for first, second in ((hide_cessations, hide_nothing), (hide_nothing, hide_cessations)):
        before = write_package(shapes_home, tmp_path, ["T04"], change=first)
        after = write_package(
            revised_home, tmp_path, ["T04"], change=second, earlier=[before.folder]
        )
        note = said(after)
        assert re.search(r"Début 400 440", note)
        assert "nombre), Début" in note.replace("=1+1 ", "")
        # Other cells have the value of the hidden one: what is compared is named.
        assert not re.search(r"nombre\), (=1\+1 )?Cessation", note)


def test_a_package_for_somebody_else_is_not_looked_at(shapes_home, revised_home, tmp_path):
    """What INASTI was told would stand in a note for the public."""
    before = write_package(shapes_home, tmp_path, ["T04"], profile="inasti", change=hide_nothing)
    after = write_package(
        revised_home, tmp_path, ["T04"], change=hide_nothing, earlier=[before.folder]
    )
    note = said(after)
    assert "400" not in note
    assert "Aucune réponse précédente au même destinataire" in note


def test_a_folder_that_holds_no_answer_is_refused(shapes_home, tmp_path):
    """One sentence that says what is missing, and nothing written."""
    before = write_package(shapes_home, tmp_path / "a", ["T04"], period="2025Q1")
    (before.folder / "T04_2025Q1_public.csv").unlink()
    for folder, missing in ((tmp_path, "manifest.json"), (before.folder, "T04_2025Q1_public.csv")):
        with pytest.raises(NotAPackage, match=missing):
            write_package(shapes_home, tmp_path / "b", ["T04"], earlier=[folder])
    assert not (tmp_path / "b").exists()


def test_figures_of_two_tables_stand_beside_each_other(tmp_path):
    """The stock of the year is that of its last quarter; a year that differs is called so."""
    build_shapes(tmp_path / "home")
    note = said(write_package(tmp_path / "home", tmp_path, ["T01"], change=hide_nothing))
    assert re.search(r"T01 \(année 2025\) 400 ?; T01 \(4e trimestre 2025\) 400 égales", note)

    def other(cursor, statistic, cells):
        cursor.execute(f"update {cells.table} set obs_value = 401 where ref_period = '2025Q4'")
        return cells

    note = said(write_package(tmp_path / "home", tmp_path, ["T01"], change=other))
    assert "401 différentes" in note


def test_same_bytes_with_hidden_cells_and_a_comparison(shapes_home, revised_home, tmp_path):
    """Two runs, two folders."""
    before = write_package(shapes_home, tmp_path, CODES)
    made = [
        write_package(revised_home, tmp_path / run, CODES, lang="nl", earlier=[before.folder])
        for run in ("a", "b")
    ]
    names = files_of(made[0].folder)
    assert len(names) == 25
    for name in names:
        first, second = ((one.folder / name).read_bytes() for one in made)
        assert first == second, name
