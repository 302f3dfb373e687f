"""The manifest of a package: what was asked, of which release, what is in it, and what was checked.

Belongs here: writing manifest.json and its signature, reading them back. Does not belong here: the
files it lists (files.py), whether a package is what its manifest says (verify).
"""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import asdict
from datetime import date
from pathlib import Path

from exports.commission import Commission, Correction, Override
from exports.errors import NotAPackage
from exports.names import CODES, MANIFEST, SIGNATURE
from exports.package import Contents, Part, files_of, sdmx_names
from exports.signature import sign
from exports.signs import HIDDEN, is_ratio
from exports.tables import BlockTable, where_block
from exports.texts import sentence
from exports.writers.csv import codes_count, shown_cells
from exports.writers.xlsx import sheet_name

FORMAT = 2
SECONDARY = "reason_secondary"


def write_manifest(folder: Path, contents: Contents, cursor, earlier: Sequence[Path] = ()) -> None:
    """Write manifest.json: the request, the release, and each file with its bytes, hash and rows.

    The control totals are the sums of the values that are shown, as a recipient can add them up
    again; a rate has none.
    """
    rows = _rows(contents)
    manifest = {
        "format": FORMAT,
        "release_id": contents.release_id,
        "business_date": contents.business_date.isoformat(),
        "built_at": contents.built_at.isoformat(),
        "code_version": contents.code_version,
        "definition_version": contents.definition_version,
        "profile": contents.profile.name,
        "period": contents.period.text,
        "lang": contents.lang,
        "commission": _commission(contents.commission),
        "earlier": [_earlier(Path(one), contents.lang) for one in earlier],
        "statistics": [_described(part, cursor, contents.lang) for part in contents.parts],
        # What the release was found to be when it was published: passed, warned.
        "checks": list(contents.checks),
        "findings": [asdict(one) for one in contents.findings],
        "attack": _attack(contents),
        "files": [
            {
                "name": name,
                "bytes": (folder / name).stat().st_size,
                "sha256": sha256_of(folder / name),
                "rows": rows.get(name),
            }
            for name in files_of(folder)
            if name not in (MANIFEST, SIGNATURE)
        ],
    }
    text_of = json.dumps(manifest, ensure_ascii=False, indent=2, sort_keys=True)
    (folder / MANIFEST).write_text(text_of + "\n", encoding="utf-8")


def write_signature(folder: Path, home: Path, lang: str) -> None:
    """Sign the manifest, and by its hashes every file of the package."""
    signed = sign(home, (folder / MANIFEST).read_bytes(), lang)
    (folder / SIGNATURE).write_text(_signature_text(signed), encoding="utf-8")


def read_signature(path: Path) -> dict | None:
    """Return a signature as it lies beside what it signs; None for a file that is not just so."""
    try:
        written = path.read_text(encoding="utf-8")
        signed = json.loads(written)
    except (OSError, ValueError):
        return None
    names = {"algorithm", "key_id", "public_key", "signature"}
    same = isinstance(signed, dict) and set(signed) == names and written == _signature_text(signed)
    return signed if same else None


def _signature_text(signed: dict) -> str:
    return json.dumps(signed, indent=2, sort_keys=True) + "\n"


def read_manifest(folder: Path, lang: str = "fr") -> dict:
    """Return the manifest of a package.

    Raises NotAPackage: there is none, or it cannot be read.
    """
    try:
        said = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        words = sentence("not_a_package", lang, folder=folder.name, what=MANIFEST)
        raise NotAPackage(words) from error
    if not isinstance(said, dict):
        raise NotAPackage(sentence("not_a_package", lang, folder=folder.name, what=MANIFEST))
    return said


def manifest_hash(folder: Path) -> str:
    """Return the SHA-256 of a package's manifest: the name of exactly this package."""
    return sha256_of(folder / MANIFEST)


def commission_of(manifest: dict) -> Commission | None:
    """Return the request that a manifest names, as it was when the package was written."""
    said = manifest.get("commission")
    if said is None:
        return None
    days = {name: date.fromisoformat(said[name]) for name in ("received_on", "due_on")}
    override = Override(**said["override"]) if said["override"] else None
    corrected = said.get("correction")
    if corrected:
        on = date.fromisoformat(corrected["delivered_on"])
        corrected = Correction(**{**corrected, "delivered_on": on})
    return Commission(**{**said, **days, "override": override, "correction": corrected})


def sha256_of(path: Path) -> str:
    """Return the SHA-256 of a file."""
    with open(path, "rb") as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest()


def _commission(commission: Commission | None) -> dict | None:
    if commission is None:
        return None
    said = asdict(commission)
    # Only where there is one: what was written before it was told is written the same again.
    if commission.correction is None:
        del said["correction"]
    else:
        said["correction"]["delivered_on"] = commission.correction.delivered_on.isoformat()
    return said | {name: said[name].isoformat() for name in ("received_on", "due_on")}


def _earlier(folder: Path, lang: str) -> dict:
    read_manifest(folder, lang)
    return {"name": folder.name, "sha256": manifest_hash(folder)}


def _described(part: Part, cursor, lang: str) -> dict:
    statistic = part.statistic
    return {
        "code": statistic.code,
        "title_fr": statistic.title_fr,
        "title_nl": statistic.title_nl,
        "dimensions": list(statistic.dimension_names),
        "measures": [
            {
                "name": m.name,
                "unit": m.unit,
                "additive": m.additive,
                "numerator": m.numerator,
                "denominator": m.denominator,
                "count_basis": dict(m.count_basis),
            }
            for m in statistic.measures
        ],
        "ref_periods": list(part.ref_periods),
        "cells": part.cells,
        "hidden_cells": sum(part.hidden.values()),
        # No block of it can be given: its files have a header and no row.
        "left_out": part.is_left_out,
        "blocks_left_out": [" ".join((x.block, x.frequency)).strip() for x in part.left_out],
        "tables": [_table(part, table, cursor, lang) for table in part.tables],
        "file": part.csv_name,
        "definition_version": statistic.definition_version,
    }


def _table(part: Part, table: BlockTable, cursor, lang: str) -> dict:
    """One sheet of the workbook: which cells it has, by which breakdowns, and what the shown values
    of each measure add up to, as texts.
    """
    found = cursor.execute(
        f"""
        select measure, count(*), count(*) filter (where obs_status = '{HIDDEN}'),
            cast(coalesce(sum(cast(obs_value as decimal(38, 6))), 0) as varchar)
        from ({shown_cells(part)})
        where list_contains($periods, ref_period) and {where_block(part.statistic, table.block)}
        group by measure""",
        {"periods": list(table.ref_periods)},
    ).fetchall()
    by_measure = {measure: rest for measure, *rest in found}
    return {
        "block": table.block.name,
        "frequency": table.frequency,
        "sheet": sheet_name(table, lang),
        "ref_periods": list(table.ref_periods),
        "axes": [
            {
                "dimensions": list(axis.dimensions),
                "has_total": axis.has_total,
                "levels": list(axis.levels),
            }
            for axis in table.block.axes
        ],
        "columns": [dimension.name for dimension in table.dimensions],
        "measures": [
            {
                "name": measure.name,
                "cells": cells,
                "hidden_cells": hidden,
                "total": None if is_ratio(measure.unit) else total,
            }
            for measure in table.measures
            for cells, hidden, total in [by_measure.get(measure.name, (0, 0, "0.000000"))]
        ],
    }


def _attack(contents: Contents) -> dict:
    """What the attacker found: nothing, or the package would not have been written."""
    hidden: dict[str, int] = {}
    for part in contents.parts:
        for reason, count in part.hidden.items():
            hidden[reason] = hidden.get(reason, 0) + count
    besides = hidden.get(SECONDARY, 0)
    return {
        "applies": contents.profile.protects,
        "protected": sum(hidden.values()) - besides,
        "hidden_besides": besides,
        "exposed": 0,
    }


def _rows(contents: Contents) -> dict[str, int]:
    """How many lines of data a file has, where it is made of lines."""
    found = {CODES: codes_count(contents)}
    for part in contents.parts:
        for name in (part.csv_name, *sdmx_names(part)):
            found[name] = part.cells
    return found
