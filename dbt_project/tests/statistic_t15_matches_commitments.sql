-- T15 against the service commitment, quarter by quarter: in time and judged are the numerator and the denominator of
-- the indicator of each flow and of the insurance requests (equation 11 of statistics-tables.md).
with statistic as (
    select
        case
            when record_kind = 'insurance_request' then 'SC19'
            when record_type = 'maternity_voucher_order' then 'SC16'
            when record_type = 'mutuality_contribution_voucher' then 'SC17'
            when record_type = 'incapacity_certificate' then 'SC18'
            else 'SC21'
        end as code,
        ref_period,
        coalesce(sum(obs_value) filter (where measure = 'in_time_records'), 0) as in_time,
        coalesce(sum(obs_value) filter (where measure = 'judged_records'), 0) as judged
    from {{ ref('stat_t15') }}
    where
        ref_period like '%Q%'
        and record_status = '_T'
        and mutuality_union = '_T'
        and (
            (record_kind = 'insurance_request' and record_type = '_T')
            or record_type in (
                'maternity_voucher_order', 'mutuality_contribution_voucher', 'incapacity_certificate', 'tax_certificate'
            )
        )
    group by code, ref_period
),

promised as (
    select
        code,
        quarter,
        numerator,
        denominator
    from {{ ref('mart_commitments') }}
    where
        code in ('SC16', 'SC17', 'SC18', 'SC19', 'SC21')
        and office_code = 'ALL'
        -- The running quarter is in the service commitment only.
        and quarter_text_index(quarter) <= last_ended_quarter(as_of_date())
)

select
    coalesce(statistic.code, promised.code) as code,
    coalesce(statistic.ref_period, promised.quarter) as quarter,
    statistic.in_time,
    promised.numerator,
    statistic.judged,
    promised.denominator
from statistic
full outer join promised on statistic.code = promised.code and statistic.ref_period = promised.quarter
where
    -- Nothing judged may have no row.
    coalesce(statistic.in_time, 0) <> coalesce(promised.numerator, 0)
    or coalesce(statistic.judged, 0) <> coalesce(promised.denominator, 0)
