"""A delivery of microdata: a period and a recipient in; a folder out.

Belongs here: the order of the steps, the manifest. Does not belong here: what a row says (the SQL
files), which columns there are (tables.yaml), the equations (reconciliation.py).
"""

import hashlib
import json
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from exports.catalogue import load_codes
from exports.errors import MicrodataRefused, StaleRelease, UnknownPeriod
from exports.microdata import dictionary, pseudonym, reconciliation
from exports.microdata.declared import Table, recipients, record_types, tables
from exports.names import MANIFEST, SIGNATURE
from exports.package import draft_of
from exports.periods import Period, covered, parse_period, read_period, span
from exports.profiles import Profile, find_profile, profiles
from exports.signature import sign
from exports.texts import check_language, sentence
from release.dictionary import read_dictionary
from release.home import vigie_home
from release.reader import Release, open_release

#: What its manifest says of itself, where a package of statistics says nothing.
KIND = "microdata"
_NEEDED = ("service.fct_records", "statistics.stat_t07", "statistics.stat_t15")


@dataclass(frozen=True)
class Microdata:
    """Where a delivery lies, and how many rows each file has."""

    folder: Path
    rows: dict[str, int]

    @property
    def paths(self) -> tuple[Path, ...]:
        """Return every file that a person would open."""
        return tuple(sorted(path for path in self.folder.iterdir() if path.suffix == ".csv"))


def write_microdata(
    period: str,
    *,
    profile: str,
    out: Path,
    home: Path | None = None,
    as_of: date | None = None,
    lang: str = "fr",
) -> Microdata:
    """Write the careers of `period` and the messages of T15 about them into a new folder.

    Args:
        period: a year or a quarter; of a year that is not over, the quarters that are.
        profile: the recipient; tables.yaml says who may have microdata.
        out: parent folder; the name of the new one says what it holds.
        home: data folder (default: VIGIE_HOME).
        as_of: business date of the release to read (default: the current one).
        lang: language of sentences and first language of the metadata.

    Raises:
        ExportError: one sentence, in `lang`; nothing is written then. NotReconciled when the files
            are not what the release counts.
        release.errors.ReleaseError: no such release.
    """
    check_language(lang)
    recipient = _recipient(profile, lang)
    release = open_release(home, as_of)
    return write_of(
        release, parse_period(period, lang), recipient, Path(out), vigie_home(home), lang
    )


def write_of(
    release: Release, asked: Period, recipient: Profile, out: Path, home: Path, lang: str
) -> Microdata:
    """Write the delivery of one release, as `write_microdata` does; raises as it does."""
    cursor = release.cursor()
    _check_tables(cursor, release, lang)
    quarters = _quarters(cursor, release, asked, lang)
    found = tables(read_dictionary(release), release.id, lang)
    key = pseudonym.recipient_key(home, recipient.name, lang)
    pseudonym.install(cursor, key)
    folder = out / f"microdata_{asked.text}_{recipient.name}_{release.id}"
    with draft_of(folder) as draft:
        named = {f"{table.name}_{asked.text}_{recipient.name}.csv": table for table in found}
        rows = {
            name: _write_rows(cursor, draft / name, table, quarters)
            for name, table in named.items()
        }
        careers, records = (draft / name for name in named)
        periods = [*quarters, *_whole_year(asked, quarters)]
        equations = reconciliation.reconcile(
            cursor, careers, records, periods, record_types(), lang
        )
        reconciliation.write(draft / reconciliation.FILE, equations)
        about = {
            "release_id": release.id,
            "business_date": release.business_date.isoformat(),
            "built_at": release.built_at.isoformat(),
            "code_version": str(release.about["code_version"]),
        }
        dictionary.write_dictionary(draft, named)
        lists = {column.list_name for table in found for column in table.columns} - {""}
        dictionary.write_codes(draft, _used(cursor, found), load_codes(cursor, lists))
        dictionary.write_metadata(draft, named, about, lang)
        said = about | {
            "format": 1,
            "kind": KIND,
            "profile": recipient.name,
            "conf_status": recipient.conf_status,
            "period": asked.text,
            "quarters": quarters,
            "lang": lang,
            "pseudonyms": {"key_id": pseudonym.key_id(key), "stable_for": recipient.name},
            "rows": rows,
            "equations": len(equations),
        }
        _write_manifest(draft, said, home, lang)
    return Microdata(folder, rows)


def _recipient(name: str, lang: str) -> Profile:
    """Return the profile; refuse who may not have rows about persons."""
    profile = find_profile(name, lang)
    if name not in recipients():
        allowed = ", ".join(profiles()[one].label(lang) for one in recipients())
        raise MicrodataRefused(
            sentence("microdata_refused", lang, profile=profile.name, allowed=allowed)
        )
    return profile


def _check_tables(cursor, release: Release, lang: str) -> None:
    held = {
        f"{schema}.{table}"
        for schema, table in cursor.execute(
            "select schema_name, table_name from duckdb_tables() where not internal"
        ).fetchall()
    }
    for needed in _NEEDED:
        if needed not in held:
            raise StaleRelease(sentence("stale_release", lang, release=release.id, what=needed))


def _quarters(cursor, release: Release, asked: Period, lang: str) -> list[str]:
    """Return the ended quarters of the period for which the release has a career or a message."""
    held = [
        row[0]
        for row in cursor.execute(
            "select distinct contribution_year || 'Q' || contribution_quarter"
            " from contribution.fct_expected_contributions"
            " union select distinct ref_period from statistics.stat_t15 where ref_period like '%Q%'"
        ).fetchall()
    ]
    ended = [one for one in held if read_period(one).end <= release.business_date]
    found = covered(asked, ended)
    if not found:
        raise UnknownPeriod(
            sentence("microdata_period", lang, asked=asked.text, existing=span(ended))
        )
    return found


def _whole_year(asked: Period, quarters: list[str]) -> list[str]:
    """Return the year when all of its quarters are delivered: T07 and T15 have it then."""
    return [asked.text] if len(quarters) == 4 else []


def _write_rows(cursor, path: Path, table: Table, quarters: list[str]) -> int:
    """Let the engine write a table, in the order of its columns; return its number of rows."""
    given = {"quarters": quarters, "record_types": record_types()}
    used = {name: value for name, value in given.items() if f"${name}" in table.sql}
    made = f"microdata_{table.name}"
    cursor.execute(f"create or replace temp table {made} as {table.sql}", used)
    columns = ", ".join(f'"{column.name}"' for column in table.columns)
    quoted = str(path).replace("'", "''")
    cursor.execute(
        f"copy (select {columns} from {made} order by all) to '{quoted}'"
        " (format csv, header, delimiter ',')"
    )
    return cursor.execute(f"select count(*) from {made}").fetchone()[0]


def _used(cursor, found: tuple[Table, ...]) -> dict[str, set[str]]:
    """Return the codes that occur, by list."""
    used: dict[str, set[str]] = {}
    for table in found:
        for column in table.columns:
            if column.list_name:
                rows = cursor.execute(
                    f'select distinct "{column.name}" from microdata_{table.name}'
                    f' where "{column.name}" is not null'
                ).fetchall()
                used.setdefault(column.list_name, set()).update(row[0] for row in rows)
    return used


def _write_manifest(folder: Path, said: dict, home: Path, lang: str) -> None:
    """Write manifest.json, with the hash of every file, and its signature beside it."""
    said["files"] = [_described(path) for path in sorted(folder.iterdir())]
    manifest = json.dumps(said, ensure_ascii=False, indent=2, sort_keys=True) + "\n"
    (folder / MANIFEST).write_text(manifest, encoding="utf-8")
    signed = json.dumps(sign(home, manifest.encode(), lang), indent=2, sort_keys=True)
    (folder / SIGNATURE).write_text(signed + "\n", encoding="utf-8")


def _described(path: Path) -> dict[str, object]:
    with open(path, "rb") as opened:
        digest = hashlib.file_digest(opened, "sha256").hexdigest()
    return {"name": path.name, "bytes": path.stat().st_size, "sha256": digest}
