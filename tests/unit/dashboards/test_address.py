"""Choices live in the address: a link shows the same view, in either language; what it asks for and
is not there is told."""

import pytest
from streamlit.testing.v1 import AppTest

from dashboards import navigation
from dashboards.i18n import words
from tests.unit.dashboards.drawn import healthy, page, page_script, words_of

pytestmark = pytest.mark.usefixtures("fund")
PAGES = {entry.id: entry for entry in navigation.declared()[1]}


def _opened(entry, lang: str, address: dict) -> AppTest:
    app = AppTest.from_string(page_script(entry.file, lang), default_timeout=120)
    for name, texts in address.items():
        app.query_params[name] = texts
    return healthy(app.run())


def _widgets(app: AppTest, of: str) -> dict:
    kinds = (app.select_slider, app.multiselect, app.selectbox, app.button_group, app.toggle)
    found = {one.key: one for kind in kinds for one in kind if one.key}
    return {key: one for key, one in found.items() if key.startswith(f"{of}_")}


def _choose_another(widget) -> bool:
    """Choose something else than what is chosen; False where there is nothing else."""
    kind = type(widget).__name__
    if kind == "Toggle":
        widget.set_value(not widget.value)
        return True
    names = list(widget.options)
    if len(names) < 2:
        return False
    if kind == "SelectSlider":
        widget.set_range(names[0], names[0])
    elif kind == "Multiselect":
        widget.set_value([names[0]])
    elif kind == "ButtonGroup":
        widget.set_value(next(one for one in names if one not in widget.formatted_values))
    else:
        widget.select_index((widget.index + 1) % len(names))
    return True


@pytest.mark.parametrize("name", PAGES)
def test_a_link_shows_the_same_view_in_both_languages(name):
    """Every filter of the page is changed; another session follows the address."""
    entry = PAGES[name]
    app = _opened(entry, "fr", {})
    for key in _widgets(app, name):
        widget = _widgets(app, name).get(key)
        if widget is not None and _choose_another(widget):
            healthy(app.run())
    said = dict(app.query_params)
    address = {key: [on] if isinstance(on, str) else list(on) for key, on in said.items()}
    chosen = {key: widget.value for key, widget in _widgets(app, name).items()}
    again = _opened(entry, "fr", address)
    assert {key: widget.value for key, widget in _widgets(again, name).items()} == chosen
    # The record of accesses has grown by whoever looked just now.
    if name != "access":
        assert [m.value for m in again.metric] == [m.value for m in app.metric]
    other = _opened(entry, "nl", address)
    assert {key: widget.value for key, widget in _widgets(other, name).items()} == chosen
    assert not [w for w in other.warning if "link" in str(w.value)]


def test_the_usual_choices_leave_the_address_short():
    assert not dict(page("management/contributions").query_params)


def test_a_release_that_is_retired_is_told():
    app = _opened(PAGES["contributions"], "fr", {"release": ["2020-01-01_20200102T020000Z"]})
    assert "n'est plus conservée" in "\n".join(str(w.value) for w in app.warning)


def test_a_choice_that_is_not_there_is_told_and_the_usual_one_is_shown():
    app = _opened(
        PAGES["contributions"], "fr", {"natures": ["nonsense"], "years": ["1900", "2100"]}
    )
    told = "\n".join(str(w.value) for w in app.warning)
    assert "natures" in told
    assert "years" in told
    assert [m.value for m in app.metric] == [
        m.value for m in page("management/contributions").metric
    ]


def test_an_address_that_somebody_changes_wins_over_the_session():
    """The button back, or another link in the same window."""
    app = _opened(PAGES["contributions"], "fr", {"step": ["year"]})
    assert app.button_group(key="contributions_step").value == "year"
    del app.query_params["step"]
    assert healthy(app.run()).button_group(key="contributions_step").value == "quarter"
    app.query_params["natures"] = ["main"]
    assert healthy(app.run()).multiselect(key="contributions_natures").value == ["main"]


def test_the_link_to_send_names_its_release():
    app = page("management/contributions")
    link = next(code.value for code in app.code if "release=" in code.value)
    assert "lang=fr" in link
    assert words_of(app)


def test_a_question_to_the_law_is_in_the_address_and_no_sentence_of_a_stranger_is():
    asked = {"question": ["contribution"], "contribution_income": ["50.000,50"]}
    app = _opened(PAGES["law"], "nl", asked)
    assert app.text_input(key="law_contribution_income").value == "50.000,50"
    assert [code for code in app.code if "--income 50000.50" in code.value]
    app = _opened(PAGES["law"], "nl", asked | {"contribution_income": ["bel 0900 nu meteen"]})
    assert app.text_input(key="law_contribution_income").value == "40000"


def test_a_ticked_line_is_in_the_address():
    """By the code of its data; the promise that it opens is there too."""
    app = _opened(PAGES["commitment"], "fr", {"chosen": ["SC23"], "code": ["SC23"]})
    assert app.session_state["commitment_chosen"] == "SC23"
    assert app.selectbox(key="commitment_code").value == "SC23"
    again = _opened(PAGES["commitment"], "fr", {"chosen": ["17"]})
    assert again.session_state["commitment_chosen"] is None
    assert "chosen" in "\n".join(str(one.value) for one in again.warning)


@pytest.mark.parametrize(
    ("name", "address"),
    [
        ("contributions", {"category": ["foo"], "step": ["year"]}),
        ("cohorts", {"compare": ["zzz"]}),
        ("law", {"year": ["-1"]}),
    ],
)
def test_what_is_no_choice_of_a_page_is_told_and_leaves_the_address(name, address):
    """Choices that it has stay; the words of a stranger are not shown."""
    app = _opened(PAGES[name], "fr", address)
    told = [str(w.value) for w in app.warning]
    assert told.count(words("fr")["link_unknown"]) == 1
    assert "foo" not in words_of(app)
    assert "zzz" not in words_of(app)
    assert set(app.query_params) == set(address) & {"step"}
    # Told once: what is left says no more than what is shown.
    assert words("fr")["link_unknown"] not in [str(w.value) for w in healthy(app.run()).warning]
