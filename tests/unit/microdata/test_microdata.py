"""Microdata of the sample fund: who gets it, what is in it, that it is what the release counts."""

import csv
import hashlib
import json
import shutil

import csvw
import pytest

from exports.errors import MicrodataRefused, NotReconciled, StaleRelease, UnknownPeriod
from exports.microdata import pseudonym, reconciliation, write_microdata
from exports.microdata.declared import record_types
from exports.signature import check
from exports.verify import verify_package
from orchestration.cli import main
from release.reader import open_release
from tests.unit.exports.small_release import build_release


def rows_of(path):
    """All rows of a CSV as dictionaries."""
    with open(path, encoding="utf-8", newline="") as opened:
        return list(csv.DictReader(opened))


@pytest.mark.parametrize(("profile", "lang"), [("spf", "fr"), ("public", "nl")])
def test_nobody_but_inasti_gets_rows_about_persons(fund, tmp_path, profile, lang):
    with pytest.raises(MicrodataRefused, match=r"^[^.]*[.]$") as told:
        write_microdata("2025", profile=profile, out=tmp_path, home=fund, lang=lang)
    assert "INASTI" in str(told.value) or "RSVZ" in str(told.value)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("period", ["2025-09", "1950", "2090Q1"])
def test_a_period_without_an_ended_quarter_is_refused(fund, tmp_path, period):
    with pytest.raises(UnknownPeriod, match=period):
        write_microdata(period, profile="inasti", out=tmp_path, home=fund)
    assert list(tmp_path.iterdir()) == []


def test_a_release_of_before_says_so(tmp_path):
    build_release(tmp_path)
    with pytest.raises(StaleRelease, match="fct_records"):
        write_microdata("2025", profile="inasti", out=tmp_path / "out", home=tmp_path)


def test_the_same_asked_twice_is_the_same_bytes(fund, year, tmp_path):
    again = write_microdata("2025", profile="inasti", out=tmp_path, home=fund)
    assert again.folder.name == year.folder.name
    names = sorted(path.name for path in year.folder.iterdir())
    assert names == sorted(path.name for path in again.folder.iterdir())
    for name in names:
        assert (again.folder / name).read_bytes() == (year.folder / name).read_bytes(), name


def test_every_total_is_that_of_the_release(fund, year):
    """Counted here from the files, compared with T15 as the release publishes it."""
    records = rows_of(year.folder / "records_2025_inasti.csv")
    counted = {}
    for row in records:
        for period in (row["REF_PERIOD"], "2025"):
            key = (period, row["RECORD_TYPE"], row["RECORD_STATUS"])
            counted[key] = counted.get(key, 0) + 1
    published = (
        open_release(fund)
        .cursor()
        .execute(
            "select ref_period, record_type, record_status, cast(obs_value as bigint)"
            " from statistics.stat_t15 where measure = 'records' and mutuality_union = '_T'"
            " and record_status <> '_T' and ref_period like '2025%'"
            " and list_contains($types, record_type)",
            {"types": record_types()},
        )
    )
    assert counted == {tuple(row[:3]): row[3] for row in published.fetchall()}
    assert len(counted) > 10

    equations = rows_of(year.folder / "reconciliation.csv")
    assert {row["DIFFERENCE"] for row in equations} == {"0"}
    assert {"records", "quarters", "done_records", "in_time_records", "dossiers", "persons"} <= {
        row["MEASURE"] for row in equations
    }
    assert {"T15", "T07", "contribution.fct_expected_contributions"} <= {
        row["SOURCE"] for row in equations
    }


def test_a_career_has_one_row_for_each_liable_quarter(fund, year):
    careers = rows_of(year.folder / "careers_2025_inasti.csv")
    expected = (
        open_release(fund)
        .cursor()
        .execute(
            "select contribution_year || 'Q' || contribution_quarter, category, count(*)"
            " from contribution.fct_expected_contributions where contribution_year = 2025"
            " group by all"
        )
    )
    counted = {}
    for row in careers:
        key = (row["QUARTER"], row["CATEGORY"])
        counted[key] = counted.get(key, 0) + 1
    assert counted == {tuple(row[:2]): row[2] for row in expected.fetchall()}
    assert {row["CAPACITY"] for row in careers} <= {
        "self_employed", "helper", "assisting_spouse"
    }  # fmt: skip
    # Most quarters were told to INASTI once, and accepted.
    told = [row for row in careers if row["ACCEPTED_MESSAGES"] == "1"]
    assert len(told) > 0.8 * len(careers)


def test_nothing_in_it_names_a_person_or_a_dossier(fund, year):
    """Neither a dossier number, nor the warehouse's own pseudonym of a person, in any file."""
    known = (
        open_release(fund)
        .cursor()
        .execute("select affiliate_id, person_key, birth_date from core.dim_affiliate")
        .fetchall()
    )
    dossiers, persons, _ = (set(column) for column in zip(*known, strict=True))
    values = {
        value
        for path in year.folder.glob("*.csv")
        for row in rows_of(path)
        for value in row.values()
    }
    assert not values & dossiers
    assert not values & persons
    ids = {row["PERSON"] for row in rows_of(year.folder / "careers_2025_inasti.csv")}
    key = pseudonym.recipient_key(fund, "inasti")
    assert ids <= {pseudonym.pseudonym(key, "person", one) for one in persons}
    assert {len(one) for one in ids} == {pseudonym.LENGTH}


def test_two_deliveries_can_be_linked(fund, year, tmp_path):
    """Whoever is in a quarter is there under the same name as in the year."""
    quarter = write_microdata("2025q3", profile="inasti", out=tmp_path, home=fund, lang="nl")
    (name,) = (path.name for path in quarter.folder.glob("careers*.csv"))
    assert name == "careers_2025Q3_inasti.csv"
    alone = rows_of(quarter.folder / name)
    among = rows_of(year.folder / "careers_2025_inasti.csv")
    assert alone == [row for row in among if row["QUARTER"] == "2025Q3"]


def test_only_what_is_for_inasti_leaves(year):
    kinds = {row["RECORD_TYPE"] for row in rows_of(year.folder / "records_2025_inasti.csv")}
    assert kinds <= set(record_types())
    assert "career_data" in kinds
    assert "incapacity_certificate" not in record_types()


def test_a_file_that_is_not_what_the_release_counts_does_not_leave(fund, year, tmp_path):
    """One record more, one career less, one person under two names: each is told."""
    cursor = open_release(fund).cursor()
    periods = ["2025Q1", "2025Q2", "2025Q3", "2025Q4", "2025"]
    for name, change in {
        "records": lambda lines: [*lines, lines[-1]],
        "careers": lambda lines: lines[:-1],
        # The person of the first row gets another pseudonym there.
        "persons": lambda lines: [lines[0], "0" * 32 + lines[1][32:], *lines[2:]],
    }.items():
        folder = tmp_path / name
        shutil.copytree(year.folder, folder)
        careers, records = (folder / f"{one}_2025_inasti.csv" for one in ("careers", "records"))
        changed = records if name == "records" else careers
        lines = changed.read_text(encoding="utf-8").splitlines(keepends=True)
        changed.write_text("".join(change(lines)), encoding="utf-8")
        with pytest.raises(NotReconciled, match="Er is niets geschreven"):
            reconciliation.reconcile(cursor, careers, records, periods, record_types(), "nl")


def test_a_failure_leaves_nothing_behind(fund, tmp_path, monkeypatch):
    """Files are written under a passing name: what does not reconcile is gone."""

    def broken(*_):
        raise NotReconciled("x")

    monkeypatch.setattr(reconciliation, "reconcile", broken)
    with pytest.raises(NotReconciled):
        write_microdata("2025Q3", profile="inasti", out=tmp_path, home=fund)
    assert list(tmp_path.iterdir()) == []


def test_the_manifest_is_signed_and_names_every_file(fund, year):
    written = (year.folder / "manifest.json").read_bytes()
    signed = json.loads((year.folder / "manifest.sig.json").read_text(encoding="utf-8"))
    assert check(fund, written, signed).trusted
    manifest = json.loads(written)
    listed = {entry["name"]: entry["sha256"] for entry in manifest["files"]}
    present = {path.name for path in year.folder.iterdir()}
    assert present == {*listed, "manifest.json", "manifest.sig.json"}
    for name, expected in listed.items():
        assert hashlib.sha256((year.folder / name).read_bytes()).hexdigest() == expected
    assert manifest["conf_status"] == "N"
    assert manifest["rows"]["careers_2025_inasti.csv"] == len(
        rows_of(year.folder / "careers_2025_inasti.csv")
    )


def test_the_dictionary_explains_every_column_and_code_in_both_languages(year):
    said = {(row["FILE"], row["COLUMN"]): row for row in rows_of(year.folder / "dictionary.csv")}
    codes = {(row["LIST"], row["CODE"]) for row in rows_of(year.folder / "codes.csv")}
    for name in ("careers_2025_inasti.csv", "records_2025_inasti.csv"):
        rows = rows_of(year.folder / name)
        assert [column for file, column in said if file == name] == list(rows[0])
        for column in rows[0]:
            entry = said[name, column]
            assert all(entry[key] for key in ("LABEL_FR", "LABEL_NL", "DEFINITION_FR"))
            assert entry["LABEL_FR"] != column
            values = {row[column] for row in rows} - {""}
            if entry["LIST"]:
                assert {(entry["LIST"], value) for value in values} <= codes
            if entry["REQUIRED"] == "true":
                assert "" not in {row[column] for row in rows}


@pytest.mark.parametrize("name", ["careers_2025_inasti.csv", "records_2025_inasti.csv"])
def test_programs_read_it_as_declared(year, name, tmp_path):
    """The W3C metadata holds: types, keys, and codes that are in their list."""
    said = json.loads((year.folder / f"{name}-metadata.json").read_text(encoding="utf-8"))
    for table in said["tables"]:
        # The library knows no virtual column as part of a key: what they say is written out.
        columns = table["tableSchema"]["columns"]
        added = {one["name"]: one["default"] for one in columns if one.get("virtual")}
        for one in columns:
            one.pop("virtual", None)
        rows = [{**row, **added} for row in rows_of(year.folder / table["url"])]
        with open(tmp_path / table["url"], "w", encoding="utf-8", newline="") as out:
            writer = csv.DictWriter(out, list(rows[0]))
            writer.writeheader()
            writer.writerows(rows)
    metadata = tmp_path / f"{name}-metadata.json"
    metadata.write_text(json.dumps(said), encoding="utf-8")
    group = csvw.TableGroup.from_file(metadata)
    assert len(group.tables) == 2
    for table in group.tables:
        assert table.check_primary_key()
        assert list(table.iterdicts(strict=True))
    assert group.check_referential_integrity()


def states(folder, home):
    """What `vigie verify` says of each thing it looks at."""
    return {one.name: one.state for one in verify_package(folder, home)}


def test_verify_makes_it_again(fund, year):
    found = states(year.folder, fund)
    assert found == dict.fromkeys(("files", "hashes", "signature", "equations", "again"), "ok")


@pytest.mark.parametrize(
    ("name", "before", "after", "wrong"),
    [
        ("careers_2025_inasti.csv", "self_employed", "helper", {"hashes", "again"}),
        ("reconciliation.csv", ",0,T07", ",1,T07", {"hashes", "again"}),
        ("reconciliation.csv", "dossiers,", "dossiers,9", {"hashes", "again", "equations"}),
        ("manifest.json", '"equations": ', '"equations": 9', {"signature", "equations", "again"}),
    ],
)
def test_verify_finds_what_was_changed(fund, year, tmp_path, name, before, after, wrong):
    folder = shutil.copytree(year.folder, tmp_path / year.folder.name)
    text = (folder / name).read_text(encoding="utf-8")
    assert before in text
    (folder / name).write_text(text.replace(before, after, 1), encoding="utf-8")
    found = states(folder, fund)
    assert {check for check, state in found.items() if state == "wrong"} == wrong


def test_verify_finds_a_row_or_a_file_that_is_gone(fund, year, tmp_path):
    folder = shutil.copytree(year.folder, tmp_path / year.folder.name)
    (folder / "codes.csv").unlink()
    records = folder / "records_2025_inasti.csv"
    lines = records.read_text(encoding="utf-8").splitlines(keepends=True)
    records.write_text("".join(lines[:-1]), encoding="utf-8")
    found = states(folder, fund)
    assert {check for check, state in found.items() if state == "wrong"} == {
        "files", "hashes", "equations", "again"
    }  # fmt: skip


def test_elsewhere_nobody_can_make_it_again_and_no_key_is_made(year, tmp_path):
    """The recipient checks hashes and equations; the pseudonyms stay the desk's. Whose they are is
    not proven without a key."""
    found = states(year.folder, tmp_path)
    assert found["again"] == "not_checked"
    assert found["signature"] == "unproven"
    assert found["hashes"] == found["equations"] == "ok"
    assert list(tmp_path.iterdir()) == []


def test_the_command_says_what_it_wrote(fund, tmp_path, capsys, monkeypatch):
    monkeypatch.setenv("VIGIE_HOME", str(fund))
    asked = ["microdata", "--period", "2025Q3", "--out", str(tmp_path), "--lang", "nl"]
    with pytest.raises(SystemExit) as left:
        main([*asked, "--profile", "inasti"])
    assert left.value.code == 0
    assert "careers_2025Q3_inasti.csv (regels: " in capsys.readouterr().out
    with pytest.raises(SystemExit) as left:
        main([*asked, "--profile", "public"])
    assert left.value.code == 1
    told = capsys.readouterr().err.strip()
    assert told.startswith("Er is niets geschreven")
    assert "\n" not in told
