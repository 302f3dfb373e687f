"""A delivery as it lies in the landing folder: its manifest, its place in the order.

Here belongs what can be said without reading a data file: which folders are ready, what their
manifest promises, whether the promise is one we accept (F9, G1). Reading the files belongs to
`scan.py` (bytes) and `verify.py` (rows). Nothing here writes.

A folder without manifest is no delivery yet; `implied` says which one it would be, for a check.
"""

import hashlib
import json
import os
import re
import stat
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

from ingest.bounds import MANIFEST_BYTES, MB, NAME_RULE, is_name, told
from ingest.contract import Contract
from ingest.errors import DeliveryRefused
from ingest.faults import Owner, fault_of, stopped
from ingest.reading import column_names
from ingest.texts import Said, said

MANIFEST = "manifest.json"
MODES = ("full", "delta")
# How a file is read, by the end of its name; the first that fits.
FORMATS = {".csv.gz": "gzip", ".csv.zst": "zstd", ".csv": "none", ".parquet": "parquet"}
_DAY = re.compile("[0-9]{4}-[0-9]{2}-[0-9]{2}")
_FIELDS = ("delivery_id", "business_date", "mode", "files", "extract", "file", "rows", "sha256",
           "control_total")
_ASK = said("remedy.ask")


@dataclass(frozen=True)
class FileEntry:
    """One file as the manifest announces it. `control_total` is null without column `amount`.

    Without a manifest nothing is announced: `rows` and `sha256` are None.
    """

    extract: str
    file: str
    rows: int | None
    sha256: str | None
    control_total: Decimal | None

    @property
    def is_announced(self) -> bool:
        """Whether there is something to hold the file against."""
        return self.sha256 is not None

    @property
    def format(self) -> str:
        """`none`, `gzip`, `zstd` (CSV and its compression) or `parquet`."""
        return next(kind for end, kind in FORMATS.items() if self.file.lower().endswith(end))


@dataclass(frozen=True)
class Delivery:
    """A delivery whose manifest is acceptable; its files are not looked at yet."""

    delivery_id: str
    path: Path
    business_date: date
    mode: str
    produced_at: str
    files: tuple[FileEntry, ...]

    @property
    def position(self) -> tuple[date, str]:
        """Deliveries apply in this order, whatever the order of arrival."""
        return self.business_date, self.delivery_id

    @property
    def digest(self) -> str:
        """Same digest, same content: what was sent when, or under which file name, is left out."""
        content = [self.business_date.isoformat(), self.mode, sorted(
            [entry.extract, entry.sha256, entry.rows,
             None if entry.control_total is None else str(entry.control_total.normalize())]
            for entry in self.files)]
        return hashlib.sha256(json.dumps(content).encode()).hexdigest()


def ready_folders(landing: Path) -> list[Path]:
    """Folders that hold a manifest, by name; it is written last, so without it we wait.

    Whatever is called like a manifest counts: what it is, `read_manifest` says. A folder may be a
    link, that is the operator's choice.
    """
    if not landing.is_dir():
        return []
    return sorted(folder for folder in landing.iterdir()
                  if folder.is_dir() and not folder.name.startswith(".") and _has_manifest(folder))


def _has_manifest(folder: Path) -> bool:
    try:
        os.lstat(folder / MANIFEST)
    except FileNotFoundError:
        return False
    except OSError:  # told at its place in the order, with its reason
        return True
    return True


def assumed_position(folder: Path, business_date: date | None = None) -> tuple[date, str]:
    """Place of a delivery whose manifest is refused: its date where that could be read, else the
    date its name begins with.

    Without one it goes last: it then holds back nothing, and once readable it is put in its place.
    """
    if business_date:
        return business_date, folder.name
    try:
        return date.fromisoformat(folder.name[:10]), folder.name
    except ValueError:
        return date.max, folder.name


def read_manifest(folder: Path, contracts: Mapping[str, Contract]) -> Delivery:
    """The delivery that `folder/manifest.json` announces.

    Errors: DeliveryRefused (F9, G1, H12) for whatever is wrong with it; MachineError.
    """
    delivery, found = examine_manifest(folder, contracts)
    if found:
        raise DeliveryRefused.joined(found)
    return delivery


def examine_manifest(folder: Path, contracts: Mapping[str, Contract]
                     ) -> tuple[Delivery | None, list[DeliveryRefused]]:
    """What a manifest announces and all that is wrong with it: the delivery holds the files that
    can be looked at, and is None where the manifest itself says nothing. Errors: MachineError.
    """
    known_day: date | None = None

    def refuse(reason: Said, remedy: Said = _ASK, file: str = MANIFEST) -> DeliveryRefused:
        return DeliveryRefused(folder.name, file, reason, remedy, known_day)

    try:
        manifest = _read_json(folder, refuse)
        delivery_id, mode = manifest["delivery_id"], manifest["mode"]
        business_date = manifest["business_date"]
        known_day = _day(business_date)
        if not is_name(folder.name):
            raise refuse(said("folder.name", rule=NAME_RULE), said("remedy.name_folder"), "")
        if not isinstance(manifest["files"], list):
            raise TypeError
        entries = [_entry(item) for item in manifest["files"]]
        if delivery_id != folder.name:
            raise refuse(said("manifest.other_id"), said("remedy.same_id"))
        if not known_day:
            raise refuse(said("manifest.date"))
        if mode not in MODES:
            raise refuse(said("manifest.mode"))
        sound, found = _check_entries(folder, mode, entries, contracts, refuse)
        rank = {name: place for place, name in enumerate(contracts)}
        return Delivery(delivery_id, folder, known_day, mode,
                        told(str(manifest.get("produced_at") or "")),
                        tuple(sorted(sound, key=lambda entry: rank[entry.extract]))), found
    except DeliveryRefused as refused:
        return None, [refused]
    except Exception as error:
        # Whatever a manifest does to us stays with its delivery (G2), the machine's faults aside.
        if fault_of(error).owner is Owner.MACHINE:
            raise stopped(error, folder / MANIFEST) from None
        field = error.args[0] if isinstance(error, KeyError) and error.args else ""
        detail = (said("manifest.field", field=field) if field in _FIELDS
                  else said("manifest.no_object"))
        if is_name(folder.name):
            return None, [refuse(said("manifest.unreadable", detail=detail))]
        return None, [refuse(said("manifest.unreadable_name", detail=detail, rule=NAME_RULE))]


def implied(folder: Path, contracts: Mapping[str, Contract], today: date
            ) -> tuple[Delivery | None, list[DeliveryRefused]]:
    """The delivery that a folder without manifest would be, and what is wrong with it so far.

    Files bear the names of their extracts; with a column `_op` in any of them it is a delta. Its
    date is that at the beginning of the folder's name, else `today`. Errors: MachineError.
    """
    def refuse(reason: Said, remedy: Said = _ASK, file: str = "") -> DeliveryRefused:
        return DeliveryRefused(folder.name, file, reason, remedy)

    entries, strangers = [], []
    for path in sorted(folder.iterdir()):
        end = next((end for end in FORMATS if path.name.lower().endswith(end)), None)
        if end is None:
            continue
        extract = path.name[:-len(end)].lower()
        if extract in contracts:
            entries.append(FileEntry(extract, path.name, None, None, None))
        else:
            strangers.append(refuse(said("file.no_extract"), said("remedy.extract_name"),
                                    path.name))
    if not entries:
        return None, [*strangers, refuse(said("delivery.no_files"), said("remedy.put_files"))]
    if not is_name(folder.name):
        strangers.append(refuse(said("folder.name", rule=NAME_RULE), said("remedy.name_folder")))
    mode = "delta" if any(_has_operation(folder, entry) for entry in entries) else "full"
    sound, found = _check_entries(folder, mode, entries, contracts, refuse)
    rank = {name: place for place, name in enumerate(contracts)}
    return Delivery(told(folder.name), folder, _day(folder.name[:10]) or today, mode, "",
                    tuple(sorted(sound, key=lambda entry: rank[entry.extract]))), strangers + found


def _has_operation(folder: Path, entry: FileEntry) -> bool:
    """Whether a file has a column `_op`; what cannot be read is told when its rows are."""
    path = folder / entry.file
    try:
        return path.is_file() and "_op" in column_names(path, entry.format)
    except ValueError:
        return False


def check_date(delivery: Delivery, today: date) -> None:
    """A delivery cannot tell of the day after tomorrow (H11). Errors: DeliveryRefused."""
    if delivery.business_date > today + timedelta(days=1):
        raise DeliveryRefused(
            delivery.delivery_id, MANIFEST,
            said("manifest.future", date=str(delivery.business_date)), said("remedy.date"),
            delivery.business_date)


def _read_json(folder: Path, refuse) -> dict:
    _check_file(folder, MANIFEST, refuse)
    with open(folder / MANIFEST, "rb") as file:
        written = file.read(MANIFEST_BYTES + 1)
    if len(written) > MANIFEST_BYTES:
        raise refuse(said("manifest.long", mb=MANIFEST_BYTES // MB))
    return json.loads(written.decode("utf-8-sig"), parse_float=Decimal)


def _day(written: object) -> date | None:
    if not isinstance(written, str) or not _DAY.fullmatch(written):
        return None
    try:
        return date.fromisoformat(written)
    except ValueError:
        return None


def _check_file(folder: Path, name: str, refuse) -> None:
    """An ordinary file inside the folder of the delivery; nothing else is ever opened.

    Errors: DeliveryRefused.
    """
    path = folder / name
    try:
        kind = os.stat(path).st_mode
    except FileNotFoundError:
        raise refuse(said("file.dangling" if path.is_symlink() else "file.missing"),
                     file=name) from None
    if not path.resolve().is_relative_to(folder.resolve()):
        raise refuse(said("file.outside"), said("remedy.file_itself"), name)
    if not stat.S_ISREG(kind):
        raise refuse(said("file.odd"), said("remedy.ordinary"), name)


def _entry(item: dict) -> FileEntry:
    total = item["control_total"]
    rows = item["rows"]
    if type(rows) is not int or rows < 0 or type(total) not in (type(None), str, int, Decimal):
        raise ValueError
    if not all(isinstance(item[field], str) for field in ("extract", "file", "sha256")):
        raise TypeError
    total = None if total is None else Decimal(total)
    if total is not None and not total.is_finite():
        raise ValueError
    return FileEntry(item["extract"], item["file"], rows, item["sha256"].lower(), total)


def _check_entries(folder, mode, entries, contracts, refuse
                   ) -> tuple[list[FileEntry], list[DeliveryRefused]]:
    """The files of a manifest that can be looked at, and all that is wrong with the others."""
    seen, sound, found = set(), [], []
    for entry in entries:
        try:
            if entry.extract in seen:
                raise refuse(said("manifest.twice", extract=told(entry.extract)),
                             said("remedy.one_file"), entry.file)
            _check_entry(folder, entry, contracts, refuse)
            sound.append(entry)
        except DeliveryRefused as refused:
            found.append(refused)
        seen.add(entry.extract)
    missing = [name for name in contracts if name not in seen]
    if mode == "full" and missing:
        found.append(refuse(said("manifest.missing", extracts=", ".join(missing))))
    return sound, found


def _check_entry(folder, entry, contracts, refuse) -> None:
    name = entry.file
    if name != Path(name).name or "\\" in name or name in ("", ".", ".."):
        raise refuse(said("manifest.path", extract=told(entry.extract)), said("remedy.bare_name"))
    if not is_name(name):
        raise refuse(said("file.name", rule=NAME_RULE), said("remedy.name_file"), name)
    if entry.extract not in contracts:
        raise refuse(said("manifest.unknown", extract=told(entry.extract)),
                     said("remedy.extracts_only"), name)
    if not name.lower().endswith(tuple(FORMATS)):
        raise refuse(said("file.format"), said("remedy.formats"), name)
    _check_file(folder, name, refuse)
    if entry.is_announced:
        _check_announced(entry, contracts[entry.extract], refuse)


def _check_announced(entry, contract, refuse) -> None:
    name = entry.file
    if not re.fullmatch("[0-9a-f]{64}", entry.sha256):
        raise refuse(said("manifest.sha256"), file=name)
    if contract.has_amount and entry.control_total is None:
        raise refuse(said("manifest.no_total"), said("remedy.total"), name)
    if not contract.has_amount and entry.control_total is not None:
        raise refuse(said("manifest.total"), said("remedy.no_total"), name)
