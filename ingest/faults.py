"""Whose fault an error is: the delivered file's, the machine's, the operator's, or ours.

Here belongs the one answer to that question, with a sentence and a remedy, for everything that
meets an error while it reads or writes. `fault_of` answers for any exception; `stopped` makes of
one that is not a file's the error that ends the load. Does not belong here: what is wrong with a
file (`verify.py`, `delivery.py`), how a step or a command tells it (`orchestration`).

The text of a DuckDB error may quote a delivered row, so nothing of it is ever told: it is only
searched for the words of the operating system and for the path of a file that is there. It must
not be chained either, because a log writes chains out.
"""

import errno
import os
import re
import zlib
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

import duckdb
import pyarrow as pa

from ingest.errors import DeliveryRefused, IngestError, MachineError, MistakeError
from ingest.texts import TEXTS, said


class Owner(StrEnum):
    """Who can mend it: the sender of the file, who keeps the machine, who runs Vigie, who writes
    it.
    """

    FILE = "file"
    MACHINE = "machine"
    OPERATOR = "operator"
    OURS = "ours"


@dataclass(frozen=True)
class Fault:
    """Whose fault, why, and what to do: `reason` and `remedy` are texts of texts.yaml. `path` is
    the file or folder it is about, None where none is known.
    """

    owner: Owner
    reason: str
    remedy: str
    path: Path | None = None

    @property
    def sentence(self) -> str:
        """Reason and remedy as one sentence."""
        where = f"{self.path}: " if self.path else ""
        return f"{where}{self.reason}; {self.remedy}."


# What the operating system says, and what helps (`remedy.…`); anything else it says is the
# machine's as well.
_REMEDIES = {
    errno.ENOSPC: "space",
    errno.EDQUOT: "quota",
    errno.EFBIG: "size",
    errno.EACCES: "right",
    errno.EPERM: "right",
    errno.EROFS: "writable",
    errno.EIO: "disk",
    errno.EMFILE: "open_files",
    errno.ENFILE: "open_files",
    errno.ENOMEM: "memory",
    errno.ENOENT: "put_back",
    errno.ENOTDIR: "a_folder",
    errno.EISDIR: "a_file",
    errno.ESTALE: "mount",
    errno.ENODEV: "mount",
    errno.ENXIO: "mount",
}
# DuckDB reports these of the file it reads. `duckdb.Error` itself comes from its Parquet reader.
_FORMAT_ERRORS = (
    duckdb.InvalidInputException,
    duckdb.ConversionException,
    duckdb.OutOfRangeException,
    duckdb.SerializationException,
    duckdb.NotImplementedException,
)
_VALUE_ERRORS = (duckdb.ConversionException, duckdb.OutOfRangeException)
# Raised before any row is read: their text quotes our SQL only.
_BEFORE_ROWS = (duckdb.BinderException, duckdb.ParserException, duckdb.CatalogException)
_STREAM = re.compile("gzip|frame|decompress|corrupt|checksum|enough bytes", re.IGNORECASE)
_BYTES = re.compile("parquet|read file|magic|footer|decompress|corrupt|bytes", re.IGNORECASE)
_PATH = re.compile('"(/[^"]{1,4096})"')


def fault_of(error: BaseException, path: Path | None = None) -> Fault:
    """Whose fault `error` is; `path` is what was being read or written, if the error names none.

    A fault of the file is one only where a delivered file was read: who reads a stored one asks
    `stopped`.
    """
    if isinstance(error, DeliveryRefused):
        return Fault(Owner.FILE, error.reason, error.remedy)
    if isinstance(error, MachineError):
        return Fault(Owner.MACHINE, error.reason, error.remedy, error.path)
    if isinstance(error, MistakeError):
        return Fault(Owner.OURS, error.reason, error.remedy)
    if isinstance(error, IngestError):
        return Fault(Owner.OPERATOR, error.said, said("remedy.run_again"))
    if isinstance(error, duckdb.Error):
        return _of_duckdb(error, path)
    if isinstance(error, (MemoryError, pa.ArrowMemoryError)):
        return Fault(Owner.MACHINE, said("fault.memory"), _then_again("memory"), path)
    if isinstance(error, OSError) and error.errno is not None:
        named = error.filename if isinstance(error.filename, (str, os.PathLike)) else None
        return _of_system(error.errno, Path(named) if named else path)
    # Without a number of the system it is a decompressor that speaks.
    if isinstance(error, (OSError, EOFError, zlib.error, UnicodeError, pa.ArrowInvalid)):
        return _of_format(path)
    return _ours(error, path)


def stopped(error: Exception, path: Path | None = None) -> Exception:
    """What ends the load for an error that no delivered file is to blame for: raise it `from None`.

    What reads like a fault of a file is then damage to one that Vigie keeps. A mistake of ours
    stays as it is, for the log, unless its text may quote a row.
    """
    if isinstance(error, IngestError):
        return error
    fault = fault_of(error, path)
    if fault.owner is Owner.MACHINE:
        return MachineError(fault.reason, fault.remedy, fault.path)
    if fault.owner is Owner.FILE and isinstance(error, duckdb.Error) and _is_damage(error):
        return MachineError(said("fault.kept_damaged"), said("remedy.restore_or_load"), path)
    if isinstance(error, duckdb.Error) and not isinstance(error, _BEFORE_ROWS):
        return MistakeError(type(error).__name__).with_traceback(error.__traceback__)
    return error


def _is_damage(error: duckdb.Error) -> bool:
    """Whether DuckDB stumbles over the bytes of a file, and not over a query of ours."""
    return type(error) is duckdb.Error or (
        not isinstance(error, _VALUE_ERRORS) and _BYTES.search(str(error)) is not None
    )


def _of_duckdb(error: duckdb.Error, path: Path | None) -> Fault:
    if isinstance(error, duckdb.OutOfMemoryException):
        return Fault(Owner.MACHINE, said("fault.memory_limit"), _then_again("limit"), path)
    if isinstance(error, duckdb.IOException):
        told = str(error)
        named = next((Path(p) for p in _PATH.findall(told) if Path(p).parent.is_dir()), path)
        for number in _REMEDIES:
            if os.strerror(number) in told:
                return _of_system(number, named)
        if _STREAM.search(told):
            return _of_format(named)
        if "No files found" in told:
            return _of_system(errno.ENOENT, named)
        return Fault(Owner.MACHINE, said("fault.unusable"), _then_again("see_to"), named)
    if isinstance(error, _FORMAT_ERRORS) or type(error) is duckdb.Error:
        return _of_format(path)
    return _ours(error, path)


def _of_system(number: int, path: Path | None) -> Fault:
    remedy = said("remedy.then_again", remedy=remedy_of(number))
    return Fault(Owner.MACHINE, reason_of(number), remedy, path)


def remedy_of(number: int) -> str:
    """What helps against what the operating system says, in every language."""
    return said(f"remedy.{_REMEDIES.get(number, 'see_to')}")


def reason_of(number: int) -> str:
    """What the operating system says, in every language; in its own words where we have none."""
    key = f"errno.{errno.errorcode.get(number)}"
    return said(key) if TEXTS.has(key) else os.strerror(number)


def _then_again(key: str) -> str:
    return said("remedy.then_again", remedy=said(f"remedy.{key}"))


def _of_format(path: Path | None) -> Fault:
    return Fault(Owner.FILE, said("fault.form"), said("remedy.write_anew"), path)


def _ours(error: BaseException, path: Path | None) -> Fault:
    mistake = MistakeError(type(error).__name__)
    return Fault(Owner.OURS, mistake.reason, mistake.remedy, path)
