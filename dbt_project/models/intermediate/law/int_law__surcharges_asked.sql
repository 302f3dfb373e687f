{{ config(materialized='sliced') }}
-- depends_on: {{ ref('int_ledger__account_slices') }}
-- What the law asks of affiliates at quarter ends, on the principal that was unpaid then, never compounded: 3 % at each
-- (RG art. 44), 7 % at one year end (RG art. 44bis). Looked at is every quarter end at which a claim was still open,
-- and every one that a notice looks back on, whether something is asked there or not.
with claims as (
    select * from {{ ref('int_law__claims_dated') }}
    where in_slice(account_id)
),

quarter_ends as (
    select
        charge_id,
        quarter_index_end(unnest(range(
            greatest(quarter_index(due_date), quarter_index(issue_date), first_year() * 4),
            -- `least` passes over what is empty: not settled, not stopped.
            least(
                last_ended_quarter(as_of_date()), quarter_index(settled_date) - 1, last_surcharge_quarter(stop_date)
            ) + 1
        ))) as fall_date
    from claims
    where surcharge_kind <> 'company' and net_amount > 0 and (settled_date is null or settled_date > due_date)
    union
    select
        charged.related_charge_id as charge_id,
        charged.fall_date
    from {{ ref('int_law__surcharges_charged') }} as charged
    inner join claims on charged.related_charge_id = claims.charge_id and charged.account_id = claims.account_id
    where charged.fall_date is not null
),

allocated as (
    select
        quarter_ends.charge_id,
        quarter_ends.fall_date,
        sum(allocations.allocated_amount) as allocated_amount
    from quarter_ends
    inner join {{ ref('fct_allocations') }} as allocations
        on
            quarter_ends.charge_id = allocations.charge_id
            and quarter_ends.fall_date >= allocations.value_date
            and in_slice(allocations.account_id)
    group by quarter_ends.charge_id, quarter_ends.fall_date
),

unpaid as (
    select
        claims.*,
        quarter_ends.fall_date,
        greatest(claims.net_amount - coalesce(allocated.allocated_amount, 0), 0) as unpaid_amount,
        greatest(claims.gross_amount - coalesce(allocated.allocated_amount, 0), 0) as unpaid_before_relief
    from quarter_ends
    inner join claims on quarter_ends.charge_id = claims.charge_id
    left join allocated
        on quarter_ends.charge_id = allocated.charge_id and quarter_ends.fall_date = allocated.fall_date
)

select
    unpaid.charge_id,
    unpaid.account_id,
    case rules.period when 'quarter' then 'surcharge_quarterly' else 'surcharge_annual' end as charge_type,
    unpaid.surcharge_kind,
    unpaid.contribution_year,
    unpaid.contribution_quarter,
    unpaid.nature,
    unpaid.fall_date,
    cast(unpaid.unpaid_amount as decimal(18, 2)) as unpaid_amount,
    case
        when surcharge_falls(unpaid.fall_date, unpaid.claimed_date, unpaid.stop_date, rules)
            then surcharge_amount(cast(unpaid.unpaid_amount as decimal(18, 2)), rules.value)
        else 0
    end as expected_amount,
    case
        when surcharge_falls(unpaid.fall_date, unpaid.claimed_date, unpaid.stop_date, rules)
            then surcharge_amount(cast(unpaid.unpaid_before_relief as decimal(18, 2)), rules.value)
    end as expected_before_relief
from unpaid
inner join {{ ref('law_surcharges') }} as rules
    on
        unpaid.surcharge_kind = rules.surcharge_kind
        and (rules.period = 'quarter' or (rules.period = 'year' and month(unpaid.fall_date) = 12))
        and is_in_force(rules, unpaid.claimed_date)
