"""`vigie doctor`: nothing is said of a sound data folder, each fault with its remedy."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from ingest.raw import RawHistory, Receipt
from orchestration import cli, doctor
from release.pointer import read_pointer
from tests.pipeline.world import settings_of
from tests.unit.orchestration.damage import damage
from tests.unit.release.test_proof import flip

pytestmark = pytest.mark.xdist_group("pipeline-gate")
DELIVERY = "2026-06-30-1"


def close(home: Path) -> None:
    """Give the folder the modes it is meant to have."""
    for path in (home, *home.rglob("*")):
        path.chmod(path.stat().st_mode & 0o700)


def sentences(home: Path, checks=doctor.WHOLE) -> tuple[list[str], list[str]]:
    """Faults and warnings, in English."""
    found = doctor.examine(settings_of(home), checks)
    told = [(each.is_fault, each.sentence("en")) for each in found]
    return [text for fault, text in told if fault], [text for fault, text in told if not fault]


def test_nothing_is_said_of_a_sound_folder(home):
    close(home)
    assert sentences(home) == ([], [])


def lose_key(home: Path) -> None:
    (home / "keys" / "pseudonym.key").unlink()


def other_key(home: Path) -> None:
    (home / "keys" / "pseudonym.key").write_text("0" * 64)


def flip_release(home: Path) -> None:
    pointer = read_pointer(home)
    flip(pointer.path, pointer.size // 2)


def flip_raw(home: Path) -> None:
    flip(home / "raw" / DELIVERY / "charges.parquet", 60)


def lose_receipt(home: Path) -> None:
    (home / "raw" / DELIVERY / "receipt.json").unlink()


def lose_delivery(home: Path) -> None:
    shutil.rmtree(home / "raw" / DELIVERY)
    shutil.rmtree(home / "judgements" / DELIVERY)


def cut_pointer(home: Path) -> None:
    damage(home / "releases" / "current.json", "cut")


def break_storage(home: Path) -> None:
    damage(home / "dagster" / "history" / "runs.db", "binary")


@pytest.mark.parametrize(
    ("spoil", "words"),
    [
        (lose_key, "pseudonym.key is missing"),
        (other_key, "not the key the deliveries were loaded with: put the old one back"),
        (flip_release, "vigie run"),
        (flip_raw, "charges.parquet"),
        (lose_receipt, "receipt.json"),
        (lose_delivery, f"Delivery {DELIVERY} is in the current release but no longer in raw/"),
        (cut_pointer, "current.json"),
        (break_storage, "put that folder aside"),
    ],
)
def test_each_fault_is_told_with_its_remedy(home, spoil: Callable[[Path], None], words):
    close(home)
    spoil(home)
    faults, _ = sentences(home)
    assert [text for text in faults if words in text], faults
    for text in faults:
        assert "made a mistake" not in text
        assert len(text.splitlines()) == 1


def orphan_release(home: Path) -> None:
    shutil.copyfile(
        read_pointer(home).path, home / "releases" / "2020-01-01_20200101T000000Z.duckdb"
    )


def orphan_judgement(home: Path) -> None:
    (home / "judgements" / "2020-01-01-1").mkdir(mode=0o700)


def open_landing(home: Path) -> None:
    (home / "landing").chmod(0o755)


@pytest.mark.parametrize(
    ("spoil", "words"),
    [
        (orphan_release, "2020-01-01_20200101T000000Z.duckdb belongs to nothing"),
        (orphan_judgement, "2020-01-01-1 belongs to nothing"),
        (open_landing, "national numbers arrive in clear"),
    ],
)
def test_what_can_wait_is_a_warning(home, spoil: Callable[[Path], None], words):
    close(home)
    spoil(home)
    faults, warnings = sentences(home)
    assert faults == []
    assert [text for text in warnings if words in text], warnings


def test_a_load_before_the_business_date_is_a_fault_of_the_clock(home, monkeypatch):
    close(home)
    early = RawHistory.receipts

    def receipts(history: RawHistory) -> list[Receipt]:
        return [
            replace(receipt, business_date=receipt.loaded_at.date() + timedelta(days=2))
            for receipt in early(history)
        ]

    monkeypatch.setattr(RawHistory, "receipts", receipts)
    _, warnings = sentences(home, doctor.QUICK)
    assert [text for text in warnings if "The clock is wrong" in text]


def test_room_for_another_build_is_looked_at(home, monkeypatch):
    full = shutil.disk_usage(home)._replace(free=1_000_000)
    monkeypatch.setattr(shutil, "disk_usage", lambda _: full)
    faults, _ = sentences(home, doctor.QUICK)
    assert [text for text in faults if "has only 1 MB free" in text]


def test_the_command_exits_1_when_there_is_a_fault_and_writes_json(home, capsys, monkeypatch):
    monkeypatch.setenv("VIGIE_HOME", str(home))
    codes = []
    for spoil in (close, other_key):
        spoil(home)
        with pytest.raises(SystemExit) as left:
            cli.main(["doctor", "--json", "--lang", "nl"])
        codes.append(left.value.code)
        told = json.loads(capsys.readouterr().out)
    assert codes == [0, 1]
    [fault] = told["faults"]
    assert fault.startswith("keys/pseudonym.key is niet de sleutel")


def test_the_screen_of_a_faulty_folder_holds_sentences_only(home):
    close(home)
    flip_raw(home)
    lose_receipt(home)
    # In a process of its own: only there does Python write what nobody takes down on the screen.
    done = subprocess.run(
        [sys.executable, "-m", "orchestration.cli", "doctor", "--lang", "en"],
        env={**os.environ, "VIGIE_HOME": str(home)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert "receipt.json" in done.stderr
    assert "Traceback" not in done.stderr
    assert all(line.endswith(".") for line in done.stderr.splitlines()), done.stderr
