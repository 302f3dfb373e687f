{{ config(materialized='table') }}

select
    claim_id,
    affiliate_id,
    benefit,
    cause,
    initiated_by,
    event_date,
    submitted_date,
    complete_date,
    decision_date,
    decision,
    refusal_reason,
    reasons_stated,
    appeal_stated,
    with_family_charge,
    _delivery_id,
    _business_date,
    _line_number,
    _change
from {{ source('raw', 'benefit_claims__changes') }}
