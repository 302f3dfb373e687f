"""A desk with requests in several states, and its pages as tests draw them."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

from streamlit.testing.v1 import AppTest

from exports.register import delivery, production, reception, review, upkeep
from exports.register.clock import day_of, utc_now
from exports.register.desk import open_desk
from exports.register.reception import Arrival
from exports.register.request import Definition
from tests.unit.dashboards.drawn import page_script as script_of
from tests.unit.dashboards.drawn import words_of

TODAY = day_of(utc_now())
MEANT = Definition(("T01",), "2025", "spf", "fr")
DELIVERED, REVIEWED, RECEIVED = "0001", "0002", "0003"


def numbered(place: str) -> str:
    return f"{TODAY.year}-{place}"


def arrived(requester: str, due: date, asked=MEANT) -> Arrival:
    received = min(TODAY, due) - timedelta(days=3)
    return Arrival(
        requester, "une personne", "une base légale", "La question", received, due, asked
    )


def written(home: Path) -> Path:
    """A desk with one delivered answer, one under review by two, and one that is late."""
    anne, bart = (open_desk(home, who) for who in ("Anne", "Bart"))
    first = reception.receive(anne, arrived("SPF", TODAY + timedelta(days=20)))
    reception.define(anne, first.id)
    production.produce(anne, first.id)
    review.ask(anne, first.id)
    review.approve(bart, first.id)
    delivery.deliver(anne, first.id, home / "sent")
    second = reception.receive(
        anne, arrived("SPF", TODAY + timedelta(days=5), Definition(("T01",), "2025", "spf", "nl"))
    )
    reception.define(anne, second.id)
    production.produce(anne, second.id)
    upkeep.set_checkers(anne, 2, "Deux regards sur ce dossier.")
    review.ask(anne, second.id)
    upkeep.set_checkers(anne, 1, "Comme avant.")
    reception.receive(anne, arrived("Une fédération", TODAY - timedelta(days=2), None))
    return home


def drawn(name: str, lang: str = "fr", chosen: str | None = None) -> AppTest:
    """A page as it is drawn, one line ticked."""
    app = AppTest.from_string(script_of(f"views/statistics/{name}.py", lang), default_timeout=60)
    if chosen:
        key = {"requests": "desk_requests", "review": "desk_review"}[name]
        app.session_state[f"{key}_chosen"] = chosen
    return sound(app.run())


def sound(app: AppTest) -> AppTest:
    assert not app.exception, app.exception
    return app


def told(app: AppTest) -> str:
    said = [*app.success, *app.error, *app.warning, *app.info]
    return "\n".join([words_of(app), *(str(one.value) for one in said)])


def press(app: AppTest, label: str) -> AppTest:
    (button,) = [one for one in app.button if one.label == label]
    return sound(button.click().run())


def typed(app: AppTest, form: str, label: str):
    """The field of a form by its label."""
    fields = [*app.text_input, *app.selectbox, *app.multiselect, *app.date_input]
    found = [one for one in fields if one.label == label and form in str(one.form_id)]
    assert len(found) == 1, [(one.label, one.form_id) for one in fields]
    return found[0]
