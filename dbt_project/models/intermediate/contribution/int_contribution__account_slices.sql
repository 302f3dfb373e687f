-- Ranges of account keys that hold about as many charges and payments each (macros/slices.sql).
with blocks as (
    select
        {{ whole_division('account_key', 1024) }} as block_number,
        count(*) as charges_and_payments
    from (
        select account_key from {{ ref('int_contribution__charges_scoped') }}
        union all
        select account_key from {{ ref('int_contribution__payments_scoped') }}
    ) as account_keys
    group by {{ whole_division('account_key', 1024) }}
),

numbered as (
    select
        block_number,
        {{ whole_division(
            'cast(sum(charges_and_payments) over (order by block_number) as bigint)', rows_per_slice()
        ) }} as slice_number
    from blocks
),

slices as (
    select
        slice_number,
        min(block_number) as first_block_number
    from numbered
    group by slice_number
)

select
    cast(
        case
            when row_number() over (order by slice_number) = 1 then 0
            else first_block_number * 1024
        end as bigint
    ) as from_key,
    cast(
        coalesce(lead(first_block_number) over (order by slice_number) * 1024 - 1, {{ last_account_key() }}) as bigint
    ) as to_key
from slices
