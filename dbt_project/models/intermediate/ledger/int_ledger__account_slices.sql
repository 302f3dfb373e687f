-- Ranges of accounts that hold about as many charges and payments each (macros/slices.sql), in blocks of a thousand
-- accounts: what an identifier begins with. Together they hold every account, those without charge or payment too.
with blocks as (
    -- Before any account: the first range begins here.
    select
        '' as block,
        0 as charges_and_payments
    union all
    select
        left(account_id, 6) as block,
        count(*) as charges_and_payments
    from (
        select account_id from {{ ref('stg_charges') }}
        union all
        select account_id from {{ ref('stg_payments') }}
    ) as charges_and_payments
    group by block
),

numbered as (
    select
        block,
        cast(sum(charges_and_payments) over (order by block) as bigint) // {{ rows_per_slice() }} as slice
    from blocks
)

select
    min(block) as from_account_id,
    -- Up to where the next range begins: a block by itself is no account.
    coalesce(lead(min(block)) over (order by slice), '~') as to_account_id
from numbered
group by slice
