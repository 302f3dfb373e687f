-- Every credit and refund of an account with events in order of date, credits before refunds, identifier in byte order
-- (A5), with the running total C before and after it. Below 0 the pool covers nothing (A6), so movements are cut at 0.
with running as (
    select
        account_key,
        credit_code,
        amount,
        cast(sum(amount) over account_order as decimal(18, 2)) as pool_after,
        sum(cast(amount < 0 as integer)) over account_order as refunds_so_far
    from {{ ref('int_contribution__pool_credits') }}
    where
        account_key in (
            select eventful.account_key from {{ ref('int_contribution__accounts_eventful') }} as eventful
        )
    window
        account_order as (
            partition by account_key
            order by credit_date, amount < 0, credit_place, credit_code
            rows between unbounded preceding and current row
        )
),

movements as (
    select
        account_key,
        credit_code,
        amount < 0 as is_refund,
        -- A run is a stretch of movements in one direction: the credits between two refunds, or one refund.
        cast(2 * refunds_so_far - cast(amount < 0 as integer) as integer) as run_number,
        greatest(least(pool_after - amount, pool_after), 0) as low,
        greatest(pool_after - amount, pool_after, 0) as high
    from running
)

select
    account_key,
    run_number,
    credit_code,
    is_refund,
    cast(low as decimal(18, 2)) as low,
    cast(high as decimal(18, 2)) as high
from movements
where high > low
