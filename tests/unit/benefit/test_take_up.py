"""Take-up of the bridging right: claims that follow the insolvency they are about."""

from __future__ import annotations

from datetime import date

import pytest

from tests.unit.workbench import build, found_by, read, write_history

SUBMITTED = date(2025, 3, 10)


def a_world(cause: str, kind: str, opened: str) -> dict[str, list[dict]]:
    """One affiliate in main occupation, one insolvency, one claim."""
    affiliate = "A00000001"
    return {
        "affiliates": [{"affiliate_id": affiliate, "person_key": "P", "birth_date": "1980-01-01"}],
        "affiliations": [
            {
                "affiliation_id": "F1",
                "affiliate_id": affiliate,
                "category": "main",
                "capacity": "self_employed",
                "start_date": "2020-01-01",
                "origin": "voluntary",
            }
        ],
        "insolvencies": [
            {
                "insolvency_id": "IN1",
                "account_id": affiliate,
                "kind": kind,
                "opened_date": opened,
            }
        ],
        "benefit_claims": [
            {
                "claim_id": "B1",
                "affiliate_id": affiliate,
                "benefit": "bridging_right",
                "cause": cause,
                "initiated_by": "applicant",
                "event_date": opened,
                "submitted_date": SUBMITTED,
                "decision": "granted",
                "decision_date": "2025-04-01",
            }
        ],
    }


@pytest.mark.parametrize(
    ("cause", "kind", "opened", "warned"),
    [
        ("debt_settlement", "collective_debt_settlement", "2025-03-09", []),
        ("debt_settlement", "collective_debt_settlement", "2025-03-10", []),
        # The claim came before: it follows no insolvency.
        (
            "debt_settlement",
            "collective_debt_settlement",
            "2025-03-11",
            [("collective_debt_settlement", 1)],
        ),
        ("bankruptcy", "bankruptcy", "2025-03-10", []),
        ("bankruptcy", "collective_debt_settlement", "2025-03-10", [("bankruptcy", 1)]),
        # A cause that no insolvency stands for.
        ("economic_difficulty", "bankruptcy", "2025-03-11", []),
    ],
)
def test_no_take_up_over_claims_that_exist_is_told(tmp_path, cause, kind, opened, warned):
    write_history(tmp_path, a_world(cause, kind, opened), as_of=date(2025, 12, 31))
    build(tmp_path, "+mart_take_up")
    assert found_by(tmp_path, "claims_follow_their_event") == warned
    (rate,) = read(
        tmp_path, "select take_up_rate from benefit.mart_take_up where event_kind = ?", kind
    )
    assert rate == (1.0 if not warned and cause != "economic_difficulty" else 0.0,)
