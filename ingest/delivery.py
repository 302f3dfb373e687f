"""A delivery as it lies in the landing folder: its manifest, its place in the order.

Here belongs what can be said without reading a data file: which folders are ready, what their
manifest promises, whether the promise is one we accept (F9, G1). Reading the files belongs to
`scan.py` (bytes) and `verify.py` (rows). Nothing here writes.
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

MANIFEST = "manifest.json"
MODES = ("full", "delta")
# How a file is read, by the end of its name; the first that fits.
FORMATS = {".csv.gz": "gzip", ".csv.zst": "zstd", ".csv": "none", ".parquet": "parquet"}
_DAY = re.compile("[0-9]{4}-[0-9]{2}-[0-9]{2}")
_FIELDS = ("delivery_id", "business_date", "mode", "files", "extract", "file", "rows", "sha256",
           "control_total")
_ASK = "have the operational system send the delivery again"


@dataclass(frozen=True)
class FileEntry:
    """One file as the manifest announces it. `control_total` is null without column `amount`."""

    extract: str
    file: str
    rows: int
    sha256: str
    control_total: Decimal | None

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
    known_day: date | None = None

    def refuse(reason: str, remedy: str = _ASK, file: str = MANIFEST) -> DeliveryRefused:
        return DeliveryRefused(folder.name, file, reason, remedy, known_day)

    try:
        manifest = _read_json(folder, refuse)
        delivery_id, mode = manifest["delivery_id"], manifest["mode"]
        business_date = manifest["business_date"]
        known_day = _day(business_date)
        if not is_name(folder.name):
            raise refuse(f"the name of the folder is not made of {NAME_RULE}",
                         "give the delivery such a delivery_id and send it again", "")
        if not isinstance(manifest["files"], list):
            raise TypeError
        entries = [_entry(item) for item in manifest["files"]]
        if delivery_id != folder.name:
            raise refuse("the manifest gives another delivery_id than the name of the folder",
                         "give the folder the name of the delivery")
        if not known_day:
            raise refuse("business_date is not a date written YYYY-MM-DD")
        if mode not in MODES:
            raise refuse("mode is neither full nor delta")
        _check_entries(folder, mode, entries, contracts, refuse)
        rank = {name: place for place, name in enumerate(contracts)}
        return Delivery(delivery_id, folder, known_day, mode,
                        told(str(manifest.get("produced_at") or "")),
                        tuple(sorted(entries, key=lambda entry: rank[entry.extract])))
    except DeliveryRefused:
        raise
    except Exception as error:
        # Whatever a manifest does to us stays with its delivery (G2), the machine's faults aside.
        if fault_of(error).owner is Owner.MACHINE:
            raise stopped(error, folder / MANIFEST) from None
        field = error.args[0] if isinstance(error, KeyError) and error.args else ""
        detail = f"the field {field} is missing" if field in _FIELDS else (
            "it is not the JSON object that the interface describes")
        if not is_name(folder.name):
            detail += f", and the name of the folder is not made of {NAME_RULE}"
        raise refuse(f"the manifest cannot be read, {detail}") from None


def check_date(delivery: Delivery, today: date) -> None:
    """A delivery cannot tell of the day after tomorrow (H11). Errors: DeliveryRefused."""
    if delivery.business_date > today + timedelta(days=1):
        raise DeliveryRefused(
            delivery.delivery_id, MANIFEST,
            f"its business_date {delivery.business_date} lies after tomorrow",
            "correct the date at the source and send the delivery again, or the clock of this "
            "machine", delivery.business_date)


def _read_json(folder: Path, refuse) -> dict:
    _check_file(folder, MANIFEST, refuse)
    with open(folder / MANIFEST, "rb") as file:
        written = file.read(MANIFEST_BYTES + 1)
    if len(written) > MANIFEST_BYTES:
        raise refuse(f"the manifest is longer than {MANIFEST_BYTES // MB} MB")
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
        raise refuse("it is a link to what is not there" if path.is_symlink() else
                     "the file that the manifest names is missing", file=name) from None
    if not path.resolve().is_relative_to(folder.resolve()):
        raise refuse("it is a link that leads out of the folder of the delivery",
                     "send the file itself", name)
    if not stat.S_ISREG(kind):
        raise refuse("it is not an ordinary file", "send an ordinary file", name)


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


def _check_entries(folder, mode, entries, contracts, refuse) -> None:
    """All files of the manifest, all that is wrong with them at once. Errors: DeliveryRefused."""
    seen, found = set(), []
    for entry in entries:
        try:
            if entry.extract in seen:
                raise refuse(f"the manifest names the extract {told(entry.extract)} twice",
                             "send one file for each extract", entry.file)
            _check_entry(folder, entry, contracts, refuse)
        except DeliveryRefused as refused:
            found.append(refused)
        seen.add(entry.extract)
    missing = [name for name in contracts if name not in seen]
    if mode == "full" and missing:
        found.append(refuse("a full delivery must hold every extract, missing: "
                            f"{', '.join(missing)}"))
    if found:
        raise DeliveryRefused.joined(found)


def _check_entry(folder, entry, contracts, refuse) -> None:
    name = entry.file
    if name != Path(name).name or "\\" in name or name in ("", ".", ".."):
        raise refuse(f"the file of extract {told(entry.extract)} is named with a path",
                     "name files by their bare name, inside the folder of the delivery")
    if not is_name(name):
        raise refuse(f"the name of the file is not made of {NAME_RULE}",
                     "give the file such a name", name)
    if entry.extract not in contracts:
        raise refuse(f"the manifest names an unknown extract, {told(entry.extract)}",
                     "send only the extracts of the interface", name)
    if not name.lower().endswith(tuple(FORMATS)):
        raise refuse("the file is neither CSV (plain, .gz, .zst) nor Parquet",
                     "send one of these formats", name)
    _check_file(folder, name, refuse)
    if not re.fullmatch("[0-9a-f]{64}", entry.sha256):
        raise refuse("sha256 in the manifest is not 64 hexadecimal digits", file=name)
    if contracts[entry.extract].has_amount and entry.control_total is None:
        raise refuse("the control total is missing, the extract has a column amount",
                     "give the sum of amount as control_total", name)
    if not contracts[entry.extract].has_amount and entry.control_total is not None:
        raise refuse("a control total is given, the extract has no column amount",
                     "leave control_total null", name)
