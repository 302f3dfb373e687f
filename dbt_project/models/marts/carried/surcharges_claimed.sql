{{ config(
    materialized='incremental',
    incremental_strategy='replace_touched',
    on_schema_change='fail',
    touched='int_contribution__accounts_reassessed',
    touched_by='account_key'
) }}
-- depends_on: {{ ref('int_contribution__accounts_reassessed') }}

with surcharges as (
    select * from {{ ref('int_contribution__surcharges_related') }}
),

allocations as (
    select
        surcharges.charge_number,
        allocations.value_date,
        allocations.allocated_amount
    from surcharges
    inner join {{ ref('fct_allocations_ledger') }} as allocations
        on surcharges.related_charge_number = allocations.charge_number
),

-- Quarterly and yearly: a percentage of what was unpaid at one day's end.
covered as (
    select
        surcharges.charge_number,
        sum(allocations.allocated_amount) as covered_amount
    from surcharges
    inner join allocations
        on surcharges.charge_number = allocations.charge_number and surcharges.fall_date >= allocations.value_date
    group by surcharges.charge_number
),

dated as (
    select
        surcharges.charge_number,
        greatest(surcharges.related_net_amount - coalesce(covered.covered_amount, 0), 0) as unpaid_amount,
        greatest(surcharges.related_gross_amount - coalesce(covered.covered_amount, 0), 0) as unpaid_gross_amount,
        rules.value as percentage,
        case surcharges.charge_type
            when 'surcharge_quarterly'
                then
                    {{ quarter_index('surcharges.fall_date') }}
                    >= {{ first_surcharge_quarter('rules', 'surcharges.claimed_date') }}
                    and (
                        surcharges.stop_date is null
                        or {{ quarter_index('surcharges.fall_date') }}
                        <= {{ last_surcharge_quarter('surcharges.stop_date') }}
                    )
            else
                extract(year from surcharges.fall_date) = {{ surcharge_year('rules', 'surcharges.claimed_date') }}
                and (surcharges.stop_date is null or surcharges.stop_date > surcharges.fall_date)
        end as has_run
    from surcharges
    inner join {{ ref('law_surcharges') }} as rules
        on
            surcharges.surcharge_kind = rules.surcharge_kind
            and rules.period = case surcharges.charge_type when 'surcharge_quarterly' then 'quarter' else 'year' end
            and {{ is_in_force('rules', 'surcharges.claimed_date') }}
    left join covered on surcharges.charge_number = covered.charge_number
    where surcharges.charge_type <> 'company_surcharge'
),

-- Companies: months of delay on each part, paid by the notice or still unpaid on that day.
ends as (
    select
        charge_number,
        related_due_date,
        related_net_amount,
        least(issue_date, coalesce(stop_date, issue_date)) as until_date
    from surcharges
    where charge_type = 'company_surcharge'
),

parts as (
    select
        ends.charge_number,
        ends.related_due_date,
        allocations.value_date as part_date,
        sum(allocations.allocated_amount) as part_amount
    from ends
    inner join allocations
        on ends.charge_number = allocations.charge_number and ends.until_date >= allocations.value_date
    group by ends.charge_number, ends.related_due_date, allocations.value_date
),

parts_and_rest as (
    select * from parts
    union all
    select
        ends.charge_number,
        ends.related_due_date,
        ends.until_date as part_date,
        ends.related_net_amount - coalesce(sum(parts.part_amount), 0) as part_amount
    from ends
    left join parts on ends.charge_number = parts.charge_number
    group by ends.charge_number, ends.related_due_date, ends.until_date, ends.related_net_amount
),

companies as (
    select
        parts_and_rest.charge_number,
        sum({{ surcharge_amount(
            'parts_and_rest.part_amount', 'rules.value',
            months_of_delay('parts_and_rest.related_due_date', 'parts_and_rest.part_date')
        ) }}) as total_amount
    from parts_and_rest
    inner join {{ ref('law_surcharges') }} as rules
        on
            rules.surcharge_kind = 'company'
            and rules.period = 'month'
            and {{ is_in_force('rules', 'parts_and_rest.related_due_date') }}
    group by parts_and_rest.charge_number
),

-- A notice to a company asks what the notices before it left out.
claimed_before as (
    select
        charge_number,
        sum(gross_amount - cancelled_amount) over (
            partition by related_charge_number
            order by issue_date, charge_number
            rows between unbounded preceding and 1 preceding
        ) as claimed_amount
    from surcharges
    where charge_type = 'company_surcharge'
),

expected as (
    select
        surcharges.*,
        reduced.charge_number is not null as is_reduction,
        coalesce(
            reduced.expected_amount,
            companies.total_amount - coalesce(claimed_before.claimed_amount, 0),
            case when dated.has_run then {{ surcharge_amount('dated.unpaid_amount', 'dated.percentage') }} else 0 end
        ) as expected_amount,
        case when dated.has_run then {{ surcharge_amount('dated.unpaid_gross_amount', 'dated.percentage') }} end
            as expected_before_relief,
        coalesce(reduced.unpaid_amount, dated.unpaid_amount) as unpaid_amount
    from surcharges
    left join {{ ref('int_contribution__reductions_surcharged') }} as reduced
        on surcharges.charge_number = reduced.charge_number
    left join dated on surcharges.charge_number = dated.charge_number
    left join companies on surcharges.charge_number = companies.charge_number
    left join claimed_before on surcharges.charge_number = claimed_before.charge_number
)

select
    charge_number,
    account_key,
    claim_code,
    cast(charge_type as varchar) as charge_type,
    related_charge_number,
    case when is_reduction then 'reduction' else surcharge_kind end as surcharge_kind,
    fall_date,
    cast(unpaid_amount as decimal(18, 2)) as unpaid_amount,
    gross_amount,
    cast(case when surcharge_kind is not null then expected_amount end as decimal(18, 2)) as expected_amount,
    case
        when surcharge_kind is null then 'no_related_claim'
        when gross_amount = expected_amount then null
        when cancelled_amount >= gross_amount then 'later_correction'
        when gross_amount = expected_before_relief then 'later_relief'
        else 'unexplained'
    end as difference_reason
from expected
