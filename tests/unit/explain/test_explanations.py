"""An explanation adds up to the figure of the mart, points at the line that holds the row, and says
itself in every language."""

from __future__ import annotations

import csv
import io
import json
import re
import string
from collections.abc import Iterator
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from explain.as_json import as_dict
from explain.as_text import MOST_ROWS, as_text
from explain.asking import literal
from explain.errors import ExplainError
from explain.kinds import KINDS, explain
from explain.model import Equation, Explanation, Facts, Note, Rows, Section, Steps
from explain.release_source import ReleaseSource
from explain.texts import LANGUAGES, TEXTS
from explain.units import EUR, SHARE, unit_of
from explain.words import Words, named_in
from law.texts import TEXTS as LAW_TEXTS
from orchestration.cli import main
from orchestration.commands import explain as explain_command
from release.difference.find import find

pytestmark = pytest.mark.xdist_group("fund")

#: By name, things that each tell another story of their kind; the query names one.
ASKED = {
    "charge, provisional": "select charge_id from contribution.fct_charges where charge_type = "
    "'provisional' and credited_amount > 0 and collected_amount > 0",
    "charge, relieved": "select charge_id from contribution.fct_charges where relief_amount > 0",
    "charge, cancelled": "select charge_id from contribution.fct_charges where "
    "cancelled_amount > 0",
    "charge, regularisation": "select charge_id from contribution.fct_charges where charge_type = "
    "'regularisation' and gross_amount > 0 and difference_amount = 0",
    "charge, negative": "select charge_id from contribution.fct_charges where gross_amount < 0",
    "charge, surcharge": "select charge_id from contribution.fct_charges where charge_type = "
    "'surcharge_annual' and outstanding_amount > 0",
    "charge, company": "select charge_id from contribution.fct_charges where charge_type = "
    "'company_contribution' and difference_amount = 0",
    "payment": "select credit_id from contribution.fct_allocations where credit_type = 'payment' "
    "group by 1 order by count(*) desc, 1",
    "payment, refund": "select payment_id from contribution.fct_receipts where amount < 0",
    "affiliate": "select account_id from contribution.fct_account_balances where "
    "outstanding_amount > 0 and account_type = 'affiliate'",
    "benefit-payment": "select benefit_payment_id from benefit.fct_payments where benefit = "
    "'bridging_right' and amount = expected_amount",
    "benefit-payment, other": "select benefit_payment_id from benefit.fct_payments where benefit "
    "<> 'bridging_right'",
    "case": "select case_id from recovery.fct_cases where outstanding_amount > 0 and "
    "principal_amount > 0",
    "commitment": "select code || ':' || quarter || ':' || office_code from "
    "service.fct_missed_items where code = 'SC03'",
    "commitment, fund": "select code || ':' || quarter from service.mart_commitments where "
    "office_code = 'ALL' and unit = 'share' and numerator < denominator",
    "commitment, amount": "select code || ':' || quarter from service.mart_commitments where "
    "code = 'SC32' and office_code = 'ALL' and numerator > 0",
    "commitment, median": "select code || ':' || quarter from service.mart_commitments where "
    "code = 'SC10B' and office_code = 'ALL'",
}  # fmt: skip
CELLS = {
    "cell": "T08:contribution_year=2024,claim_group=contributions",
    "cell, persons": "T01:ref_period=2025,measure=persons",
    "cell, rate": "T08:contribution_year=2024,claim_group=contributions,measure=perception_pct",
}
NAMES = (*ASKED, *CELLS)


@pytest.fixture(scope="module")
def home(built_world) -> Path:
    return built_world("fund")


@pytest.fixture(scope="module")
def source(home) -> ReleaseSource:
    return ReleaseSource(find("current", home), home)


@pytest.fixture(scope="module")
def told(source):
    """`told(name, lang)`: the explanation of one of the things above, asked once."""

    @cache
    def ask(name: str, lang: str = "fr") -> Explanation:
        kind = name.partition(",")[0]
        if name in CELLS:
            return explain(source, kind, CELLS[name], lang)
        order = "" if "order by" in ASKED[name] else " order by 1"
        (row,) = source.read(f"select * from ({ASKED[name]}{order}) limit 1")
        return explain(source, kind, next(iter(row.values())), lang)

    return ask


def parts(explanation: Explanation, kind: type) -> Iterator[Any]:
    for section in explanation.sections:
        yield from (part for part in section.parts if isinstance(part, kind))


def rows_of(explanation: Explanation, *keys: str) -> list[dict]:
    return [row for part in parts(explanation, Rows) if part.key in keys for row in part.rows]


@pytest.mark.parametrize("name", NAMES)
def test_every_sum_adds_up_to_the_cent(told, name):
    found = list(parts(told(name), Equation))
    assert [one for one in found if not one.holds] == []
    if name not in ("charge, negative", "commitment, median", "cell, rate"):
        assert found


@pytest.mark.parametrize(
    ("name", "table", "key", "columns"),
    [
        ("charge, provisional", "contribution.fct_charges", "charge_id",
         {"net_amount", "collected_amount", "credited_amount", "outstanding_amount"}),
        ("payment", "contribution.fct_receipts", "payment_id", {"amount"}),
        ("affiliate", "contribution.fct_account_balances", "account_id",
         {"outstanding_amount", "credits_amount"}),
        ("benefit-payment", "benefit.fct_payments", "benefit_payment_id", {"amount"}),
        ("case", "recovery.fct_cases", "case_id", {"principal_amount", "outstanding_amount"}),
    ],
)  # fmt: skip
def test_the_totals_are_the_figures_of_the_mart(told, source, name, table, key, columns):
    explanation = told(name)
    (mart,) = source.read(f"select * from {table} where {key} = $id", id=explanation.id)
    totals = [one.total for one in parts(explanation, Equation) if one.table == table]
    assert {column for column, _ in totals} >= columns
    assert all(mart[column] == amount for column, amount in totals)


def test_a_payment_and_the_charges_that_it_covers_tell_the_same(told, source):
    payment = told("payment")
    covers = {row["charge_id"]: row["allocated_amount"] for row in rows_of(payment, "covers")}
    charge_id = next(iter(covers))
    charge = explain(source, "charge", charge_id, "fr")
    mine = [
        row["allocated_amount"]
        for row in rows_of(charge, "allocations")
        if row["credit_id"] == payment.id
    ]
    assert mine == [covers[charge_id]]


def test_a_cell_is_the_charges_that_it_counts(told, source):
    (row,) = source.read(
        "select sum(net_amount) as amount from contribution.fct_charges where gross_amount > 0 and "
        "contribution_year = 2024 and charge_type in ('provisional', 'regularisation', "
        "'company_contribution')"
    )
    cell = told("cell")
    assert {one.total[1] for one in parts(cell, Equation)} == {row["amount"]}
    assert [one.terms[0] for one in parts(cell, Equation)][-1] == ("net_amount", row["amount"])
    # The two largest contributions are of single accounts: nobody is told them.
    assert not re.search("largest|second_contribution", json.dumps(as_dict(cell)))


@pytest.mark.parametrize("name", NAMES)
def test_file_and_line_point_at_the_row(told, home, name):
    """Every line that is told holds, in the delivery as it came, the row that it is told of."""
    looked = 0
    for part in parts(told(name), Rows):
        for row in part.rows:
            if not {"delivery_id", "file", "line_number"} <= row.keys():
                continue
            line = delivered(home, row["delivery_id"], row["file"])[row["line_number"] - 1]
            own = {"versions": told(name).id, "refused": row.get("key")}
            wanted = [row[one] for one in ("credit_id", "charge_id", "request_id") if one in row]
            amounts = (row.get(one) for one in ("amount", "net_income"))
            wanted += [str(one) for one in amounts if one is not None]
            if part.key in own and not name.startswith("benefit-payment"):
                wanted.append(own[part.key])
            assert set(wanted) <= set(line), (part.key, row)
            looked += len(wanted)
    assert looked or name.startswith(("cell", "commitment", "benefit-payment"))


def test_the_lines_of_a_benefit_payment_are_its_own_and_those_of_its_claim(told, home):
    payment = told("benefit-payment")
    lines = [
        delivered(home, row["delivery_id"], row["file"])[row["line_number"] - 1]
        for row in rows_of(payment, "versions")
    ]
    assert payment.id in lines[0]
    assert all({lines[0][1]} & set(line) for line in lines)


@cache
def delivered(home: Path, delivery_id: str, file: str) -> list[list[str]]:
    """The records of a file as it was delivered, header first."""
    text = (home / "landing" / delivery_id / file).read_text(encoding="utf-8")
    return list(csv.reader(io.StringIO(text)))


def test_the_law_is_told_where_it_arrives_at_the_figure(told):
    for name in ("charge, provisional", "charge, regularisation", "charge, company",
                 "benefit-payment"):  # fmt: skip
        (answer,) = (one for one in parts(told(name), Steps) if "." in one.result)
        expected = told(name).sections[0].parts[0].row["expected_amount"]
        assert answer.result == str(expected), name
        assert answer.articles, name


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_steps_of_the_law_are_told_in_the_language_of_the_rest(told, lang):
    for name in ("charge, provisional", "charge, regularisation", "charge, company",
                 "benefit-payment"):  # fmt: skip
        (shown,) = {text for step in parts(told(name, lang), Steps) for text, _ in step.steps[:1]
                    if "." in step.result}  # fmt: skip
        heads = {one: _first_words(one) for one in LANGUAGES}
        assert any(shown.startswith(head) for head in heads[lang]), (name, shown)
        assert len({frozenset(one) for one in heads.values()}) == len(LANGUAGES)


def _first_words(lang: str) -> set[str]:
    """How the steps of the law begin in a language: their texts up to the first value."""
    steps = (said[lang] for key, said in LAW_TEXTS.all.items() if key.startswith("step."))
    return {text.partition("{")[0] for text in steps} - {"", "("}


def test_without_the_lines_of_the_deliveries_the_law_says_why_it_has_no_steps(source, told):
    class Unread(ReleaseSource):
        lineage = None

    unread = Unread(source.release, Path("/nowhere"))
    for name in ("charge, regularisation", "charge, company"):
        law = explain(unread, "charge", told(name).id, "fr").section("law")
        assert [one.key for one in law.parts if isinstance(one, Note)] == ["law_unread"], name
        assert [one for one in law.parts if isinstance(one, Steps) and "." in one.result] == []


def test_a_dimension_without_a_total_is_named_with_its_codes(source):
    with pytest.raises(ExplainError) as refused:
        explain(source, "cell", "T08:contribution_year=2024,nature=main", "fr")
    assert "claim_group=contributions|costs|surcharges" in refused.value.sentence("fr")


def test_the_cell_that_the_documentation_names_can_be_explained(source):
    told_of = (_PACKAGE.parent / "docs" / "running.md").read_text(encoding="utf-8")
    (written,) = re.findall(r"`cell (T\d\d:[^`]+)`", told_of)
    assert explain(source, "cell", written, "fr").section("ledger")


def test_a_charge_names_cells_that_can_be_explained(told, source):
    charge = told("charge, provisional")
    for row in rows_of(charge, "cells"):
        cell = explain(source, "cell", row["cell"], "fr")
        assert cell.sections[0].parts[0].row["obs_value"] == row["obs_value"]


# --- an earlier release, and what changed since


def test_an_earlier_release_tells_what_it_knew(home, source):
    before = ReleaseSource(find("previous", home), home)
    assert source.before.release.id == before.release.id
    now = {row["charge_id"]: row for row in source.read(_OUTSTANDING)}
    then = {row["charge_id"]: row for row in before.read(_OUTSTANDING)}
    moved = next(
        one
        for one in sorted(now)
        if one in then and now[one]["outstanding_amount"] != then[one]["outstanding_amount"]
    )
    told_now = explain(source, "charge", moved, "fr")
    told_then = explain(before, "charge", moved, "fr")
    assert told_then.release_id == before.release.id != told_now.release_id
    for told_of, rows in ((told_now, now), (told_then, then)):
        figure = told_of.sections[0].parts[0].row
        assert figure["outstanding_amount"] == rows[moved]["outstanding_amount"]
    assert told_then.section("change") is None
    changes = {row["column_name"]: row for row in rows_of(told_now, "changes")}
    assert changes["outstanding_amount"]["value_before"] == then[moved]["outstanding_amount"]
    assert changes["outstanding_amount"]["value_after"] == now[moved]["outstanding_amount"]


_OUTSTANDING = "select charge_id, outstanding_amount from contribution.fct_charges"


def test_what_was_deleted_at_the_source_is_told_by_its_lines(home, source):
    """The last delivery takes a payment away: no figure has it, the release before had it."""
    before = ReleaseSource(find("previous", home), home)
    payments = "select payment_id from contribution.fct_receipts"
    now = {row["payment_id"] for row in source.read(payments)}
    deleted = min(
        row["payment_id"] for row in before.read(payments) if row["payment_id"] not in now
    )
    gone = explain(source, "payment", deleted, "fr")
    assert [one["state"] for one in rows_of(gone, "versions")] == ["replaced", "deleted"]
    assert gone.sections[0].parts[0].key == "not_taken"
    (version,) = rows_of(explain(before, "payment", deleted, "fr"), "versions")
    assert version["state"] == "in_force"


def test_a_line_in_quarantine_is_told_with_its_rule(source, home):
    (row,) = source.read(
        "select key, file, line_number from meta.quarantine where extract = 'charges' limit 1"
    )
    (told_row,) = rows_of(explain(source, "charge", row["key"], "fr"), "refused")
    assert told_row["rule"]
    assert (
        row["key"] in delivered(home, told_row["delivery_id"], row["file"])[row["line_number"] - 1]
    )


# --- units


def test_files_are_counted_and_a_share_is_a_percentage(told, source):
    """15 files are 15, not 15,00; what they make of the promise is a percentage."""
    found = told("commitment, fund")
    words = Words(source, found, "fr")
    figure = next(iter(parts(found, Facts)))
    assert words.cell(figure, figure.row, "denominator") == str(figure.row["denominator"])
    assert words.cell(figure, figure.row, "numerator") == f"{int(figure.row['numerator'])}"
    assert words.cell(figure, figure.row, "value").endswith("\u00a0%")
    sums = [words.equation(one) for one in parts(found, Equation)]
    assert sums
    assert [one for one in sums if re.search(r"\d,\d", one)] == []


def test_money_has_its_cents_and_persons_have_none(told, source):
    """In figures, sums, and what changed since the release before."""
    for name, is_money in (("cell", True), ("cell, persons", False), ("commitment, amount", True)):
        found = told(name)
        words = Words(source, found, "fr")
        figure = next(iter(parts(found, Facts)))
        column = "value" if "value" in figure.row else "obs_value"
        assert (
            re.search(r",\d\d$", words.cell(figure, figure.row, column)) is not None
        ) == is_money
        for one in parts(found, Equation):
            assert (re.search(r",\d\d\b", words.equation(one)) is not None) == is_money
        changes = Rows("changes", "", [{"column_name": column, "value_after": Decimal(7)}],
                       figure.units)  # fmt: skip
        row = {**changes.rows[0], "measure": figure.row.get("measure")}
        assert words.cell(changes, row, "value_after") == ("7,00" if is_money else "7")


def test_the_unit_of_a_measure_is_the_one_that_its_statistic_declares(source):
    declared = {
        measure["name"]: measure["unit"]
        for row in source.read(
            "select meta_json from meta.dictionary where schema_name = 'statistics' "
            "and column_name is null"
        )
        for measure in json.loads(row["meta_json"] or "{}").get("measures", ())
    }
    assert len(declared) > 40
    told_as_money = {name for name in declared if unit_of(name) == EUR}
    assert told_as_money == {name for name, unit in declared.items() if unit.startswith("EUR")}
    assert {name for name in declared if unit_of(name) == SHARE} == set()


# --- languages, forms, refusals


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("name", NAMES)
def test_every_language_has_every_word(told, source, name, lang):
    explanation = told(name)
    words = Words(source, explanation, lang)
    columns, _ = named_in(explanation)
    declared = {one for one in columns if re.fullmatch(r"[a-z_]+", one)}
    missing = {one for one in declared if not words.knows("", one)}
    # Terms of a sum may be codes, which have words of their own.
    assert {one for one in missing if words.column("", one) == one} == set()
    text = as_text(explanation, words)
    assert "_T" not in text.replace("cell", "")
    assert not re.search(r"\bNone\b|\bDecimal\b", text)


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("name", NAMES)
def test_no_identifier_amount_or_date_is_cut_in_two(told, source, name, lang):
    """A number that is broken over two lines can be neither read nor copied."""
    explanation = told(name)
    words = Words(source, explanation, lang)
    whole = {
        word
        for part in parts(explanation, Rows)
        for row in part.rows[:MOST_ROWS]
        for column, value in row.items()
        for word in words.cell(part, row, column).split(" ")
        if re.search(r"\d", word) and column != "cell" and value is not None
    }
    text = as_text(explanation, words)
    assert {word for word in whole if word not in text} == set()
    assert max(map(len, text.splitlines())) <= 120


def test_every_text_is_said_in_every_language_with_the_same_values():
    fields = string.Formatter().parse
    for key, said in TEXTS.all.items():
        assert set(said) == set(LANGUAGES), key
        names = [{name for _, name, _, _ in fields(text) if name} for text in said.values()]
        assert names[0] == names[1] == names[2], key
        assert all(said.values()), key


def test_every_text_is_used():
    code = "".join(file.read_text(encoding="utf-8") for file in _PACKAGE.rglob("*.py"))
    code += "".join(file.read_text(encoding="utf-8") for file in _PACKAGE.rglob("*.sql"))
    unused = [key for key in TEXTS.all if key not in code and key.rpartition(".")[2] not in code]
    # Values that rows of the law hold, and codes of the answers of law.
    assert [one for one in unused if one.split(".")[0] not in ("period", "surcharge_kind", "unit",
            "certainty", "flag")] == []  # fmt: skip


_PACKAGE = Path(explain_command.__file__).parents[2] / "explain"


def test_no_national_number_is_told(told, source, home):
    numbers = {
        row[1]
        for file in home.glob("landing/*/affiliates.csv")
        for row in csv.reader(io.StringIO(file.read_text(encoding="utf-8")))
    }
    assert len(numbers) > 100
    written = "".join(
        json.dumps(as_dict(told(name))) + as_text(told(name), Words(source, told(name), "fr"))
        for name in NAMES
    )
    assert numbers & set(re.findall(r"\d{11}", written)) == set()
    assert "person_key" not in written


def test_the_same_kinds_stand_on_the_command_line():
    assert tuple(KINDS) == explain_command.KINDS


@pytest.mark.parametrize(
    ("kind", "given", "says"),
    [
        ("charge", "D999999999999", "--release"),
        ("payment", "P1", "--release"),
        ("affiliate", "C99999999", "--release"),
        ("benefit-payment", "BP1", "--release"),
        ("case", "K1", "--release"),
        ("cell", "T99:x=1", "T16"),
        ("cell", "T08:colour=red", "contribution_year"),
        ("cell", "T08:contribution_year=1900,claim_group=contributions", "--release"),
        ("commitment", "SC99", "--release"),
        ("commitment", "today", "SC10:2026Q2:BXL"),
        ("charge", "x' or 1=1 --", "identifi"),
        ("affiliate", "80051700339", "identifi"),
    ],
)
def test_what_is_not_known_is_one_sentence_with_the_remedy(source, kind, given, says):
    with pytest.raises(ExplainError) as refused:
        explain(source, kind, given, "fr")
    for lang in LANGUAGES:
        sentence = refused.value.sentence(lang)
        assert says in sentence
        assert "\n" not in sentence
        assert "80051700339" not in sentence


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_command_line_tells_and_refuses(home, told, capsys, monkeypatch, lang):
    charge = told("charge, provisional").id
    with pytest.raises(SystemExit) as ended:
        main(["explain", "charge", charge, "--home", str(home), "--json", "--lang", lang])
    assert ended.value.code == 0
    object_told = json.loads(capsys.readouterr().out)
    assert object_told["id"] == charge
    assert list(object_told["sections"]) == [
        "figure", "deliveries", "ledger", "law", "shown", "change",
    ]  # fmt: skip
    with pytest.raises(SystemExit) as ended:
        main(["explain", "charge", charge, "--home", str(home), "--lang", lang])
    shown = capsys.readouterr().out
    assert charge in shown
    assert max(map(len, shown.splitlines())) <= 120
    with pytest.raises(SystemExit) as ended:
        main(["explain", "case", "K1", "--home", str(home), "--lang", lang])
    streams = capsys.readouterr()
    assert (ended.value.code, streams.out) == (1, "")
    assert len(streams.err.splitlines()) == 1


def test_a_value_is_never_more_than_a_value():
    assert literal("a' or 'x") == "'a'' or ''x'"
    assert literal(["a'", "b"]) == "['a''', 'b']::varchar[]"
    with pytest.raises(TypeError):
        literal(object())


def test_a_section_without_parts_is_not_told(told):
    assert all(isinstance(one, Section) and one.parts for one in told("affiliate").sections)
