"""Whose fault an error is, and that only a file's refuses its delivery: each kind at each step."""

import errno
import os

import duckdb
import pyarrow as pa
import pytest

from ingest import durable, examine, judge, load, reading, scan, verify
from ingest.errors import DeliveryRefused, IngestError, MachineError
from ingest.faults import Owner, fault_of, reason_of
from ingest.load import load_ready
from ingest.raw import RawHistory
from tests.unit.ingest.support import valid, write_delivery

ROW = valid("payments", payment_id="P000000000009")
LINE = "U,P000000000009,80051700338"  # what a DuckDB text may quote
NUMBERS = ("ENOSPC", "EDQUOT", "EACCES", "EPERM", "EROFS", "EIO", "EMFILE", "ENOMEM", "EFBIG")


def system(name):
    number = getattr(errno, name)
    return OSError(number, os.strerror(number), "/some/where")


MACHINE = [
    *(system(name) for name in NUMBERS),
    MemoryError(),
    pa.ArrowMemoryError("no memory"),
    duckdb.OutOfMemoryException(f"Out of Memory Error: {LINE}"),
    *(
        duckdb.IOException(f'IO Error: Could not write file "/x": {os.strerror(number)}')
        for number in (errno.ENOSPC, errno.EMFILE, errno.EACCES, errno.EIO)
    ),
    duckdb.IOException('IO Error: No files found that match the pattern "/x"'),
    duckdb.IOException("IO Error: something new"),
]
FILE = [
    duckdb.InvalidInputException(f"Invalid Input Error: CSV Error on Line: 2 {LINE}"),
    duckdb.ConversionException(LINE),
    duckdb.IOException("IO Error: Input is not a GZIP stream: /x"),
    duckdb.IOException("IO Error: Unknown frame descriptor"),
    duckdb.Error("TProtocolException: Invalid data"),
    OSError("ZSTD decompress failed: Unknown frame descriptor"),
    EOFError(),
]
OURS = [
    duckdb.InternalException(f"INTERNAL Error: {LINE}"),
    duckdb.BinderException("Binder Error: column x"),
    KeyError("x"),
    AssertionError(),
]
STEPS = {
    "header": (verify.reading, "column_names"),
    "rows": (verify.reading, "as_text"),
    "bytes": (scan, "open_bytes"),
    "tables": (verify.rules, "first_broken"),
    "written": (verify._File, "_write_accepted"),
    "quarantine": (examine, "_join_quarantine"),
    "judged": (judge._Judgement, "upserts"),
    "verdict": (judge._Judgement, "write"),
    "flushed": (load, "flush"),
    "placed": (load, "put_in_place"),
    "receipt": (load, "write_json"),
}


def named(errors):
    return pytest.mark.parametrize("error", errors, ids=lambda e: f"{type(e).__name__}:{e}"[:60])


@pytest.mark.parametrize(
    ("errors", "owner"), [(MACHINE, Owner.MACHINE), (FILE, Owner.FILE), (OURS, Owner.OURS)]
)
def test_the_owner_of_each_kind(errors, owner):
    for error in errors:
        fault = fault_of(error)
        assert fault.owner is owner, error
        assert "80051700338" not in fault.sentence
        assert fault.reason
        assert fault.remedy
    assert fault_of(IngestError("The key is missing.")).owner is Owner.OPERATOR
    assert fault_of(DeliveryRefused("x", "", "a", "b")).owner is Owner.FILE


@pytest.mark.parametrize("step", STEPS)
@named([*MACHINE[::7], *OURS])
def test_nothing_is_refused_for_what_is_not_the_files(base, monkeypatch, step, error):
    """The load stops with one sentence, nothing shows, and once mended the delivery loads."""
    landing, home = base
    write_delivery(landing, "2026-07-01-1", "2026-07-01", "delta", {"payments": [ROW]})

    def fail(*args, **kwargs):
        raise error

    with monkeypatch.context() as patch:
        if step == "bytes":
            patch.setattr(reading, "read_header", fail)
        patch.setattr(*STEPS[step], fail)
        with pytest.raises(Exception) as stop:  # noqa: PT011
            load_ready(landing, home)
    assert not isinstance(stop.value, DeliveryRefused)
    assert "80051700338" not in str(stop.value)
    assert stop.value.__cause__ is None
    owner = fault_of(stop.value).owner
    assert owner is (Owner.OURS if error in OURS else Owner.MACHINE), stop.value
    assert not (home / "refusals").exists()
    assert [f.name for f in (home / "raw").iterdir() if f.is_dir()] == ["2026-06-30-1"]
    assert [r.delivery_id for r in load_ready(landing, home).loaded] == ["2026-07-01-1"]


@named(FILE)
def test_a_fault_of_the_file_refuses_it_while_it_is_read(base, monkeypatch, error):
    landing, home = base
    write_delivery(landing, "2026-07-01-1", "2026-07-01", "delta", {"payments": [ROW]})

    def fail(*args, **kwargs):
        raise error

    monkeypatch.setattr(verify.reading, "as_text", fail)
    refused = load_ready(landing, home).refused
    assert refused.file == "payments.csv"
    assert "80051700338" not in str(refused)


def test_what_vigie_keeps_is_no_fault_of_the_file(base):
    """A stored file that is damaged stops the load of a delta; the delta is not refused."""
    landing, home = base
    for file in RawHistory(home).raw.glob("*/*.parquet"):
        file.write_bytes(file.read_bytes()[:-9])
    write_delivery(landing, "2026-07-01-1", "2026-07-01", "delta", {"payments": [ROW]})
    with pytest.raises(MachineError, match="damaged since it was written"):
        load_ready(landing, home)
    assert not (home / "refusals").exists()


def test_a_query_of_ours_that_fails_is_no_damage(base, monkeypatch):
    landing, home = base
    write_delivery(landing, "2026-07-01-1", "2026-07-01", "delta", {"payments": [ROW]})

    def fail(*args):
        raise duckdb.InvalidInputException("Invalid Input Error: More than one row returned")

    monkeypatch.setattr(judge._Judgement, "upserts", fail)
    with pytest.raises(IngestError, match="Vigie itself") as stop:
        load_ready(landing, home)
    assert fault_of(stop.value).owner is Owner.OURS


def test_a_full_disk_names_where_it_is_full(base):
    """The real thing: DuckDB meets a device without space."""
    _, home = base
    with duckdb.connect() as connection, pytest.raises(duckdb.IOException) as full:
        connection.execute("COPY (FROM range(100000)) TO '/dev/full' (FORMAT parquet)")
    fault = fault_of(full.value, home)
    assert (fault.owner, str(fault.path)) == (Owner.MACHINE, "/dev/full")
    assert reason_of(errno.ENOSPC) in fault.sentence


def test_a_file_that_vanishes_while_it_is_read_is_not_refused(base, monkeypatch):
    landing, home = base
    folder = write_delivery(landing, "2026-07-01-1", "2026-07-01", "delta", {"payments": [ROW]})
    data = (folder / "payments.csv").read_bytes()
    land = verify._File._land

    def vanish(self, *args):
        self.path.unlink()
        return land(self, *args)

    with monkeypatch.context() as patch:
        patch.setattr(verify._File, "_land", vanish)
        with pytest.raises(MachineError, match=reason_of(errno.ENOENT)):
            load_ready(landing, home)
    (folder / "payments.csv").write_bytes(data)
    assert load_ready(landing, home).refused is None


def test_files_written_whole_leave_no_half(tmp_path, monkeypatch):
    def fail(handle):
        raise system("ENOSPC")

    durable.write_json(tmp_path / "a.json", {"x": 1})
    monkeypatch.setattr(durable.os, "fsync", fail)
    with pytest.raises(OSError, match="No space"):
        durable.write_json(tmp_path / "a.json", {"x": 2})
    assert [f.name for f in tmp_path.iterdir()] == ["a.json"]
