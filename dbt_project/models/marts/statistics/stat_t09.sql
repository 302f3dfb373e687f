-- T09 of statistics-tables.md. Its parts (int_recovery__arrears_counted) share no account, so their debtors add up and
-- the two largest contributions are the two largest of the parts. Every charge in arrears has an amount above 0: all
-- debtors contribute to each measure.
with parts as (
    select * from {{ ref('int_recovery__arrears_counted') }}
    union all
    -- The total over the natures, of the accounts that have one only.
    select * replace (null as nature) from {{ ref('int_recovery__arrears_counted') }}
    where has_one_nature
),

-- S1: the state of 31 December is that of the year and that of its last quarter; the as-of date is none by itself.
quarters_and_years as (
    select
        'Q' as frequency,
        quarter_text(reference_date) as ref_period,
        *
    from parts
    where reference_date = quarter_end(reference_date) and year(reference_date) >= first_year()
    union all
    select
        'Y' as frequency,
        year_text(reference_date) as ref_period,
        *
    from parts
    where reference_date = make_date(year(reference_date), 12, 31) and year(reference_date) >= first_year()
),

cells as (
    -- T09.1 to T09.3 YQ: nature age_bucket; nature stage; nature claim_group
    select
        ref_period,
        nature,
        age_bucket,
        stage,
        claim_group,
        sum(debtors) as debtors,
        sum(charges) as charges,
        sum(outstanding_amount) as outstanding_amount,
        list_reverse_sort(flatten(list(most_charges))) as most_charges,
        list_reverse_sort(flatten(list(largest_amounts))) as largest_amounts
    from quarters_and_years
    where contribution_year is null and (age_bucket is null or stage is null)
    group by ref_period, nature, age_bucket, stage, claim_group
    union all by name
    -- T09.4 Y: nature age_bucket stage
    select
        ref_period,
        nature,
        age_bucket,
        stage,
        sum(debtors) as debtors,
        sum(charges) as charges,
        sum(outstanding_amount) as outstanding_amount,
        list_reverse_sort(flatten(list(most_charges))) as most_charges,
        list_reverse_sort(flatten(list(largest_amounts))) as largest_amounts
    from quarters_and_years
    where frequency = 'Y' and age_bucket is not null and stage is not null
    group by ref_period, nature, age_bucket, stage
    union all by name
    -- T09.5 Y: nature contribution_year age_bucket
    select
        ref_period,
        nature,
        contribution_year,
        age_bucket,
        sum(debtors) as debtors,
        sum(charges) as charges,
        sum(outstanding_amount) as outstanding_amount,
        list_reverse_sort(flatten(list(most_charges))) as most_charges,
        list_reverse_sort(flatten(list(largest_amounts))) as largest_amounts
    from quarters_and_years
    where frequency = 'Y' and contribution_year is not null
    group by ref_period, nature, contribution_year, age_bucket
    union all by name
    -- T09.6 Y: nature amount_class
    select
        ref_period,
        nature,
        amount_class,
        sum(debtors) as debtors,
        sum(charges) as charges,
        sum(outstanding_amount) as outstanding_amount,
        list_reverse_sort(flatten(list(most_charges))) as most_charges,
        list_reverse_sort(flatten(list(largest_amounts))) as largest_amounts
    from quarters_and_years
    where frequency = 'Y' and amount_class is not null
    group by ref_period, nature, amount_class
    union all by name
    -- T09.7 Y: nature region>province
    select
        ref_period,
        nature,
        region,
        province,
        sum(debtors) as debtors,
        sum(charges) as charges,
        sum(outstanding_amount) as outstanding_amount,
        list_reverse_sort(flatten(list(most_charges))) as most_charges,
        list_reverse_sort(flatten(list(largest_amounts))) as largest_amounts
    from quarters_and_years
    where frequency = 'Y' and region is not null
    group by ref_period, nature, region, rollup (province)
),

measured as (
    select
        *,
        -- One row per measure, its fields as columns. A debtor counts for 1.
        unnest([  -- noqa: AL03
            {
                'measure': 'debtors',
                'obs_value': cast(debtors as decimal(18, 2)),
                'largest': cast(1 as decimal(18, 2)),
                'second': cast(case when debtors > 1 then 1 end as decimal(18, 2))
            },
            {
                'measure': 'charges',
                'obs_value': cast(charges as decimal(18, 2)),
                'largest': cast(most_charges[1] as decimal(18, 2)),
                'second': cast(most_charges[2] as decimal(18, 2))
            },
            {
                'measure': 'outstanding_amount',
                'obs_value': cast(outstanding_amount as decimal(18, 2)),
                'largest': cast(largest_amounts[1] as decimal(18, 2)),
                'second': cast(largest_amounts[2] as decimal(18, 2))
            }
        ], recursive := true)
    from cells
)

select
    ref_period,
    coalesce(nature, '_T') as nature,
    coalesce(claim_group, '_T') as claim_group,
    coalesce(cast(contribution_year as varchar), '_T') as contribution_year,
    coalesce(age_bucket, '_T') as age_bucket,
    coalesce(stage, '_T') as stage,
    coalesce(amount_class, '_T') as amount_class,
    coalesce(region, '_T') as region,
    coalesce(province, '_T') as province,
    measure,
    obs_value,
    cast(debtors as bigint) as contributors,
    largest as largest_contribution,
    second as second_contribution
from measured
