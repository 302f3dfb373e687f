"""The order of things of an extract: one snapshot, every file, the state, and the folder shows.

Belongs here: which mode, from which state a delta goes on, which date and id the delivery bears.
Does not belong here: how rows are asked for (`query.py`), written (`write.py`), what became of
earlier deliveries (`state.py`).

Whatever stops it, nothing is left in landing: the folder is hidden until its one rename, which
comes last, after the state that the next delta may go on from.
"""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path

from ingest.bounds import is_name
from ingest.contract import Contract, load_contracts
from ingest.engine import check_path
from ingest.errors import IngestError, SourceError
from ingest.faults import stopped
from ingest.raw import ZONE, RawHistory
from ingest.source import compare, query
from ingest.source.declared import XMIN, Mapping, Source, read_source
from ingest.source.session import Session, open_session
from ingest.source.state import State, States, alone
from ingest.source.write import DeliveryFolder, sweep
from ingest.texts import said

# Past so many transactions their numbers cannot be compared any more.
_COMPARABLE = 1 << 31


@dataclass(frozen=True)
class Extracted:
    """The delivery that was written: `rows` by extract, `why_full` a delta was not possible (""
    where it was, or a full was asked for), `unsound` deliveries that are to be removed from
    landing, because they were refused or rest on one that was.
    """

    delivery_id: str
    mode: str
    business_date: date
    path: Path
    rows: dict[str, int]
    why_full: str = ""
    unsound: list[str] = field(default_factory=list)


def extract(home: Path, name: str, landing: Path, mode: str | None = None,
            business_date: date | None = None,
            on_rows: Callable[[str, int, int, int], None] | None = None) -> Extracted:
    """Write one delivery of the source `name` into landing.

    `mode`: `full`, `delta`, or None for a delta where one is possible. `business_date` None: the
    day of the snapshot in Brussels, before `day_ends` the day before. `on_rows` is told the
    extract, its rows so far, its place and how many there are. Errors: SourceError, one sentence;
    MachineError. Nothing is left in landing then.
    """
    home, landing = Path(home).resolve(), Path(landing).resolve()
    source = read_source(home, name)
    check_path(landing, holds_databases=False)
    try:
        with alone(home, name) as incoming:
            sweep(landing, name)
            work = _Extract(home, source, landing, incoming, on_rows or (lambda *told: None))
            return work.run(mode, business_date)
    except Exception as error:
        raise stopped(error, landing) from None


class _Extract:
    def __init__(self, home: Path, source: Source, landing: Path, incoming: Path, on_rows):
        self.home, self.source, self.landing = home, source, landing
        self.incoming, self.on_rows = incoming, on_rows
        self.contracts = load_contracts()
        self.states = States(home, source.name)
        self.key = b""
        if any(mapping.compares for mapping in source.mappings.values()):
            for extract, mapping in source.mappings.items():
                if mapping.compares:
                    compare.check(self.contracts[extract], mapping.rows.file)
            self.key = compare.state_key(home)

    def run(self, mode: str | None, business_date: date | None) -> Extracted:
        base, why = self.states.base(), ""
        with open_session(self.source) as session:
            if mode != "full":
                why = self._why_full(base, session)
            if mode == "delta" and why:
                raise SourceError("no_delta", where=self.source.name, why=why)
            base = None if mode == "full" or why else base
            day = business_date or self._day(session.snapshot.taken_at)
            folder = DeliveryFolder(self.landing, self.source.name, self._id(day))
            try:
                marks = self._write(session, folder, base)
                return self._show(session, folder, base, day, marks,
                                  why if mode is None else "")
            finally:
                folder.discard()

    def _why_full(self, base: State | None, session: Session) -> str:
        """Why no delta can go on from the base; "" when one can."""
        snapshot, mappings = session.snapshot, self.source.mappings
        if none := [name for name, mapping in mappings.items() if not mapping.has_deltas]:
            return said("delta.no_column", extracts=", ".join(none))
        if base is None:
            return said("delta.no_base")
        if changed := [name for name, mapping in mappings.items()
                       if base.fingerprints.get(name) != mapping.fingerprint]:
            return said("delta.other_mapping", extracts=", ".join(changed),
                        delivery_id=base.delivery_id)
        if base.database != snapshot.database or (
                snapshot.next is not None and base.next is not None
                and not 0 <= snapshot.next - base.next < _COMPARABLE):
            return said("delta.other_database", delivery_id=base.delivery_id)
        for name, mapping in mappings.items():
            kept = base.marks.get(name, query.Marks())
            if mapping.compares and not _kept(base, name).is_file():
                return said("delta.not_compared", extract=name, delivery_id=base.delivery_id)
            if mapping.rows.change_column and not mapping.compares and (
                    base.changes.get(name) != _changes(mapping)
                    or (mapping.rows.change_column == XMIN and kept.rows is None)):
                return said("delta.other_column", extract=name, delivery_id=base.delivery_id)
        return ""

    def _day(self, taken_at: datetime) -> date:
        local = taken_at.astimezone(ZONE)
        return local.date() - timedelta(days=local.time() < self.source.day_ends)

    def _id(self, day: date) -> str:
        """An id after every other one of that day. Errors: SourceError."""
        newest = self.states.newest
        if newest and day < newest.business_date:
            raise SourceError("later_day", where=self.source.name, day=day,
                              delivery_id=newest.delivery_id)
        there = {path.name for path in self.landing.iterdir()} if self.landing.is_dir() else set()
        taken = self.states.ids(day) | {name for name in there
                                        if name.startswith(f"{day}-") and is_name(name)}
        last = max(taken, default="")
        for number in range(1, 100):
            if (name := f"{day}-{number:02d}") > last and name not in taken:
                return name
        raise SourceError("no_id", where=self.source.name, day=day, last=last)

    # -- rows ------------------------------------------------------------------------------------

    def _write(self, session: Session, folder: DeliveryFolder, base: State | None
               ) -> dict[str, query.Marks]:
        marks = {}
        for place, (extract, mapping) in enumerate(self.source.mappings.items()):
            contract = self.contracts[extract]
            try:
                self._add(session, folder, base, mapping, contract, place)
                marks[extract] = query.marks(mapping, session)
            except SourceError as error:
                if not error.of_mapping:
                    raise
                raise _named(error, mapping, contract, session) from None
        return marks

    def _add(self, session: Session, folder: DeliveryFolder, base: State | None, mapping: Mapping,
             contract: Contract, place: int) -> None:
        where, total = mapping.rows.file, len(self.source.mappings)

        def written(rows: int) -> None:
            self.on_rows(contract.name, rows, place, total)

        common = (self.source.encoding, session.may_break_text, where, written)
        whole = query.names(contract, is_delta=False)
        names = query.names(contract, is_delta=base is not None)
        if base is None or not mapping.compares:
            sql = (query.full(mapping, contract, session) if base is None else
                   query.delta(mapping, contract, session, base.marks[contract.name]))
            path = folder.add(contract, names, session.batches(sql, names, where), *common)
            if mapping.compares:
                compare.keep(path, self._state_file(contract), contract, self.key)
        else:
            rows = folder.path / f".{contract.name}.all"
            folder.write(rows, contract, whole,
                         session.batches(query.full(mapping, contract, session), whole, where),
                         *common)
            now = self._state_file(contract)
            earlier = [path for state in self.states.since(base)
                       if (path := _kept(state, contract.name)).is_file()]
            compare.keep(rows, now, contract, self.key, earlier)
            found = compare.delta(rows, now, earlier, contract, RawHistory(self.home).spill)
            folder.add(contract, names, found, None, False, where, lambda rows: None)
            rows.unlink()
        count = folder.rows[contract.name]
        if base is not None and not count:
            folder.leave_out(contract.name)
        self.on_rows(contract.name, count, place + 1, total)

    def _state_file(self, contract: Contract) -> Path:
        return self.incoming / f"{contract.name}.parquet"

    # -- the end ---------------------------------------------------------------------------------

    def _show(self, session: Session, folder: DeliveryFolder, base: State | None, day: date,
              marks: dict[str, query.Marks], why: str) -> Extracted:
        snapshot, mode = session.snapshot, "delta" if base else "full"
        delivery = folder.close(mode, day, snapshot.taken_at.astimezone(ZONE))
        mappings = self.source.mappings
        state = State(folder.delivery_id, day, mode, delivery.digest, self.landing,
                      base.delivery_id if base else None, snapshot.database, snapshot.next, marks,
                      {name: mapping.fingerprint for name, mapping in mappings.items()},
                      {name: _changes(mapping) for name, mapping in mappings.items()},
                      self.states.folder / folder.delivery_id)
        unsound = self.states.unsound()
        self.states.keep(self.incoming, state)
        try:
            folder.show()
        except BaseException:
            self.states.forget(state)
            raise
        with suppress(OSError, IngestError):  # the next one does it
            States(self.home, self.source.name).prune()
        return Extracted(folder.delivery_id, mode, day, folder.final, folder.rows, why, unsound)


def _kept(state: State, extract: str) -> Path:
    return state.folder / f"{extract}.parquet"


def _changes(mapping: Mapping) -> str:
    """By what changes of an extract are told: marks of one mean nothing to another."""
    gone = mapping.tombstones
    return " ".join(filter(None, (mapping.rows.change_column, gone and gone.change_column,
                                  gone and (gone.table or gone.sql))))


def _named(error: SourceError, mapping: Mapping, contract: Contract, session: Session
           ) -> SourceError:
    """The same error with the key of the mapping that the database does not take."""
    where = mapping.rows.file
    if key := query.fault(mapping, contract, session):
        return SourceError("not_taken", where=where, part=key)
    return error
