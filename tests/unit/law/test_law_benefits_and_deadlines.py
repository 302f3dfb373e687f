"""Benefits, entitlements, companies and last days, at the edges of legal-parameters.md."""

from __future__ import annotations

import shutil

import pytest

from law import engine
from law.answer import Answer
from law.ask import ask_all

#: A question, its result, and extra fields that count (legal-parameters.md, sections 2, 3, 5, 6).
ANSWERS = [
    # 5.1: a month of resumption takes 25, 50, 75 % off, half up; the family amount is its own.
    ("benefit --benefit bridging_right --unit month --date 2024-06-01", "1606.05"),
    ("benefit --benefit bridging_right --unit month --date 2024-06-01 --family", "2006.93"),
    ("benefit --benefit bridging_right --unit month --date 2024-06-01 --resumption-month 1",
     "1204.54"),
    ("benefit --benefit bridging_right --unit month --date 2024-06-01 --resumption-month 2",
     "803.03"),
    ("benefit --benefit bridging_right --unit month --date 2024-06-01 --resumption-month 3",
     "401.51"),
    ("benefit --benefit bridging_right --unit month --date 2024-06-01 --resumption-month 3"
     " --family", "501.73"),
    ("benefit --benefit bridging_right --unit month --date 2024-06-01 --units 3", "4818.15"),
    # 5.2: the most of one event is its days (its half days), in the year of the event.
    ("benefit --benefit birth_leave --unit day --date 2020-12-31 --units max", "832.60"),
    ("benefit --benefit birth_leave --unit half_day --date 2020-12-31 --units max", "832.60"),
    ("benefit --benefit birth_leave --unit day --date 2024-06-01 --units max", "2030.00"),
    ("benefit --benefit bereavement_leave --unit day --date 2024-06-01 --units max", "1015.00"),
    ("entitlement --benefit birth_leave --date 2020-12-31", "10"),
    ("entitlement --benefit birth_leave --date 2021-01-01", "15"),
    ("entitlement --benefit birth_leave --date 2022-12-31", "15"),
    ("entitlement --benefit birth_leave --date 2023-01-01", "20"),
    ("entitlement --benefit bereavement_leave --date 2024-06-01", "10"),
    ("entitlement --benefit maternity_help --date 2024-06-01", "105"),
    # 5.3: the partial amount is printed beside the full one.
    ("benefit --benefit informal_carer --unit month --date 2025-03-01", "1638.26"),
    ("benefit --benefit informal_carer --unit month --date 2022-03-01 --partial", "699.09"),
    ("entitlement --benefit informal_carer --date 2024-06-01", "12"),
    # 5.1: left of the career, plus what was built between two facts, at most that of one fact.
    ("entitlement --benefit bridging_right --date 2024-06-01", "12", {"quarters": "4"}),
    *(
        (f"entitlement --benefit bridging_right --date 2024-06-01 --months-used 12"
         f" --quarters-used 4 --quarters-between {between}", months, {"quarters": quarters})
        for between, months, quarters in [
            (0, "3", "1"), (11, "3", "1"), (12, "4", "1"), (15, "4", "1"), (16, "5", "1"),
            (19, "5", "1"), (20, "6", "2"), (23, "6", "2"), (24, "7", "2"), (27, "7", "2"),
            (28, "8", "2"), (31, "8", "2"), (32, "9", "3"), (35, "9", "3"), (36, "10", "3"),
            (39, "10", "3"), (40, "11", "3"), (43, "11", "3"), (44, "12", "4"), (90, "12", "4"),
        ]
    ),
    ("entitlement --benefit bridging_right --date 2024-06-01 --months-used 10 --quarters-used 3"
     " --quarters-between 0", "5", {"quarters": "2"}),
    ("entitlement --benefit bridging_right --date 2024-06-01 --months-used 4 --quarters-used 1"
     " --quarters-between 20", "12", {"quarters": "4"}),
    ("entitlement --benefit bridging_right --date 2024-06-01 --months-used 14 --quarters-used 6"
     " --quarters-between 12", "4", {"quarters": "1"}),
    # 4: births of 2025 free one quarter, since 1 January 2026 two.
    ("free-quarters --event birth --date 2025-12-31", "1", {"quarters": ["2026Q1"]}),
    ("free-quarters --event birth --date 2026-01-01", "2", {"quarters": ["2026Q2", "2026Q3"]}),
    # 3: 31 December, 31 October in 2020; the end of the third month after creation where later.
    ("company --year 2024 --balance 831990.83", "387.34",
     {"size": "small", "due_date": "2024-12-31"}),
    ("company --year 2024 --balance 831990.84", "967.52", {"size": "large"}),
    ("company --year 2020", "347.50", {"due_date": "2020-10-31"}),
    ("company --year 2024 --created 2024-09-30", "387.34", {"due_date": "2024-12-31"}),
    ("company --year 2024 --created 2024-10-01", "387.34", {"due_date": "2025-01-31"}),
    ("company --year 2024 --balance 9000000 --created 2023-05-01", "387.34", {"size": "small"}),
    ("company --year 2024 --balance 9000000 --created 2022-12-31", "967.52", {"size": "large"}),
    # 4: twelve months from the first day of the quarter after; the first three quarters of a
    # starter from the first day of the fifth.
    ("deadline --kind exemption_request --from 2024-03-31", "2025-03-31"),
    ("deadline --kind exemption_request --from 2024-04-01", "2025-06-30"),
    ("deadline --kind exemption_request --from 2024-04-01 --first-quarter 2024Q2", "2026-03-31"),
    ("deadline --kind exemption_request --from 2024-12-31 --first-quarter 2024Q2", "2026-03-31"),
    ("deadline --kind exemption_request --from 2025-03-31 --first-quarter 2024Q2", "2026-03-31"),
    ("deadline --kind exemption_request --from 2025-04-01 --first-quarter 2024Q2", "2026-06-30"),
    # 6 and 2: months to the same day or the last of a shorter month; days after the first.
    ("deadline --kind opposition --from 2024-01-31", "2024-02-29"),
    ("deadline --kind charter_decision --from 2024-10-31", "2025-02-28"),
    ("deadline --kind charter_payment --from 2024-10-30", "2025-02-28"),
    ("deadline --kind information --from 2024-01-01", "2024-02-15"),
    ("deadline --kind ex_officio_affiliation --from 2024-05-15", "2024-06-14"),
    ("deadline --kind bereavement_request --from 2024-02-29", "2025-02-28"),
    ("deadline --kind bereavement_leave --from 2024-03-01", "2025-03-01"),
    ("deadline --kind birth_request --from 2024-05-15", "2024-09-30"),
    ("deadline --kind birth_request --from 2024-12-31", "2025-03-31"),
    ("deadline --kind bridging_request --from 2024-05-15", "2024-12-31"),
    ("deadline --kind bridging_appeal --from 2024-11-30", "2025-02-28"),
    ("deadline --kind settlement_notice --from 2024-01-15", "2024-02-29"),
    ("deadline --kind contribution_due --from 2024-04-01", "2024-06-30"),
    ("deadline --kind company_due --from 2024-09-30", "2024-12-31"),
    ("deadline --kind company_due --from 2024-10-31", "2025-01-31"),
    # E2: five working days; 9 May 2024 (Ascension) is none, nor are the days of a weekend.
    ("deadline --kind relief_transmission --from 2024-05-07", "2024-05-15"),
    ("deadline --kind relief_transmission --from 2024-05-11", "2024-05-17"),
]  # fmt: skip


@pytest.fixture(scope="module")
def answers() -> dict[str, Answer | Exception]:
    """All questions, asked at once."""
    questions = [question for question, *_ in ANSWERS]
    return dict(zip(questions, ask_all([one.split() for one in questions]), strict=True))


@pytest.mark.parametrize("case", ANSWERS, ids=lambda case: case[0])
def test_an_edge(answers, case):
    question, result, extra = (*case, {})[:3]
    found = answers[question]
    assert isinstance(found, Answer), found
    told = found.as_dict()
    assert {"result": told["result"], **{name: told[name] for name in extra}} == {
        "result": result,
        **extra,
    }


def steps(question: str) -> dict[str, str]:
    """The way to an answer: what was counted, by its words."""
    (found,) = ask_all([question.split()])
    return {one["text"]: one["value"] for one in found.as_dict()["steps"]}


def test_what_is_left_of_a_career_that_is_used_up_is_nothing():
    told = steps(
        "entitlement --benefit bridging_right --date 2024-06-01 --months-used 14"
        " --quarters-used 6 --quarters-between 12"
    )
    assert told["Mois de carrière restants après 14 mois utilisés"] == "0"
    assert told["Trimestres de droits sociaux restants"] == "0"


def test_a_starter_is_assessed_on_the_floor_as_it_is():
    """B8: a student from the first euro, too."""
    told = steps("contribution --year 2024 --category student --starter")
    assert told["Revenu soumis à cotisation"] == "1865.45"


def test_an_income_is_revalued_from_three_years_before():
    told = steps("revaluation --year 2024 --income 10000")
    assert any("2021" in text for text in told), told


def test_a_company_is_sized_by_the_balance_of_the_last_year_but_one():
    """Law of 30 December 1992 art. 91."""
    told = steps("company --year 2024 --balance 831990.84")
    assert any("2022" in text for text in told), told


#: A line of a list of law, what it could become, a question, and the answer that follows.
CHANGED = [
    ("law_entitlements", "bridging_right,fact,12,months", "bridging_right,fact,6,months",
     "entitlement --benefit bridging_right --date 2024-06-01", ("6", {"quarters": "4"})),
    ("law_entitlements", "bridging_right,fact,4,quarters", "bridging_right,fact,2,quarters",
     "entitlement --benefit bridging_right --date 2024-06-01", ("12", {"quarters": "2"})),
    ("law_entitlements", "bridging_right,fact,12,months", "bridging_right,fact,15,months",
     "entitlement --benefit bridging_right --date 2024-06-01", ("12", {"quarters": "4"})),
    ("law_entitlements", "bridging_right,career,12,months", "bridging_right,career,6,months",
     "entitlement --benefit bridging_right --date 2024-06-01", ("6", {"quarters": "4"})),
    ("law_entitlements", "bridging_right,career,4,quarters", "bridging_right,career,2,quarters",
     "entitlement --benefit bridging_right --date 2024-06-01", ("12", {"quarters": "2"})),
    ("law_interruptions", "registered_letter,5,years", "registered_letter,3,years",
     "prescription --kind provisional --year 2018 --interrupted 2023-12-31", ("2026-12-31", {})),
    ("law_interruptions", "registered_letter,5,years,1990-01-01,",
     "registered_letter,5,years,1990-01-01,2023-12-30",
     "prescription --kind provisional --year 2018 --interrupted 2023-12-31", ("2024-01-01", {})),
]  # fmt: skip


@pytest.mark.parametrize(("name", "line", "other", "question", "expected"), CHANGED)
def test_an_answer_follows_its_own_line_of_the_list(
    tmp_path, monkeypatch, name, line, other, question, expected
):
    """Where the law gives several lines the same number today, only a changed list tells which one
    is read.
    """
    lists = shutil.copytree(engine.SEEDS, tmp_path / "law")
    text = (lists / f"{name}.csv").read_text(encoding="utf-8")
    assert text.count(line) == 1
    (lists / f"{name}.csv").write_text(text.replace(line, other), encoding="utf-8")
    monkeypatch.setattr(engine, "SEEDS", lists)
    (found,) = ask_all([question.split()], engine=engine.Engine())
    told = found.as_dict()
    assert (told["result"], {key: told[key] for key in expected[1]}) == expected
