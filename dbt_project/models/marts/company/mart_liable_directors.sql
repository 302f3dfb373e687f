-- Law of 30 December 1992, art. 98: whoever was director or active partner in the year owes the contribution of that
-- year with the company. Surcharges and costs follow the contribution.
with owed as (
    select
        account_id as company_id,
        contribution_year,
        sum(outstanding_amount) as outstanding_amount,
        count(*) as charges,
        min(due_date) as oldest_due_date
    from {{ ref('fct_charges') }}
    where account_type = 'company' and outstanding_amount > 0
    group by account_id, contribution_year
),

told as (
    select
        cases.account_id as company_id,
        max(steps.step_date) as solidarity_notice_date
    from {{ ref('stg_recovery_steps') }} as steps
    inner join {{ ref('stg_recovery_cases') }} as cases on steps.case_id = cases.case_id
    where steps.step_type = 'solidarity_notice' and steps.step_date <= as_of_date()
    group by cases.account_id
)

select
    mandates.mandate_id,
    mandates.company_id,
    mandates.affiliate_id,
    mandates.role,
    mandates.start_date,
    mandates.end_date,
    mandates.end_date is null or mandates.end_date >= as_of_date() as is_current,
    cast(sum(owed.outstanding_amount) as decimal(18, 2)) as outstanding_amount,
    cast(sum(owed.charges) as bigint) as charges,
    min(owed.oldest_due_date) as oldest_due_date,
    max(told.solidarity_notice_date) as solidarity_notice_date
from {{ ref('stg_mandates') }} as mandates
inner join owed
    on
        mandates.company_id = owed.company_id
        and owed.contribution_year >= year(mandates.start_date)
        and (mandates.end_date is null or owed.contribution_year <= year(mandates.end_date))
left join told on mandates.company_id = told.company_id
group by all
