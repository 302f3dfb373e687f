"""Writes the synthetic fund: one full delivery and daily deltas.

Belongs here: the run as a whole. The fund is made chunk by chunk, so that memory depends on the
size of a chunk and not on that of the fund; streams of random numbers are named by subject and
chunk, so that the same arguments give the same bytes.
"""

from __future__ import annotations

import datetime as dt
import json
import queue
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from .calendar import day_of
from .calibration import Context, load_yaml
from .chunks import affiliate_frames, company_frames
from .companies import company_chunks
from .errors import SampleError
from .frame import Frame
from .general_ledger import GeneralLedger
from .lapses import list_lapses
from .people import municipalities, people
from .prescription import list_prescribed
from .quarantine import Quarantine
from .recovery import agents_frame
from .truth import Truth
from .writer import DeliveryWriter

#: CSV files are compressed past this many accounts
COMPRESS_FROM = 60_000


@dataclass(frozen=True)
class SampleSummary:
    """What was written: delivery ids in order, rows per extract of the full delivery, rows per
    delta, planted anomalies by kind, seconds."""

    out: Path
    deliveries: list[str]
    rows: dict[str, int]
    delta_rows: list[int]
    planted: dict[str, int]
    seconds: float


def generate(
    out: Path,
    *,
    affiliates: int = 8_700,
    companies: int = 12_000,
    start: dt.date = dt.date(2018, 1, 1),
    end: dt.date = dt.date(2026, 9, 30),
    deltas: int = 5,
    seed: int = 20_260_930,
    fmt: str = "csv",
    on_progress: Callable[[str], None] | None = None,
) -> SampleSummary:
    """Writes a synthetic fund into `out`: a full delivery on `end`, deltas on the days after.

    affiliates: persons in stock on `end`; companies: companies not closed on `end`. start: first
    day of the history of charges. fmt: csv or parquet. The same arguments give the same bytes.
    Raises SampleError when an argument is out of range or a delivery folder exists already.
    """
    began = time.perf_counter()
    tell = on_progress or (lambda message: None)
    ctx = _context(affiliates, companies, start, end, deltas, seed, fmt)
    out = Path(out)
    out.mkdir(parents=True, exist_ok=True)
    compress = affiliates + companies > COMPRESS_FROM
    try:
        full = DeliveryWriter(out, ctx.full, False, fmt, compress)
        days = [
            DeliveryWriter(out, ctx.full + k, True, fmt, compress) for k in range(1, deltas + 1)
        ]
    except FileExistsError as error:
        name = Path(error.filename).name
        raise SampleError("exists", delivery_id=name, folder=out) from None
    truth, spoiled = Truth(), Quarantine(ctx, fmt)
    pen = _Pen(ctx, full, days)
    pen.spoiled = spoiled
    places = municipalities(ctx)
    persons = people(ctx)
    pen.write([agents_frame(ctx)])
    directors = []
    for index, chunk in enumerate(persons):
        frames = affiliate_frames(ctx, chunk, places, index, truth)
        _wait_for_account(frames, "affiliates")
        list_prescribed(ctx, frames, truth)
        list_lapses(ctx, frames, truth)
        pen.write(frames)
        directors.append(chunk.number[chunk.entry < ctx.full - 400])
        persons[index] = None
        tell(f"affiliates: chunk {index + 1} of {len(persons)}")
    known = np.concatenate(directors)
    for index, stock, base in company_chunks(ctx) if companies else []:
        frames = company_frames(ctx, places, index, stock, base, known, truth)
        _wait_for_account(frames, "companies")
        list_prescribed(ctx, frames, truth)
        list_lapses(ctx, frames, truth)
        pen.write(frames)
        tell(f"companies: {base + stock} written")
    pen.finish()
    spoiled.write(full, days, pen.ledger, truth)
    pen.one(pen.ledger.frame(truth))
    rows = {entry["extract"]: entry["rows"] for entry in full.close()["files"]}
    delta_rows = [sum(entry["rows"] for entry in d.close()["files"]) for d in days]
    text = json.dumps(truth.kinds, indent=1, sort_keys=True, ensure_ascii=False) + "\n"
    (out / "truth.json").write_text(text, encoding="utf-8")
    seconds = time.perf_counter() - began
    tell(f"written in {seconds:.0f} s: {sum(rows.values())} rows")
    return SampleSummary(
        out, [full.delivery_id, *(d.delivery_id for d in days)], rows, delta_rows,
        truth.counts(), seconds,
    )  # fmt: skip


def _context(affiliates, companies, start, end, deltas, seed, fmt) -> Context:
    for name, value, low in (("affiliates", affiliates, 1), ("companies", companies, 0),
                             ("deltas", deltas, 0), ("seed", seed, 0)):  # fmt: skip
        if value < low:
            raise SampleError("least", name=name, least=low, given=value)
    if fmt not in ("csv", "parquet"):
        raise SampleError("format", given=fmt)
    if start < dt.date(2018, 1, 1) or end + dt.timedelta(days=deltas) > dt.date(2026, 12, 31):
        raise SampleError("dates")
    if (end - start).days < 365:
        raise SampleError("year")
    calibration = load_yaml("calibration.yaml")
    name = "national" if affiliates >= calibration["national_from"] else "auxiliary"
    return Context(affiliates, companies, day_of(start), day_of(end), deltas, seed,
                   calibration["profiles"][name], _rates(affiliates))  # fmt: skip


def _rates(affiliates: int) -> dict:
    """Rates of the anomalies, thinned for a very large fund."""
    rates = load_yaml("anomalies.yaml")
    thin = max(1.0, affiliates / rates["thin_from"])
    for name, value in rates.items():
        if isinstance(value, float):
            rates[name] = value / thin
    return rates


def _wait_for_account(frames: list[Frame], register: str) -> None:
    """No row may come in a delivery before the account it belongs to."""
    base = next(frame for frame in frames if frame.extract == register)
    name = next(iter(base.columns))
    first = base.columns[name]
    offset = int(first[0])
    for frame in frames:
        column = next((c for c in ("account_id", name) if c in frame.columns), None)
        if frame is base or column is None:
            continue
        numbers = frame.columns[column]
        position = np.clip(numbers - offset, 0, len(first) - 1)
        frame.known = np.where(
            numbers >= 0, np.maximum(frame.known, base.known[position]), frame.known
        ).astype(np.int32)


class _Pen:
    """Writes frames in their order on a thread of its own, while the next chunk is made.

    One thread and one queue: the order of rows does not depend on timing. The queue is short, so
    memory stays that of a few extracts.
    """

    def __init__(self, ctx: Context, full: DeliveryWriter, days: list[DeliveryWriter]) -> None:
        self.ctx, self.full, self.days = ctx, full, days
        self.ledger, self.spoiled = GeneralLedger(ctx), None
        self._queue: queue.Queue = queue.Queue(maxsize=12)
        self._error: BaseException | None = None
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def write(self, frames: list[Frame]) -> None:
        """Hands frames over."""
        for frame in frames:
            self._check()
            self._queue.put(frame)

    def finish(self) -> None:
        """Waits until everything is written."""
        self._queue.put(None)
        self._thread.join()
        self._check()

    def _check(self) -> None:
        if self._error is not None:
            raise self._error

    def _run(self) -> None:
        while (frame := self._queue.get()) is not None:
            if self._error is None:
                try:
                    self.one(frame)
                except BaseException as error:
                    self._error = error

    def one(self, frame: Frame) -> None:
        """Writes a frame to the full delivery and its changes to the deltas."""
        self.ledger.add(frame)
        columns, exists = frame.state(self.ctx.full)
        rows = np.flatnonzero(exists)
        self.full.append(frame, columns, rows)
        if self.spoiled is not None:
            self.spoiled.look(frame, columns, rows)
        for delta in self.days:
            on = day_of(delta.business_date)
            upserts, deletes = frame.changes(on)
            if len(upserts) or len(deletes):
                columns, _ = frame.state(on)
                delta.append_changes(frame, columns, upserts, deletes)
