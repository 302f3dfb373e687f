{{ config(
    materialized='incremental',
    incremental_strategy='replace_touched',
    on_schema_change='fail',
    touched='stg_benefit_claims__changes',
    touched_by='claim_id'
) }}

with claims as (
    select
        *,
        -- The delay starts when the file is complete (definitions, section 5).
        coalesce(complete_date, submitted_date) as delay_start_date,
        {{ months_added('coalesce(complete_date, submitted_date)', 4) }} as charter_limit_date
    from {{ ref('stg_benefit_claims') }}
    where {{ only_touched('claim_id', 'stg_benefit_claims__changes', 'claim_id') }}
)

select
    claim_id,
    affiliate_id,
    benefit,
    cause,
    initiated_by,
    event_date,
    submitted_date,
    complete_date,
    charter_limit_date,
    decision_date,
    decision,
    refusal_reason,
    cast(datediff('day', delay_start_date, decision_date) as integer) as decision_days,
    decision_date <= charter_limit_date as within_charter,
    case
        when decision_date is not null then coalesce(reasons_stated, false) and coalesce(appeal_stated, false)
    end as reasons_and_appeal_stated,
    with_family_charge
from claims
