with cancellations as (
    select
        related_charge_number as charge_number,
        issue_date as reduction_date,
        'cancellation' as reduction_type,
        {{ id_text('D', 'charge_number') }} as reduction_id,
        -amount as amount
    from {{ ref('int_contribution__charges_scoped') }}
    where charge_type = 'cancellation'
),

reliefs as (
    select
        {{ id_number('charge_id') }} as charge_number,
        effective_date as reduction_date,
        'relief' as reduction_type,
        request_id || ':' || charge_id as reduction_id,
        amount
    from {{ ref('stg_relief_effects') }}
),

reductions as (
    select * from cancellations
    union all
    select * from reliefs
),

-- Ruling A3: by date, cancellations before relief, identifier. A negative row has nothing to take from (A12).
running as (
    select
        reductions.charge_number,
        charges.account_key,
        reductions.reduction_type,
        reductions.reduction_id,
        reductions.reduction_date,
        reductions.amount,
        greatest(charges.amount, 0) as gross_amount,
        sum(reductions.amount) over (
            partition by reductions.charge_number
            order by reductions.reduction_date, reductions.reduction_type, reductions.reduction_id
            rows between unbounded preceding and current row
        ) as amount_so_far
    from reductions
    inner join {{ ref('int_contribution__charges_scoped') }} as charges
        on reductions.charge_number = charges.charge_number
)

select
    charge_number,
    account_key,
    reduction_type,
    reduction_id,
    reduction_date,
    cast(amount as decimal(18, 2)) as amount,
    cast(
        least(amount_so_far, gross_amount) - least(amount_so_far - amount, gross_amount) as decimal(18, 2)
    ) as applied_amount,
    gross_amount > 0 and amount_so_far >= gross_amount as is_exhausted,
    -- Numbered in byte order of the identifiers: where two share a place among other credits, the number decides (A5).
    cast(row_number() over (order by reduction_id) as ubigint) as reduction_number
from running
