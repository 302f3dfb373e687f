{{ config(materialized='sliced', is_ledger=true, touched_by='account_key') }}
-- depends_on: {{ ref('int_contribution__accounts_touched') }}
-- depends_on: {{ ref('int_contribution__charges_before') }}
-- depends_on: {{ ref('int_contribution__natures_inherited') }}
-- depends_on: {{ ref('int_recovery__cohorts_before') }}

with amounts as (
    select
        charges.*,
        coalesce(reduced.cancelled_amount, 0) as cancelled_amount,
        coalesce(reduced.relief_amount, 0) as relief_amount,
        greatest(charges.amount, 0) - coalesce(reduced.applied_amount, 0) as net_amount,
        reduced.exhausted_date,
        coalesce(settled.collected_amount, 0) as collected_amount,
        coalesce(settled.credited_amount, 0) as credited_amount,
        coalesce(settled.collected_on_time_amount, 0) as collected_on_time_amount,
        coalesce(settled.collected_in_issue_year_amount, 0) as collected_in_issue_year_amount,
        coalesce(settled.settled_in_issue_year_amount, 0) as settled_in_issue_year_amount,
        settled.last_change_date
    from {{ ref('int_contribution__charges_classified') }} as charges
    left join {{ ref('int_contribution__charges_reduced') }} as reduced
        on charges.charge_number = reduced.charge_number
    left join {{ ref('int_contribution__charges_settled') }} as settled
        on charges.charge_number = settled.charge_number
    where {{ in_slice('charges.account_key') }}
),

positions as (
    select
        amounts.*,
        cast(natures.nature as {{ code_type('nature') }}) as nature,
        amounts.net_amount - amounts.collected_amount - amounts.credited_amount as outstanding_amount,
        case
            when amounts.amount <= 0 then null
            when amounts.net_amount = 0 then amounts.exhausted_date
            when amounts.net_amount - amounts.collected_amount - amounts.credited_amount = 0
                then amounts.last_change_date
        end as settled_date
    from amounts
    inner join {{ ref('natures') }} as natures
        on {{ claim_nature_rank('amounts.claim_code') }} = natures.rank
)

select
    cast(charge_number as bigint) as charge_number,
    account_key,
    claim_code,
    cast(related_charge_number as bigint) as related_charge_number,
    charge_type,
    cast(contribution_year as integer) as contribution_year,
    cast(contribution_quarter as integer) as contribution_quarter,
    category,
    nature,
    issue_date,
    due_date,
    cast(amount as decimal(18, 2)) as gross_amount,
    -- A negative row has nothing to reduce (A1, A12): what points to it became a credit as a whole.
    cast(case when amount > 0 then cancelled_amount else 0 end as decimal(18, 2)) as cancelled_amount,
    cast(case when amount > 0 then relief_amount else 0 end as decimal(18, 2)) as relief_amount,
    cast(net_amount as decimal(18, 2)) as net_amount,
    cast(collected_amount as decimal(18, 2)) as collected_amount,
    cast(credited_amount as decimal(18, 2)) as credited_amount,
    cast(outstanding_amount as decimal(18, 2)) as outstanding_amount,
    cast(collected_on_time_amount as decimal(18, 2)) as collected_on_time_amount,
    settled_date,
    cast(case when settled_date is not null then greatest(datediff('day', due_date, settled_date), 0) end as integer)
        as days_late,
    cast(collected_in_issue_year_amount as decimal(18, 2)) as collected_in_issue_year_amount,
    cast(net_amount - settled_in_issue_year_amount as decimal(18, 2)) as outstanding_at_issue_year_end_amount
from positions
