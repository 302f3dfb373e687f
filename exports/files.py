"""Every file of a package, written into its folder in one step.

Belongs here: which file is written by whom. Does not belong here: what an answer holds
(answer.py), how a file looks (writers, note).
"""

from collections.abc import Sequence
from pathlib import Path

from exports.note.letter import write_note
from exports.package import CODES, MANIFEST, AnswerPackage, Contents, draft_of, write_manifest
from exports.writers.csv import write_codes, write_long
from exports.writers.csvw import write_metadata
from exports.writers.xlsx import write_workbook


def write_files(
    contents: Contents, cursor, out: Path, earlier: Sequence[Path] = ()
) -> AnswerPackage:
    """Write the package `contents` into a new folder under `out`, whole or not at all.

    The cells are read from the connection of `cursor`; `earlier` are folders of packages that were
    given before: the note says what changed since.
    """
    folder = Path(out) / contents.name
    with draft_of(folder) as draft:
        for part in contents.parts:
            write_long(draft / part.csv_name, cursor, part, contents)
        write_codes(draft / CODES, contents)
        write_metadata(draft, contents)
        write_workbook(draft / contents.workbook_name, contents)
        write_note(draft / contents.note_name, contents, cursor, earlier)
        write_manifest(draft, contents)
    return AnswerPackage(
        folder,
        note=folder / contents.note_name,
        workbook=folder / contents.workbook_name,
        tables=(*(folder / part.csv_name for part in contents.parts), folder / CODES),
        manifest=folder / MANIFEST,
    )
