"""No error reaches a person without an owner: each kind, at each step and from each command."""

from __future__ import annotations

import errno
import os
import sqlite3

import duckdb
import pytest
from dagster import Failure

import exports.answer
import orchestration.execute
import orchestration.serve
import orchestration.status
import sample
from exports.errors import BadDeclaration, UnknownPeriod
from exports.texts import sentence
from ingest.errors import DeliveryRefused, IngestError
from ingest.faults import Owner
from ingest.pseudonym import ensure_key
from ingest.texts import in_language, said
from orchestration import cli
from orchestration.errors import AuditError, BuildError, CandidateError, NothingToBuildError
from orchestration.faults import failure_sentence, owner, refusal_sentence
from orchestration.run import Run
from orchestration.settings import Settings
from orchestration.texts import LANGUAGES
from release.errors import BrokenReleaseError, PublicationError
from sample.errors import SampleError

NUMBER = "80051700339"
KINDS = [
    (DeliveryRefused("2026-06-30-1", "a.csv", "it is cut off", "send it again"), Owner.FILE),
    (IngestError("The key keys/pseudonym.key is missing."), Owner.OPERATOR),
    (NothingToBuildError("landing"), Owner.OPERATOR),
    (CandidateError("candidate.none"), Owner.OPERATOR),
    (AuditError("a check: 3 rows"), Owner.OPERATOR),
    (AuditError("built_x: IO Error: Could not write: No space left on device"), Owner.MACHINE),
    (BuildError("dbt: a model is broken"), Owner.OURS),
    (BuildError("dbt: Out of Memory Error: could not allocate"), Owner.MACHINE),
    (PublicationError("twice", name="x"), Owner.OPERATOR),
    (
        BrokenReleaseError("pointer_unreadable", file="current.json", kind="ValueError"),
        Owner.MACHINE,
    ),
    (UnknownPeriod("2025Q9 is no period."), Owner.OPERATOR),
    (BadDeclaration("T99 has no title."), Owner.OURS),
    (SampleError("year"), Owner.OPERATOR),
    *(
        (OSError(number, os.strerror(number), "/data/x"), Owner.MACHINE)
        for number in (errno.ENOSPC, errno.EACCES, errno.EIO, errno.EMFILE, errno.EROFS)
    ),
    (MemoryError(), Owner.MACHINE),
    (sqlite3.DatabaseError("file is not a database"), Owner.MACHINE),
    (duckdb.OutOfMemoryException("Out of Memory Error"), Owner.MACHINE),
    (duckdb.IOException("IO Error: Corrupt database file: computed checksum 1"), Owner.MACHINE),
    (duckdb.IOException(f'IO Error: No space left on device "{NUMBER}"'), Owner.MACHINE),
    (duckdb.CatalogException(f"Catalog Error: no table {NUMBER}"), Owner.OURS),
    (KeyError(NUMBER), Owner.OURS),
    (ValueError(f"a\nb {NUMBER}"), Owner.OURS),
    (UnicodeDecodeError("utf-8", b"\xff", 0, 1, "bad"), Owner.OURS),
    (RecursionError("maximum recursion depth"), Owner.OURS),
]
STEPS = ("load", "build", "audit", "publish", "statistics")


def assert_readable(sentence: str, error: BaseException, log: str) -> None:
    assert len(sentence.splitlines()) == 1
    assert len(sentence) > 15
    assert NUMBER not in sentence
    assert "Traceback" not in sentence
    is_ours = not type(error).__module__.startswith(("ingest", "release", "orch", "exports"))
    if owner(error) is Owner.OURS and is_ours:
        # Where the details are, and where to send them.
        assert log in sentence
        assert "maint" in sentence or "onderhoudt" in sentence


@pytest.mark.parametrize(("error", "expected"), KINDS, ids=lambda each: type(each).__name__)
def test_every_kind_has_its_owner(error, expected):
    assert owner(error) is expected


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("step", [*STEPS, "start", "command"])
def test_every_kind_is_one_sentence_at_every_step(tmp_path, step, lang):
    settings = Settings.from_env(home=tmp_path)
    for error, _ in KINDS:
        sentence = failure_sentence(settings, lang, step, error)
        assert_readable(sentence, error, str(settings.logs / "vigie.log"))


@pytest.mark.parametrize("lang", LANGUAGES)
def test_what_stops_a_load_is_told_in_the_language_asked_for(tmp_path, lang):
    """The operator's own errors of ingest: they were English whatever the language."""
    with pytest.raises(IngestError) as lost:
        ensure_key(tmp_path, may_create=False)
    told = failure_sentence(Settings.from_env(home=tmp_path), lang, "load", lost.value)
    assert told == f"{in_language(said('error.key_missing'), lang)}."
    assert len({in_language(said("error.key_missing"), one) for one in LANGUAGES}) == 3


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_refusal_is_in_one_language(lang):
    remedy = said("remedy.write_anew")
    refused = DeliveryRefused("2026-06-30-1", "a.csv", said("remedy.row"), remedy)
    sentence = refusal_sentence(lang, refused)
    for one in LANGUAGES:
        assert (in_language(remedy, one) in sentence) is (one == lang)


@pytest.mark.parametrize("step", STEPS)
def test_a_step_that_any_kind_stops_tells_the_orchestrator_and_leaves_a_notice(tmp_path, step):
    settings = Settings.from_env(home=tmp_path, lang="en")
    for place, (error, _) in enumerate(KINDS):
        with (
            pytest.raises(Failure) as failure,
            Run(settings).step(step, f"{place:08d}"),
        ):
            raise error
        assert_readable(failure.value.description, error, str(settings.logs / "vigie.log"))
        [notice] = settings.notices.glob(f"*_{place:08d}.txt")
        assert failure.value.description in notice.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("arguments", "module", "name"),
    [
        (("run",), orchestration.execute, "execute"),
        (("status",), orchestration.status, "read_status"),
        (("answer", "T01", "--period", "2025", "--out", "out"), exports.answer, "answer"),
        (("serve",), orchestration.serve, "serve"),
        (("sample", "--out", "out"), sample, "generate"),
    ],
)
def test_every_command_tells_every_kind(tmp_path, monkeypatch, capsys, arguments, module, name):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("VIGIE_HOME", str(tmp_path / "home"))
    for error, _ in KINDS:

        def broken(*_, error=error, **__):
            raise error

        monkeypatch.setattr(module, name, broken)
        with pytest.raises(SystemExit) as left:
            cli.main(list(arguments))
        assert left.value.code == 1
        said = capsys.readouterr().err.splitlines()
        assert_readable(said[0], error, str(tmp_path / "home" / "logs" / "vigie.log"))
        assert len(said) == 1


def test_what_exports_says_is_said_in_the_language_of_the_command_line(tmp_path):
    """A package is asked for in French, say; whoever reads English on the screen is told in
    English, down to the parts of the sentence."""
    gone = sentence("uncovered_statistic", "fr", code="T01", existing="2020-2025")
    error = UnknownPeriod(sentence("uncovered_period", "fr", asked="2030", statistics=[gone, gone]))
    settings = Settings.from_env(home=tmp_path)
    told = {lang: failure_sentence(settings, lang, "command", error) for lang in LANGUAGES}
    assert str(error) == told["fr"]
    part = "T01 (periods available: 2020-2025)"
    assert told["en"] == f"There is nothing for period 2030 in {part}; {part}."
    assert "beschikbare perioden" in told["nl"]
