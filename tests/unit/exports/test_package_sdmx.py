"""SDMX 3.0: what the standard and the library that knows it say of our files, and what our own
check says of files that the library would take.
"""

from __future__ import annotations

import pandas as pd
import pytest
from lxml import etree
from pysdmx.io import get_datasets, read_sdmx
from pysdmx.io.xml.doc_validation import validate_doc
from pysdmx.model import Codelist, DataStructureDefinition

from exports.catalogue import Code
from exports.errors import BadDeclaration
from exports.sdmx.conformance import faults
from exports.sdmx.model import code_id, code_lists
from exports.signs import SHOWN
from tests.unit.exports.other_shapes import write_package

CODES = ("T01", "T04", "T08", "T16")
NAME = "{http://www.sdmx.org/resources/sdmxml/schemas/v3_0/common}Name"
LANG = "{http://www.w3.org/XML/1998/namespace}lang"


@pytest.fixture(scope="module")
def sdmx(hidden):
    return hidden.folder / "sdmx"


@pytest.fixture(scope="module")
def structures(sdmx):
    found = read_sdmx(str(sdmx / "structure.xml")).structures
    return {one.id: one for one in found if isinstance(one, DataStructureDefinition)}


@pytest.fixture(scope="module")
def dataset(sdmx):
    """The data of T08 as the library reads them, values as texts."""
    (found,) = get_datasets(str(sdmx / "T08_2025_public_sdmx.csv"))
    return found.data


def test_every_message_is_valid_by_the_schema_of_the_standard(sdmx):
    for path in sdmx.glob("*.xml"):
        validate_doc(path.read_text(encoding="utf-8"))


def test_a_message_that_is_not_valid_is_refused(sdmx):
    """The check above can fail."""
    written = (sdmx / "structure.xml").read_text(encoding="utf-8")
    with pytest.raises(Exception, match="Cod"):
        validate_doc(written.replace("<str:Code id=", "<str:Cod id="))


@pytest.mark.parametrize("ending", ["csv", "xml"])
@pytest.mark.parametrize("code", CODES)
def test_the_library_reads_the_data_by_their_structure(sdmx, structures, code, ending):
    path = sdmx / f"{code}_2025_public_sdmx.{ending}"
    (found,) = get_datasets(str(path), str(sdmx / "structure.xml"))
    assert found.short_urn == f"Dataflow=CNA_NH:{code}(1.0)"
    assert found.attributes["SNAPSHOT_DATE"] == "2026-09-30"
    assert len(found.data) > 20
    columns = set(found.data.columns)
    known = {one.id for one in structures[code].components}
    assert columns <= known
    assert known - columns <= {"SNAPSHOT_DATE", "RELEASE_ID"}


@pytest.mark.parametrize("lang", ["fr", "nl"])
def test_names_are_in_both_languages_the_asked_one_first(shapes_home, tmp_path, lang):
    package = write_package(shapes_home, tmp_path, ["T04"], lang=lang)
    root = etree.parse(package.folder / "sdmx" / "structure.xml").getroot()
    names = {
        (code.getparent().get("id"), code.get("id")): [
            (one.get(LANG), one.text) for one in code.iterchildren(NAME)
        ]
        for code in root.iter("{*}Code")
    }
    said = {"fr": "Cessation", "nl": "Stopzetting"}
    other = {"fr": "nl", "nl": "fr"}[lang]
    assert names["CL_FLOW", "cessation"] == [(lang, said[lang]), (other, said[other])]
    assert all([one for one, _ in found] == [lang, other] for found in names.values())
    every = [one for element in root.iter(NAME) for one in [element.get(LANG)]]
    assert set(every) == {"fr", "nl"}
    assert "en" not in every


def test_a_time_and_a_frequency_are_as_the_standard_writes_them(sdmx):
    (found,) = get_datasets(str(sdmx / "T04_2025_public_sdmx.csv"))
    pairs = set(zip(found.data["FREQ"], found.data["TIME_PERIOD"], strict=True))
    assert ("A", "2025") in pairs
    assert ("Q", "2025-Q3") in pairs
    assert ("M", "2025-09") in pairs
    assert len(pairs) == 17


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("<20", "LT20"),
        ("70+", "GE70"),
        (">1825", "GT1825"),
        ("65-69", "65-69"),
        ("_T", "_T"),
        ("02000", "02000"),
    ],
)
def test_a_code_that_the_standard_forbids_gets_an_id(code, expected):
    assert code_id(code) == expected


def test_two_codes_of_one_list_never_get_the_same_id(home):
    from exports.answer import prepare
    from release.reader import open_release

    contents, _ = prepare(open_release(home), ["T08"], "2025", profile="inasti")
    assert "nature" in code_lists(contents)
    contents.codes["nature"]["<20"] = Code("<20", "a", "a", 8, False)
    contents.codes["nature"]["LT20"] = Code("LT20", "b", "b", 9, False)
    with pytest.raises(BadDeclaration, match="LT20"):
        code_lists(contents)


def test_what_conforms_has_no_fault(dataset, structures):
    assert faults(dataset, structures["T08"].components, "fr") == []


def test_the_library_lets_a_renamed_measure_pass_and_we_do_not(sdmx, structures, tmp_path):
    written = (sdmx / "T08_2025_public_sdmx.csv").read_text(encoding="utf-8")
    path = tmp_path / "renamed.csv"
    path.write_text(written.replace("OBS_VALUE", "OBSERVED", 1), encoding="utf-8")
    (found,) = get_datasets(str(path), str(sdmx / "structure.xml"))
    assert "OBSERVED" in found.data.columns
    said = " ".join(faults(found.data, structures["T08"].components, "fr"))
    assert "OBSERVED" in said
    assert "OBS_VALUE" in said


def change(name, value):
    def changed(rows):
        rows.loc[rows.index[2], name] = value
        return rows

    return changed


def shown_without_value(rows):
    rows.loc[rows["OBS_STATUS"] == SHOWN, "OBS_VALUE"] = ""
    return rows


@pytest.mark.parametrize(
    ("change", "named"),
    [
        (lambda rows: rows.drop(columns="OBS_VALUE"), "OBS_VALUE"),
        (lambda rows: rows.drop(columns="NATURE"), "NATURE"),
        (lambda rows: rows.assign(MORE="1"), "MORE"),
        (change("NATURE", "nobody"), "nobody"),
        (change("MEASURE", "claim"), "CL_MEASURE_T08"),
        (change("OBS_STATUS", "X"), "OBS_STATUS"),
        (change("CONF_STATUS", ""), "CONF_STATUS"),
        (change("OBS_VALUE", "1,5"), "1,5"),
        (change("OBS_VALUE", ""), "1"),
        (change("TIME_PERIOD", "2025Q3"), "2025Q3"),
        (change("FREQ", None), "FREQ"),
        (lambda rows: pd.concat([rows, rows.iloc[[3]]]), "MEASURE="),
        (shown_without_value, "A"),
    ],
    ids=[
        "measure missing",
        "dimension missing",
        "unknown column",
        "unknown code",
        "measure of another name",
        "unknown status",
        "empty attribute",
        "no number",
        "one value missing",
        "no period",
        "empty dimension",
        "same key twice",
        "no value at all",
    ],
)
@pytest.mark.parametrize("lang", ["fr", "nl"])
def test_our_check_refuses(dataset, structures, change, named, lang):
    found = faults(change(dataset.copy()), structures["T08"].components, lang)
    assert found
    assert named in " ".join(found)


def test_a_list_is_whole_whatever_the_package(shapes_home, tmp_path):
    """The same list in every package of a release: `T04` of one month has not every code."""
    folders = [
        write_package(shapes_home, tmp_path / period, ["T04"], period=period).folder
        for period in ("2025", "2025-01")
    ]
    lists = [
        {
            one.id: [code.id for code in one]
            for one in read_sdmx(str(folder / "sdmx" / "structure.xml")).structures
            if isinstance(one, Codelist)
        }
        for folder in folders
    ]
    assert lists[0] == lists[1]
    assert {"_T", "starter", "cessation"} <= set(lists[0]["CL_FLOW"])
