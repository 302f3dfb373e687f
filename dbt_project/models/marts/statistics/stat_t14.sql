-- T14 of statistics-tables.md: the blocks of the family and care benefits over int_statistics__benefit_records, as in
-- T13, but without months.
with records as (
    select *
    from {{ ref('int_statistics__benefit_records') }}
    where benefit <> 'bridging_right' and frequency in ('year', 'quarter')
),

-- What each affiliate brings to each cell. `payments` of a record is 0 or 1: an affiliate with several is one
-- beneficiary.
by_affiliate as (
    -- T14.1, T14.2 YQ: benefit>cause decision
    select
        'T14.1' as block,
        ref_period,
        affiliate_id,
        benefit,
        cause,
        decision,
        sum(requests) as requests,
        sum(decisions) as decisions
    from records
    where requests is not null or decisions is not null
    group by ref_period, affiliate_id, rollup (benefit, cause), cube (decision)
    union all by name
    -- T14.3 YQ: benefit>cause payment_unit
    select
        'T14.3' as block,
        ref_period,
        affiliate_id,
        benefit,
        cause,
        payment_unit,
        sum(payments) as payments,
        sum(paid_amount) as paid_amount,
        max(payments) as beneficiaries
    from records
    where payments is not null
    group by ref_period, affiliate_id, rollup (benefit, cause), cube (payment_unit)
    union all by name
    -- T14.4 YQ: benefit>cause payment_unit!
    select
        'T14.4' as block,
        ref_period,
        affiliate_id,
        benefit,
        cause,
        payment_unit,
        sum(units) as units
    from records
    where units is not null
    group by ref_period, affiliate_id, payment_unit, rollup (benefit, cause)
    union all by name
    -- T14.5, T14.6 Y: benefit
    select
        'T14.5' as block,
        ref_period,
        affiliate_id,
        benefit,
        sum(undue_files) as undue_files,
        sum(undue_amount) as undue_amount,
        sum(undue_repaid_amount) as undue_repaid_amount
    from records
    where
        frequency = 'year'
        and (undue_files is not null or undue_repaid_amount is not null)
    group by ref_period, affiliate_id, cube (benefit)
    union all by name
    -- T14.7, T14.8 Y: benefit sex age_class
    select
        'T14.7' as block,
        ref_period,
        affiliate_id,
        benefit,
        sex,
        age_class,
        sum(requests) as requests,
        sum(payments) as payments,
        sum(paid_amount) as paid_amount,
        max(payments) as beneficiaries
    from records
    where
        frequency = 'year'
        and (requests is not null or payments is not null)
    group by ref_period, affiliate_id, cube (benefit, sex, age_class)
    union all by name
    -- T14.9, T14.10 Y: benefit branch
    select
        'T14.9' as block,
        ref_period,
        affiliate_id,
        benefit,
        branch,
        sum(requests) as requests,
        sum(payments) as payments,
        sum(paid_amount) as paid_amount,
        max(payments) as beneficiaries
    from records
    where
        frequency = 'year'
        and (requests is not null or payments is not null)
    group by ref_period, affiliate_id, cube (benefit, branch)
    union all by name
    -- T14.11, T14.12 Y: benefit region
    select
        'T14.11' as block,
        ref_period,
        affiliate_id,
        benefit,
        region,
        sum(requests) as requests,
        sum(payments) as payments,
        sum(paid_amount) as paid_amount,
        max(payments) as beneficiaries
    from records
    where
        frequency = 'year'
        and (requests is not null or payments is not null)
    group by ref_period, affiliate_id, cube (benefit, region)
),

amounts as (
    unpivot by_affiliate
    on requests, decisions, payments, units, paid_amount, beneficiaries, undue_files, undue_amount, undue_repaid_amount
    into name measure value amount
),

cells as (
    select
        * exclude (affiliate_id, amount),
        sum(amount) as obs_value,
        count(nullif(amount, 0)) as contributors,
        max(abs(nullif(amount, 0)), 2) as largest
    from amounts
    group by all
)

-- A row that two blocks give is there once.
select distinct
    ref_period,
    coalesce(benefit, '_T') as benefit,
    coalesce(cause, '_T') as cause,
    coalesce(decision, '_T') as decision,
    coalesce(payment_unit, '_T') as payment_unit,
    coalesce(sex, '_T') as sex,
    coalesce(age_class, '_T') as age_class,
    coalesce(branch, '_T') as branch,
    coalesce(region, '_T') as region,
    measure,
    cast(obs_value as decimal(18, 2)) as obs_value,
    contributors,
    cast(largest[1] as decimal(18, 2)) as largest_contribution,
    cast(largest[2] as decimal(18, 2)) as second_contribution
from cells
