"""The page "Mes avis": asking, the links that lead there, ending; each only their own."""

from __future__ import annotations

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from dashboards.i18n import LANGUAGES, Language, words
from dashboards.subscriptions.store import Subscriptions
from dashboards.subscriptions.subscription import FIGURE, LIST, PAGE
from orchestration.sending import send_due
from tests.unit.subscriptions.conftest import person

ROOT = Path(__file__).parents[3]
RISES = {"direction": "above", "threshold": "0"}


def page(role: str, lang: str = "fr", subject: str = "u1", **address: str) -> AppTest:
    script = f"""
import runpy, sys
sys.path.insert(0, {str(ROOT)!r})
from dashboards import frame, navigation
from dashboards.access.person import Person
from dashboards.i18n import Language
who = Person({subject!r}, "Anne", ({role!r},), None, True, "anne@cna.example")
entry = next(one for one in navigation.declared()[1] if one.id == "notices")
reading = frame.open_page(entry, Language({lang!r}), who)
runpy.run_path({str(ROOT / "dashboards" / "views" / "start" / "notices.py")!r})
frame.close_page(reading)
"""
    app = AppTest.from_string(script, default_timeout=120)
    for name, value in address.items():
        app.query_params[name] = value
    return healthy(app.run())


def healthy(app: AppTest) -> AppTest:
    assert not app.exception
    assert not app.error
    return app


def press(app: AppTest, label: str) -> AppTest:
    return healthy(next(one for one in app.button if one.label == label).click().run())


def test_a_change_is_asked_for_once_with_what_was_seen(fund):
    app = page("management", "fr", kind=FIGURE, about="board_outstanding")
    shown = next(metric.value for metric in app.metric)
    for _ in range(2):
        app.radio[0].set_value("change")
        app.text_input[0].set_value("1 000")
        app = press(app, words("fr")["notices_subscribe"])
    (made,) = Subscriptions(fund).of("u1")
    assert made.said["direction"] == "change"
    assert Language("fr").euros(float(made.said["seen"]), 0) == shown


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_figure_is_asked_for_as_belgians_type(fund, lang):
    app = page("management", lang, kind=FIGURE, about="board_rate")
    app.text_input[0].set_value("92,5")
    app = press(app, words(lang)["notices_subscribe"])
    (made,) = Subscriptions(fund).of("u1")
    assert (made.about, made.said) == ("board_rate", {"direction": "below", "threshold": "0.925"})
    known = Subscriptions(fund).persons()["u1"]
    assert (known.mail, known.lang, known.roles) == ("anne@cna.example", lang, ("management",))
    assert any(words(lang)["notices_done_new"] in one.value for one in app.success)


@pytest.mark.parametrize("typed", ["", "beaucoup", "1e9999999", "1e999999999", "NaN"])
@pytest.mark.parametrize("about", ["board_claimed", "board_rate"])
def test_a_threshold_that_is_none_is_told_and_not_written(fund, about, typed):
    """Of a share the percentage is divided, which the largest numbers do not bear."""
    app = page("management", kind=FIGURE, about=about)
    app.text_input[0].set_value(typed)
    app = press(app, words("fr")["notices_subscribe"])
    assert [words("fr")["notices_bad_threshold"]] == [one.value for one in app.warning]
    assert Subscriptions(fund).of("u1") == []


def test_a_page_is_asked_for_with_the_choices_of_the_link(fund):
    app = page(
        "management", kind=PAGE, about="contributions", **{"with": "nature=main&release=x&lang=nl"}
    )
    press(app, words("fr")["notices_subscribe"])
    (made,) = Subscriptions(fund).of("u1")
    # The release and the language are those of the day on which it is sent.
    assert made.said == {"address": {"nature": ["main"]}}


def test_what_a_role_may_not_see_cannot_be_asked_for(fund):
    """A link that names it shows the usual choice instead."""
    app = page("management", kind=LIST, about="worklist")
    assert words("fr")["notices_list_worklist"] not in app.selectbox[0].options
    app = page("operations", kind=PAGE, about="contributions")
    assert "Cotisations" not in app.selectbox[0].options


def test_the_link_of_a_message_asks_and_a_click_ends(fund, wish):
    made = wish(person("management"), FIGURE, "board_claimed", **RISES)
    app = page("management", end=made.token)
    # Mail programs open links by themselves.
    assert Subscriptions(fund).of("u1") == [made]
    title = words("fr")["board_claimed"]
    press(app, words("fr")["notices_end_button"].format(title=title))
    assert Subscriptions(fund).of("u1") == []


def test_nobody_ends_what_is_of_somebody_else_by_its_link(fund, wish):
    made = wish(person("management"), FIGURE, "board_claimed", **RISES)
    app = page("management", subject="u2", end=made.token)
    assert [words("fr")["notices_end_none"]] == [
        one.value for one in app.info if "avis n'est pas" in one.value
    ]
    assert not [one for one in app.button if one.label.startswith("Mettre fin")]
    assert Subscriptions(fund).of("u1") == [made]


def test_what_was_sent_is_told_and_the_feed_can_be_taken(fund, wish, settings):
    wish(person("management"), FIGURE, "board_claimed", **RISES)
    send_due(settings)
    app = page("management")
    (table,) = app.dataframe
    assert words("fr")["notices_state_sent"] in table.value.to_numpy().ravel()
    assert words("fr")["notices_feed"] in [one.value for one in app.header]


def test_a_database_that_does_not_open_is_told(fund, monkeypatch):
    monkeypatch.setenv("VIGIE_SUBSCRIPTIONS", f"sqlite:///{fund}/nowhere/here/x.sqlite")
    (fund / "nowhere").write_text("no folder", encoding="utf-8")
    script_app = page("management", kind=FIGURE, about="board_claimed")
    script_app.text_input[0].set_value("1")
    app = press(script_app, words("fr")["notices_subscribe"])
    assert len(app.warning) == 1


def test_a_login_notes_the_roles_of_today(fund, wish):
    from dashboards.subscriptions import known

    wish(person("recovery"), LIST, "worklist")
    known.note(person("management"), "nl")
    known.note(person("recovery", subject="u9"), "nl")
    found = Subscriptions(fund).persons()
    assert found["u1"].roles == ("management",)
    # Who never asked for anything is not noted.
    assert set(found) == {"u1"}
