"""Why a file could not be read or written, in our own words.

Belongs here: what stands behind the colon or in brackets of a sentence about a file. Does not
belong here: the sentence itself; what is wrong in a package (verify/faults.py). What a library says
of its insides, in English, helps nobody who has a file in hand.
"""

import csv
import errno
import json

from exports.texts import Sentence, sentence

_OF_SYSTEM = {
    errno.ENOENT: "absent",
    errno.EACCES: "right",
    errno.EPERM: "right",
    errno.EISDIR: "folder",
    errno.ENOTDIR: "absent",
    errno.ENAMETOOLONG: "long_name",
    errno.ELOOP: "absent",
    errno.ENOSPC: "room",
    errno.EDQUOT: "room",
    errno.EFBIG: "room",
    errno.EROFS: "read_only",
}


def of_system(error: OSError, lang: str) -> Sentence:
    """Return what the system refuses, and what to do, as a clause without its point."""
    kind = _OF_SYSTEM.get(error.errno or 0)
    if kind is None:
        return sentence("fault_other", lang, code=errno.errorcode.get(error.errno or 0, "?"))
    return sentence(f"fault_{kind}", lang)


def of_text(error: ValueError | RecursionError | csv.Error, lang: str) -> Sentence:
    """Return what is wrong in a file that a person has written, as a clause without its point."""
    if isinstance(error, json.JSONDecodeError):
        return sentence("fault_json", lang, line=error.lineno, column=error.colno)
    if isinstance(error, UnicodeError):
        return sentence("fault_utf8", lang)
    if isinstance(error, csv.Error):
        return sentence("fault_csv", lang)
    return sentence("fault_deep", lang)
