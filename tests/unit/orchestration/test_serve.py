"""`vigie serve` ends, or says so, when what it would show cannot work."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import threading
import tomllib

import pytest

from orchestration import definitions
from orchestration import serve as serving
from orchestration.errors import StorageError, VigieError
from orchestration.serve import serve
from orchestration.settings import PROJECT, Settings
from tests.unit.orchestration.damage import damage

pytestmark = pytest.mark.xdist_group("guard")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def test_a_storage_that_does_not_open_is_told_before_anything_starts(tmp_path):
    settings = Settings.from_env(home=tmp_path, lang="en")
    damage(settings.dagster / "history" / "runs.db", "binary")
    with pytest.raises(StorageError, match="put that folder aside"):
        serve(settings, free_port(), free_port())


def test_a_graph_that_does_not_load_is_told_before_anything_starts(tmp_path, monkeypatch):
    def broken(_):
        raise ValueError("a model without a name")

    monkeypatch.setattr(definitions, "build_defs", broken)
    settings = Settings.from_env(home=tmp_path, lang="en")
    with pytest.raises(VigieError, match=r"cannot load its steps — ValueError: a model without"):
        serve(settings, free_port(), free_port())


def test_a_fresh_home_is_served_and_ends_with_its_programs(tmp_path):
    child = subprocess.Popen(
        [
            *(sys.executable, "-m", "orchestration.cli", "serve", "--lang", "en"),
            *("--port", str(free_port()), "--dagster-port", str(free_port())),
        ],
        env={**os.environ, "VIGIE_HOME": str(tmp_path)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    watch = threading.Timer(240, child.kill)
    watch.start()
    try:
        # A busy machine is told of, and waited for.
        told = child.stdout.readline()
        while told.startswith("Nothing answers at port"):
            told = child.stdout.readline()
        assert told.startswith("Dashboards: http://127.0.0.1:")
        child.send_signal(signal.SIGTERM)
        _, said = child.communicate(timeout=60)
    finally:
        watch.cancel()
        child.kill()
    assert (child.returncode, said) == (0, "")


class _Alive:
    """A program that runs, whatever it answers."""

    def poll(self) -> None:
        return None


def test_a_slow_start_is_told_and_waited_for(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(serving, "_PATIENT_SECONDS", 0.3)
    settings, port = Settings.from_env(home=tmp_path, lang="en"), free_port()
    with socket.socket() as late:

        def answer() -> None:
            late.bind(("127.0.0.1", port))
            late.listen()

        timer = threading.Timer(2, answer)
        timer.start()
        serving._wait_until_heard(settings, {"web": _Alive()}, ("127.0.0.1", port))
        timer.join()
    assert capsys.readouterr().out.count(f"Nothing answers at port {port} yet") == 1


def test_what_never_answers_is_given_up_with_the_place_of_its_log(tmp_path, monkeypatch):
    monkeypatch.setattr(serving, "_START_SECONDS", 0.5)
    settings = Settings.from_env(home=tmp_path, lang="en")
    with pytest.raises(VigieError, match="Nothing answers at port"):
        serving._wait_until_heard(settings, {"web": _Alive()}, ("127.0.0.1", free_port()))


def test_the_pages_answer_their_own_site_only():
    # The file is what holds when the pages are started without `vigie serve`.
    said = tomllib.loads(
        (PROJECT / "dashboards" / ".streamlit" / "config.toml").read_text(encoding="utf-8")
    )
    assert said["server"]["enableCORS"] is True
    assert said["server"]["enableXsrfProtection"] is True
    assert said["server"]["address"] == "127.0.0.1"


@pytest.mark.parametrize("address", ["0.0.0.0", "::", "10.1.2.3", "vigie.example"])
def test_another_address_than_this_machine_is_refused_without_a_login(tmp_path, address):
    settings = Settings.from_env(home=tmp_path, lang="nl")
    with pytest.raises(VigieError, match=r"^Zonder ingestelde aanmelding .*\.$"):
        serve(settings, free_port(), free_port(), address=address)


def test_a_login_that_others_can_read_is_refused_on_every_address(tmp_path):
    file = tmp_path / "keys" / "login.toml"
    file.parent.mkdir()
    file.write_text("[auth]\n", encoding="utf-8")
    file.chmod(0o644)
    settings = Settings.from_env(home=tmp_path, lang="fr")
    with pytest.raises(VigieError, match="peut être lu par d'autres comptes"):
        serve(settings, free_port(), free_port())
