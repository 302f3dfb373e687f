"""What describes a package to programs: Data Package, catalogue entry, manifest; by the libraries
that read such files.
"""

from __future__ import annotations

import hashlib
import json

import frictionless
import pytest
import rdflib
from rdflib.namespace import DCAT, DCTERMS, RDF

from exports.answer import answer
from exports.package import files_of
from exports.signature import check
from exports.validation.rule import rules
from tests.unit.exports.other_shapes import write_package

SPDX = rdflib.Namespace("http://spdx.org/rdf/terms#")


@pytest.fixture(scope="module")
def described(hidden):
    return json.loads((hidden.folder / "datapackage.json").read_text(encoding="utf-8"))


def validated(folder, described, names):
    """Validate some resources of a package in a folder, whatever their size and hash now are."""
    kept = [
        {key: value for key, value in one.items() if key not in ("bytes", "hash")}
        for one in described["resources"]
        if one["path"] in names
    ]
    written = folder / "datapackage.json"
    written.write_text(json.dumps(described | {"resources": kept}), encoding="utf-8")
    return frictionless.validate(str(written))


def test_a_data_package_is_valid(hidden):
    report = frictionless.validate(str(hidden.folder / "datapackage.json"))
    assert report.flatten(["name", "type", "message"]) == []
    tables = [task.name for task in report.tasks if task.type == "table"]
    assert len(tables) == 5


@pytest.mark.parametrize(
    ("old", "new", "kind"),
    [
        (",F,", ",unheard,", "constraint-error"),
        ("2025,starter", "2025-Q1,starter", "constraint-error"),
        ("EVENTS,A", "EVENTS,", "constraint-error"),
    ],
)
def test_a_data_package_notices_what_is_wrong(hidden, tmp_path, described, old, new, kind):
    """The check above can fail: an unknown code, no period, an empty status."""
    name = "T04_2025_public.csv"
    content = (hidden.folder / name).read_text(encoding="utf-8")
    assert old in content
    (tmp_path / name).write_text(content.replace(old, new), encoding="utf-8")
    (tmp_path / "codes.csv").write_bytes((hidden.folder / "codes.csv").read_bytes())
    report = validated(tmp_path, described, (name, "codes.csv"))
    assert kind in {found for (found,) in report.flatten(["type"])}


def test_a_key_to_the_codes_is_looked_up(hidden, tmp_path, described):
    content = (hidden.folder / "codes.csv").read_text(encoding="utf-8").splitlines(keepends=True)
    kept = [line for line in content if not line.startswith("flow,starter")]
    assert len(kept) == len(content) - 1
    (tmp_path / "codes.csv").write_text("".join(kept), encoding="utf-8")
    name = "T04_2025_public.csv"
    (tmp_path / name).write_bytes((hidden.folder / name).read_bytes())
    report = validated(tmp_path, described, (name, "codes.csv"))
    assert "foreign-key" in {found for (found,) in report.flatten(["type"])}


def test_the_entry_of_a_catalogue_has_what_dcat_ap_asks_for(hidden):
    graph = rdflib.Graph().parse(hidden.folder / "dcat.json", format="json-ld")
    (dataset,) = graph.subjects(RDF.type, DCAT.Dataset)
    for needed in (DCTERMS.title, DCTERMS.description):
        assert {one.language for one in graph.objects(dataset, needed)} == {"fr", "nl"}
    for wanted in (DCTERMS.publisher, DCTERMS.temporal, DCTERMS.spatial, DCAT.theme, DCAT.keyword):
        assert list(graph.objects(dataset, wanted)), wanted
    (rights,) = graph.objects(dataset, DCTERMS.accessRights)
    assert str(rights).endswith("access-right/PUBLIC")
    distributions = list(graph.objects(dataset, DCAT.distribution))
    # Not itself, nor what is written after it.
    names = set(files_of(hidden.folder)) - {"dcat.json", "manifest.json", "manifest.sig.json"}
    assert len(distributions) == len(names)
    for one in distributions:
        (place,) = graph.objects(one, DCAT.accessURL)
        name = str(place).partition(f"{hidden.folder.name}/")[2]
        assert name in names
        (summed,) = graph.objects(one, SPDX.checksum)
        (value,) = graph.objects(summed, SPDX.checksumValue)
        assert str(value) == hashlib.sha256((hidden.folder / name).read_bytes()).hexdigest()


@pytest.mark.parametrize(("profile", "right"), [("inasti", "NON_PUBLIC"), ("spf", "RESTRICTED")])
def test_who_may_have_a_package_is_in_its_entry(shapes_home, tmp_path, profile, right):
    package = write_package(shapes_home, tmp_path, ["T04"], profile=profile)
    entry = json.loads((package.folder / "dcat.json").read_text(encoding="utf-8"))
    assert entry["dct:accessRights"]["@id"].endswith(f"/{right}")


def test_a_manifest_counts_rows_and_says_what_was_checked(home, tmp_path):
    package = answer(["T01", "T08"], "2025", out=tmp_path, home=home, profile="spf")
    manifest = json.loads(package.manifest.read_text(encoding="utf-8"))
    rows = {one["name"]: one["rows"] for one in manifest["files"]}
    for name, count in rows.items():
        if name.endswith(".csv"):
            lines = (package.folder / name).read_text(encoding="utf-8").splitlines()
            assert count == len(lines) - 1, name
        elif name.endswith("_sdmx.xml"):
            assert count == (package.folder / name).read_text(encoding="utf-8").count("<Obs ")
        else:
            assert count is None
    found = {(one["rule"], one["code"]) for one in manifest["findings"]}
    assert found == {(rule, code) for rule in rules() for code in ("T01", "T08")}
    assert manifest["attack"] == {
        "applies": True,
        "exposed": 0,
        "hidden_besides": 0,
        "protected": 0,
    }
    assert manifest["commission"] is None
    assert manifest["earlier"] == []
    signed = json.loads((package.folder / "manifest.sig.json").read_text(encoding="utf-8"))
    assert check(home, package.manifest.read_bytes(), signed).trusted


def test_a_manifest_names_the_packages_that_were_known(home, tmp_path):
    first = answer(["T08"], "2024", out=tmp_path, home=home, profile="spf")
    second = answer(["T08"], "2025", out=tmp_path, home=home, profile="spf", earlier=[first.folder])
    manifest = json.loads(second.manifest.read_text(encoding="utf-8"))
    hashed = hashlib.sha256(first.manifest.read_bytes()).hexdigest()
    assert manifest["earlier"] == [{"name": first.folder.name, "sha256": hashed}]


def test_what_is_hidden_is_counted_by_why(tmp_path):
    from tests.unit.exports.small_release import build_release

    build_release(tmp_path / "home", persons=120)
    package = answer(
        ["T01"], "2025", out=tmp_path / "out", home=tmp_path / "home", profile="public"
    )
    manifest = json.loads(package.manifest.read_text(encoding="utf-8"))
    attack = manifest["attack"]
    (statistic,) = manifest["statistics"]
    assert attack["applies"]
    assert attack["protected"] > 0
    assert attack["hidden_besides"] > 0
    assert attack["protected"] + attack["hidden_besides"] == statistic["hidden_cells"]
