-- T09 at a quarter end against the ageing of that day (statistics-tables.md, coherence 7): charges and amounts in all;
-- on 31 December each nature, age bucket and stage, debtors too.
with ageing as (
    select
        quarter_text(reference_date) as ref_period,
        '_T' as nature,
        '_T' as age_bucket,
        '_T' as stage,
        -- Debtors of several cells are one debtor of the total.
        null as debtors,
        sum(charges) as charges,
        sum(outstanding_amount) as outstanding_amount
    from {{ ref('mart_arrears_ageing') }}
    where reference_date = quarter_end(reference_date) and year(reference_date) >= first_year()
    group by reference_date
    union all
    select
        year_text(reference_date) as ref_period,
        nature,
        age_bucket,
        stage,
        sum(debtors) as debtors,
        sum(charges) as charges,
        sum(outstanding_amount) as outstanding_amount
    from {{ ref('mart_arrears_ageing') }}
    where reference_date = make_date(year(reference_date), 12, 31) and year(reference_date) >= first_year()
    group by reference_date, nature, age_bucket, stage
),

statistic as (
    select
        ref_period,
        nature,
        age_bucket,
        stage,
        sum(obs_value) filter (where measure = 'debtors' and nature <> '_T') as debtors,
        sum(obs_value) filter (where measure = 'charges') as charges,
        sum(obs_value) filter (where measure = 'outstanding_amount') as outstanding_amount
    from {{ ref('stat_t09') }}
    where
        claim_group = '_T'
        and contribution_year = '_T'
        and amount_class = '_T'
        and region = '_T'
        and province = '_T'
        and case
            when length(ref_period) = 4 then nature <> '_T' and age_bucket <> '_T' and stage <> '_T'
            else nature = '_T' and age_bucket = '_T' and stage = '_T'
        end
    group by ref_period, nature, age_bucket, stage
)

select
    coalesce(ageing.ref_period, statistic.ref_period) as ref_period,
    coalesce(ageing.nature, statistic.nature) as nature,
    coalesce(ageing.age_bucket, statistic.age_bucket) as age_bucket,
    coalesce(ageing.stage, statistic.stage) as stage,
    ageing.debtors,
    statistic.debtors as debtors_shown,
    ageing.charges,
    statistic.charges as charges_shown,
    ageing.outstanding_amount,
    statistic.outstanding_amount as outstanding_shown_amount
from ageing
full outer join statistic
    on
        ageing.ref_period = statistic.ref_period
        and ageing.nature = statistic.nature
        and ageing.age_bucket = statistic.age_bucket
        and ageing.stage = statistic.stage
where
    ageing.debtors is distinct from statistic.debtors
    or ageing.charges is distinct from statistic.charges
    or ageing.outstanding_amount is distinct from statistic.outstanding_amount
