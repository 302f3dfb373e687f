-- Nothing is lost: as many charges, with the same total, as the rows in force (ruling A1: every row is a row).
with delivered as (
    select
        count(*) as charges,
        sum(amount) as gross_amount
    from {{ ref('stg_charges') }}
),

recorded as (
    select
        count(*) as charges,
        sum(gross_amount) as gross_amount
    from {{ ref('fct_charges') }}
)

select
    delivered.charges as charges_delivered,
    recorded.charges as charges_recorded,
    delivered.gross_amount as amount_delivered,
    recorded.gross_amount as amount_recorded
from delivered
cross join recorded
where
    delivered.charges <> recorded.charges
    or delivered.gross_amount is distinct from recorded.gross_amount
