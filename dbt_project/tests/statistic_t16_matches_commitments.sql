-- T16 against the service commitment, quarter by quarter, for the fund and for each office: in time and judged are the
-- numerator and the denominator of the indicator of each service (equation 11 of statistics-tables.md).
with statistic as (
    select
        case
            when service = 'registration' then 'SC01'
            when service in ('question', 'request') then 'SC03'
            when service = 'complaint' then 'SC04'
            when service = 'benefit_decision' then 'SC10'
            when service = 'benefit_payment' then 'SC11'
            when service = 'refusal_reasons' then 'SC14'
            when service = 'due_notice' then 'SC23'
            when service = 'regularisation_notice' then 'SC23B'
            when service = 'insolvency_claim' then 'SC31'
        end as code,
        ref_period,
        case when office = '_T' then 'ALL' else office end as office_code,
        coalesce(sum(obs_value) filter (where measure = 'in_time_items'), 0) as in_time,
        coalesce(sum(obs_value) filter (where measure = 'judged_items'), 0) as judged
    from {{ ref('stat_t16') }}
    -- E4: what belongs to no office counts for the fund only.
    where
        ref_period like '%Q%'
        and topic = '_T'
        and channel = '_T'
        and outcome = '_T'
        and office not in ('none', 'unknown')
    group by code, ref_period, office
),

promised as (
    select
        code,
        quarter,
        office_code,
        numerator,
        denominator
    from {{ ref('mart_commitments') }}
    where
        code in ('SC01', 'SC03', 'SC04', 'SC10', 'SC11', 'SC14', 'SC23', 'SC23B', 'SC31')
        -- An office that bears such a name cannot be told from what belongs to none.
        and office_code not in ('none', 'unknown')
        -- The running quarter is in the service commitment only.
        and quarter_text_index(quarter) <= last_ended_quarter(as_of_date())
)

select
    coalesce(statistic.code, promised.code) as code,
    coalesce(statistic.ref_period, promised.quarter) as quarter,
    coalesce(statistic.office_code, promised.office_code) as office_code,
    statistic.in_time,
    promised.numerator,
    statistic.judged,
    promised.denominator
from statistic
full outer join promised
    on
        statistic.code = promised.code
        and statistic.ref_period = promised.quarter
        and statistic.office_code = promised.office_code
where
    -- Nothing judged may have no row.
    coalesce(statistic.in_time, 0) <> coalesce(promised.numerator, 0)
    or coalesce(statistic.judged, 0) <> coalesce(promised.denominator, 0)
