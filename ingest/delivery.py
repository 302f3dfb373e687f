"""A delivery as it lies in the landing folder: its manifest, its place in the order.

Here belongs what can be said without reading a data file: which folders are ready, what their
manifest promises, whether the promise is one we accept (F9, G1). Reading the files belongs to
`scan.py` (bytes) and `verify.py` (rows). Nothing here writes.
"""

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from pathlib import Path

from ingest.contract import Contract
from ingest.errors import DeliveryRefused

MANIFEST = "manifest.json"
MODES = ("full", "delta")
# How a file is read, by the end of its name; the first that fits.
FORMATS = {".csv.gz": "gzip", ".csv.zst": "zstd", ".csv": "none", ".parquet": "parquet"}
_DAY = re.compile("[0-9]{4}-[0-9]{2}-[0-9]{2}")
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
    """Folders that hold a manifest, by name; it is written last, so without it we wait."""
    if not landing.is_dir():
        return []
    return sorted(folder for folder in landing.iterdir()
                  if folder.is_dir() and not folder.name.startswith(".")
                  and (folder / MANIFEST).is_file())


def assumed_position(folder: Path) -> tuple[date, str]:
    """Place of a delivery whose manifest cannot be read: the date its name begins with.

    Without one it goes last: it then holds back nothing, and once readable it is put in its place.
    """
    try:
        return date.fromisoformat(folder.name[:10]), folder.name
    except ValueError:
        return date.max, folder.name


def read_manifest(folder: Path, contracts: Mapping[str, Contract]) -> Delivery:
    """The delivery that `folder/manifest.json` announces. Errors: DeliveryRefused (F9, G1)."""
    def refuse(reason: str, remedy: str = _ASK, file: str = MANIFEST) -> DeliveryRefused:
        return DeliveryRefused(folder.name, file, reason, remedy)

    try:
        manifest = json.loads((folder / MANIFEST).read_text(encoding="utf-8-sig"),
                              parse_float=Decimal)
        delivery_id, mode = manifest["delivery_id"], manifest["mode"]
        business_date = manifest["business_date"]
        entries = [_entry(item) for item in manifest["files"]]
    except (OSError, ValueError, TypeError, KeyError, AttributeError, InvalidOperation) as error:
        detail = f"the field {error} is missing" if isinstance(error, KeyError) else (
            "it is not the JSON object that the interface describes")
        raise refuse(f"the manifest cannot be read, {detail}") from None
    if delivery_id != folder.name:
        raise refuse("the manifest gives another delivery_id than the name of the folder",
                     "give the folder the name of the delivery")
    try:
        if not isinstance(business_date, str) or not _DAY.fullmatch(business_date):
            raise ValueError
        day = date.fromisoformat(business_date)
    except ValueError:
        raise refuse("business_date is not a date written YYYY-MM-DD") from None
    if mode not in MODES:
        raise refuse("mode is neither full nor delta")
    _check_entries(folder, mode, entries, contracts, refuse)
    rank = {name: place for place, name in enumerate(contracts)}
    return Delivery(delivery_id, folder, day, mode, str(manifest.get("produced_at") or ""),
                    tuple(sorted(entries, key=lambda entry: rank[entry.extract])))


def _entry(item: dict) -> FileEntry:
    total = item["control_total"]
    rows = item["rows"]
    if type(rows) is not int or rows < 0 or isinstance(total, bool):
        raise ValueError
    if not all(isinstance(item[field], str) for field in ("extract", "file", "sha256")):
        raise TypeError
    total = None if total is None else Decimal(total)
    if total is not None and not total.is_finite():
        raise ValueError
    return FileEntry(item["extract"], item["file"], rows, item["sha256"].lower(), total)


def _check_entries(folder, mode, entries, contracts, refuse) -> None:
    seen = set()
    for entry in entries:
        name = entry.file
        if name != Path(name).name or "\\" in name or name in ("", ".", ".."):
            raise refuse(f"the file of extract {entry.extract} is named with a path",
                         "name files by their bare name, inside the folder of the delivery")
        if entry.extract not in contracts:
            raise refuse(f"the manifest names an unknown extract, {entry.extract[:40]}",
                         "send only the extracts of the interface", name)
        if entry.extract in seen:
            raise refuse(f"the manifest names the extract {entry.extract} twice",
                         "send one file for each extract", name)
        seen.add(entry.extract)
        if not name.lower().endswith(tuple(FORMATS)):
            raise refuse("the file is neither CSV (plain, .gz, .zst) nor Parquet",
                         "send one of these formats", name)
        if not (folder / name).is_file():
            raise refuse("the file that the manifest names is missing", file=name)
        if not re.fullmatch("[0-9a-f]{64}", entry.sha256):
            raise refuse("sha256 in the manifest is not 64 hexadecimal digits", file=name)
        if contracts[entry.extract].has_amount and entry.control_total is None:
            raise refuse("the control total is missing, the extract has a column amount",
                         "give the sum of amount as control_total", name)
        if not contracts[entry.extract].has_amount and entry.control_total is not None:
            raise refuse("a control total is given, the extract has no column amount",
                         "leave control_total null", name)
    missing = [name for name in contracts if name not in seen]
    if mode == "full" and missing:
        raise refuse(f"a full delivery must hold every extract, missing: {', '.join(missing)}")
