with claims as (
    select
        *,
        -- The delay starts when the file is complete.
        coalesce(complete_date, submitted_date) as delay_start_date
    from {{ ref('stg_benefit_claims') }}
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
    months_added(delay_start_date, 4) as charter_limit_date,
    decision_date,
    decision,
    refusal_reason,
    cast(datediff('day', delay_start_date, decision_date) as integer) as decision_days,
    decision_date <= months_added(delay_start_date, 4) as within_charter,
    case
        when decision_date is not null then coalesce(reasons_stated, false) and coalesce(appeal_stated, false)
    end as reasons_and_appeal_stated,
    with_family_charge
from claims
