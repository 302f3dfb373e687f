"""`vigie request …` and `vigie verify --register`, as two people type them."""

from __future__ import annotations

import json
import os
import re
import signal
from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from exports.register.clock import day_of, utc_now
from exports.register.store import Store
from orchestration.cli import main
from tests.worlds import copy_of

TODAY = day_of(utc_now())
LATER = f"{TODAY + timedelta(days=30)}T06:00"
#: As French writes it.
LATER_SAID = f"{TODAY + timedelta(days=30):%d/%m/%Y} 06:00"


@pytest.fixture
def home(built_world, tmp_path, monkeypatch) -> Path:
    folder = copy_of(built_world("invented"), tmp_path / "home")
    monkeypatch.setenv("VIGIE_HOME", str(folder))
    monkeypatch.setenv("VIGIE_LANG", "fr")
    return folder


@pytest.fixture
def vigie(home, capsys):
    """Run a command: exit code, standard output, standard error."""

    def run(*words: str) -> tuple[int, str, str]:
        capsys.readouterr()
        with pytest.raises(SystemExit) as ended:
            main(words)
        said = capsys.readouterr()
        return ended.value.code or 0, said.out, said.err

    return run


ADD = (
    "request",
    "add",
    "T08",
    "--period",
    "2025Q3",
    "--profile",
    "inasti",
    "--requester",
    "SPF Sécurité sociale",
    "--contact",
    "Mme Peeters",
    "--legal-basis",
    "AR n° 38, art. 21",
    "--wording",
    "Quelles cotisations au 3e trimestre ?",
    "--received",
    str(TODAY - timedelta(days=9)),
    "--due",
    str(TODAY + timedelta(days=40)),
    "--as",
    "Anne",
)


def test_two_people_from_the_request_to_the_correction(vigie, tmp_path):
    code, said, _ = vigie(*ADD)
    assert code == 0
    number = said.split(" ")[0]
    assert said == f"{number} : reçue\n"
    assert vigie("request", "define", number, "--as", "Anne")[0] == 0
    code, said, warned = vigie("request", "produce", number, "--as", "Anne")
    held, became = said.splitlines()
    assert (code, became) == (0, f"{number} : produite, version 1")
    assert re.fullmatch(r"T08 : \d+ cellules, dont 0 cachées", held)
    assert held in vigie("request", "show", number)[1]
    rules = sorted({line.split(" ")[0] for line in warned.splitlines()})
    waived = [word for rule in rules for word in ("--waive", rule)]
    reason = ("--reason", "Chiffres inventés.") if rules else ()
    assert vigie("request", "review", number, *waived, *reason, "--as", "Anne")[0] == 0
    code, _, refused = vigie("request", "approve", number, "--as", "anne")
    assert code == 1
    assert "une autre personne" in refused
    assert vigie("request", "approve", number, "--as", "Bart", "--comment", "Vu.")[0] == 0
    out = tmp_path / "out"
    moment = ("--not-before", LATER)
    code, said, _ = vigie("request", "deliver", number, "--out", str(out), *moment)
    assert code == 0
    assert LATER_SAID in said
    assert vigie("request", "deliver")[1] == "Rien n'est à livrer maintenant.\n"
    assert not out.exists()
    code, _, refused = vigie("request", "deliver", number)
    assert code == 1
    assert LATER_SAID in refused
    moment = ("--not-before", str(TODAY - timedelta(days=1)))
    code, _, refused = vigie("request", "deliver", number, "--out", str(out), *moment)
    assert (code, out.exists()) == (1, False)
    assert "dites pourquoi (--reason" in refused
    why = ("--reason", "Publiée ailleurs.")
    assert vigie("request", "deliver", number, "--out", str(out), *moment, *why)[0] == 0
    assert [one.name for one in out.iterdir()]
    assert vigie("request", "acknowledge", number)[1].startswith(f"{number} : reçue par")
    restated = ("request", "restate", number, "--cause", "error", "--reason", "Oubli.")
    code, said, warned = vigie(*restated)
    opened = said.split(" ")[0]
    assert code == 0
    assert f"Aucune cellule de la livraison {number} ne serait autre" in warned
    assert f"vigie request withdraw {opened}" in warned
    again = (*restated[:-1], "Un autre motif.")
    code, _, warned = vigie(*again)
    assert (code, "« Oubli. » ; le vôtre n'est pas inscrit" in warned) == (0, True)
    assert f"(corrige {number})" in vigie("request", "list")[1]
    code, said, _ = vigie("request", "list", "--json")
    listed = json.loads(said)
    assert [one["state"] for one in listed] == ["acknowledged", "received"]
    assert listed[1]["replaces"] == number
    code, said, _ = vigie("request", "show", number, "--lang", "nl")
    assert f"Verbetering onderweg: {listed[1]['id']}" in said
    for words in ("Aanvrager: SPF Sécurité sociale", "Bart: keurt goed – Vu.", "Geschiedenis"):
        assert words in said
    code, said, _ = vigie("request", "show", listed[1]["id"], "--lang", "fr")
    assert f"{number} (une erreur de la Caisse : Oubli.)" in said
    assert "Anne : définition" in vigie("request", "show", number, "--lang", "fr")[1]
    found = json.loads(vigie("request", "show", number, "--json")[1])
    assert found["versions"][0]["by"] == "Anne"
    assert vigie("verify", "--register")[0] == 0


@pytest.mark.parametrize(
    ("words", "code", "named"),
    [
        (("show", "2026-9999"), 1, "2026-9999"),
        (("list", "--state", "sleeping"), 1, "under_review"),
        (("deliver", "--out", "x"), 1, "numéro"),
        (("deliver", "--reason", "x"), 1, "numéro"),
        (("approve", "NUMBER", "--override", "Seule.", "--comment", "Vu."), 1, "l'un ou l'autre"),
        (("checkers", "3", "--reason", "x"), 1, "ni 1 ni 2"),
        (("checkers", "2"), 1, "motif"),
        (("checkers", "deux", "--reason", "x"), 2, "deux"),
        (("reseal", "--reason", "x", "--witness", "Bart"), 1, "Rien à resceller"),
        ((*ADD[1:], "--received", str(TODAY + timedelta(days=9))), 1, "nous sommes le "),
        ((*ADD[1:], "--due", "2226-09-30"), 1, "vérifiez l'année"),
        ((*ADD[1:], "--due", "2020-09-30"), 1, "précède la réception"),
        (("produce", "NUMBER"), 1, "définir"),
        (("define", "NUMBER", "T99"), 1, "T99"),
        (("define", "NUMBER", "--profile", "press"), 1, "press"),
        (("withdraw", "NUMBER", "--reason", " "), 1, "motif"),
        (("review", "NUMBER", "--waive", "V01"), 1, "motif"),
        (("acknowledge", "NUMBER", "--on", "2026-13-01"), 2, "AAAA-MM-JJ"),
        (("deliver", "NUMBER", "--not-before", "soon"), 2, "AAAA-MM-JJThh:mm"),
        (("restate", "NUMBER", "--cause", "mood", "--reason", "x"), 2, "late_data"),
        (("show", "NUMBER", "--as", " "), 1, "VIGIE_USER"),
    ],
)
def test_what_is_wrong_is_one_sentence(vigie, words, code, named):
    number = vigie(*ADD)[1].split(" ")[0]
    found, said, told = vigie("request", *(number if one == "NUMBER" else one for one in words))
    assert found == code
    assert said == ""
    assert named in told.splitlines()[0]
    assert "Traceback" not in told


def test_a_number_without_its_year_is_of_this_year(vigie):
    _, number, _ = vigie(*ADD)
    number = number.split()[0]
    assert vigie("request", "show", "1")[1] == vigie("request", "show", number)[1]
    code, _, said = vigie("request", "show", "2")
    assert code == 1
    assert number in said


def test_how_many_check_is_said_and_decided(vigie):
    assert vigie("request", "checkers")[1].endswith(" : 1.\n")
    code, said, _ = vigie("request", "checkers", "2", "--reason", "Deux regards.", "--as", "Anne")
    assert (code, said) == vigie("request", "checkers", "--as", "Bart")[:2]
    assert said.endswith(" : 2.\n")


def test_a_seal_that_was_made_anew_is_told_at_each_check(vigie, home):
    assert vigie(*ADD)[0] == 0
    (home / "desk" / "head.json").unlink()
    code, _, told = vigie("verify", "--register")
    assert code == 1
    assert "vigie request reseal" in told
    words = ("request", "reseal", "--reason", "Copie perdue.", "--as", "Chloé")
    code, _, told = vigie(*words, "--witness", "chloe")
    assert (code, "une autre personne" in told) == (1, True)
    assert vigie(*words, "--witness", "Bart")[0] == 0
    for _ in range(2):
        code, said, told = vigie("verify", "--register")
        assert (code, said) == (1, "")
        assert "reste négatif jusqu'à la prochaine livraison" in told
        assert "Rescellé à la ligne 2 par Chloé, témoin Bart" in told
        assert vigie("request", "list")[0] == 0
    code, said, _ = vigie("verify", "--register", "--json")
    (told,) = json.loads(said)["resealed"]
    assert (code, "Copie perdue." in told) == (1, True)
    _delivered(vigie, json.loads(vigie("request", "list", "--json")[1])[0]["id"], home / "out")
    code, said, _ = vigie("verify", "--register")
    assert (code, "est intact" in said, "Rescellé à la ligne 2" in said) == (0, True, True)


def _delivered(vigie, number: str, out: Path) -> None:
    """The plain way of a request that has come."""
    vigie("request", "define", number, "--as", "Anne")
    warned = vigie("request", "produce", number, "--as", "Anne")[2]
    rules = sorted({line.split(" ")[0] for line in warned.splitlines()})
    waived = [word for rule in rules for word in ("--waive", rule)]
    reason = ("--reason", "Chiffres inventés.") if rules else ()
    vigie("request", "review", number, *waived, *reason, "--as", "Anne")
    vigie("request", "approve", number, "--as", "Bart")
    assert vigie("request", "deliver", number, "--out", str(out))[0] == 0


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGINT])
def test_a_step_that_is_told_to_stop_says_so_and_registers_nothing(vigie, monkeypatch, how):
    from exports.register.office import StatisticsOffice

    number = vigie(*ADD)[1].split(" ")[0]
    vigie("request", "define", number)

    def stopped(*_):
        os.kill(os.getpid(), how)
        raise AssertionError("the signal was not heeded")

    # A shell that starts tests in the background has them ignore Ctrl-C.
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    with monkeypatch.context() as patch:
        patch.setattr(StatisticsOffice, "write", stopped)
        code, said, told = vigie("request", "produce", number)
    signal.signal(signal.SIGINT, before)
    assert (code, said) == (128 + how, "")
    assert told.strip().startswith("Interrompu")
    assert told.strip().count("\n") == 0
    assert json.loads(vigie("request", "show", number, "--json")[1])["state"] == "defined"


def test_an_empty_register(vigie, home):
    assert vigie("request", "list")[1] == "Aucune demande.\n"
    assert json.loads(vigie("request", "list", "--json")[1]) == []
    code, said, _ = vigie("verify", "--register")
    assert (code, said.startswith("Il n'y a pas encore de registre")) == (0, True)
    assert not (home / "desk" / "register.sqlite").exists()


def test_a_changed_line_is_named_and_nobody_works_with_it(vigie, home):
    number = vigie(*ADD)[1].split(" ")[0]
    engine = Store(home).engine
    with engine.begin() as connection:
        connection.execute(sa.text("drop trigger events_no_update"))
        connection.execute(sa.text("update events set who = 'Bart' where number = 1"))
    code, said, told = vigie("verify", "--register")
    assert (code, said) == (1, "")
    assert told.splitlines()[0].startswith("La ligne 1 a été modifiée")
    assert (
        len(json.loads(vigie("verify", "--register", "--json")[1])["faults"]) == 2
    )  # and the trigger
    for words in (("withdraw", number, "--reason", "Non."), ("show", number), ("list",)):
        code, _, told = vigie("request", *words)
        assert code == 1
        assert "verify --register" in told


def test_an_address_that_is_none_is_told_at_once(vigie, monkeypatch):
    monkeypatch.setenv("VIGIE_REGISTER", "postgres//secret")
    code, _, told = vigie("request", "list")
    assert code == 1
    assert "VIGIE_REGISTER" in told
    assert "secret" not in told


def test_the_doctor_looks_at_the_register_too(vigie, home):
    from orchestration.doctor import desk, examine
    from orchestration.settings import Settings

    settings = Settings.from_env(lang="en")
    assert examine(settings, (desk.register,)) == []
    vigie(*ADD)
    assert examine(settings, (desk.register,)) == []
    (home / "desk" / "register.sqlite").unlink()
    (found,) = examine(settings, (desk.register,))
    assert found.is_fault
    assert found.sentence("en").startswith("The register was cut off after line 0")
