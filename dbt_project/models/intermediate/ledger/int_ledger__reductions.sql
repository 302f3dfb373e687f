-- A3: the cancellations and relief effects of a charge take from it in order of date, cancellations before relief,
-- identifier. What a row asks beyond what is left is a credit (int_ledger__pool_movements). A negative row has nothing
-- to take from (A1, A3, A12).
with cancellations as (
    select
        related_charge_id as charge_id,
        charge_id as reduction_id,
        'cancellation' as reduction_type,
        issue_date as reduction_date,
        -amount as amount
    from {{ ref('stg_charges') }}
    where charge_type = 'cancellation'
),

relief_effects as (
    select
        charge_id,
        request_id || ':' || charge_id as reduction_id,
        'relief' as reduction_type,
        effective_date as reduction_date,
        amount
    from {{ ref('stg_relief_effects') }}
),

reductions as (
    select * from cancellations
    union all
    select * from relief_effects
),

running as (
    select
        reductions.*,
        charges.account_id,
        greatest(charges.amount, 0) as gross_amount,
        sum(reductions.amount) over (
            partition by reductions.charge_id
            order by reductions.reduction_date, reductions.reduction_type, reductions.reduction_id
            rows between unbounded preceding and current row
        ) as amount_so_far
    from reductions
    inner join {{ ref('stg_charges') }} as charges on reductions.charge_id = charges.charge_id
)

select
    charge_id,
    account_id,
    reduction_id,
    reduction_type,
    reduction_date,
    cast(amount as decimal(18, 2)) as amount,
    cast(least(amount_so_far, gross_amount) - least(amount_so_far - amount, gross_amount) as decimal(18, 2))
        as applied_amount,
    gross_amount > 0 and amount_so_far >= gross_amount as is_exhausted
from running
