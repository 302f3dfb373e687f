-- The credits of accounts without event, with the pool before and after each. One number holds their order (date,
-- charges before payments, number): a sort by it takes half the time of the general one, which is in
-- int_contribution__pool_movements.
with running as (
    select
        account_key,
        credit_code,
        amount,
        cast(sum(amount) over (
            partition by account_key
            order by {{ credits_in_order('credit_code') }}
            rows between unbounded preceding and current row
        ) as decimal(18, 2)) as pool_after
    from {{ ref('int_contribution__pool_credits') }}
    where
        account_key not in (
            select eventful.account_key from {{ ref('int_contribution__accounts_eventful') }} as eventful
        )
)

select
    account_key,
    credit_code,
    cast(pool_after - amount as decimal(18, 2)) as low,
    pool_after as high
from running
where amount > 0
