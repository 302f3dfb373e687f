"""What holds of every page, in both languages: a new page is here by itself."""

from __future__ import annotations

import pytest

from dashboards import navigation
from dashboards.i18n import LANGUAGES, words
from tests.unit.dashboards.drawn import page as page_of

pytestmark = [pytest.mark.xdist_group("every_page"), pytest.mark.usefixtures("fund")]


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("page", navigation.declared()[1], ids=lambda page: page.id)
def test_each_page_is_named_and_says_whose_its_figures_are(page, lang):
    """No column goes by its bare name; each figure, and the sentence of each chart, says what
    defines it."""
    app = page_of(page.file.removeprefix("views/").removesuffix(".py"), lang)
    assert app.title[0].value == words(lang)[f"{page.id}_title"]
    headings = {str(column) for table in app.dataframe for column in table.value.columns}
    assert not {heading for heading in headings if "_" in heading}
    said = words(lang)["defined_by"].partition("{")[0]
    assert [metric.label for metric in app.metric if said not in metric.help] == []
    charts = app.get("arrow_vega_lite_chart") or app.get("vega_lite_chart")
    sentences = [text for text in app.markdown if said in text.proto.help]
    assert len(sentences) >= len(charts)
