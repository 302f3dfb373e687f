"""What `vigie verify` says of a package: of damage in our own words, loudly where nobody but its
producer checked it.
"""

from __future__ import annotations

import errno
import json
import re
import shutil
import zipfile
from dataclasses import replace
from pathlib import Path

import duckdb
import pytest
from click.testing import CliRunner

from exports.commission import Override
from exports.verify import verify_package
from exports.verify.check import ATTENTION, WRONG
from orchestration.cli import vigie
from tests.unit.exports.small_release import build_release
from tests.unit.exports.test_verify_package import REQUEST, made

ALONE = replace(REQUEST, override=Override("jdupont", "collègue en congé"))
#: Words of readers of ZIP, XML, JSON, CSV and SQL, of Python, of the system.
FOREIGN = re.compile(
    r"zip file|Error\b|Exception|Traceback|line \d+ column|Expecting|syntax|tag mismatch|codec"
    r"|No such file|Errno|Binder|Catalog|Invalid Input|not well-formed|Document is empty|<class"
    r"|object|NoneType|invalid literal|subscriptable"
)


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    folder = tmp_path_factory.mktemp("words")
    build_release(folder, persons=60)
    return folder


@pytest.fixture(scope="module")
def package(home):
    return made(home, home / "out", commission=ALONE)


@pytest.fixture
def folder(package, tmp_path):
    return Path(shutil.copytree(package, tmp_path / package.name))


@pytest.fixture
def nowhere(tmp_path):
    """A data folder without a release: nothing is written again."""
    return tmp_path / "nowhere"


def said(path, home, lang: str, name: str) -> str:
    (found,) = [one for one in verify_package(path, home) if one.name == name]
    assert found.state == WRONG
    return found.sentence(lang)


def one_of(folder: Path, pattern: str) -> Path:
    return sorted(folder.glob(pattern))[0]


#: File, what becomes of its bytes, the check that tells, how it begins in French, in Dutch.
DAMAGES = [
    ("*.xlsx", lambda _: b"PK", "formats", "{} n'est pas un classeur", "{} is geen werkmap"),
    ("*.xlsx", lambda b: b[: len(b) // 2], "formats", "{} n'est pas un classeur", "{} is geen"),
    ("sdmx/T08*.xml", lambda b: b[:400], "formats", "{} n'est pas du XML", "{} is geen"),
    ("sdmx/T08*.csv", lambda b: b + b'"', "formats", "{} n'est pas un CSV", "{} is geen goed"),
    ("T08*.csv", lambda b: b[:-3] + b"\xff\xfe\n", "totals", "{} n'est pas un CSV", "{} is geen"),
    ("sdmx/*structure*", lambda _: b"<a", "structure", "{} n'est pas du XML", "{} is geen"),
    ("manifest.json", lambda b: b[:90], "manifest", "{} n'est pas du JSON", "{} is geen JSON"),
    ("manifest.json", lambda _: b"{}", "manifest", "« format » n'y est pas", "'format' staat er"),
]


@pytest.mark.parametrize("number", range(len(DAMAGES)))
def test_damage_is_told_in_words_of_ours(folder, nowhere, number):
    pattern, change, name, french, dutch = DAMAGES[number]
    path = one_of(folder, pattern)
    path.write_bytes(change(path.read_bytes()))
    assert french.format(path.name) in said(folder, nowhere, "fr", name)
    assert dutch.format(path.name) in said(folder, nowhere, "nl", name)
    for one in verify_package(folder, nowhere):
        for lang in ("fr", "nl", "en"):
            sentence = one.sentence(lang)
            assert not FOREIGN.search(sentence), sentence
            assert sentence.endswith("."), sentence
            assert ".)" not in sentence, sentence


@pytest.mark.parametrize("value", [None, 7, "x", [], {}, [3], {"code": 1}])
def test_entries_of_any_form_are_told_in_words_of_ours(folder, nowhere, value):
    path = folder / "manifest.json"
    whole = json.loads(path.read_text(encoding="utf-8"))
    for name in whole:
        path.write_text(json.dumps({**whole, name: value}), encoding="utf-8")
        for one in verify_package(folder, nowhere):
            for lang in ("fr", "nl", "en"):
                sentence = one.sentence(lang)
                assert not FOREIGN.search(sentence), (name, sentence)
                assert sentence.endswith("."), (name, sentence)


def test_a_damaged_zip_is_called_a_damaged_zip(package, nowhere, tmp_path):
    path = tmp_path / "remise.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_STORED) as archive:
        for file in sorted(one for one in package.rglob("*") if one.is_file()):
            archive.write(file, f"{package.name}/{file.relative_to(package)}")
    content = bytearray(path.read_bytes())
    content[2000] ^= 255
    path.write_bytes(content)
    told = said(path, nowhere, "fr", "files")
    assert told == "Fichiers : remise.zip est un zip abîmé ou chiffré ; redemandez le dossier."


def test_a_name_moves_no_terminal(folder, nowhere):
    path = folder / "manifest.json"
    whole = json.loads(path.read_text(encoding="utf-8"))
    whole["statistics"][0]["code"] = "T08"
    whole["statistics"][0]["dimensions"] = ["sex"]
    whole["statistics"][0]["file"] = "\x1b[2Jgone.csv"
    path.write_text(json.dumps(whole), encoding="utf-8")
    told = said(folder, nowhere, "en", "manifest")
    assert "\\x1b[2Jgone.csv" in told
    assert "\x1b" not in told


@pytest.mark.parametrize(
    "error",
    [
        OSError(errno.ENOSPC, "full"),
        PermissionError(errno.EACCES, "denied"),
        MemoryError(),
        duckdb.OutOfMemoryException("no memory"),
    ],
)
def test_what_the_machine_refuses_is_not_the_package_s_fault(folder, nowhere, monkeypatch, error):
    def fail(*_):
        raise error

    monkeypatch.setattr("exports.verify.verdict.check_totals", fail)
    with pytest.raises(type(error)):
        verify_package(folder, nowhere)


@pytest.mark.parametrize(
    ("lang", "loud", "word"),
    [
        ("fr", "SANS SECOND CONTRÔLE", "ATTENTION"),
        ("nl", "ZONDER TWEEDE CONTROLE", "LET OP"),
        ("en", "WITHOUT A SECOND CHECK", "ATTENTION"),
    ],
)
def test_an_override_is_told_first_and_loudly(home, folder, monkeypatch, lang, loud, word):
    monkeypatch.setenv("VIGIE_HOME", str(home))
    first, *_ = verify_package(folder, home)
    assert (first.name, first.state) == ("approval", ATTENTION)
    ran = CliRunner().invoke(vigie, ["verify", str(folder), "--lang", lang])
    line = ran.output.splitlines()[0]
    assert line.startswith(word)
    for told in (loud, "jdupont", "collègue en congé"):
        assert told in line
    ran = CliRunner().invoke(vigie, ["verify", str(folder), "--json", "--lang", lang])
    found = json.loads(ran.stdout)
    assert found["override"] == {"by": "jdupont", "reason": "collègue en congé"}
    assert found["checks"][0]["state"] == "attention"


def test_an_override_alone_is_not_wrong_and_not_passed_over(home, tmp_path, monkeypatch):
    """A package without a request needs no delivery: what is left to tell is the override."""
    checks = verify_package(made(home, tmp_path, commission=ALONE), home)
    alone = [one for one in checks if one.name != "delivery"]
    monkeypatch.setattr("exports.verify.verify_package", lambda *_, **__: tuple(alone))
    ran = CliRunner().invoke(vigie, ["verify", str(tmp_path), "--lang", "fr"])
    assert ran.exit_code == 0
    assert "PERSONNE D'AUTRE" in ran.output.splitlines()[-1]


def test_of_a_package_that_others_checked_nothing_is_said(home, tmp_path, monkeypatch):
    monkeypatch.setenv("VIGIE_HOME", str(home))
    folder = made(home, tmp_path)
    assert "approval" not in {one.name for one in verify_package(folder, home)}
    ran = CliRunner().invoke(vigie, ["verify", str(folder), "--json"])
    assert json.loads(ran.stdout)["override"] is None
