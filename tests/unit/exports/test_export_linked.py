"""What statistics have in common is declared: with the declarations as they are delivered, nobody
subtracts one table from another, or reads a cell off its copy.

Belongs here: the equations and populations of real statistics, on made-up records. Does not belong
here: that they hold in a release (every answer refuses one that does not).
"""

from __future__ import annotations

from datetime import date

import pytest

from exports.protection.linked import groups_of
from tests.contract.test_statistics import DECLARED
from tests.unit.exports.random_statistics import statistic
from tests.unit.exports.test_export_protection import answered


def declared(code: str) -> dict:
    """What the YAML of a statistic says of others and of itself."""
    meta = DECLARED[code]["config"]["meta"]
    return {key: meta[key] for key in ("population", "equations") if key in meta}


def decisions(code: str, **more):
    """T13 or T14, as far as its decisions go."""
    measures = [("decisions", "FILES")]
    return statistic(
        code, ("decision",), measures, [("year quarter", "decision", "decisions")], **more
    )


def benefits() -> dict:
    """Bridging right, care and what the service counts of both: two care refusals."""
    claims = [
        ("T13", "refused", 30),
        ("T13", "granted", 60),
        ("T13", "withdrawn", 12),
        ("T14", "refused", 2),
        ("T14", "granted", 40),
        ("T14", "withdrawn", 3),
    ]
    records: dict[str, list] = {"T13": [], "T14": [], "T16": []}
    for code, decision, number in claims:
        for place in range(number):
            who, day = f"{code}{decision}{place}", date(2025, 2, 3)
            one = {"who": who, "day": day, "decision": decision, "decisions": 1}
            records[code].append(one)
            services = ["benefit_decision"] if decision != "withdrawn" else []
            services += ["refusal_reasons"] if decision == "refused" else []
            records["T16"] += [
                {"who": who, "day": day, "service": service, "items": 1} for service in services
            ]
    service = statistic(
        "T16",
        ("service",),
        [("items", "FILES")],
        [("year quarter", "service!", "items")],
        **declared("T16"),
    )
    found = (decisions("T13"), decisions("T14", disclosure_class="health"), service)
    return {one: records[one.code] for one in found}


EQUAL = {
    "refused": [("T16", "refusal_reasons"), ("T13", "refused"), ("T14", "refused")],
    "decided": [
        ("T16", "benefit_decision"),
        ("T13", "_T"),
        ("T14", "_T"),
        ("T13", "withdrawn"),
        ("T14", "withdrawn"),
    ],
}


@pytest.mark.parametrize("terms", EQUAL.values(), ids=EQUAL)
def test_no_benefit_is_left_alone_between_its_statistic_and_the_service(terms):
    statistics = benefits()
    assert len(groups_of([(one, ["2025"]) for one in statistics])) == 1
    shown, _, _ = answered(statistics)
    for span in ("2025", "2025Q1"):
        hidden = [
            (code, said)
            for code, said in terms
            if (code, span, (said,), "items" if code == "T16" else "decisions") not in shown
        ]
        assert len(hidden) > 1
    assert any(code == "T16" for code, *_ in shown)


def cohort() -> dict:
    """Charges of a quarter at two observations; at the second, few of the companies still owe."""
    records = []
    for k in ("0", "1"):
        for place in range(70):
            company = place < 10
            owes = k == "0" or place % 5 == 0
            records.append(
                {
                    "who": f"C{place}",
                    "period": "2025Q1",
                    "quarters_since_due": k,
                    "nature": "company" if company else ("main", "complementary")[place % 2],
                    "affiliation_origin": "voluntary",
                    "branch": "_Z" if company else "commerce",
                    "charges": 1,
                    "claimed_amount": 100 + place,
                    "collected_amount": 0 if owes else 100 + place,
                    "outstanding_amount": 100 + place if owes else 0,
                }
            )
    measures = "charges claimed_amount collected_amount outstanding_amount"
    one = statistic(
        "T11",
        ("quarters_since_due", "nature", "affiliation_origin", "branch"),
        [("charges", "CHARGES"), *((name, "EUR") for name in measures.split()[1:])],
        [
            ("quarter", "quarters_since_due! nature affiliation_origin", measures),
            ("quarter", "quarters_since_due! branch", measures),
        ],
        **declared("T11"),
    )
    return {one: records}


def test_a_cohort_is_not_read_off_another_observation():
    """What was claimed is the same five years later: shown at each observation, or at none."""
    shown, rows, _ = answered(cohort())
    hidden = {cell for cell in rows if cell not in shown}
    told = [cell for cell in hidden if cell[3] in ("charges", "claimed_amount")]
    assert told
    for code, span, (k, *codes), name in told:
        other = (code, span, ("1" if k == "0" else "0", *codes), name)
        assert other in hidden


def test_companies_are_not_read_off_what_they_have_not():
    """They have no branch: nature company and branch _Z are one number."""
    shown, rows, _ = answered(cohort())
    companies = {
        cell[2][0]: cell in shown for cell in rows if cell[2][1:] == ("company", "_T", "_T")
    }
    without = {cell[2][0]: cell in shown for cell in rows if cell[2][1:] == ("_T", "_T", "_Z")}
    assert companies == without


def reliefs() -> dict:
    """Requests of companies, many of main activities, two of pensioners."""
    records = []
    for place in range(60):
        nature = "company" if place < 6 else "after_pension" if place < 8 else "main"
        company = nature == "company"
        records.append(
            {
                "who": f"R{place}",
                "period": "2025",
                "relief_kind": "exemption",
                "decision": "granted",
                "nature": nature,
                "sex": "_Z" if company else "FM"[place % 2],
                "age_class": "_Z" if company else ("30-34", "40-44")[place // 2 % 2],
                "branch": "_Z" if company else "commerce",
                "requests": 1,
            }
        )
    one = statistic(
        "T12",
        ("relief_kind", "decision", "nature", "sex", "age_class", "branch"),
        [("requests", "FILES")],
        [
            ("year", "relief_kind decision nature", "requests"),
            ("year", "relief_kind decision sex age_class", "requests"),
            ("year", "relief_kind decision branch", "requests"),
        ],
        **declared("T12"),
    )
    return {one: records}


def test_requests_of_companies_are_one_number_in_every_block():
    """Hidden beside the pensioners, they are not told by the missing sex, age or branch."""
    shown, rows, _ = answered(reliefs())
    assert any(row["conf_status"] == "A" for row in rows.values())
    one = ("exemption", "granted")
    copies = [
        (*one, "company", "_T", "_T", "_T"),
        (*one, "_T", "_Z", "_T", "_T"),
        (*one, "_T", "_T", "_Z", "_T"),
        (*one, "_T", "_T", "_T", "_Z"),
    ]
    assert len({("T12", "2025", codes, "requests") in shown for codes in copies}) == 1
    assert ("T12", "2025", (*one, "after_pension", "_T", "_T", "_T"), "requests") not in shown
