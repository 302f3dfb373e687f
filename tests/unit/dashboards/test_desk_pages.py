"""The pages of the desk do what the command line does: the same lines, the same refusals."""

from __future__ import annotations

import csv
import io
import re
import zipfile
from datetime import date, timedelta
from string import Formatter
from types import SimpleNamespace

import pytest
from streamlit.testing.v1 import AppTest

from dashboards import downloads
from dashboards.desk import acting, steps
from dashboards.outside import plain
from exports.package import files_of
from exports.register import production, reception, review
from exports.register.desk import open_desk
from exports.register.errors import BadRequest
from exports.register.outdated import outdated
from exports.register.request import Definition
from exports.register.states import MOVES
from exports.register.texts import TEXTS, say
from release.reader import close_all
from tests.unit.dashboards.desk_support import (
    DELIVERED,
    MEANT,
    RECEIVED,
    REVIEWED,
    TODAY,
    drawn,
    numbered,
    press,
    sound,
    told,
    typed,
)
from tests.unit.dashboards.drawn import figure
from tests.unit.dashboards.drawn import page_script as script_of
from tests.unit.exports.small_release import build_release

pytestmark = pytest.mark.xdist_group("desk_pages")


def test_the_list_says_what_waits_and_what_is_late(desk_home):
    app = drawn("requests")
    assert figure(app, "En attente") == "2"
    assert figure(app, "En retard") == "1"
    assert figure(app, "En contrôle") == "1"
    listed = app.dataframe[0].value
    assert list(listed["Numéro"]) == [numbered(RECEIVED), numbered(REVIEWED)]
    assert list(listed["Retard"]) == ["en retard", ""]
    app.segmented_control(key="desk_requests_shown").set_value("all").run()
    # What is closed stands last.
    assert list(app.dataframe[0].value["Numéro"])[-1] == numbered(DELIVERED)


@pytest.mark.parametrize("lang", ["fr", "nl"])
@pytest.mark.parametrize("view", ["steps", "preview", "rules", "differences", "files", "history"])
def test_every_view_of_a_request_is_drawn(desk_home, lang, view):
    app = drawn("requests", lang, numbered(REVIEWED))
    app.segmented_control(key="desk_requests_view").set_value(view)
    sound(app.run())
    assert not app.error
    headings = {str(column) for table in app.dataframe for column in table.value.columns}
    assert not {heading for heading in headings if "_" in heading}


def test_a_request_typed_here_stands_in_the_register(desk_home):
    """Who is named, not who the account belongs to."""
    app = drawn("requests")
    app.text_input(key="desk_who_requests").set_value("Dirk").run()
    for label, value in {
        "Demandeur": "Une commune",
        "Contact": "la statistique",
        "Base légale": "publicité de l'administration",
    }.items():
        typed(app, "arrive", label).set_value(value)
    app.text_area[0].set_value("Combien d'indépendants ?")
    app.multiselect(key="desk_codes_arrive").set_value(["T01"])
    app.text_input(key="desk_period_arrive").set_value("T3 2025")
    press(app, "Enregistrer")
    assert "inscrite au registre" in told(app)
    # It is chosen, so that the next step is one click away.
    assert app.session_state["desk_requests_chosen"] == numbered("0004")
    assert "Définir" in [one.label for one in app.button]
    found = open_desk(desk_home, "x").request(numbered("0004"))
    assert found.history[-1].who == "Dirk"
    assert found.received.requester == "Une commune"
    assert found.received.asked == Definition(("T01",), "2025Q3", "public", "fr")


def test_what_is_missing_is_told_and_nothing_is_written(desk_home):
    app = drawn("requests")
    press(app, "Enregistrer")
    assert "Il manque le demandeur" in told(app)
    assert len(open_desk(desk_home, "x").requests()) == 3


def test_from_definition_to_delivery_on_the_pages(desk_home, monkeypatch):
    """One request by hand: the officer defines, produces and asks; the checker approves; it leaves;
    its recipient has it; an error is found.
    """
    number = numbered(RECEIVED)

    def state():
        return open_desk(desk_home, "x").request(number).state

    app = drawn("requests", chosen=number)
    app.multiselect(key=f"desk_codes_define_{number}").set_value(["T01"])
    app.text_input(key=f"desk_period_define_{number}").set_value("2025")
    press(app, "Définir")
    assert state() == "defined"
    press(app, "Produire")
    assert state() == "produced"
    press(app, "Demander le contrôle")
    assert state() == "under_review"

    monkeypatch.setenv("VIGIE_USER", "Bart")
    app = drawn("review", chosen=number)
    (approve,) = [one for one in app.button if one.label == "Approuver"]
    assert approve.disabled
    for box in app.checkbox:
        box.check()
    press(sound(app.run()), "Approuver")
    assert state() == "approved"

    app = drawn("requests", chosen=number)
    out = typed(app, "deliver", "Dossier du destinataire")
    out.set_value(str(desk_home / "recipient"))
    press(app, "Livrer")
    assert state() == "delivered"
    (sent,) = (desk_home / "recipient").iterdir()
    assert (sent / "delivery.json").is_file()

    # It is closed: it stands under "all" alone.
    app = drawn("requests", chosen=number)
    app.session_state["desk_requests_shown"] = "all"
    app.session_state["desk_requests_chosen"] = number
    press(sound(app.run()), "Noter la réception")
    assert state() == "acknowledged"
    typed(app, "restate", "Motif").set_value("Une année de trop")
    press(app, "Corriger")
    new = open_desk(desk_home, "x").request(numbered("0004"))
    assert (new.received.replaces, new.received.cause) == (number, "error")


def test_an_embargo_is_noted_and_told(desk_home):
    """Nothing is written before the moment."""
    desk = open_desk(desk_home, "Anne")
    number = numbered(REVIEWED)
    for who in ("Bart", "Carla"):
        review.approve(open_desk(desk_home, who), number)
    app = drawn("requests", chosen=number)
    typed(app, "deliver", "Dossier du destinataire").set_value(str(desk_home / "recipient"))
    typed(app, "deliver", "Pas avant le").set_value(TODAY + timedelta(days=3))
    press(app, "Livrer")
    assert "La réponse part le" in told(app)
    assert desk.request(number).state == "approved"
    assert not (desk_home / "recipient").exists()


def test_an_hour_that_is_moved_needs_its_reason_here_too(desk_home):
    number = numbered(REVIEWED)
    for who in ("Bart", "Carla"):
        review.approve(open_desk(desk_home, who), number)
    label = "Pourquoi l'heure déjà fixée est déplacée"
    app = drawn("requests", chosen=number)
    assert label not in [one.label for one in app.text_input]
    for step in (3, 2):
        typed(app, "deliver", "Pas avant le").set_value(TODAY + timedelta(days=step))
        press(app, "Livrer")
    assert "dites pourquoi" in told(app)
    typed(app, "deliver", label).set_value("Le ministre parle avant.")
    typed(app, "deliver", "Pas avant le").set_value(TODAY + timedelta(days=2))
    press(app, "Livrer")
    line = open_desk(desk_home, "x").request(number).history[-1]
    assert (line.action, line.data["reason"]) == ("schedule", "Le ministre parle avant.")


def test_overriding_is_offered_to_the_producer_who_is_alone(desk_home, monkeypatch):
    number = numbered(REVIEWED)
    label = "Passer outre le contrôle"
    for who, offered in (("Bart", False), ("Carla", False), ("Anne", True)):
        monkeypatch.setenv("VIGIE_USER", who)
        app = drawn("requests", chosen=number)
        assert (label in [one.label for one in app.expander]) is offered, who
    review.approve(open_desk(desk_home, "Bart"), number)
    assert label not in [one.label for one in drawn("requests", chosen=number).expander]


def test_who_waived_a_rule_has_no_verdict_to_give(desk_home, monkeypatch):
    number = numbered(RECEIVED)
    anne, bart = (open_desk(desk_home, who) for who in ("Anne", "Bart"))
    reception.define(anne, number, MEANT)
    made = production.produce(anne, number)
    failed = {one["rule"] for one in made.version.failed}
    assert failed
    review.ask(bart, number, dict.fromkeys(failed, "Chiffres inventés."))
    monkeypatch.setenv("VIGIE_USER", "Bart")
    app = drawn("review", chosen=number)
    assert "dispensée par vous" in list(app.dataframe[0].value["Vous"])
    assert "dispense comprise" in told(app)
    assert not [one for one in app.button if one.label == "Approuver"]


def test_every_move_of_a_person_has_its_form():
    """What comes by itself, or is a verdict, is no step of the officer."""
    others = {"receive", "vote", "approve", "refuse", "lapse", "schedule"}
    assert {action for action, _, _ in MOVES} - others == set(steps._STEPS) == set(steps._ORDER)


def test_who_produced_it_has_no_verdict_to_give(desk_home, monkeypatch):
    monkeypatch.setenv("VIGIE_USER", "Anne")
    app = drawn("review", chosen=numbered(REVIEWED))
    assert "produite par vous" in list(app.dataframe[0].value["Vous"])
    assert "Vous avez produit cette réponse" in told(app)
    assert not [one for one in app.button if one.label in ("Approuver", "Refuser")]


def test_the_verdict_of_another_is_not_seen_before_all_are_given(desk_home, monkeypatch):
    """Neither for who still votes, nor for who produced it, on any page."""
    number = numbered(REVIEWED)
    comment = "remarque que personne ne doit lire"
    review.approve(open_desk(desk_home, "Bart"), number, comment)
    for who in ("Carla", "Anne"):
        monkeypatch.setenv("VIGIE_USER", who)
        for name in ("review", "requests"):
            app = drawn(name, chosen=number)
            if name == "requests":
                app.segmented_control(key="desk_requests_view").set_value("history").run()
            shown = "\n".join(str(table.value.to_dict()) for table in app.dataframe)
            assert comment not in told(app) + shown
            assert "approuve " not in shown
            if name == "review":
                assert list(app.dataframe[0].value["Verdicts"]) == ["1 / 2"]
    monkeypatch.setenv("VIGIE_USER", "Carla")
    app = drawn("review", chosen=number)
    typed(app, "against", "Motif").set_value("une colonne de trop")
    press(app, "Refuser")
    # Now it counts, and both are seen.
    app = drawn("requests", chosen=number)
    app.segmented_control(key="desk_requests_view").set_value("history").run()
    shown = "\n".join(str(table.value.to_dict()) for table in app.dataframe)
    assert comment in shown
    assert "une colonne de trop" in shown


@pytest.mark.parametrize("how", ["refused", "recalled"])
def test_why_a_version_does_not_leave_stands_above_the_next_step(desk_home, how):
    number = numbered(REVIEWED)
    reason = "la période n'est pas la bonne"
    if how == "refused":
        review.refuse(open_desk(desk_home, "Bart"), number, reason)
        assert reason not in told(drawn("requests", chosen=number))
        review.approve(open_desk(desk_home, "Carla"), number)
    else:
        review.recall(open_desk(desk_home, "Bart"), number, reason)
    app = drawn("requests", chosen=number)
    (warned,) = [str(one.value) for one in app.warning]
    assert "La version 1 ne sortira pas" in warned
    assert f"Bart : **{reason}**" in warned


def test_a_file_changed_under_review_is_told_and_loses_the_votes(desk_home):
    desk = open_desk(desk_home, "Anne")
    number = numbered(REVIEWED)
    request = desk.request(number)
    (path,) = desk.package(request).glob("T01*.csv")
    path.write_bytes(path.read_bytes().replace(b"2025", b"2026", 1))
    (path.parent / "added.txt").write_text("x", encoding="utf-8")
    app = drawn("review", chosen=number)
    assert "un fichier a changé" in told(app)
    assert desk.request(number).state == "produced"
    app = drawn("requests", chosen=number)
    assert "ne sont plus ce qui a été produit" in told(app)
    # What has changed is not looked at again: it is made anew.
    assert "Demander le contrôle" not in [one.label for one in app.button]
    app.segmented_control(key="desk_requests_view").set_value("files").run()
    files = app.dataframe[-1].value
    changed = files[files["Aujourd'hui"] == "modifié"]
    assert list(changed["Fichier"]) == [path.name, "added.txt"]


def test_the_package_that_a_page_gives_is_the_one_that_left(desk_home, monkeypatch):
    """Every file, those in folders too, and of what left the slip: else `vigie verify` calls it
    wrong. Of an answer that has not left there is no slip.
    """
    made = {}
    monkeypatch.setattr(
        downloads, "button", lambda _, key, text, file, make, **__: made.update({file: make()})
    )
    for place, state in ((DELIVERED, "all"), (REVIEWED, "waiting")):
        app = drawn("requests")
        app.session_state["desk_requests_shown"] = state
        app.session_state["desk_requests_chosen"] = numbered(place)
        sound(app.run())
        app.session_state["desk_requests_view"] = "files"
        sound(app.run())
    (left,) = (desk_home / "sent").iterdir()
    with zipfile.ZipFile(io.BytesIO(made[f"{numbered(DELIVERED)}_v1.zip"])) as archive:
        names = {f"{left.name}/{name}": left / name for name in files_of(left)}
        assert {one: archive.read(one) for one in archive.namelist()} == {
            name: path.read_bytes() for name, path in names.items()
        }
    assert any(name.count("/") > 1 for name in names)
    with zipfile.ZipFile(io.BytesIO(made[f"{numbered(REVIEWED)}_v1.zip"])) as archive:
        assert len(archive.namelist()) == len(names) - 2


def test_nothing_is_compared_with_itself(desk_home):
    """The same question from the same data tells of no change."""
    app = drawn("review", chosen=numbered(REVIEWED))
    assert not app.error
    assert "rien à comparer" in told(app)


def test_the_package_stands_beside_what_was_delivered(desk_home):
    """Ten persons more in the next release: the total before and now, and by how much it moved."""
    build_release(desk_home, "2026-10-31_20261101T020000Z", date(2026, 10, 31), persons=410)
    close_all()
    desk = open_desk(desk_home, "Anne")
    new = reception.restate(desk, numbered(DELIVERED), "late_data", "la suite")
    reception.define(desk, new.id)
    made = production.produce(desk, new.id)
    app = drawn("requests", chosen=new.id)
    app.segmented_control(key="desk_requests_view").set_value("differences")
    sound(app.run())
    assert "cellules montrées des deux côtés ont changé" in told(app)
    lines = app.dataframe[-1].value
    whole = lines[lines["Cellule"] == "total"].iloc[0]
    (path,) = desk.package(made).glob("T01*.csv")
    with open(path, encoding="utf-8", newline="") as opened:
        now = {tuple(list(row.values())[:7]): row["OBS_VALUE"] for row in csv.DictReader(opened)}
    assert whole["Maintenant"] == float(now["2025", "_T", "_T", "_T", "_T", "_T", "persons"]) == 410
    assert (whole["Livré"], whole["Écart"]) == (400, 10)
    assert len(lines) == 20
    said = told(app)
    assert "Seuls les 20 plus grands écarts sont montrés." in said
    assert "Seule cette période est comparée ici" in said


@pytest.mark.parametrize("lang", ["fr", "nl"])
def test_a_delivery_stands_beside_the_release_of_today(desk_home, lang):
    """Nothing differs from the release it was made of; ten persons more are found in the next."""
    number = numbered(DELIVERED)
    app = drawn("requests", lang)
    app.session_state["desk_requests_shown"] = "all"
    app.session_state["desk_requests_chosen"] = number
    sound(app.run())
    app.segmented_control(key="desk_requests_view").set_value("today")
    sound(app.run())
    assert "2026-09-30_20261001T020000Z" in told(app)
    assert app.success
    build_release(desk_home, "2026-10-31_20261101T020000Z", date(2026, 10, 31), persons=410)
    close_all()
    (one,) = outdated(open_desk(desk_home, "x"), number=number)
    app = drawn("requests", lang)
    app.session_state["desk_requests_shown"] = "all"
    app.session_state["desk_requests_chosen"] = number
    app.session_state["desk_requests_view"] = "today"
    sound(app.run())
    lines = app.dataframe[-1].value
    assert len(lines) == min(len(one.restatement.cells), 500) > 0
    assert {(400, 410)} <= set(zip(lines.iloc[:, 4], lines.iloc[:, 5], strict=True))
    # An answer that has not left has no such question.
    assert (
        "today"
        not in drawn("requests", lang, numbered(REVIEWED))
        .segmented_control(key="desk_requests_view")
        .options
    )


def test_what_the_register_refuses_is_told_in_its_own_sentence(desk_home):
    """A register that is not what the desk signed takes no line, from here either."""
    app = drawn("requests", chosen=numbered(RECEIVED))
    typed(app, "withdraw", "Motif").set_value("plus besoin")
    head = desk_home / "desk" / "head.json"
    signed = head.read_text(encoding="utf-8")
    head.write_text("{}", encoding="utf-8")
    press(app, "Retirer")
    assert "n'est pas ce que le service a écrit" in told(app)
    head.write_text(signed, encoding="utf-8")
    assert open_desk(desk_home, "x").request(numbered(RECEIVED)).state == "received"


@pytest.mark.parametrize("lang", ["fr", "nl"])
def test_a_refusal_on_a_page_names_no_command(lang):
    """Sentences of steps that the pages have too; what only a command can do is named."""
    said = TEXTS.all
    only_commands = {"not_alone", "damaged"} | {one for one in said if "fault_" in one}
    reading = SimpleNamespace(lang=lang)
    for key in said.keys() - only_commands:
        names = dict.fromkeys(
            (one for _, one, _, _ in Formatter().parse(said[key][lang]) if one), "2026-12-05"
        )
        sentence = acting.refusal(reading, BadRequest(say(key, lang, **names)))
        assert not re.search(r"vigie request| --|\(--|\d{4}-\d\d-\d\d", sentence), sentence
    release = BadRequest("2026-09-30_20261201T064317Z, 2026-09-30-1, 2026-0001")
    assert "2026-09-30_20261201T064317Z, 2026-09-30-1, 2026-0001" in plain(
        acting.refusal(reading, release)
    )


def test_a_name_stays_when_another_page_is_looked_at(desk_home):
    """The field of a page is forgotten when another page is drawn; who acts is not."""
    app = drawn("requests")
    app.text_input(key="desk_who_requests").set_value("Dirk").run()
    kept = app.session_state["desk_name"]
    other = AppTest.from_string(script_of("views/statistics/review.py", "fr"), default_timeout=60)
    other.session_state["desk_name"] = kept
    assert sound(other.run()).text_input(key="desk_who_review").value == "Dirk"


def test_a_name_is_needed(desk_home):
    app = drawn("requests")
    app.text_input(key="desk_who_requests").set_value("   ").run()
    assert "Qui agit" in told(sound(app))
    assert not app.dataframe
