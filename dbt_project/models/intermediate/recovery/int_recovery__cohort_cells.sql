-- Cohorts as sums over accounts: what each cohort claims, and what came in of it in each later quarter. What came in
-- before the due quarter counts in the first (C1: k = 0).
with charges as (
    select
        classified.charge_number,
        classified.due_index,
        case when classified.account_key >= 100000000 then 'company' else 'affiliate' end as account_type,
        classified.nature_rank,
        coalesce(companies.origin, origins.origin, 'unknown') as affiliation_origin,
        classified.net_amount
    from {{ ref('int_recovery__charges_classified') }} as classified
    left join {{ ref('int_recovery__origins_dated') }} as origins
        on
            classified.account_key = origins.account_key
            and classified.due_date >= origins.from_date
            and classified.due_date < origins.before_date
    left join {{ ref('stg_companies') }} as companies
        on classified.account_key = {{ account_key('companies.company_id') }}
    where classified.is_contribution
),

claimed as (
    select
        due_index,
        account_type,
        nature_rank,
        affiliation_origin,
        cast(null as integer) as quarters_since_due,
        count(*) as charges,
        cast(sum(net_amount) as decimal(18, 2)) as claimed_amount,
        cast(0 as decimal(18, 2)) as collected_amount
    from charges
    group by due_index, account_type, nature_rank, affiliation_origin
),

payments as (
    select
        {{ id_number('charge_id') }} as charge_number,
        {{ quarter_index('value_date') }} as payment_index,
        allocated_amount
    from {{ ref('fct_allocations') }}
    where credit_type = 'payment' and value_date <= {{ as_of_date() }}
),

collected as (
    select
        charges.due_index,
        charges.account_type,
        charges.nature_rank,
        charges.affiliation_origin,
        greatest(payments.payment_index - charges.due_index, 0) as quarters_since_due,
        cast(0 as bigint) as charges,
        cast(0 as decimal(18, 2)) as claimed_amount,
        cast(sum(payments.allocated_amount) as decimal(18, 2)) as collected_amount
    from payments
    inner join charges on payments.charge_number = charges.charge_number
    group by
        charges.due_index,
        charges.account_type,
        charges.nature_rank,
        charges.affiliation_origin,
        greatest(payments.payment_index - charges.due_index, 0)
)

select * from claimed
union all
select * from collected
