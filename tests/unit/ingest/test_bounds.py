"""Names, lengths and sizes from outside (H11, H12), and what a folder may hold at all."""

import gzip
import json
import os
import socket
import time
from datetime import timedelta
from pathlib import Path

import pyarrow as pa
import pytest

from ingest import load as loading
from ingest.bounds import file_stem, is_name, told
from tests.unit.ingest.support import (
    as_csv,
    edit_manifest,
    load,
    quarantine,
    valid,
    write_delivery,
)

ROW = valid("payments", payment_id="P000000000009")
COLUMNS = ["_op", *ROW]


def good(landing, day):
    row = {**ROW, "payment_id": f"P0000000000{day:02}"}
    write_delivery(
        landing, f"2026-07-{day:02}-1", f"2026-07-{day:02}", "delta", {"payments": [row]}
    )


def only_that_one_is_refused(base, says, bad="2026-07-02-1", later=()):
    """The good delivery before the bad one loads, the bad one is refused and says why, plainly."""
    landing, home = base
    good(landing, 1)
    good(landing, 3)
    outcome = load(landing, home)
    assert [r.delivery_id for r in outcome.loaded] == ["2026-07-01-1", *later]
    assert outcome.refused.delivery_id == told(bad)
    message = str(outcome.refused)
    assert says in message
    assert message.isprintable()
    assert len(message) < 600
    message.encode()
    (kept,) = (home / "refusals").iterdir()
    assert is_name(kept.name)
    assert kept.stem == file_stem(told(bad))
    assert json.loads(kept.read_text())["message"] == message
    assert [name for name in outcome.waiting if name != told(bad)] == (
        [] if later else ["2026-07-03-1"]
    )


def manifest(landing, text, name="2026-07-02-1"):
    (landing / name).mkdir()
    data = text if isinstance(text, bytes) else text.encode("utf-8", "surrogatepass")
    (landing / name / "manifest.json").write_bytes(data)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ('{"files": ' + "[" * 200_000 + "]" * 200_000 + "}", "cannot be read"),
        ("[" * 200_000, "cannot be read"),
        (b"\xff\xfe{}", "cannot be read"),
        ("", "cannot be read"),
        ("null", "cannot be read"),
        ('{"rows": ' + "9" * 5000 + "}", "cannot be read"),
        ('{"delivery_id": "\\ud800"}', "the field mode is missing"),
        ('{"delivery_id": "\udcff"}', "cannot be read"),
        (" " * 10_000_001, "longer than 10 MB"),
    ],
    ids=range(9),
)
def test_a_manifest_that_breaks_its_reader_refuses_its_delivery_alone(base, text, says):
    manifest(base[0], text)
    only_that_one_is_refused(base, says)


@pytest.mark.parametrize("value", [None, 1, 1.5, [], {}, "x\n\x1b[2J", "\ud800", "9" * 9000, True])
@pytest.mark.parametrize(
    "field", ["delivery_id", "business_date", "mode", "files", "extract", "file", "rows", "sha256"]
)
def test_any_value_of_any_field_refuses_its_delivery_alone(base, field, value):
    folder = write_delivery(base[0], "2026-07-02-1", "2026-07-02", "delta", {"payments": [ROW]})
    edit_manifest(
        folder,
        None if field in ("delivery_id", "business_date", "mode", "files") else "payments",
        **{field: value},
    )
    if (field, value) in (("rows", 1), ("rows", True)):
        edit_manifest(folder, "payments", rows=2)
    if (field, value) == ("files", []):
        edit_manifest(folder, mode="full")
    only_that_one_is_refused(base, "")


@pytest.mark.parametrize("total", [[0, [1], 0], {}, True, float("nan"), "1e999999999", "x" * 9000])
def test_any_control_total(base, total):
    folder = write_delivery(base[0], "2026-07-02-1", "2026-07-02", "delta", {"payments": [ROW]})
    edit_manifest(folder, "payments", control_total=total)
    only_that_one_is_refused(base, "")


def test_what_is_kept_of_a_manifest_steers_no_terminal(base):
    landing, home = base
    odd = "x\n\x1b[2J\ud800" * 50
    write_delivery(
        landing, "2026-07-01-1", "2026-07-01", "delta", {"payments": [ROW]}, produced_at=odd
    )
    (receipt,) = load(landing, home).loaded
    assert receipt.produced_at.isprintable()
    assert len(receipt.produced_at) < 100


@pytest.mark.parametrize(
    "name",
    [
        "2026-07-02-1%20",
        "2026-07-02-1\n\x1b[31m",
        "2026-07-02-" + "x" * 244,
        "2026-07-02-é",
        os.fsdecode(b"2026-07-02-\xe9"),
        "2026-07-02 1",
        "2026-07-02-[1]",
        "2026-07-02-{{x}}",
        "2026-07-02-'1'",
    ],
    ids=range(9),
)
def test_a_folder_whose_name_is_none_is_refused_and_holds_back_what_comes_after(base, name):
    folder = write_delivery(base[0], "x", "2026-07-02", "delta", {"payments": [ROW]})
    folder.rename(base[0] / name)
    edit_manifest(base[0] / name, delivery_id=name)
    only_that_one_is_refused(base, "the name of the folder", name)


def test_a_bad_folder_without_any_date_holds_back_nothing(base):
    manifest(base[0], "{", "%%%")
    only_that_one_is_refused(base, "cannot be read", "%%%", later=["2026-07-03-1"])


def test_a_refused_delivery_has_the_place_of_its_business_date(base):
    """Not that of its name, when the manifest tells the date."""
    folder = write_delivery(base[0], "corrected", "2026-07-02", "delta", {"payments": [ROW]})
    edit_manifest(folder, "payments", sha256="short")
    only_that_one_is_refused(base, "64 hexadecimal", "corrected")


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("contacts[1].csv", "the name of the file"),
        ("pay*.csv", "the name of the file"),
        ("pay?.csv", "the name of the file"),
        ("\x1b]0;x\x07.csv", "the name of the file"),
        ("payments.csv\n", "the name of the file"),
        ("p" * 5000 + ".csv", "the name of the file"),
        ("p" * 97 + ".csv", "the name of the file"),
        ("pay\x00.csv", "the name of the file"),
        ("../payments.csv", "named with a path"),
    ],
    ids=range(9),
)
def test_a_file_whose_name_is_none(base, name, says):
    folder = write_delivery(base[0], "2026-07-02-1", "2026-07-02", "delta", {"payments": [ROW]})
    edit_manifest(folder, "payments", file=name)
    only_that_one_is_refused(base, says)


def test_a_name_of_a_hundred_characters_loads(base):
    landing, home = base
    name, file = "2026-07-01-" + "x" * 89, "p" * 96 + ".csv"
    folder = write_delivery(landing, name, "2026-07-01", "delta", {"payments": [ROW]})
    (folder / "payments.csv").rename(folder / file)
    edit_manifest(folder, "payments", file=file)
    assert [r.delivery_id for r in load(landing, home).loaded] == [name]


# -- what a folder holds -------------------------------------------------------------------------


def _socket(path: Path) -> None:
    one = socket.socket(socket.AF_UNIX)
    here = Path.cwd()
    os.chdir(path.parent)
    try:
        one.bind(path.name)
    finally:
        os.chdir(here)
        one.close()


KINDS = {
    "fifo": (os.mkfifo, "not an ordinary file"),
    "socket": (_socket, "not an ordinary file"),
    "folder": (Path.mkdir, "not an ordinary file"),
    "device": (lambda path: path.symlink_to("/dev/zero"), "leads out"),
    "outside": (lambda path: path.symlink_to("/etc/hostname"), "leads out"),
    "sibling": (lambda path: path.symlink_to("../2026-06-30-1/payments.csv"), "leads out"),
    "nothing": (lambda path: path.symlink_to("gone"), "a link to what is not there"),
}


@pytest.mark.parametrize("name", ["payments.csv", "manifest.json"])
@pytest.mark.parametrize("kind", KINDS)
def test_only_ordinary_files_of_the_folder_are_opened(base, kind, name):
    folder = write_delivery(base[0], "2026-07-02-1", "2026-07-02", "delta", {"payments": [ROW]})
    (folder / name).unlink()
    make, says = KINDS[kind]
    make(folder / name)
    only_that_one_is_refused(base, says)


def test_a_folder_in_between_that_is_a_link_leads_out(base, tmp_path):
    landing, home = base
    folder = write_delivery(tmp_path, "2026-07-01-1", "2026-07-01", "delta", {"payments": [ROW]})
    (landing / "2026-07-01-1").symlink_to(folder)  # the operator's choice
    (folder / "payments.csv").rename(folder / "real.csv")
    (folder / "payments.csv").symlink_to("real.csv")  # stays inside
    assert len(load(landing, home).loaded) == 1


# -- how long, how large -------------------------------------------------------------------------


def test_text_and_identifiers_have_a_length(base, any_share):
    landing, home = base
    texts = [valid("affiliates", affiliate_id=f"A0000001{n}", office_code="x" * n) for n in (0, 1)]
    texts[0]["office_code"], texts[1]["office_code"] = "é" * 10_000, "é" * 10_001
    names = [valid("mandates", mandate_id="m" * n) for n in (100, 101, 500_000)]
    write_delivery(
        landing,
        "2026-07-01-1",
        "2026-07-01",
        "delta",
        {
            "affiliates": texts,
            "mandates": names,
            "recovery_steps": [valid("recovery_steps", step_id="S9", agent_id="a" * 101)],
        },
    )
    assert load(landing, home).refused is None
    told_rows = quarantine(home, "extract, line_number, rule, column_name, length(key), reason")
    assert [row[:4] for row in told_rows] == [
        ("affiliates", 3, "domain", "office_code"),
        ("mandates", 3, "domain", "mandate_id"),
        ("mandates", 4, "domain", "mandate_id"),
        ("recovery_steps", 2, "domain", "agent_id"),
    ]
    assert max(row[4] for row in told_rows) <= 102
    assert "has more than 10000 characters" in told_rows[0][5]


ENCODE = {
    "csv": lambda data: data,
    "csv.gz": gzip.compress,
    "csv.zst": lambda data: pa.compress(data, "zstd", asbytes=True),
}


def one_file(base, format, data, rows=1):
    folder = write_delivery(
        base[0],
        "2026-07-02-1",
        "2026-07-02",
        "delta",
        {"payments": [ROW]},
        format=format,
        content={"payments": ENCODE[format](data)},
    )
    edit_manifest(folder, "payments", rows=rows)


@pytest.mark.parametrize("format", ENCODE)
@pytest.mark.parametrize("size", [1_000_100, 5_000_000, 30_000_000])
def test_a_line_has_a_length(base, format, size):
    line = as_csv([ROW], COLUMNS).replace(b"transfer", b'"' + b"x\n" * (size // 2) + b'"')
    one_file(base, format, line)
    only_that_one_is_refused(base, "line 2 is longer than 1 MB")


@pytest.mark.parametrize("format", ENCODE)
def test_a_line_just_short_enough_is_quarantined_for_its_text(base, any_share, format):
    landing, home = base
    long = {**ROW, "channel": "x" * 999_000}
    write_delivery(
        landing, "2026-07-01-1", "2026-07-01", "delta", {"payments": [long]}, format=format
    )
    assert load(landing, home).refused is None
    assert quarantine(home) == [("payments", 2, "domain", "channel")]


def test_a_compressed_file_with_more_rows_than_announced_is_not_read_on(base):
    line = as_csv([ROW], COLUMNS).split(b"\n")[1] + b"\n"
    data = as_csv([ROW], COLUMNS) + line * 6_000_000
    one_file(base, "csv.zst", data)
    start = time.monotonic()
    only_that_one_is_refused(base, "more rows than the 1 that the manifest announces")
    assert time.monotonic() - start < 20


def test_a_compressed_file_that_unpacks_without_end_is_not_read_on(base):
    data = as_csv([ROW], COLUMNS) + b"U,,,,,,,\n" * 40_000_000
    one_file(base, "csv.zst", data, rows=40_000_001)
    start = time.monotonic()
    only_that_one_is_refused(base, "more than 100 times its size")
    assert time.monotonic() - start < 20


def test_a_delivery_of_the_day_after_tomorrow_is_refused(base, monkeypatch):
    """H11; tomorrow's loads, and what was loaded stays known when the clock goes back."""
    landing, home = base
    good(landing, 1)
    day = loading.date(2026, 7, 1)
    monkeypatch.setattr(loading, "today", lambda: day - timedelta(days=2))
    outcome = load(landing, home)
    assert "lies after tomorrow" in str(outcome.refused)
    assert outcome.refused.file == "manifest.json"
    monkeypatch.setattr(loading, "today", lambda: day - timedelta(days=1))
    assert len(load(landing, home).loaded) == 1
    monkeypatch.setattr(loading, "today", lambda: day - timedelta(days=9))
    outcome = load(landing, home)
    assert outcome.refused is None
    assert len(outcome.known) == 2
