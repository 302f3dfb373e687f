-- Every charge of a type that the law sets is compared once, and what differs without a reason is told so.
with comparable as (
    select count(*) as charges
    from {{ ref('fct_charges') }}
    where
        charge_type in (
            'provisional', 'regularisation', 'company_contribution', 'surcharge_quarterly', 'surcharge_annual',
            'company_surcharge'
        )
),

compared as (
    select
        coalesce(sum(charges), 0) as charges,
        coalesce(
            sum(charges) filter (where difference_reason = 'none' and absolute_difference_amount <> 0), 0
        ) as silent_charges
    from {{ ref('mart_accuracy') }}
)

select
    comparable.charges as comparable_charges,
    compared.charges as compared_charges,
    compared.silent_charges
from comparable
cross join compared
where comparable.charges <> compared.charges or compared.silent_charges <> 0
