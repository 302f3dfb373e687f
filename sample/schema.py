"""The 26 extracts as the generator writes them: columns in order, and how each is encoded.

Belongs here: names and kinds of columns. Does not belong here: domains and keys (the contracts
of the fund) or values. A test holds this list equal to the published list of extracts.

Kinds: i:<prefix>:<width> identifier (number; -1 empty), a account identifier, s text code,
d date, m money in cents, m18 wide money, n integer (-1 empty), b boolean (-1 empty),
t timestamp in seconds, u two-decimal number,
q quarter (as 2026Q3).
"""

from __future__ import annotations

_TEXT = """
affiliates: affiliate_id=a niss=i::11 sex=s birth_date=d nationality=s language=s municipality_nis=s
 office_code=s deceased_date=d
affiliations: affiliation_id=i:F:9 affiliate_id=a category=s capacity=s start_date=d end_date=d
 end_reason=s origin=s profession_code=s nace_code=s first_activity=b requested_date=d
 registered_date=d
companies: company_id=a enterprise_number=i::10 legal_form=s incorporated_date=d
 municipality_nis=s language=s office_code=s origin=s affiliated_date=d status=s closed_date=d
company_balances: company_id=a fiscal_year=n balance_sheet_total=m18
mandates: mandate_id=i:M:9 affiliate_id=i:A:8 company_id=a role=s start_date=d end_date=d
incomes: affiliate_id=a income_year=n net_income=m source=s received_date=d
charges: charge_id=i:D:12 account_id=a charge_type=s contribution_year=n contribution_quarter=n
 category=s issue_date=d due_date=d amount=m income_basis=m related_charge_id=i:D:12
payments: payment_id=i:P:12 account_id=a value_date=d amount=m channel=s charge_id=i:D:12
 structured_communication=i::12
relief_requests: request_id=i:RR:9 account_id=a kind=s submitted_date=d complete_date=d
 transmitted_date=d decision_date=d decision=s from_quarter=q to_quarter=q
relief_effects: request_id=i:RR:9 charge_id=i:D:12 effective_date=d amount=m
payment_plans: plan_id=i:PL:9 account_id=a requested_date=d decision_date=d decision=s status=s
plan_instalments: plan_id=i:PL:9 instalment_no=n due_date=d amount=m
recovery_cases: case_id=i:K:9 account_id=a opened_date=d closed_date=d closing_reason=s
recovery_case_charges: case_id=i:K:9 charge_id=i:D:12
recovery_steps: step_id=i:S:10 case_id=i:K:9 step_type=s step_date=d agent_id=i:AG:4
 amount_claimed=m costs=m outcome=s
recovery_agents: agent_id=i:AG:4 agent_type=s district=s
insolvencies: insolvency_id=i:IN:9 account_id=a kind=s opened_date=d claim_deadline=d
 claim_filed_date=d claim_amount=m admitted_amount=m closed_date=d agent_id=i:AG:4
benefit_claims: claim_id=i:B:9 affiliate_id=a benefit=s cause=s initiated_by=s event_date=d
 submitted_date=d complete_date=d decision_date=d decision=s refusal_reason=s reasons_stated=b
 appeal_stated=b with_family_charge=b
benefit_payments: benefit_payment_id=i:BP:9 claim_id=i:B:9 period_start=d period_end=d unit=s
 units=u amount=m due_date=d paid_date=d
benefit_overpayments: overpayment_id=i:OV:9 claim_id=i:B:9 established_date=d notified_date=d
 amount=m cause=s reasons_stated=b appeal_stated=b
overpayment_movements: movement_id=i:OM:9 overpayment_id=i:OV:9 movement_date=d kind=s amount=m
insurance_requests: request_id=i:IR:9 affiliate_id=a kind=s submitted_date=d transmitted_date=d
 decision_date=d decision=s from_quarter=q to_quarter=q
transmissions: transmission_id=i:TR:10 flow=s recipient=s account_id=a period=s due_date=d
 sent_date=d status=s rejection_reason=s
notices: notice_id=i:N:10 account_id=a kind=s charge_id=i:D:12 latest_date=d sent_date=d
 channel=s corrected_by=i:N:10
contacts: contact_id=i:T:10 account_id=a kind=s topic=s channel=s received_at=t first_answer_at=t
 closed_at=t outcome=s
ledger_totals: period=s ledger_line=s amount=m18
"""


def _parse() -> dict[str, dict[str, str]]:
    tables: dict[str, dict[str, str]] = {}
    current: dict[str, str] = {}
    for word in _TEXT.split():
        if word.endswith(":") and "=" not in word:
            current = tables.setdefault(word[:-1], {})
        else:
            name, kind = word.split("=")
            current[name] = kind
    return tables


#: extract -> {column: kind}, in the order of the files.
SCHEMA = _parse()

#: key columns of each extract (the first column unless said here).
KEYS = {name: [next(iter(columns))] for name, columns in SCHEMA.items()}
KEYS |= {
    "company_balances": ["company_id", "fiscal_year"],
    "incomes": ["affiliate_id", "income_year"],
    "relief_effects": ["request_id", "charge_id"],
    "plan_instalments": ["plan_id", "instalment_no"],
    "recovery_case_charges": ["case_id", "charge_id"],
    "ledger_totals": ["period", "ledger_line"],
}
