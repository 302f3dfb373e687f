{{ config(materialized='sliced') }}
-- depends_on: {{ ref('int_ledger__account_slices') }}
-- RG art. 44 and 44bis, law of 30 December 1992 art. 93: the rule of surcharges that a contribution falls under, from
-- when they may run, and what stops them. Looked at are contributions that were open after they fell due, and those
-- that a surcharge points to.
with starters as (
    -- Who was affiliated before the start: the first quarters are claimed later (RG art. 44 §2).
    select distinct
        affiliations.affiliate_id,
        quarter_index(affiliations.start_date) + unnest(range(rules.applies_to_quarters)) as quarter_number
    from {{ ref('stg_affiliations') }} as affiliations
    inner join {{ ref('law_surcharges') }} as rules on rules.surcharge_kind = 'starter' and rules.period = 'quarter'
    where
        affiliations.origin in ('voluntary', 'resumption')
        and affiliations.registered_date <= affiliations.start_date
        and coalesce(affiliations.end_reason, '') <> 'annulled'
        and in_slice(affiliations.affiliate_id)
),

claims as (
    select
        charges.*,
        surcharge_kind(charges.charge_type, starters.affiliate_id is not null) as surcharge_kind
    from {{ ref('fct_charges') }} as charges
    left join starters
        on
            charges.account_id = starters.affiliate_id
            and charges.contribution_year * 4 + charges.contribution_quarter - 1 = starters.quarter_number
    where
        is_contribution(charges.charge_type)
        and (
            charges.settled_date is null
            or charges.settled_date > charges.due_date
            or charges.charge_id in (
                select charged.related_charge_id from {{ ref('int_law__surcharges_charged') }} as charged
            )
        )
        and in_slice(charges.account_id)
),

-- Summons and service of the writ end the running on what their case holds.
stops as (
    select
        claims.charge_id,
        min(steps.step_date) as stop_date
    from claims
    inner join {{ ref('stg_recovery_case_charges') }} as links on claims.charge_id = links.charge_id
    inner join {{ ref('stg_recovery_steps') }} as steps on links.case_id = steps.case_id
    where stops_surcharges(steps.step_type, steps.outcome) and steps.step_date <= as_of_date()
    group by claims.charge_id
)

select
    claims.charge_id,
    claims.account_id,
    claims.contribution_year,
    claims.contribution_quarter,
    claims.nature,
    claims.issue_date,
    claims.due_date,
    claims.gross_amount,
    claims.net_amount,
    claims.settled_date,
    claims.surcharge_kind,
    surcharge_claimed_date(claims.surcharge_kind, claims.issue_date, claims.due_date) as claimed_date,
    stops.stop_date
from claims
left join stops on claims.charge_id = stops.charge_id
