{{ config(materialized='sliced') }}
-- depends_on: {{ ref('int_ledger__account_slices') }}
-- C3: all charge types; debtors are the distinct accounts of a cell.
with accounts as (
    select
        reference_date,
        account_id,
        nature,
        state as age_bucket,
        stage,
        count(*) as charges,
        sum(outstanding_amount) as outstanding_amount
    from {{ ref('int_recovery__arrears_at_quarter_ends') }}
    where due_date < reference_date and in_slice(account_id)
    group by all
)

select
    reference_date,
    account_type(account_id) as account_type,
    nature,
    age_bucket,
    stage,
    count(*) as debtors,
    cast(sum(charges) as bigint) as charges,
    cast(sum(outstanding_amount) as decimal(18, 2)) as outstanding_amount
from accounts
group by all
