"""Rows of a CSV as offices write them: `,`, `;` or tab between columns, point or comma in numbers.

Belongs here: lines, columns, numbers. Does not belong here: what a table means.
"""

from __future__ import annotations

import csv
import math
import re
from pathlib import Path

from exports.disclosure.errors import BadTable
from exports.disclosure.texts import say
from exports.faults import of_system, of_text

_SEPARATORS = (",", ";", "\t")
_BLANKS = re.compile(r"[\s\u00a0\u202f]+")


def read_rows(
    path: Path, lang: str, columns: tuple[str, ...] = ()
) -> tuple[list[str], list[tuple[int, dict[str, str]]]]:
    """The headings of a file, and each row with its line: `columns`, or all when none is named.

    Raises:
        BadTable: the file cannot be read, lacks a column or has a row that is too short.
    """
    try:
        with Path(path).open(encoding="utf-8-sig", newline="") as file:
            reader = csv.DictReader(file, strict=True, delimiter=_separator(file))
            headings = list(reader.fieldnames or ())
            lacking = [name for name in columns if name not in headings]
            if lacking:
                raise BadTable([say("csv_column", lang, path=path, column=", ".join(lacking))])
            wanted = columns or tuple(headings)
            rows = []
            for row in reader:
                if any(row[name] is None for name in wanted):
                    raise BadTable([say("csv_short", lang, path=path, line=reader.line_num)])
                rows.append((reader.line_num, {name: row[name].strip() for name in wanted}))
            return headings, rows
    except OSError as error:
        reason = of_system(error, lang)
        raise BadTable([say("unreadable", lang, path=path, reason=reason)]) from error
    except (UnicodeDecodeError, csv.Error) as error:
        raise BadTable([say("unreadable", lang, path=path, reason=of_text(error, lang))]) from error


def _separator(file) -> str:
    """What stands most often in the line of headings."""
    heading = file.readline()
    file.seek(0)
    return max(_SEPARATORS, key=heading.count)


def read_number(text: str) -> float | None:
    """A number with a point or a comma before its decimals; None for anything else.

    With both signs the last one is that of the decimals: 1.234,5 and 1,234.5.
    """
    bare = _BLANKS.sub("", text)
    point, comma = bare.rfind("."), bare.rfind(",")
    if point >= 0 and comma >= 0:
        thousands = "," if point > comma else "."
        bare = bare.replace(thousands, "")
    try:
        value = float(bare.replace(",", "."))
    except ValueError:
        return None
    return value if math.isfinite(value) else None
