"""`vigie law` as programs meet it: what is refused, and how; a batch equals single questions."""

from __future__ import annotations

import json

import duckdb
import pytest

from law import cli
from law.ask import QUESTIONS, ask_all
from law.engine import Engine
from law.errors import LawError

OK = {
    "threshold": "threshold --year 2024 --name MAIN_MIN",
    "contribution": "contribution --year 2024 --category main --income 30000",
    "regularisation": "regularisation --year 2024 --category main --income 30000 --provisional 100",
    "surcharge": "surcharge --kind provisional --amount 100 --due 2024-03-31 --paid 2024-07-01",
    "company": "company --year 2024",
    "benefit": "benefit --benefit birth_leave --date 2024-06-01 --unit day",
    "entitlement": "entitlement --benefit birth_leave --date 2024-06-01",
    "free-quarters": "free-quarters --event birth --date 2024-06-01",
    "prescription": "prescription --kind provisional --year 2020",
    "deadline": "deadline --kind opposition --from 2024-06-01",
    "revaluation": "revaluation --year 2024",
}
CONTRIBUTION = "contribution --year 2024 --category main"
REFUSED = [
    "",
    "nothing",
    "batch",
    "threshold",
    "threshold --year 2024",
    "threshold --year 2024 --name NOPE",
    "threshold --year 2024 --name main_min",
    "threshold --year 2017 --name MAIN_MIN",
    "threshold --year 2027 --name MAIN_MIN",
    "threshold --year 24 --name MAIN_MIN",
    "threshold --year 2024.0 --name MAIN_MIN",
    "threshold --year 2022 --name PRIMO_2",
    "threshold --year 2021 --name PRIMO_DISC_QUARTER",
    "threshold --year 2024 --name MAIN_MIN --year 2024",
    "threshold --year 2024 --name MAIN_MIN --json --json",
    "threshold --year 2024 --name MAIN_MIN --lang en",
    "threshold --year 2024 --name MAIN_MIN --lang",
    "threshold --year 2024 --name MAIN_MIN --income 3",
    "threshold 2024 MAIN_MIN",
    "threshold --ye 2024 --name MAIN_MIN",
    "revaluation --year 2017",
    "revaluation --year 2027 --income 3",
    CONTRIBUTION,
    f"{CONTRIBUTION} --income 1 --starter",
    f"{CONTRIBUTION} --income 1 --reference-income 1",
    f"{CONTRIBUTION} --income 1 --income 1",
    f"{CONTRIBUTION} --income NaN",
    f"{CONTRIBUTION} --income Infinity",
    f"{CONTRIBUTION} --income 1e3",
    f"{CONTRIBUTION} --income 1,5",
    f"{CONTRIBUTION} --income 1.005",
    f"{CONTRIBUTION} --income +5",
    f"{CONTRIBUTION} --income .5",
    f"{CONTRIBUTION} --income 5.",
    f"{CONTRIBUTION} --income 1_000",
    f"{CONTRIBUTION} --income ١٠",
    f"{CONTRIBUTION} --income 9999999999999",
    f"{CONTRIBUTION} --income --quarters 3",
    f"{CONTRIBUTION} --income 1 --quarters 0",
    f"{CONTRIBUTION} --income 1 --quarters 5",
    f"{CONTRIBUTION} --income 1 --per month",
    f"{CONTRIBUTION} --income 1 --fee -1",
    f"{CONTRIBUTION} --income 1 --fee 1.23456",
    f"{CONTRIBUTION} --income 1 --fee 4,05",
    f"{CONTRIBUTION} --income 1 --primo 5",
    f"{CONTRIBUTION} --income 1 --primo 1 --per year",
    f"{CONTRIBUTION} --income 1 --pension none",
    f"{CONTRIBUTION} --helped-income 1",
    f"{CONTRIBUTION} --income 1 --quarter 5",
    f"{CONTRIBUTION} --income 1 --unknown",
    "contribution --year 2017 --category main --income 1",
    "contribution --year 2027 --category main --income 1",
    "contribution --year 2024 --category Main --income 1",
    "contribution --year 2024 --category complementary --income 1 --primo 1",
    "contribution --year 2024 --category spouse_mini --income 1",
    "contribution --year 2024 --category spouse_mini --starter",
    "contribution --year 2024 --category early_pensioner --income 1 --pension none",
    "contribution --year 2021 --category main --estimate 20000",
    "contribution --year 2021 --category complementary --estimate 2000",
    "contribution --year 2021 --category main --primo 2 --estimate 20000",
    "contribution --year 2018 --category main --primo 2 --income 20000",
    "contribution --year 2022 --category main --primo 1 --income 20000",
    "contribution --year 2025 --category pensioner --pension none --income 3000",
    "regularisation --year 2024 --category main --income 1",
    "regularisation --year 2024 --category main --income 1 --provisional -1",
    "regularisation --year 2024 --category main --provisional 1",
    "regularisation --year 2024 --category main --income 1 --helped-income 1 --provisional 1",
    "regularisation --year 2024 --category spouse_mini --income 1 --provisional 1",
    "regularisation --year 2024 --category main --income 1 --provisional 1 --quarter 1",
    "regularisation --year 2025 --category pensioner --pension none --quarters 2 --income 1"
    " --provisional 1",
    "surcharge --kind provisional --amount 1 --due 2024-03-31",
    "surcharge --kind provisional --amount 1 --due 2024-03-31 --paid 2024-05-01 --as-of 2024-05-01",
    "surcharge --kind provisional --amount 1 --due 2024-03-30 --paid 2024-05-01",
    "surcharge --kind provisional --amount -1 --due 2024-03-31 --paid 2024-05-01",
    "surcharge --kind provisional --amount 1 --notice 2024-03-31 --paid 2024-05-01",
    "surcharge --kind provisional --amount 1 --due 2024-03-31 --paid 2024-02-30",
    "surcharge --kind provisional --amount 1 --due 2024-03-31 --paid 24-02-03",
    "surcharge --kind provisional --amount 1 --due 2024-03-31 --paid 20240203",
    "surcharge --kind provisional --amount 1 --due 2024-03-31 --paid 2024-05-01 --part 2024-04-01",
    "surcharge --kind provisional --amount 1 --due 2024-03-31 --paid 2024-05-01"
    " --part 2024-04-01=2",
    "surcharge --kind provisional --amount 9 --due 2024-03-31 --paid 2024-05-01"
    " --part 2024-06-01=2",
    "surcharge --kind provisional --amount 9 --due 2024-03-31 --paid 2024-05-01 --judicial",
    "surcharge --kind starter --amount 1 --due 2024-03-31 --paid 2024-05-01",
    "surcharge --kind regularisation --amount 1 --paid 2024-05-01",
    "surcharge --kind reduction --amount 1 --paid 2024-05-01",
    "surcharge --kind reduction --year 2023 --reduced 1 --legal 2 --paid 2024-05-01",
    "surcharge --kind reduction --year 2023 --reduced 1 --legal 2 --final 3 --notice 2023-05-01"
    " --paid 2024-05-01",
    "surcharge --kind company --amount 1 --notice 2024-03-31 --paid 2024-05-01",
    "surcharge --kind fine --amount 1 --due 2024-03-31 --paid 2024-05-01",
    "company --year 2016",
    "company --year 2027",
    "company --year 2024 --balance -1",
    "company --year 2024 --created 2025-01-01",
    "company --year 2024 --exempt yes",
    "company --year 2024 --exempt inactive --exempt starter",
    "benefit --benefit birth_leave --date 2024-06-01",
    "benefit --benefit birth_leave --date 2024-06-01 --unit month",
    "benefit --benefit birth_leave --date 2019-04-30 --unit day",
    "benefit --benefit birth_leave --date 2024-06-01 --unit day --family",
    "benefit --benefit bridging_right --date 2024-06-01 --unit month --partial",
    "benefit --benefit bridging_right --date 2024-06-01 --unit month --resumption-month 4",
    "benefit --benefit bridging_right --date 2030-06-01 --unit month",
    "benefit --benefit bridging_right --date 2022-06-01 --unit month --units max",
    "benefit --benefit bridging_right --date 2024-06-01 --unit month --units 0",
    "benefit --benefit bridging_right --date 2024-06-01 --unit month --units 1.5",
    "benefit --benefit bridging_right --date 2024-06-01 --unit month --units -1",
    "benefit --benefit maternity_help --date 2024-06-01 --unit voucher --units 3",
    "benefit --benefit pension --date 2024-06-01 --unit month",
    "entitlement --benefit bridging_right --date 2022-06-01",
    "entitlement --benefit bridging_right --date 2024-06-01 --quarters-between 3",
    "entitlement --benefit birth_leave --date 2024-06-01 --months-used 3",
    "entitlement --benefit bereavement_leave --date 2021-07-24",
    "entitlement --benefit birth_leave --date 2019-04-30",
    "free-quarters --event death --date 2024-06-01",
    "free-quarters --event birth --date 2016-09-30",
    "free-quarters --event birth",
    "prescription --kind provisional",
    "prescription --kind provisional --year 1989",
    "prescription --kind company --year 1992",
    "prescription --kind overpayment --benefit birth_leave --established 2019-04-30",
    "prescription --kind overpayment --benefit birth_leave --established 2019-04-30 --fraud",
    "prescription --kind provisional --year 2020 --fraud",
    "prescription --kind provisional --year 2020 --benefit birth_leave",
    "prescription --kind provisional --year 2020 --established 2024-01-01",
    "prescription --kind overpayment --benefit birth_leave",
    "prescription --kind overpayment --established 2024-01-01",
    "prescription --kind overpayment --benefit birth_leave --established 2024-01-01"
    " --interrupted 2024-02-01",
    "prescription --kind overpayment --benefit birth_leave --established 2024-01-01 --year 2024",
    "prescription --kind overpayment --benefit birth_leave --established 2024-01-01"
    " --fraud --fraud",
    "prescription --kind provisional --year 2020 --interrupted 2023-02-29",
    "deadline --kind opposition",
    "deadline --kind nothing --from 2024-06-01",
    "deadline --kind opposition --from 2024-06-31",
    "deadline --kind opposition --from 2024-06-01 --first-quarter 2024Q1",
    "deadline --kind exemption_request --from 2024-06-01 --first-quarter 2024Q5",
    "deadline --kind exemption_request --from 2024-06-01 --first-quarter 2024-1",
    "deadline --kind exemption_request --from 2024-06-01 --first-quarter 2024Q3",
    "deadline --kind relief_transmission --from 2040-12-30",
    "deadline --kind bridging_request --from 2022-12-31",
    "deadline --kind bereavement_leave --from 2021-07-24",
    "deadline --kind company_due --from 2027-01-01",
    "deadline --kind opposition --from 9999-12-31",
]


@pytest.mark.parametrize("lang", ["fr", "nl"])
@pytest.mark.parametrize("question", REFUSED)
def test_refused_with_one_sentence_and_nothing_else(question, lang, capsys):
    words = question.split()
    assert cli.main([*words, *([] if "--lang" in words else ["--lang", lang])]) == 1
    told = capsys.readouterr()
    assert told.out == ""
    assert len(told.err.strip().splitlines()) == 1
    assert "Traceback" not in told.err
    assert "{" not in told.err


def test_every_question_is_asked_here():
    assert set(OK) == set(QUESTIONS)


@pytest.mark.parametrize("name", sorted(OK))
def test_json_has_the_fields_of_the_interface(name, capsys):
    assert cli.main([*OK[name].split(), "--json"]) == 0
    told = capsys.readouterr()
    assert told.err == ""
    answer = json.loads(told.out)
    assert list(answer)[:5] == ["result", "unit", "steps", "certainty", "articles"]
    assert answer["certainty"] in {"seen", "derived", "known", "unsure"}
    assert answer["unit"] in {
        "EUR",
        "EUR/quarter",
        "EUR/year",
        "date",
        "days",
        "months",
        "quarters",
        "vouchers",
        "factor",
    }
    assert isinstance(answer["result"], str)
    assert all(isinstance(article, str) for article in answer["articles"])
    extra = list(answer.values())[5:]
    assert all(isinstance(value, (str, list, type(None))) for value in extra)
    for step in answer["steps"]:
        assert set(step) == {"text", "value"}
        assert isinstance(step["value"], str)


@pytest.mark.parametrize("name", sorted(OK))
@pytest.mark.parametrize("lang", ["fr", "nl"])
def test_people_read_the_result_the_steps_and_the_articles(name, lang, capsys):
    assert cli.main([*OK[name].split(), "--lang", lang]) == 0
    told = capsys.readouterr().out
    assert ("Articles:" if lang == "fr" else "Artikelen:") in told
    assert ("Certitude" if lang == "fr" else "Zekerheid") in told


def test_a_negative_number_after_a_flag_is_its_value(capsys):
    question = "contribution --year 2026 --category main --income -2000 --json"
    assert cli.main(question.split()) == 0
    assert json.loads(capsys.readouterr().out)["result"] == "890.42"


def test_batch_answers_every_line_as_if_it_were_asked_alone(tmp_path, capsys):
    questions = [question.split() for question in [*OK.values(), *REFUSED]]
    file = tmp_path / "questions.jsonl"
    lines = [json.dumps({"id": f"Q{i}", "args": args}) for i, args in enumerate(questions)]
    file.write_text("\n".join([*lines, "no json", '{"id": "x"}', '{"id": "y", "args": "z"}', ""]))
    assert cli.main(["batch", str(file)]) == 0
    told = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [line["id"] for line in told] == [
        *(f"Q{i}" for i in range(len(questions))),
        None,
        "x",
        "y",
    ]
    assert all(set(line) == {"id", "error"} for line in told[-3:])
    for line, args in zip(told, questions, strict=False):
        code = cli.main([*args, "--json"] if "--json" not in args else args)
        single = capsys.readouterr()
        if code:
            assert set(line) == {"id", "error"}
        else:
            assert {key: value for key, value in line.items() if key != "id"} == json.loads(
                single.out
            )


def test_batch_reads_standard_input(monkeypatch, capsys):
    import io
    import sys

    text = json.dumps({"id": "1", "args": OK["company"].split()}) + "\n"
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(text.encode())))
    assert cli.main(["batch", "-"]) == 0
    assert json.loads(capsys.readouterr().out)["size"] == "small"


@pytest.mark.parametrize("words", [["batch", "/nowhere/at.all"], ["batch"], ["batch", "a", "b"]])
def test_batch_without_a_readable_file_is_refused(words, capsys):
    assert cli.main(words) == 1
    told = capsys.readouterr()
    assert told.out == ""
    assert len(told.err.strip().splitlines()) == 1


def test_a_line_that_is_no_text_or_no_number_gets_its_own_error(tmp_path, capsysbinary):
    file = tmp_path / "questions.jsonl"
    sound = {"id": "sound", "args": OK["threshold"].split()}
    half = {"id": "half \ud800", "args": ["threshold", "--year", "20\ud800", "--name", "MAXI"]}
    file.write_bytes(
        b'{"id": "\xe9", "args": []}\n'
        + f"{json.dumps(half)}\n".encode()
        + b'{"id": NaN, "args": []}\n{"id": 1e400, "args": []}\n'
        + f"{json.dumps(sound)}\n".encode()
    )
    assert cli.main(["batch", str(file)]) == 0
    lines = capsysbinary.readouterr().out.decode("utf-8").splitlines()
    told = [json.loads(line) for line in lines]
    assert [line["id"] for line in told] == [None, "half \ud800", None, None, "sound"]
    assert ["error" in line for line in told] == [True, True, True, True, False]


@pytest.mark.parametrize(
    ("question", "result"),
    [
        # 999 999 999 999.99 is the largest amount an extract may hold.
        ("revaluation --year 2026 --income 999999999999.99", "1072362689999.99"),
        (
            "contribution --year 2026 --category main --income 999999999999.99 --quarters 3",
            "5103.05",
        ),
        ("contribution --year 2026 --category main --reference-income 999999999999.99", "5103.05"),
        (
            "surcharge --kind provisional --due 2024-03-31 --paid 2024-04-01"
            " --amount 999999999999.99",
            "30000000000.00",
        ),
    ],
)
def test_the_largest_amounts_are_computed(question, result, capsys):
    assert cli.main([*question.split(), "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["result"] == result


def test_what_cannot_be_computed_stops_no_other_line():
    class Weak(Engine):
        def answer(self, query, columns, questions):
            if any(question["name"] == "MAXI" for question in questions):
                raise duckdb.OutOfRangeException("too large")
            return super().answer(query, columns, questions)

    names = ["MAIN_MIN", "MAXI", "COMPL", "PENS"]
    asked = [["threshold", "--year", "2024", "--name", name] for name in names]
    outcomes = ask_all(asked, "fr", Weak())
    assert [isinstance(outcome, LawError) for outcome in outcomes] == [False, True, False, False]
