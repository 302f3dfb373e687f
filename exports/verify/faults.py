"""Why something of a package could not be looked at, in our own words.

Belongs here: telling a fault of the machine from one of the package, and the clause that names the
latter in a sentence of a check. Does not belong here: the sentences (texts.yaml), the checks. What
comes from anywhere may make any reader fail in any way; what that reader says of its insides helps
nobody who has a package in hand.
"""

import errno
from collections.abc import Iterator
from contextlib import contextmanager

import duckdb

from exports.errors import ExportError, NotAPackage
from exports.faults import of_system
from exports.names import MANIFEST
from exports.texts import Sentence, sentence
from storage.errors import EncryptionError

#: What a machine refuses, whatever lies in the file.
_MACHINE = (
    errno.EACCES,
    errno.EPERM,
    errno.ENOSPC,
    errno.EDQUOT,
    errno.EROFS,
    errno.EIO,
    errno.EMFILE,
    errno.ENFILE,
    errno.ENOMEM,
)
_LONGEST = 80


class Broken(ValueError):
    """A file that is not of its kind: csv, json, xlsx, xml (texts.yaml: broken_…)."""

    def __init__(self, kind: str, name: str) -> None:
        super().__init__(name)
        self.kind, self.name = kind, name


class Unreadable(ValueError):
    """An entry that no desk wrote: its text names it."""


def is_of_machine(error: BaseException) -> bool:
    """Say whether the machine failed, or who works at it: no fault of what was read."""
    if isinstance(error, OSError):
        return error.errno in _MACHINE
    ours = (MemoryError, duckdb.InterruptException, duckdb.OutOfMemoryException, EncryptionError)
    return isinstance(error, ours)


@contextmanager
def reading(kind: str, name: str) -> Iterator[None]:
    """Whatever a reader of that kind of file makes of foreign bytes, the file is told by its name.

    Raises:
        Broken: it is not of its kind.
    """
    try:
        yield
    except (OSError, ExportError, Broken, Unreadable):
        raise
    except Exception as error:
        if is_of_machine(error):
            raise
        raise Broken(kind, name) from error


def of_package(error: Exception, lang: str) -> Sentence:
    """Return why something of a package cannot be read, as a clause without its point. Foreign
    bytes may make any reader of them fail in any way.
    """
    if isinstance(error, Broken):
        return sentence(f"broken_{error.kind}", lang, name=error.name)
    if isinstance(error, Unreadable):
        return sentence("broken_entry", lang, name=_short(str(error)))
    if isinstance(error, NotAPackage):
        return sentence("broken_json", lang, name=MANIFEST)
    if isinstance(error, ExportError) and isinstance(error.args[0], Sentence):
        return error.args[0].clause()
    if isinstance(error, OSError) and error.errno:
        return of_system(error, lang)
    if isinstance(error, KeyError) and error.args and isinstance(error.args[0], str):
        return sentence("broken_absent", lang, name=_short(error.args[0]))
    return sentence("broken_form", lang)


def _short(name: str) -> str:
    return name if len(name) <= _LONGEST else f"{name[:_LONGEST]}…"
