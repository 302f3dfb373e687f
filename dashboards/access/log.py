"""The record of accesses: who looked at what, one line each, in a chain that shows a change.

Belongs here: writing a line, reading the lines, whether the chain holds, ending old months. Does
not belong here: what counts as an access (watch.py), the page that shows them.

`$VIGIE_HOME/access/<month>.jsonl`, for its own account alone. A line holds the hash of the line
before it, over the months too, so that a line changed, taken out or put in breaks the chain;
`head.json` holds the last one, so that lines cut off at the end are missed. Several servers of
pages share the folder: one writes at a time. Whoever may write the folder could write the whole
chain anew: the last hash, which the page and `vigie doctor` show, is to be noted elsewhere by whom
it concerns. No personal data of an insured person but the account that was opened.
"""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import json
import os
import re
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from release.home import vigie_home

FOLDER = "access"
_HEAD, _LOCK = "head.json", "lock"
_MONTH = re.compile(r"\d{4}-\d{2}\.jsonl")
#: What stands before the first line.
BEGIN = "0" * 64
PAGE, ACCOUNT, DOWNLOAD, LOGIN, NOTICE = "page", "account", "download", "login", "notice"


@dataclass(frozen=True)
class Access:
    """One access. `what`: page, account, download, login, or notice (sent to who subscribed;
    `download` says what); `filters`: what stood in the address;
    `account`: the one opened; `download`: the file taken."""

    what: str
    subject: str
    name: str
    roles: tuple[str, ...] = ()
    page: str = ""
    filters: dict[str, str] = field(default_factory=dict)
    release: str = ""
    account: str = ""
    download: str = ""


@dataclass(frozen=True)
class Line:
    """One access as it was written. `at` is in UTC."""

    at: datetime
    access: Access


@dataclass(frozen=True)
class Fault:
    """Where the chain breaks: `file`, line in it (0: the file as a whole), and why (changed,
    unreadable, cut, missing)."""

    file: str
    line: int
    why: str


@dataclass(frozen=True)
class Chain:
    """The lines of the record, the oldest first; where it breaks; its last hash."""

    lines: list[Line]
    fault: Fault | None
    last: str


def folder_of(home: str | os.PathLike[str] | None = None) -> Path:
    """Return the folder of the record; it may not exist."""
    return vigie_home(home) / FOLDER


def write(access: Access, home: str | os.PathLike[str] | None = None) -> None:
    """Add a line; it is on the disk when this returns.

    Raises:
        OSError: it cannot be written; then nothing is to be shown either.
    """
    at = datetime.now(UTC)
    folder = folder_of(home)
    with alone(folder):
        head = _head(folder)
        body = {"at": at.isoformat(timespec="milliseconds"), **asdict(access)}
        body["previous"] = head["last"]
        body["hash"] = _hash(body)
        file = folder / f"{at:%Y-%m}.jsonl"
        with open(file, "ab", opener=_private) as out:
            out.write(_encoded(body) + b"\n")
            out.flush()
            os.fsync(out.fileno())
            size = out.tell()
        _put_head(folder, {**head, "last": body["hash"], "file": file.name, "size": size})


def read(home: str | os.PathLike[str] | None = None) -> Chain:
    """Read all lines and follow the chain. What cannot be read is a fault and not a line."""
    folder = folder_of(home)
    if not folder.is_dir():
        return Chain([], None, BEGIN)
    with alone(folder):
        head = _head(folder)
        files = [(file.name, file.read_bytes()) for file in _months(folder)]
    lines: list[Line] = []
    fault: Fault | None = None
    last = head["first"]
    for name, content in files:
        for number, text in enumerate(content.splitlines(), start=1):
            why = ""
            try:
                body = json.loads(text)
                line = _line(body)
            except (ValueError, KeyError, TypeError):
                why = "unreadable"
            else:
                lines.append(line)
                if body.get("previous") != last or body.get("hash") != _hash(body):
                    why = "changed"
                last = body.get("hash")
            fault = fault or (Fault(name, number, why) if why else None)
    if fault is None and last != head["last"]:
        fault = Fault(head["file"] or _HEAD, 0, "cut")
    return Chain(lines, fault, head["last"])


def end_months(keep: int, home: str | os.PathLike[str] | None = None) -> int:
    """Remove the months before the last `keep` ones; returns how many files went. The chain of
    those that stay begins where the last removed one ends.
    """
    folder = folder_of(home)
    if not folder.is_dir():
        return 0
    now = datetime.now(UTC)
    first = now.year * 12 + now.month - 1 - keep
    oldest = f"{first // 12:04d}-{first % 12 + 1:02d}.jsonl"
    with alone(folder):
        gone = [file for file in _months(folder) if file.name < oldest]
        if not gone:
            return 0
        head = _head(folder)
        ends = gone[-1].read_bytes().splitlines()
        with contextlib.suppress(ValueError, KeyError, IndexError):
            head["first"] = json.loads(ends[-1])["hash"]
        if head["file"] <= gone[-1].name:
            head |= {"file": "", "size": 0}
        # The head first: a chain that begins later than its files is told, the reverse is not.
        _put_head(folder, head)
        for file in gone:
            file.unlink()
    return len(gone)


def _months(folder: Path) -> list[Path]:
    return sorted(file for file in folder.iterdir() if _MONTH.fullmatch(file.name))


@contextlib.contextmanager
def alone(folder: Path) -> Iterator[None]:
    """Keep every other process from writing the record in `folder` meanwhile."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    with open(folder / _LOCK, "ab", opener=_private) as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)


def _head(folder: Path) -> dict:
    """Where the chain begins and ends. A line that a killed server wrote without saying so counts;
    half a line does not, and goes: nobody was shown anything for it.
    """
    try:
        head = json.loads((folder / _HEAD).read_text(encoding="utf-8"))
        head = {name: head[name] for name in ("first", "last", "file", "size")}
    except FileNotFoundError:
        head = {"first": BEGIN, "last": BEGIN, "file": "", "size": 0}
    except (ValueError, KeyError, TypeError):
        return {"first": BEGIN, "last": "", "file": _HEAD, "size": 0}
    changed = False
    for file in _months(folder):
        if file.name < head["file"]:
            continue
        known = head["size"] if file.name == head["file"] else 0
        if file.stat().st_size <= known:
            continue
        with open(file, "r+b") as content:
            content.seek(known)
            for text in content.read().splitlines(keepends=True):
                try:
                    body = json.loads(text)
                    follows = body["previous"] == head["last"] and body["hash"] == _hash(body)
                except (ValueError, KeyError, TypeError):
                    follows = False
                if not follows or not text.endswith(b"\n"):
                    if not text.endswith(b"\n"):
                        content.truncate(known)
                    break
                known += len(text)
                head |= {"last": body["hash"], "file": file.name, "size": known}
                changed = True
    if changed:
        _put_head(folder, head)
    return head


def _put_head(folder: Path, head: dict) -> None:
    draft = folder / f".{_HEAD}.{os.getpid()}.tmp"
    with open(draft, "wb", opener=_private) as out:
        out.write(_encoded(head) + b"\n")
    os.replace(draft, folder / _HEAD)


def _encoded(body: dict) -> bytes:
    return json.dumps(body, ensure_ascii=True, sort_keys=True).encode("ascii")


def _hash(body: dict) -> str:
    told = {name: value for name, value in body.items() if name != "hash"}
    return hashlib.sha256(_encoded(told)).hexdigest()


def _line(body: dict) -> Line:
    values = {name: body[name] for name in Access.__dataclass_fields__}
    values["roles"] = tuple(values["roles"])
    return Line(datetime.fromisoformat(body["at"]), Access(**values))
