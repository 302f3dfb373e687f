"""The files of `deploy/` hold what they promise: units that systemd understands and finds closed,
an image and services that their linters accept, commands and settings that exist.
"""

from __future__ import annotations

import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import click
import pytest
import yaml
from check_jsonschema import main as check_jsonschema
from click.testing import CliRunner

from orchestration import settings
from orchestration.cli import vigie
from tests.contract.test_wheel import DECLARED
from tests.wheel import PROJECT

DEPLOY = PROJECT / "deploy"
UNITS = sorted((DEPLOY / "systemd").glob("vigie-*.service"))
TIMERS = sorted((DEPLOY / "systemd").glob("vigie-*.timer"))
CONTAINERFILE = (DEPLOY / "Containerfile").read_text(encoding="utf-8")
COMPOSE = yaml.safe_load((DEPLOY / "compose.yaml").read_text(encoding="utf-8"))
PROGRAM = "/opt/vigie/bin/vigie"
#: systemd's own judgement, from 0 (closed) to 100; what is left is explained in the drop-in.
MOST_EXPOSED = 15
BIN = Path(sys.executable).parent
needs_systemd = pytest.mark.skipif(
    shutil.which("systemd-analyze") is None, reason="systemd-analyze is not here"
)


def run(*command: str | Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(command, capture_output=True, text=True, check=False)


@pytest.fixture
def machine(tmp_path):
    """The root of a machine on which Vigie and its units are installed."""
    units = tmp_path / "etc" / "systemd" / "system"
    shutil.copytree(DEPLOY / "systemd", units)
    program = tmp_path / PROGRAM[1:]
    program.parent.mkdir(parents=True)
    program.write_text("#!/bin/sh\n")
    program.chmod(0o755)
    # What the units are ordered by comes with every system.
    for name in ("multi-user", "timers", "network-online", "sysinit", "basic", "shutdown"):
        (units / f"{name}.target").write_text("[Unit]\nDescription=of the system\n")
    return tmp_path


def verify(machine: Path) -> str:
    names = [file.name for file in (*UNITS, *TIMERS)]
    done = run("systemd-analyze", "verify", "--man=no", f"--root={machine}", *names)
    return done.stdout + done.stderr


@needs_systemd
def test_systemd_understands_the_units(machine):
    assert verify(machine) == ""
    dropped = machine / "etc/systemd/system/vigie-.service.d/10-hardening.conf"
    dropped.write_text(dropped.read_text().replace("ProtectHome=yes", "ProtectHome=perhaps"))
    assert "protect home" in verify(machine)


@needs_systemd
def test_systemd_finds_the_units_closed(machine):
    names = [file.name for file in UNITS]
    ask = ("systemd-analyze", "security", "--offline=true", "--no-pager", f"--root={machine}")
    done = run(*ask, f"--threshold={MOST_EXPOSED}", *names)
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr


def test_every_unit_is_of_those_that_the_drop_in_closes():
    assert {file.name for file in UNITS} == {
        "vigie-server.service", "vigie-backup.service", "vigie-check.service",
    }  # fmt: skip
    own = [(file.name, line) for file in UNITS for line in file.read_text().splitlines()
           if re.match(r"(User|Protect|NoNewPrivileges|CapabilityBoundingSet)", line)]  # fmt: skip
    assert own == []
    assert all(file.with_suffix(".service") in UNITS for file in TIMERS)


def commands() -> list[list[str]]:
    """Every call of Vigie in the files, as words after its name."""
    found = [
        shlex.split(line)
        for file in UNITS
        for line in re.findall(rf"^ExecStart={PROGRAM} (.+)$", file.read_text(), re.M)
    ]
    (served,) = re.findall(r"^CMD (\[.+\])$", CONTAINERFILE, re.M)
    return [*found, yaml.safe_load(served)]


@pytest.mark.parametrize("words", commands(), ids=" ".join)
def test_a_unit_or_image_starts_a_command_that_exists(words):
    name, *rest = words
    command = vigie.get_command(click.Context(vigie), name)
    assert command is not None, name
    command.make_context(name, rest, resilient_parsing=True)


def test_there_are_as_many_commands_as_units_and_images_start():
    assert len(commands()) == 5


def test_every_setting_that_the_files_name_exists():
    said = (DEPLOY / "vigie.env").read_text(encoding="utf-8") + CONTAINERFILE
    names = set(re.findall(r"\b(VIGIE_[A-Z_]+)=", said))
    names |= {name for name in COMPOSE["services"]["vigie"]["environment"] if "VIGIE" in name}
    assert len(names) >= 6
    assert {name for name in names if f"`{name}`" not in settings.__doc__} == set()


def test_the_linter_of_images_finds_nothing():
    done = run(BIN / "hadolint", DEPLOY / "Containerfile")
    assert (done.returncode, done.stdout + done.stderr) == (0, "")


def test_the_services_are_written_as_their_schema_asks(tmp_path):
    wrong = tmp_path / "compose.yaml"
    wrong.write_text(yaml.safe_dump({"services": {"vigie": {"imagee": "vigie"}}}))
    for file, expected in ((DEPLOY / "compose.yaml", 0), (wrong, 1)):
        asked = ["--builtin-schema", "vendor.compose-spec", str(file)]
        assert CliRunner().invoke(check_jsonschema, asked).exit_code == expected


def test_images_have_an_exact_tag_and_no_place():
    tags = re.findall(r"^ARG PYTHON=(\S+)$", CONTAINERFILE, re.M)
    images = [f"python:{tags[0]}", *(one["image"] for one in COMPOSE["services"].values())]
    assert len(images) == 4
    assert [one for one in images if not re.fullmatch(r"[a-z]+:\d+\.\d+(\.\d+)?(-[a-z]+)?", one)
            and not re.fullmatch(r"[a-z]+:\d+\.\d+\.\d+-slim-[a-z]+", one)] == []  # fmt: skip
    assert set(re.findall(r"^FROM (\S+)", CONTAINERFILE, re.M)) == {"python:${PYTHON}"}
    assert COMPOSE["services"]["vigie"]["image"] == f"vigie:{DECLARED['version']}"


def test_the_image_does_not_run_as_root():
    last = CONTAINERFILE.rpartition("\nFROM ")[2]
    assert re.findall(r"^USER (\S+)$", last, re.M) == ["10001:10001"]
    assert all(one["cap_drop"] == ["ALL"] for one in COMPOSE["services"].values())
    assert "ports" not in COMPOSE["services"]["vigie"]


def test_the_proxy_is_the_one_of_the_document():
    text = (PROJECT / "docs" / "access.md").read_text(encoding="utf-8")
    block = re.search(r"## Behind a reverse proxy\n.*?```nginx\n(.*?)```", text, re.DOTALL)[1]
    said = block.replace("127.0.0.1:8501", "vigie:8501").replace("/etc/ssl/", "/run/secrets/")
    written = (DEPLOY / "nginx.conf").read_text(encoding="utf-8")
    assert "proxy_pass http://vigie:8501" in said
    assert written.partition("\n")[2] == said
