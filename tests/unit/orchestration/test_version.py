"""Which Vigie answers: the number, and the commit of its own checkout, never of one around it."""

from __future__ import annotations

import subprocess

import pytest
from click.testing import CliRunner

from orchestration import fingerprint
from orchestration.cli import vigie
from tests.contract.test_wheel import DECLARED
from tests.wheel import PROJECT

GIT = ("git", "-c", "user.name=n", "-c", "user.email=n@example.invalid", "-c", "commit.gpgsign=no")


@pytest.fixture
def repository(tmp_path):
    """Somebody's repository, with one commit."""
    for words in (("init", "--quiet"), ("commit", "--quiet", "--allow-empty", "-m", "x")):
        subprocess.run([*GIT, *words], cwd=tmp_path, check=True)
    return tmp_path


def told_in(folder, monkeypatch) -> str:
    """The version of code that lies in a folder; the fingerprint stays that of the code here."""
    fingerprint.build_fingerprint()
    monkeypatch.setattr(fingerprint, "PROJECT", folder)
    return fingerprint.code_version.__wrapped__()


def test_a_checkout_tells_its_commit(repository, monkeypatch):
    head = subprocess.run(
        [*GIT, "rev-parse", "HEAD"], cwd=repository, capture_output=True, text=True
    )
    number, _, code = told_in(repository, monkeypatch).partition("+")
    assert number == DECLARED["version"]
    assert len(code) >= 7
    assert head.stdout.startswith(code)
    (repository / "file").write_text("x")
    subprocess.run([*GIT, "add", "file"], cwd=repository, check=True)
    assert told_in(repository, monkeypatch) == f"{number}+{code}-dirty"


def test_an_installation_inside_a_repository_tells_no_commit_of_it(repository, monkeypatch):
    packages = repository / "lib" / "site-packages"
    packages.mkdir(parents=True)
    made = fingerprint.build_fingerprint()[:12]
    assert told_in(packages, monkeypatch) == f"{DECLARED['version']}+{made}"


def test_the_command_tells_what_a_release_bears():
    done = CliRunner().invoke(vigie, ["--version"])
    assert (done.exit_code, done.output) == (0, f"vigie {fingerprint.code_version()}\n")
    assert PROJECT == fingerprint.PROJECT
