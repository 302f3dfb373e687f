"""A package says which request it answers: on its cover, in its note, in its manifest; and says
loudly when nobody but its producer checked it.
"""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date

import openpyxl
import pypdf
import pytest

from exports.answer import answer
from exports.commission import Commission, Correction, Override
from exports.manifest import commission_of
from exports.register.reception import CAUSES
from exports.texts import text

REQUEST = Commission(
    request_id="2026-0012",
    version=2,
    requester="SPF Sécurité sociale",
    legal_basis="A.R. n° 38 du 27 juillet 1967, art. 20",
    wording="Combien d'indépendants, par sexe ?",
    received_on=date(2026, 9, 1),
    due_on=date(2026, 10, 15),
    previous="a" * 64,
    replaces="b" * 64,
)
OVERRIDE = Override(by="jdupont", reason="collègue en congé")
LOUD = {"fr": "SANS SECOND CONTRÔLE", "nl": "ZONDER TWEEDE CONTROLE"}


def written(home, out, lang, commission):
    return answer(
        ["T08"], "2025Q3", out=out, home=home, profile="spf", lang=lang, commission=commission
    )


def cover_of(package) -> list[str]:
    sheet = openpyxl.load_workbook(package.workbook).worksheets[0]
    return [str(cell.value) for row in sheet for cell in row if cell.value is not None]


def note_of(package) -> list[str]:
    """The text of each page, on one line."""
    reader = pypdf.PdfReader(package.note)
    return [" ".join(page.extract_text().split()) for page in reader.pages]


@pytest.mark.parametrize("lang", ["fr", "nl"])
def test_cover_and_note_say_the_request(home, tmp_path, lang):
    package = written(home, tmp_path, lang, REQUEST)
    cover, (first, *_) = cover_of(package), note_of(package)
    facts = (
        "2026-0012",
        REQUEST.requester,
        REQUEST.legal_basis,
        REQUEST.wording,
        "01/09/2026",
        "15/10/2026",
        "b" * 64,
        "a" * 64,
    )
    for fact in facts:
        assert any(fact in said for said in cover), fact
        assert fact in first, fact
    assert LOUD[lang] not in " ".join(cover)
    assert LOUD[lang] not in first


@pytest.mark.parametrize("lang", ["fr", "nl"])
def test_a_correction_says_what_it_corrects_and_why(home, tmp_path, lang):
    correction = Correction("2026-0007", date(2026, 8, 3), "late_data", "Cessations tardives.")
    commission = replace(REQUEST, correction=correction)
    package = written(home, tmp_path, lang, commission)
    cover, (first, *_) = cover_of(package), note_of(package)
    cause = {"fr": "des données arrivées plus tard", "nl": "gegevens die later binnenkwamen"}
    for fact in ("2026-0007", "03/08/2026", cause[lang], "Cessations tardives."):
        assert any(fact in said for said in cover), fact
        assert fact in first, fact
    manifest = json.loads((package.folder / "manifest.json").read_text())
    assert commission_of(manifest) == commission


def test_each_cause_has_its_words():
    for cause in CAUSES:
        assert all(text(f"correction_{cause}", lang) for lang in ("fr", "nl"))


@pytest.mark.parametrize("lang", ["fr", "nl"])
def test_an_override_comes_before_anything_else(home, tmp_path, lang):
    package = written(home, tmp_path, lang, replace(REQUEST, override=OVERRIDE))
    cover, (first, *_) = cover_of(package), note_of(package)
    assert cover[1].startswith(LOUD[lang])
    assert OVERRIDE.by in cover[1]
    assert OVERRIDE.reason in cover[1]
    assert first.startswith(LOUD[lang])
    assert OVERRIDE.reason in first
    said = json.loads(package.manifest.read_text(encoding="utf-8"))["commission"]
    assert said["override"] == {"by": OVERRIDE.by, "reason": OVERRIDE.reason}


@pytest.mark.parametrize("override", [None, OVERRIDE])
def test_the_manifest_gives_the_request_back(home, tmp_path, override):
    request = replace(REQUEST, override=override)
    package = written(home, tmp_path, "fr", request)
    assert commission_of(json.loads(package.manifest.read_text(encoding="utf-8"))) == request


def test_without_a_request_nothing_is_said_of_one(home, tmp_path):
    package = written(home, tmp_path, "fr", None)
    assert not any("2026-0012" in said or "Demandeur" in said for said in cover_of(package))
    assert commission_of(json.loads(package.manifest.read_text(encoding="utf-8"))) is None


def test_the_same_request_gives_the_same_bytes(home, tmp_path):
    from exports.package import files_of

    made = [written(home, tmp_path / run, "nl", REQUEST).folder for run in ("a", "b")]
    names = files_of(made[0])
    assert names == files_of(made[1])
    assert all((made[0] / name).read_bytes() == (made[1] / name).read_bytes() for name in names)


def test_a_question_that_looks_like_a_formula_is_a_text(home, tmp_path):
    package = written(home, tmp_path, "fr", replace(REQUEST, wording="=1+1 [lien](x) #let a"))
    assert "=1+1 [lien](x) #let a" in cover_of(package)
    assert "=1+1 [lien](x) #let a" in note_of(package)[0]
