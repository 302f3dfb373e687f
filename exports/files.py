"""Every file of a package, written into its folder in one step.

Belongs here: which file is written by whom, in which order. Does not belong here: what an answer
holds (answer.py), how a file looks (writers, sdmx, note).
"""

from collections.abc import Sequence
from pathlib import Path

from exports.manifest import write_manifest, write_signature
from exports.names import CODES, MANIFEST
from exports.note.letter import write_note
from exports.package import AnswerPackage, Contents, draft_of
from exports.protection.packages import held_by
from exports.sdmx.data import write_sdmx
from exports.writers.csv import write_codes, write_long
from exports.writers.csvw import write_metadata
from exports.writers.datapackage import write_datapackage
from exports.writers.dcat import write_dcat
from exports.writers.xlsx import write_workbook
from release.home import vigie_home


def write_files(
    contents: Contents,
    cursor,
    out: Path,
    earlier: Sequence[Path] = (),
    home: Path | None = None,
) -> AnswerPackage:
    """Write the package `contents` into a new folder under `out`, whole or not at all, signed with
    the key of the data folder `home` (default: VIGIE_HOME).

    The cells are read from the connection of `cursor`; `earlier` are folders of packages that were
    given before: the note says what changed since.
    """
    folder = Path(out) / contents.name
    with draft_of(folder) as draft:
        write_unsigned(draft, contents, cursor, earlier)
        write_signature(draft, vigie_home(home), contents.lang)
    return AnswerPackage(
        folder,
        note=folder / contents.note_name,
        workbook=folder / contents.workbook_name,
        tables=(*(folder / part.csv_name for part in contents.parts), folder / CODES),
        manifest=folder / MANIFEST,
        findings=contents.findings,
        left_out=tuple(part.statistic.code for part in contents.parts if part.is_left_out),
    )


def write_unsigned(folder: Path, contents: Contents, cursor, earlier: Sequence[Path] = ()) -> None:
    """Write every file but the signature into an empty folder; the same bytes for the same request
    of the same release.
    """
    for part in contents.parts:
        write_long(folder / part.csv_name, cursor, part, contents)
    write_codes(folder / CODES, contents)
    write_metadata(folder, contents)
    write_sdmx(folder, cursor, contents)
    write_workbook(folder / contents.workbook_name, contents)
    held = held_by(earlier, contents.profile, contents.lang)
    write_note(folder / contents.note_name, contents, cursor, held)
    # What describes files comes after them: the entry of a catalogue, then the manifest of all.
    write_datapackage(folder, contents)
    write_dcat(folder, contents)
    write_manifest(folder, contents, cursor, earlier)
