"""Each page on paper: every figure, chart and table of the screen, readable by a screen reader."""

import io

import pytest
from pypdf import PdfReader
from streamlit.testing.v1 import AppTest

from dashboards import navigation, sheet
from dashboards.i18n import words
from tests.unit.dashboards.drawn import page_script

pytestmark = pytest.mark.usefixtures("fund")
PAGES = navigation.declared()[1]
_PRINT = """
import streamlit as st
from dashboards import sheet
from dashboards.paper import document
st.session_state.printed = document.page_pdf(reading, sheet.shown())
st.session_state.remembered = sheet.shown()
"""


def _printed(entry, lang: str) -> tuple[AppTest, PdfReader, str]:
    app = AppTest.from_string(page_script(entry.file, lang) + _PRINT, default_timeout=120).run()
    assert not app.exception
    document = PdfReader(io.BytesIO(app.session_state.printed))
    text = " ".join(page.extract_text() for page in document.pages)
    return app, document, _squeezed(text)


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
