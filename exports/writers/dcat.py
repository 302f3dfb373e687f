"""The entry of a package in a catalogue: DCAT-AP, as JSON-LD that needs nothing from elsewhere.

Belongs here: the dataset and its distributions. Does not belong here: the catalogue of whoever
takes the entry up, a licence (the fund grants it, not a program).
"""

import json
from pathlib import Path

from exports.manifest import sha256_of
from exports.names import DCAT
from exports.package import Contents, files_of
from exports.periods import words
from exports.texts import LANGUAGES, text
from exports.writers.datapackage import media_type

_AUTHORITY = "http://publications.europa.eu/resource/authority"
_LANGUAGES = {"fr": "FRA", "nl": "NLD"}
_CONTEXT = {
    "dcat": "http://www.w3.org/ns/dcat#",
    "dct": "http://purl.org/dc/terms/",
    "foaf": "http://xmlns.com/foaf/0.1/",
    "spdx": "http://spdx.org/rdf/terms#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}


def write_dcat(folder: Path, contents: Contents) -> None:
    """Write the entry about every file that the folder has by now."""
    entry = {
        "@context": _CONTEXT,
        "@id": f"urn:vigie:{contents.identifier}",
        "@type": "dcat:Dataset",
        "dct:identifier": contents.identifier,
        "dct:title": _spoken(_title, contents),
        "dct:description": _spoken(_description, contents),
        "dct:publisher": {
            "@type": "foaf:Agent",
            "foaf:name": [{"@value": text("fund", lang), "@language": lang} for lang in LANGUAGES],
        },
        "dct:issued": _typed(contents.built_at.date().isoformat(), "date"),
        "dct:temporal": {
            "@type": "dct:PeriodOfTime",
            "dcat:startDate": _typed(contents.period.start.isoformat(), "date"),
            "dcat:endDate": _typed(contents.period.end.isoformat(), "date"),
        },
        "dct:spatial": _of("country/BEL"),
        "dct:accessRights": _of(f"access-right/{contents.profile.access}"),
        "dct:language": _of(f"language/{_LANGUAGES[contents.lang]}"),
        "dcat:theme": _of("data-theme/SOCI"),
        "dcat:version": contents.release_id,
        "dcat:keyword": [
            {"@value": part.statistic.title(lang), "@language": lang}
            for part in contents.parts
            for lang in LANGUAGES
        ],
        "dcat:distribution": [_distribution(folder, name) for name in files_of(folder)],
    }
    written = json.dumps(entry, ensure_ascii=False, indent=2)
    (folder / DCAT).write_text(written + "\n", encoding="utf-8")


def _spoken(said, contents: Contents) -> list[dict]:
    return [{"@value": said(contents, lang), "@language": lang} for lang in LANGUAGES]


def _title(contents: Contents, lang: str) -> str:
    codes = ", ".join(part.statistic.code for part in contents.parts)
    return text("dcat_title", lang, codes=codes, period=words(contents.period.text, lang))


def _description(contents: Contents, lang: str) -> str:
    named = "; ".join(f"{p.statistic.code} {p.statistic.title(lang)}" for p in contents.parts)
    return text(
        "dcat_description",
        lang,
        statistics=named,
        profile=contents.profile.label(lang),
        date=contents.business_date,
        release=contents.release_id,
    )


def _distribution(folder: Path, name: str) -> dict:
    path = folder / name
    return {
        "@type": "dcat:Distribution",
        "dct:title": name,
        # Beside the entry: whoever publishes the folder gives it its address.
        "dcat:accessURL": {"@id": name},
        "dcat:downloadURL": {"@id": name},
        "dcat:mediaType": {
            "@id": f"https://www.iana.org/assignments/media-types/{media_type(name)}"
        },
        "dct:format": _of(f"file-type/{path.suffix[1:].upper()}"),
        "dcat:byteSize": _typed(str(path.stat().st_size), "nonNegativeInteger"),
        "spdx:checksum": {
            "@type": "spdx:Checksum",
            "spdx:algorithm": {"@id": "spdx:checksumAlgorithm_sha256"},
            "spdx:checksumValue": _typed(sha256_of(path), "hexBinary"),
        },
    }


def _of(name: str) -> dict:
    """A term of the vocabularies of the European Union."""
    return {"@id": f"{_AUTHORITY}/{name}"}


def _typed(value: str, kind: str) -> dict:
    return {"@value": value, "@type": f"xsd:{kind}"}
