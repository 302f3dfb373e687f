"""What a PDF is made of, without a page: charts, every kind of text, tables wider than paper."""

import io
import json
from types import SimpleNamespace

import altair as alt
import pandas as pd
import pytest
import typst
from pypdf import PdfReader

from dashboards.i18n import Language
from dashboards.outside import escaped
from dashboards.paper import document
from dashboards.paper.drawing import drawn

_READING = SimpleNamespace(language=Language("fr"))
_ROWS = pd.DataFrame({"name": ["a", "b", "c"], "value": [1.0, 2.0, None]})
_BARS = alt.Chart(_ROWS).mark_bar().encode(x="name:N", y="value:Q")
_RULES = alt.Chart(_ROWS.assign(value=3)).mark_rule().encode(x="name:N", y="value:Q")
_EMPTY = {
    "lang": "fr", "title": "Titre", "author": "", "subtitle": "", "footer": "", "year": 2026,
    "month": 1, "day": 1, "choices": [], "choices_title": "", "meanings": [], "meanings_title": "",
}  # fmt: skip


def _lines(*pieces: dict) -> str:
    said = json.dumps(_EMPTY | {"pieces": list(pieces)})
    made = typst.compile(
        document._TEMPLATE, sys_inputs={"said": said}, pdf_standards=[document._STANDARD]
    )
    return "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(made)).pages)


@pytest.mark.parametrize("chart", [_BARS, _BARS + _RULES], ids=["one", "two tables"])
def test_a_chart_is_drawn_with_its_rows(chart):
    """A bar for each value that there is."""
    assert drawn(_READING, chart.to_dict()).count('aria-roledescription="bar"') == 2


@pytest.mark.parametrize(
    "kind", ["text", "note", "info", "warning", "error", "success", "code", "sentence"]
)
def test_every_kind_of_text_is_on_paper(kind):
    assert "Deux livraisons refusées" in _lines({"kind": kind, "said": "Deux livraisons refusées"})


def test_a_kind_that_paper_does_not_know_is_an_error():
    with pytest.raises(Exception, match="unknown"):
        _lines({"kind": "unknown", "said": "Deux livraisons refusées"})


@pytest.mark.parametrize(
    ("columns", "named", "tables"), [(10, 1, 1), (11, 1, 2), (18, 1, 2), (30, 1, 4), (18, 2, 2)]
)
def test_a_wide_table_stands_in_parts_that_each_name_their_lines(columns, named, tables):
    """Lines are named by the first column, and by the second where it is a text."""
    head = [f"K{number}" for number in range(columns)]
    row = [f"v{number}" for number in range(columns)]
    right = list(range(named, columns))
    table = {"kind": "table", "head": head, "rows": [row], "right": right, "wide": [], "more": ""}
    words = _lines(table).split()
    for kept in (head, row):
        assert [words.count(word) for word in kept[:named]] == [tables] * named
        assert [words.count(word) for word in kept[named:]] == [1] * (columns - named)


def test_a_link_is_its_text_and_brackets_from_outside_stay():
    linked = "Pourquoi ? [D'un solde à l'autre](arrears?lang=fr)"
    assert document._bare(linked) == "Pourquoi ? D'un solde à l'autre"
    typed = "[ici](arrears)"
    assert document._bare(escaped(typed)) == typed
