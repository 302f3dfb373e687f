"""The record of accesses: every line is there, in order, and a change shows."""

from __future__ import annotations

import json
import multiprocessing
import stat
from pathlib import Path

import pytest

from dashboards.access import log

MONTHS = ("2026-09.jsonl", "2026-10.jsonl", "2026-11.jsonl")


def access(number: int) -> log.Access:
    return log.Access(log.PAGE, "sub", f"Élise\n{number}", ("auditor",), "access", {"lang": "fr"})


@pytest.fixture
def written(tmp_path) -> Path:
    """Six lines, as if written over three months."""
    for number in range(6):
        log.write(access(number), tmp_path)
    folder = log.folder_of(tmp_path)
    (file,) = folder.glob("*.jsonl")
    lines = file.read_bytes().splitlines(keepends=True)
    file.unlink()
    for place, name in enumerate(MONTHS):
        (folder / name).write_bytes(b"".join(lines[2 * place : 2 * place + 2]))
    head = json.loads((folder / "head.json").read_text())
    head |= {"file": MONTHS[-1], "size": (folder / MONTHS[-1]).stat().st_size}
    (folder / "head.json").write_text(json.dumps(head))
    return tmp_path


def test_what_is_written_is_read(written):
    chain = log.read(written)
    assert chain.fault is None
    assert [line.access for line in chain.lines] == [access(number) for number in range(6)]
    for file in log.folder_of(written).iterdir():
        assert file.suffix != ".jsonl" or len(file.read_bytes().splitlines()) == 2


def test_the_files_are_for_their_own_account_alone(tmp_path):
    log.write(access(0), tmp_path)
    folder = log.folder_of(tmp_path)
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert {stat.S_IMODE(file.stat().st_mode) for file in folder.iterdir()} == {0o600}


def change(file: Path, old: bytes, new: bytes) -> None:
    content = file.read_bytes()
    assert old in content
    file.write_bytes(content.replace(old, new, 1))


def lines_of(file: Path) -> list[bytes]:
    return file.read_bytes().splitlines(keepends=True)


@pytest.mark.parametrize("month", MONTHS)
@pytest.mark.parametrize(
    ("what", "why"),
    [
        ("another name", "changed"),
        ("first line taken out", "changed"),
        ("last line taken out", "changed"),
        ("two lines exchanged", "changed"),
        ("a line twice", "changed"),
        ("half a line", "unreadable"),
        ("no file", "changed"),
    ],
)
def test_a_change_breaks_the_chain(written, month, what, why):
    file = log.folder_of(written) / month
    first, last = lines_of(file)
    is_end = month == MONTHS[-1]
    if what == "another name":
        change(file, b"lise", b"loise")
    elif what == "no file":
        file.unlink()
    else:
        file.write_bytes(
            {
                "first line taken out": last,
                "last line taken out": first,
                "two lines exchanged": last + first,
                "a line twice": first + first + last,
                "half a line": first + last[:40] + b"\n",
            }[what]
        )
    fault = log.read(written).fault
    assert fault is not None
    # What is missing at the very end is missed by the head alone.
    ends = is_end and what in ("last line taken out", "no file")
    assert fault.why == ("cut" if ends else why)


def test_the_chain_goes_on_after_a_break_and_the_break_stays(written):
    change(log.folder_of(written) / MONTHS[1], b"lise", b"loise")
    log.write(access(6), written)
    chain = log.read(written)
    assert (chain.fault.file, chain.fault.line) == (MONTHS[1], 1)
    assert chain.lines[-1].access == access(6)


def test_a_server_killed_while_it_writes_breaks_nothing(written):
    """Half a line was shown to nobody and goes; a whole one that the head does not know counts."""
    folder = log.folder_of(written)
    before = (folder / "head.json").read_bytes()
    log.write(access(6), written)
    (folder / "head.json").write_bytes(before)
    newest = max(folder.glob("*.jsonl"))
    with open(newest, "ab") as out:
        out.write(b'{"at": "2026-')
    log.write(access(7), written)
    chain = log.read(written)
    assert chain.fault is None
    assert [line.access.name[-1] for line in chain.lines] == list("01234567")


def test_old_months_end_and_the_rest_still_holds(written, monkeypatch):
    class Now(log.datetime):
        @classmethod
        def now(cls, zone=None):
            return cls(2026, 12, 15, tzinfo=zone)

    monkeypatch.setattr(log, "datetime", Now)
    assert log.end_months(2, written) == 1
    assert log.end_months(2, written) == 0
    chain = log.read(written)
    assert chain.fault is None
    assert len(chain.lines) == 4
    assert log.end_months(1, written) == 1
    (log.folder_of(written) / MONTHS[2]).unlink()
    assert log.read(written).fault.why == "cut"


def _many(home: Path, server: int) -> None:
    for number in range(40):
        log.write(access(100 * server + number), home)


def test_several_servers_write_one_chain(tmp_path):
    context = multiprocessing.get_context("spawn")
    servers = [context.Process(target=_many, args=(tmp_path, n)) for n in range(3)]
    for server in servers:
        server.start()
    for server in servers:
        server.join()
    chain = log.read(tmp_path)
    assert chain.fault is None
    assert len(chain.lines) == 120


def test_a_folder_nobody_wrote_has_no_fault(tmp_path):
    assert log.read(tmp_path) == log.Chain([], None, log.BEGIN)
    assert log.end_months(1, tmp_path) == 0
