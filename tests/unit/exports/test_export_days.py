"""Days in a package: as a clerk writes them where a person reads, ISO where a machine does."""

from __future__ import annotations

import csv
import json
import re
from dataclasses import replace
from datetime import UTC, date, datetime

import openpyxl
import pypdf
import pytest

from exports import days
from exports.answer import answer
from exports.commission import Correction
from exports.register.texts import say as of_register
from exports.texts import sentence
from exports.verify.texts import say as of_verify
from tests.unit.exports.test_package_commission import REQUEST

CORRECTED = replace(REQUEST, correction=Correction("2026-0007", date(2026, 8, 3), "law", "Loi."))
# Not that of a release, whose name goes on behind it.
ISO = re.compile(r"(?<![\w-])\d{4}-\d\d-\d\d(?![\w-])")


def spoken(folder, lang: str) -> dict[str, str]:
    """All that a person reads of a package, by file."""
    (book,) = folder.glob("*.xlsx")
    (note,) = folder.glob("*.pdf")
    cells = [
        cell.value
        for sheet in openpyxl.load_workbook(book)
        for row in sheet
        for cell in row
        if isinstance(cell.value, str)
    ]
    pages = [page.extract_text() for page in pypdf.PdfReader(note).pages]
    (entry,) = folder.glob("*dcat*")
    described = [entry, folder / "datapackage.json", *folder.glob("*-metadata.json")]
    read = {one.name: json.loads(one.read_text(encoding="utf-8")) for one in described}
    return {
        book.name: " | ".join(cells),
        note.name: re.sub(r"\s+", " ", " ".join(pages)),
        **{name: " | ".join(in_words(said)) for name, said in read.items()},
    }


def in_words(said: object) -> list[str]:
    """Texts of a language in a file of JSON, and those without one that are titles."""
    if isinstance(said, list):
        return [text for one in said for text in in_words(one)]
    if not isinstance(said, dict):
        return []
    if "@language" in said and "@value" in said:
        return [said["@value"]]
    own = [said[key] for key in ("title", "description") if isinstance(said.get(key), str)]
    return own + [text for one in said.values() for text in in_words(one)]


@pytest.mark.parametrize("lang", ["fr", "nl"])
def test_a_person_reads_days_as_a_clerk_writes_them(home, tmp_path, lang):
    folder = answer(
        ["T08"], "2025Q3", out=tmp_path, home=home, profile="spf", lang=lang, commission=CORRECTED
    ).folder
    found = spoken(folder, lang)
    assert {name: ISO.findall(said) for name, said in found.items() if ISO.search(said)} == {}
    book, note, *_ = found.values()
    # Asked, due, what it corrects, the data, the last day of the period.
    for day in ("01/09/2026", "15/10/2026", "03/08/2026", "30/09/2026", "30/09/2025"):
        assert day in book, day
        assert day in note, day
    assert "01/10/2026 02:00 UTC" in book
    assert any("30/09/2026" in said for name, said in found.items() if "dcat" in name)


def test_a_machine_reads_days_in_iso(home, tmp_path):
    folder = answer(
        ["T08"], "2025Q3", out=tmp_path, home=home, profile="spf", commission=CORRECTED
    ).folder
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    assert manifest["business_date"] == "2026-09-30"
    assert manifest["commission"]["due_on"] == "2026-10-15"
    assert manifest["commission"]["correction"]["delivered_on"] == "2026-08-03"
    (table,) = [one for one in folder.glob("T08*.csv") if "sdmx" not in one.name]
    with open(table, encoding="utf-8", newline="") as opened:
        assert {row["SNAPSHOT_DATE"] for row in csv.DictReader(opened)} == {"2026-09-30"}
    for sdmx in folder.glob("sdmx/*_sdmx.*"):
        assert "2026-09-30" in sdmx.read_text(encoding="utf-8")
        assert "30/09/2026" not in sdmx.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("lang", "written"), [("fr", "05/12/2026"), ("nl", "05/12/2026"), ("en", "2026-12-05")]
)
def test_a_sentence_writes_the_days_it_is_given_in_its_language(lang, written):
    day = date(2026, 12, 5)
    assert days.day(day, lang) == written
    assert days.moment(datetime(2026, 12, 5, 9, 5, tzinfo=UTC), lang) == f"{written} 09:05"
    assert days.day(date(800, 12, 25), "en") == "0800-12-25"
    asked = sentence("period_after_due", "fr", asked="2027", end=day, due=day)
    assert str(asked.said_in(lang)).count(written) == 2
    assert of_register("not_come", lang, day=day, today=day).count(written) == 2
    alike = of_verify("rebuild_alike", lang, release="R", date=day)
    assert written in alike
