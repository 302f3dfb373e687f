-- The slices of int_recovery__arrears_counted together: an account lies in one of them, so debtors add up.
select
    reference_date,
    account_type,
    nature,
    age_bucket,
    stage,
    cast(sum(debtors) as bigint) as debtors,
    cast(sum(charges) as bigint) as charges,
    cast(sum(outstanding_amount) as decimal(18, 2)) as outstanding_amount
from {{ ref('int_recovery__arrears_counted') }}
where nature is not null and age_bucket is not null and stage is not null
group by all
