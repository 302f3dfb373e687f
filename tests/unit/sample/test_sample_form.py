"""Files of the synthetic fund against the published interface: columns, domains, references."""

import csv
import hashlib
import json
import re
from decimal import Decimal

import pytest
from stdnum.be import ssn, vat

from sample import SampleError, generate
from sample.schema import KEYS, SCHEMA

from .conftest import SMALL, columns, extracts, keys


def test_schema_is_that_of_the_interface():
    published = {name: [] for name in extracts()}
    for row in columns():
        published[row["extract"]].append(row["column"])
    assert {name: list(kinds) for name, kinds in SCHEMA.items()} == published
    assert {name: keys(name) for name in extracts()} == KEYS


def test_same_arguments_same_bytes(fund, tmp_path):
    generate(tmp_path / "again", **SMALL)
    for path in sorted(fund.out.rglob("*")):
        if path.is_file():
            other = tmp_path / "again" / path.relative_to(fund.out)
            assert path.read_bytes() == other.read_bytes(), path.name


def test_another_seed_other_bytes(fund, tmp_path):
    generate(tmp_path / "other", **(SMALL | {"seed": 8}))
    mine = (fund.full / "payments.csv").read_bytes()
    assert mine != (tmp_path / "other" / fund.full.name / "payments.csv").read_bytes()


def test_manifest_holds(fund):
    for folder in [fund.full, *fund.deltas]:
        manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
        assert manifest["delivery_id"] == folder.name
        assert manifest["mode"] == ("full" if folder == fund.full else "delta")
        for entry in manifest["files"]:
            data = (folder / entry["file"]).read_bytes()
            assert hashlib.sha256(data).hexdigest() == entry["sha256"]
            rows = list(csv.DictReader(data.decode().splitlines()))
            assert len(rows) == entry["rows"]
            if "amount" in SCHEMA[entry["extract"]]:
                total = sum((Decimal(row["amount"] or "0") for row in rows), Decimal(0))
                assert f"{total:.2f}" == entry["control_total"]
            else:
                assert entry["control_total"] is None
        if folder == fund.full:
            assert {entry["extract"] for entry in manifest["files"]} == set(SCHEMA)


@pytest.mark.parametrize("row", columns(), ids=lambda row: f"{row['extract']}.{row['column']}")
def test_every_column_in_its_domain(fund, row):
    """Types, required, domains, references hold for all rows but those planted."""
    extract, column, domain = row["extract"], row["column"], row["domain"]
    broken = []
    if row["required"] == "yes":
        broken.append(f"{column} is null")
    if row["type"] != "VARCHAR":
        broken.append(f"{column} is not null and try_cast({column} as {row['type']}) is null")
    if domain.startswith("^"):
        broken.append(f"not regexp_full_match({column}, '{domain}')")
    elif "|" in domain and " " not in domain:
        words = ",".join(f"'{word}'" for word in domain.split("|"))
        broken.append(f"{column} not in ({words})")
    elif domain.startswith("->"):
        broken.append(f"{column} is not null and {column} not in ({_parents(domain[3:])})")
    elif domain.startswith(">= ") and not domain[3].isdigit():
        other = domain.split()[1]
        unless = " and charge_type <> 'cancellation'" if "cancellation" in domain else ""
        broken.append(f"{column} < {other}{unless}")
    elif re.match(r"(>=|>|<>) ?\d", domain):
        sign, number = domain.split(";")[0].split()[:2]
        broken.append(f"not ({column}::decimal(18, 2) {sign} {number})")
    for condition in broken:
        assert fund.one(f"select count(*) from {extract} where {condition}") == 0, condition


def _parents(target: str) -> str:
    if target == "affiliates or companies":
        return "select affiliate_id from affiliates union all select company_id from companies"
    return f"select {keys(target)[0]} from {target}"


@pytest.mark.parametrize("extract", extracts())
def test_keys_are_unique(fund, extract):
    key = ", ".join(keys(extract))
    assert (
        fund.one(
            f"select count(*) from (select 1 from {extract} group by {key} having count(*) > 1)"
        )
        == 0
    )


def test_conditional_duties(fund):
    for table, condition in (
        ("affiliations", "(end_date is null) <> (end_reason is null)"),
        ("companies", "(status in ('closed', 'transferred_out')) <> (closed_date is not null)"),
        ("recovery_cases", "(closed_date is null) <> (closing_reason is null)"),
        ("benefit_claims", "(decision = 'refused') <> (refusal_reason is not null)"),
        ("charges", "amount::decimal(14, 2) < 0 and charge_type not in "
                    "('regularisation', 'cancellation')"),
        ("charges", "charge_type = 'cancellation' and related_charge_id is null"),
    ):  # fmt: skip
        assert fund.one(f"select count(*) from {table} where {condition}") == 0, table


def test_national_and_enterprise_numbers(fund):
    numbers = [row[0] for row in fund.rows("select niss from affiliates")]
    assert all(ssn.is_valid(number) for number in numbers)
    assert len(set(numbers)) == len(numbers)
    assert all(int(number[6:9]) >= 950 for number in numbers)
    enterprises = [row[0] for row in fund.rows("select enterprise_number from companies")]
    assert all(vat.is_valid(number) and number.startswith("15") for number in enterprises)


def test_municipalities_are_valid_on_the_business_date(fund):
    from sample.calibration import HERE

    with open(HERE / "data" / "municipalities.csv", encoding="utf-8", newline="") as handle:
        valid = {
            row["nis"] for row in csv.DictReader(handle)
            if not row["valid_to"] or row["valid_to"] >= "2026-09-30"
        }  # fmt: skip
    for table in ("affiliates", "companies"):
        used = {row[0] for row in fund.rows(f"select distinct municipality_nis from {table}")}
        assert used - {None} <= valid


def test_planted_rows_are_in_the_files_where_the_truth_says(fund):
    for entry in fund.truth["quarantine"]:
        path = fund.full / f"{entry['extract']}.csv"
        lines = path.read_text(encoding="utf-8").splitlines()
        row = next(csv.DictReader([lines[0], lines[entry["line"] - 1]]))
        assert "|".join(row[name] for name in keys(entry["extract"])) == entry["key"]
    counts = {name: len(rows) for name, rows in fund.refused.items()}
    for extract, count in counts.items():
        total = fund.one(f"select count(*) from {extract}_delivered")
        assert count / total < 0.009, extract


def test_nothing_lies_in_the_future(fund):
    plans = ("due_date", "latest_date", "claim_deadline", "end_date", "period_start", "period_end")
    for row in columns():
        if row["type"] in ("DATE", "TIMESTAMP") and row["column"] not in plans:
            sql = f"select count(*) from {row['extract']} where {row['column']} >= '2026-10-01'"
            assert fund.one(sql) == 0, row["column"]


@pytest.mark.parametrize(
    "wrong",
    [{"affiliates": 0}, {"fmt": "xml"}, {"deltas": 200}, {"deltas": -1}],
)
def test_bad_arguments_are_one_sentence(tmp_path, wrong):
    with pytest.raises(SampleError, match=r"^[^\n]+$"):
        generate(tmp_path / "x", **({"affiliates": 5, "companies": 0} | wrong))


def test_an_occupied_folder_is_refused(fund):
    with pytest.raises(SampleError, match=r"^exists: "):
        generate(fund.out, **SMALL)


def test_parquet_holds_the_same_rows(fund, tmp_path):
    generate(tmp_path / "pq", fmt="parquet", **SMALL)
    folder = tmp_path / "pq" / fund.full.name
    for extract in ("charges", "payments", "affiliations", "contacts"):
        names = ", ".join(SCHEMA[extract])
        key = " || '|' || ".join(keys(extract))
        values = ",".join(f"('{k}')" for k in fund.refused.get(extract, ["-"]))
        casts = ", ".join(
            f"{name}::varchar" if kind != "t" else f"strftime({name}, '%Y-%m-%d %H:%M:%S')"
            for name, kind in SCHEMA[extract].items()
        )
        different = fund.one(
            f"select count(*) from (select {names} from {extract} except all "
            f"select {casts} from '{folder / extract}.parquet' "
            f"where {key} not in (select * from (values {values})))"
        )
        assert different == 0, extract
