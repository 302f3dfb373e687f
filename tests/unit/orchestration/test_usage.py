"""Commands that are not understood, cannot write, or are stopped: what is said, what is left."""

import errno
import os
import re
import subprocess
import sys

import duckdb
import pytest

from exports.package import draft_of
from ingest.texts import TEXTS
from orchestration import cli
from orchestration.faults import file_sentence
from orchestration.interrupts import heeded
from orchestration.usage import asked_language

LANGUAGES = ("fr", "nl", "en")
WRONG = {
    "missing option": (["answer", "T01", "--out", "{free}"], "--period"),
    "missing argument": (["answer", "--period", "2025", "--out", "{free}"], "CODE…"),
    "language": (["status", "--lang", "xx"], "'xx'"),
    "date": (["answer", "T01", "--period", "2025", "--out", "{free}", "--as-of", "2026-13-01"],
             "2026-13-01"),
    "file for a folder": (["answer", "T01", "--period", "2025", "--out", "{file}"], "{file}"),
    "option": (["status", "--perod"], "--perod"),
    "command": (["answr"], "answer, attack"),
    "number": (["sample", "--out", "{free}", "--affiliates", "0"], "1"),
    "too much": (["status", "more"], "more"),
    "no value": (["sample", "--out"], "--out"),
}  # fmt: skip
#: What the parser of the command line says by itself.
THEIRS = ("Missing", "Invalid", "No such", "Usage:", "Got unexpected", "requires")


def told(capsys, *arguments: str) -> tuple[int, str]:
    with pytest.raises(SystemExit) as left:
        cli.main(arguments)
    return left.value.code, capsys.readouterr().err


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("wrong", WRONG)
def test_one_sentence_in_the_language_asked_for(tmp_path, capsys, wrong, lang):
    """It names what is wrong and where to look; nothing of it is in another language."""
    file = tmp_path / "file"
    file.touch()
    values = {"file": str(file), "free": str(tmp_path / "free")}
    arguments, named = WRONG[wrong]
    given = [word.format(**values) for word in arguments]
    code, said = told(capsys, *([] if "--lang" in given else ["--lang", lang]), *given)
    if "--lang" in given:
        lang = "fr"
    assert code == 2
    assert said.count("\n") == 1
    assert said.endswith(".\n")
    assert "--help" in said
    assert named.format(**values).strip("'") in said
    assert not any(word in said for word in THEIRS), said
    shows = {"fr": "montre comment", "nl": "toont hoe", "en": "shows how"}
    assert shows[lang] in said
    assert not (tmp_path / "free").exists()


@pytest.mark.parametrize(
    ("arguments", "lang"),
    [
        (["--lang", "nl", "status"], "nl"),
        (["status", "--lang=en"], "en"),
        (["--lang", "nl", "status", "--lang", "en"], "en"),
        (["status", "--lang", "xx"], "fr"),
        (["status", "--lang"], "fr"),
        (["law", "--", "--lang", "nl"], "fr"),
    ],
)
def test_the_language_is_known_before_anything_is_understood(monkeypatch, arguments, lang):
    monkeypatch.delenv("VIGIE_LANG", raising=False)
    assert asked_language(arguments) == lang


def test_without_a_command_the_help_is_shown(capsys):
    code, said = told(capsys)
    assert code == 2
    assert "answer" in said
    assert "\n  status " in said


def test_what_the_system_refuses_is_said_in_every_language(tmp_path):
    for name in (key for key in TEXTS.all if key.startswith("errno.")):
        number = getattr(errno, name.partition(".")[2])
        error = OSError(number, os.strerror(number), str(tmp_path))
        sentences = [file_sentence(lang, error, tmp_path) for lang in LANGUAGES]
        assert len(set(sentences)) == 3
        assert not any(os.strerror(number) in said for said in sentences)


@pytest.mark.parametrize(
    "error",
    [
        OSError(errno.ENOSPC, "No space left on device"),
        duckdb.IOException("IO Error: Could not write: No space left on device"),
        KeyboardInterrupt(),
        ValueError("ours"),
    ],
    ids=lambda error: type(error).__name__,
)
def test_a_failure_leaves_nothing_and_names_the_folder_that_was_given(tmp_path, error):
    """Neither the draft nor the folders around it that were made for it."""
    out = tmp_path / "new" / "out"
    of_the_system = not isinstance(error, (KeyboardInterrupt, ValueError))
    with pytest.raises(OSError if of_the_system else type(error)) as caught, draft_of(out / "name"):
        raise error
    if of_the_system:
        assert (caught.value.errno, caught.value.filename) == (errno.ENOSPC, str(out))
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_was_there_stays(tmp_path):
    (tmp_path / "kept").touch()
    with pytest.raises(OSError, match=str(tmp_path)), draft_of(tmp_path / "name") as draft:
        (draft / "absent" / "file").write_text("x")
    assert [path.name for path in tmp_path.iterdir()] == ["kept"]


def test_an_error_about_something_else_keeps_its_name(tmp_path):
    with pytest.raises(OSError, match="elsewhere"), draft_of(tmp_path / "out" / "name"):
        raise OSError(errno.EACCES, "Permission denied", "/elsewhere/key")


def test_a_file_that_may_not_grow_is_told_by_the_folder(tmp_path):
    """As a full disk: the system refuses the engine that writes."""
    script = (
        "import resource, duckdb; from pathlib import Path; from exports.package import draft_of\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (1000, 1000))\n"
        f"with draft_of(Path({str(tmp_path / 'out' / 'name')!r})) as draft:\n"
        "    duckdb.sql(\"copy (from range(10000)) to '\" + str(draft / 'a.csv') + \"'\")\n"
    )
    ran = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True)
    last = ran.stderr.strip().splitlines()[-1]
    assert last.startswith("OSError: [Errno 27]")
    assert last.endswith(repr(str(tmp_path / "out")))
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(("sign", "kind"), [("TERM", "Terminated"), ("INT", "KeyboardInterrupt")])
@pytest.mark.parametrize("at_work", ["engine", "caught", "python"])
def test_being_stopped_is_one_error_whatever_was_at_work(tmp_path, sign, kind, at_work):
    """Also where somebody took the engine's error for a fault of what they read. In a process of
    its own, which the engine may take with it.
    """
    query = f"duckdb.execute(\"copy (from range(3000000000)) to '{tmp_path / 'name.csv'}'\")"
    work = {
        "engine": query,
        "caught": f"try: {query}\n        except Exception: pass",
        "python": "time.sleep(20)",
    }[at_work]
    script = (
        "import duckdb, os, signal, subprocess, time\n"
        "from orchestration.interrupts import heeded\n"
        # Tests that were started in the background have it ignored.
        "signal.signal(signal.SIGINT, signal.default_int_handler)\n"
        "try:\n"
        "    with heeded():\n"
        f"        subprocess.Popen(['sh', '-c', 'sleep 0.3; kill -{sign} %d' % os.getpid()])\n"
        f"        {work}\n"
        "except BaseException as error:\n"
        "    print(type(error).__name__, flush=True)\n"
        "    os._exit(0)\n"
    )
    ran = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, timeout=15)
    assert ran.stdout.strip() == kind, ran.stderr


def test_another_error_is_not_taken_for_it():
    with pytest.raises(RuntimeError, match="ours"), heeded():
        raise RuntimeError("ours")


_EVERY_HELP = """
import click
from orchestration.cli import vigie

def tell(command, ctx):
    print(command.get_help(ctx))
    for name, below in getattr(command, "commands", {}).items():
        tell(below, below.context_class(below, info_name=name, parent=ctx))

tell(vigie, vigie.context_class(vigie, info_name="vigie", **vigie.context_settings))
"""
#: Words of the parser itself, as it writes them where nobody says otherwise.
_OF_THE_PARSER = re.compile(
    r"Usage:|^Options:|^Commands:|Show this message|\[default: |required\]"
    r"|\b(DIRECTORY|FILE|PATH|TEXT|INTEGER|FLOAT|RANGE|COMMAND|ARGS|FOLDER|PACKAGE|RELEASE)\b",
    re.MULTILINE,
)


@pytest.mark.parametrize(("lang", "first"), [("fr", "Emploi : vigie"), ("nl", "Gebruik: vigie")])
def test_help_says_no_word_of_the_parser_in_another_language(lang, first):
    told = subprocess.run(
        [sys.executable, "-c", _EVERY_HELP],
        env={**os.environ, "VIGIE_LANG": lang},
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    assert told.startswith(first)
    assert told.count(first.partition(":")[0]) > 40
    assert _OF_THE_PARSER.findall(told) == []
