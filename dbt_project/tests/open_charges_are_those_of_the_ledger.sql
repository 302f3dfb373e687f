-- Every outstanding charge has its stage and its prescription date, and nothing else is there.
with ledger as (
    select
        count(*) as charges,
        coalesce(sum(outstanding_amount), 0) as outstanding_amount
    from {{ ref('fct_charges') }}
    where outstanding_amount > 0
),

open_charges as (
    select
        count(*) as charges,
        count(prescription_date) as dated_charges,
        coalesce(sum(outstanding_amount), 0) as outstanding_amount
    from {{ ref('fct_open_charges') }}
)

select
    ledger.charges,
    open_charges.charges as open_charges,
    open_charges.dated_charges,
    ledger.outstanding_amount,
    open_charges.outstanding_amount as open_amount
from ledger
cross join open_charges
where
    ledger.charges <> open_charges.charges
    or open_charges.charges <> open_charges.dated_charges
    or ledger.outstanding_amount <> open_charges.outstanding_amount
