"""What a source and a mapping are, as a folder declares them: `VIGIE_HOME/sources/NAME`.

Belongs here: the two kinds of YAML file, read and checked as far as can be told without the
database, each fault one sentence with file and key. Does not belong here: which sources there are
(the folder says), secrets (`secret.py`), SQL made from it (`query.py`).
"""

import hashlib
import json
import re
from collections.abc import Mapping as Keys
from dataclasses import dataclass
from datetime import time, timedelta
from pathlib import Path
from typing import Any

import yaml

from ingest.bounds import told
from ingest.contract import Contract, load_contracts
from ingest.errors import SourceError

SOURCE = "source.yaml"
ENGINES = ("postgresql", "sqlalchemy")
XMIN = "xmin"
COMPARE_KEYS = "keys"
_NAME = re.compile("[a-z][a-z0-9_]{0,39}")
_TABLE = re.compile(r'("[^"]+"|[A-Za-z_][A-Za-z0-9_$]*)(\.("[^"]+"|[A-Za-z_][A-Za-z0-9_$]*)){0,2}')
_WINDOW = re.compile("([0-9]{1,6}) (second|minute|hour|day)s?")
_CRON = re.compile(r"(\*|[0-9]+(-[0-9]+)?)(/[0-9]+)?(,(\*|[0-9]+(-[0-9]+)?)(/[0-9]+)?)*")
# Minute, hour, day of the month, month, day of the week.
_CRON_BOUNDS = ((0, 59), (0, 23), (1, 31), (1, 12), (0, 7))
_SOURCE_KEYS = {"engine", "url", "url_env", "url_file", "password_env", "password_file",
                "schedule", "day_ends", "encoding"}
_MAPPING_KEYS = {"table", "sql", "columns", "change_column", "overlap", "tombstones", "deletes",
                 "compare"}
_TOMBSTONE_KEYS = {"table", "sql", "columns", "change_column", "overlap"}


@dataclass(frozen=True)
class Rows:
    """Rows of the source: `table` or `sql`, an SQL expression for each column, and by which column
    changes are told. `overlap` is taken off the mark: time, or a number for a sequence.
    """

    file: str
    table: str | None
    sql: str | None
    columns: Keys[str, str]
    change_column: str | None = None
    overlap: timedelta | int = 0


@dataclass(frozen=True)
class Mapping:
    """How one extract comes from the source. `tombstones` tell deleted keys; without them a delta
    by `change_column` rests on `never_deleted`, which the mapping must say.
    """

    extract: str
    rows: Rows
    tombstones: Rows | None
    never_deleted: bool
    compares: bool

    @property
    def has_deltas(self) -> bool:
        """Whether changes of this extract can be told at all."""
        return self.compares or self.rows.change_column is not None

    @property
    def fingerprint(self) -> str:
        """Same fingerprint, same rows from the same database: after a change a full is due."""
        said = json.dumps([self.rows.table, self.rows.sql, dict(self.rows.columns)])
        return hashlib.sha256(said.encode()).hexdigest()


@dataclass(frozen=True)
class Source:
    """One source. `url` holds no password; the others name where a secret stands."""

    name: str
    folder: Path
    engine: str
    url: str | None
    url_env: str | None
    url_file: str | None
    password_env: str | None
    password_file: str | None
    schedule: str | None
    day_ends: time
    encoding: str | None
    mappings: Keys[str, Mapping]


def sources_folder(home: Path) -> Path:
    return Path(home) / "sources"


def source_names(home: Path) -> list[str]:
    """Sources that are declared, by name; whether the declaration holds, `read_source` says."""
    folder = sources_folder(home)
    if not folder.is_dir():
        return []
    return sorted(path.parent.name for path in folder.glob(f"*/{SOURCE}")
                  if _NAME.fullmatch(path.parent.name))


def read_source(home: Path, name: str) -> Source:
    """The source `name` with all of its mappings. Errors: SourceError, file and key."""
    folder = sources_folder(home) / name
    if not _NAME.fullmatch(name) or not (folder / SOURCE).is_file():
        known = ", ".join(source_names(home)) or "–"
        raise SourceError("none", name=told(name), file=SOURCE, known=known)
    said = _read(folder / SOURCE, name)
    where = f"{name}/{SOURCE}"
    _only(said, _SOURCE_KEYS, where)
    contracts = load_contracts()
    mappings = {}
    for path in sorted(folder.glob("*.yaml")):
        if path.name == SOURCE:
            continue
        if path.stem not in contracts:
            raise SourceError("no_extract", where=f"{name}/{path.name}", extract=told(path.stem))
        mappings[path.stem] = _mapping(contracts[path.stem], _read(path, name),
                                       f"{name}/{path.name}")
    if missing := [extract for extract in contracts if extract not in mappings]:
        raise SourceError("no_mapping", where=name, extracts=", ".join(missing))
    texts = {key: _text(said, key, where) for key in sorted(_SOURCE_KEYS - {"engine", "day_ends"})}
    engine = said.get("engine", "postgresql")
    if engine not in ENGINES:
        raise SourceError("engine", where=where, one=ENGINES[0], other=ENGINES[1])
    if sum(texts[key] is not None for key in ("url", "url_env", "url_file")) != 1:
        raise SourceError("one_url", where=where)
    if texts["password_env"] and texts["password_file"]:
        raise SourceError("one_password", where=where)
    if texts["schedule"] and not _is_cron(texts["schedule"]):
        raise SourceError("schedule", where=where)
    return Source(name, folder, engine, day_ends=_hour(said, where),
                  mappings={extract: mappings[extract] for extract in contracts}, **texts)


def _mapping(contract: Contract, said: dict, where: str) -> Mapping:
    _only(said, _MAPPING_KEYS, where)
    rows = _rows(said, where, [column.name for column in contract.columns])
    compare, deletes = said.get("compare"), said.get("deletes")
    if compare not in (None, COMPARE_KEYS):
        raise SourceError("compare", where=where, keys=COMPARE_KEYS)
    if deletes not in (None, "never"):
        raise SourceError("deletes", where=where)
    tombstones = None
    if "tombstones" in said:
        inner = f"{where}: tombstones"
        if not isinstance(said["tombstones"], dict):
            raise SourceError("no_list", where=inner)
        _only(said["tombstones"], _TOMBSTONE_KEYS, inner)
        tombstones = _rows(said["tombstones"], inner, list(contract.keys))
        if not tombstones.change_column:
            raise SourceError("tombstones_when", where=inner)
    if compare and (rows.change_column or tombstones or deletes):
        raise SourceError("compare_alone", where=where)
    if rows.change_column and bool(tombstones) == bool(deletes):
        raise SourceError("deleted_rows", where=where)
    if not rows.change_column and (tombstones or deletes):
        raise SourceError("no_change_column", where=where)
    return Mapping(contract.name, rows, tombstones, deletes == "never", compare is not None)


def _rows(said: dict, where: str, wanted: list[str]) -> Rows:
    table, sql = _text(said, "table", where), _text(said, "sql", where)
    if (table is None) == (sql is None):
        raise SourceError("table_or_sql", where=where)
    if table and not _TABLE.fullmatch(table):
        raise SourceError("table", where=where)
    given = said.get("columns") or {}
    if not isinstance(given, dict):
        raise SourceError("columns", where=where)
    if unknown := [told(str(name)) for name in given if name not in wanted]:
        raise SourceError("no_column", where=where, names=", ".join(unknown),
                          known=", ".join(wanted))
    for name, expression in given.items():
        if not isinstance(expression, (str, int)) or isinstance(expression, bool) or (
                not str(expression).strip()):
            raise SourceError("expression", where=where, name=name)
    # A column that is not named has the same name in the source.
    columns = {name: str(given.get(name, name)).strip() for name in wanted}
    change = _text(said, "change_column", where)
    if change == XMIN and table is None:
        raise SourceError("xmin_of_table", where=where, xmin=XMIN)
    return Rows(where, table, sql.strip().rstrip(";") if sql else None, columns, change,
                _overlap(said, where, change))


def _overlap(said: dict, where: str, change: str | None) -> timedelta | int:
    given = said.get("overlap")
    if change is None or change == XMIN:
        if given is not None:
            raise SourceError("no_overlap", where=where, xmin=XMIN)
        return 0
    if isinstance(given, int) and not isinstance(given, bool) and given >= 0:
        return given
    if isinstance(given, str) and (found := _WINDOW.fullmatch(given)):
        return timedelta(**{f"{found[2]}s": int(found[1])})
    raise SourceError("overlap", where=where)


def _is_cron(text: str) -> bool:
    fields = text.split(" ")
    return len(fields) == len(_CRON_BOUNDS) and all(
        _CRON.fullmatch(field) and all(least <= int(number) <= most
                                       for number in re.findall("[0-9]+", field))
        for field, (least, most) in zip(fields, _CRON_BOUNDS, strict=True))


def _hour(said: dict, where: str) -> time:
    given = said.get("day_ends", "06:00")
    try:
        return time.fromisoformat(given)
    except (TypeError, ValueError):
        raise SourceError("day_ends", where=where) from None


def _read(path: Path, name: str) -> dict:
    where = f"{name}/{path.name}"
    try:
        said = yaml.safe_load(path.read_text(encoding="utf-8"))
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        if mark:
            raise SourceError("not_yaml_line", where=where, line=mark.line + 1) from None
        raise SourceError("not_yaml", where=where) from None
    except UnicodeDecodeError:
        raise SourceError("not_utf8", where=where) from None
    if not isinstance(said, dict):
        raise SourceError("file_no_list", where=where)
    return said


def _only(said: dict, known: set[str], where: str) -> None:
    if unknown := [told(str(key)) for key in said if key not in known]:
        raise SourceError("unknown_key", where=where, names=", ".join(unknown),
                          known=", ".join(sorted(known)))


def _text(said: dict, key: str, where: str) -> str | None:
    value: Any = said.get(key)
    if value is None:
        if key in said:
            raise SourceError("no_value", where=where, name=key)
        return None
    if not isinstance(value, str) or not value.strip():
        raise SourceError("no_text", where=where, name=key)
    return value.strip()
