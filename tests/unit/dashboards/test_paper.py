"""Each page on paper: every figure, chart and table of the screen, readable by a screen reader."""

import io
import re
from types import SimpleNamespace

import pytest
from pypdf import PdfReader
from streamlit.testing.v1 import AppTest

from dashboards import navigation, sheet
from dashboards.grids import texts_of
from dashboards.i18n import LANGUAGES, Language, words
from dashboards.outside import plain
from dashboards.paper.document import LINES
from tests.unit.dashboards.drawn import page_script

pytestmark = pytest.mark.usefixtures("fund")
PAGES = navigation.declared()[1]
_PRINT = """
import streamlit as st
from dashboards import sheet
from dashboards.paper import document
st.session_state.printed = document.page_pdf(reading, sheet.shown())
st.session_state.remembered = sheet.shown()
st.session_state.drawings = [
    piece["svg"]
    for piece in document.facts(reading, sheet.shown())["pieces"]
    if piece["kind"] == "drawing"
]
"""


def _printed(entry, lang: str) -> tuple[AppTest, PdfReader, str]:
    app = AppTest.from_string(page_script(entry.file, lang) + _PRINT, default_timeout=120).run()
    assert not app.exception
    document = PdfReader(io.BytesIO(app.session_state.printed))
    return app, document, _squeezed(_words(document))


def _squeezed(text: str) -> str:
    """Without blanks and hyphens, which lines of paper add and take away."""
    for one in ("\u00a0", "\u202f", "\u2060", " ", "\n", "-", "\u00ad", "\u2010"):
        text = text.replace(one, "")
    return text


@pytest.mark.parametrize(
    ("entry", "lang"),
    [
        *(pytest.param(page, "fr", id=f"{page.id}-fr") for page in PAGES),
        *(pytest.param(page, "nl", id=f"{page.id}-nl") for page in PAGES[::5]),
    ],
)
def test_paper_says_what_the_screen_says(entry, lang):
    app, document, text = _printed(entry, lang)
    assert document.trailer["/Root"]["/Lang"].startswith(lang)
    assert document.metadata.title == words(lang)[f"{entry.id}_title"]
    assert "pdfuaid" in document.trailer["/Root"]["/Metadata"].get_data().decode()
    for metric in app.metric:
        assert _squeezed(metric.value) in text, metric.label
    drawings = [item for item in app.session_state.remembered if isinstance(item, sheet.Exhibit)]
    alternatives = _alternatives(document)
    assert len(alternatives) == len(drawings)
    assert all(len(said) > 20 for said in alternatives)


def _alternatives(document: PdfReader) -> list[str]:
    """Texts that stand for drawings."""
    found = []

    def walk(node) -> None:
        node = node.get_object()
        if "/Alt" in node:
            found.append(str(node["/Alt"]))
        kids = node.get("/K", [])
        for kid in kids if isinstance(kids, list) else [kids]:
            if not isinstance(kid, int) and hasattr(kid.get_object(), "get"):
                walk(kid)

    walk(document.trailer["/Root"]["/StructTreeRoot"])
    return found


def test_choices_and_definitions_are_printed():
    entry = next(page for page in PAGES if page.id == "contributions")
    app, _, text = _printed(entry, "fr")
    assert _squeezed("Pas de temps Trimestre") in text
    definition = next(metric.help for metric in app.metric).split("\n")[0]
    assert _squeezed(definition)[:60] in text


#: Pages of figures whose paper is held against the screen number by number.
_NUMBERED = ("home", "contributions", "arrears", "commitment", "benefits", "companies")


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("page", _NUMBERED)
def test_every_number_of_a_page_is_on_its_paper_and_no_other(page, lang):
    """Each figure with its name, its lines and what it is compared with, each cell of each table as
    the screen writes it; and every number on paper is one of the page."""
    entry = next(one for one in PAGES if one.id == page)
    app, document, text = _printed(entry, lang)
    shown = app.session_state.remembered
    language = Language(lang)
    figures = [one for item in shown if isinstance(item, sheet.Figures) for one in item.figures]
    tables = [item for item in shown if isinstance(item, sheet.Table | sheet.Exhibit)]
    assert figures or tables
    for figure in figures:
        for said in (figure.label, figure.value, figure.beside, *figure.compared):
            assert _squeezed(plain(said)) in text, said
    reading = SimpleNamespace(language=language, text=language.text)
    cells = []
    for table in tables:
        columns = [one for one in table.columns if one.format.kind != "line"]
        cells += [
            str(cell)
            for column in columns
            for cell in texts_of(reading, table.rows.head(LINES), column)
        ]
    assert not [cell for cell in cells if _squeezed(plain(cell)) not in text]
    # The other way round: no amount, share or large number is printed that the page does not say.
    said = [getattr(item, name, "") for item in shown for name in ("text", "sentence", "note")]
    said += [f"{item.label} {item.value}" for item in shown if isinstance(item, sheet.Choice)]
    said += [part for one in figures for part in (one.value, one.beside, one.definition)]
    said += [line for one in figures for line in one.compared]
    said += [column.definition for table in tables for column in table.columns]
    said += [text for svg in app.session_state.drawings for text in _DRAWN.findall(svg)]
    known = " ".join(_squeezed(plain(str(part))) for part in [*said, *cells])
    printed = {_squeezed(found) for found in _AMOUNT.findall(_words(document))}
    assert len(printed) > 10
    assert [found for found in printed if found not in known] == []


_DRAWN = re.compile(r"<text[^>]*>([^<]*)<")
#: 1 234,50 € · € 1.234,50 · 92,5 % · 1 234
_AMOUNT = re.compile(
    r"€\u00a0?[-\u2212]?\d[\d.]*(?:,\d+)?|\d{1,3}(?:\u202f\d{3})*(?:,\d+)?\u00a0[€%]"
    r"|\d{1,3}(?:[\u202f.]\d{3})+(?:,\d+)?"
)


def _words(document: PdfReader) -> str:
    return " ".join(page.extract_text() for page in document.pages)
