-- T13 of statistics-tables.md: the blocks of the bridging right over int_statistics__benefit_records. Blocks with the
-- same axes are one `group by`: a value is empty where no record of the cell is of its population, and an empty one has
-- no row.
with records as (
    select *
    from {{ ref('int_statistics__benefit_records') }}
    where benefit = 'bridging_right'
),

-- What each affiliate brings to each cell. `payments` of a record is 0 or 1: an affiliate with several is one
-- beneficiary.
by_affiliate as (
    -- T13.1, T13.2 YQM: cause decision
    select
        'T13.1' as block,
        ref_period,
        affiliate_id,
        cause,
        decision,
        sum(requests) as requests,
        sum(decisions) as decisions
    from records
    where requests is not null or decisions is not null
    group by ref_period, affiliate_id, cube (cause, decision)
    union all by name
    -- T13.3 YQM: cause payment_unit
    select
        'T13.3' as block,
        ref_period,
        affiliate_id,
        cause,
        payment_unit,
        sum(payments) as payments,
        sum(paid_amount) as paid_amount,
        max(payments) as beneficiaries
    from records
    where payments is not null
    group by ref_period, affiliate_id, cube (cause, payment_unit)
    union all by name
    -- T13.4 YQM: cause payment_unit!
    select
        'T13.4' as block,
        ref_period,
        affiliate_id,
        cause,
        payment_unit,
        sum(units) as units
    from records
    where units is not null
    group by ref_period, affiliate_id, payment_unit, cube (cause)
    union all by name
    -- T13.5, T13.6 YQ: cause
    select
        'T13.5' as block,
        ref_period,
        affiliate_id,
        cause,
        sum(undue_files) as undue_files,
        sum(undue_amount) as undue_amount,
        sum(undue_repaid_amount) as undue_repaid_amount
    from records
    where
        frequency in ('year', 'quarter')
        and (undue_files is not null or undue_repaid_amount is not null)
    group by ref_period, affiliate_id, cube (cause)
    union all by name
    -- T13.7, T13.8 Y: cause family_charge sex
    select
        'T13.7' as block,
        ref_period,
        affiliate_id,
        cause,
        family_charge,
        sex,
        sum(requests) as requests,
        sum(payments) as payments,
        sum(paid_amount) as paid_amount,
        max(payments) as beneficiaries
    from records
    where
        frequency = 'year'
        and (requests is not null or payments is not null)
    group by ref_period, affiliate_id, cube (cause, family_charge, sex)
    union all by name
    -- T13.9, T13.10 Y: sex age_class
    select
        'T13.9' as block,
        ref_period,
        affiliate_id,
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
    group by ref_period, affiliate_id, cube (sex, age_class)
    union all by name
    -- T13.11, T13.12 Y: branch region
    select
        'T13.11' as block,
        ref_period,
        affiliate_id,
        branch,
        region,
        sum(requests) as requests,
        sum(payments) as payments,
        sum(paid_amount) as paid_amount,
        max(payments) as beneficiaries
    from records
    where
        frequency = 'year'
        and (requests is not null or payments is not null)
    group by ref_period, affiliate_id, cube (branch, region)
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
    coalesce(cause, '_T') as cause,
    coalesce(decision, '_T') as decision,
    coalesce(payment_unit, '_T') as payment_unit,
    coalesce(family_charge, '_T') as family_charge,
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
