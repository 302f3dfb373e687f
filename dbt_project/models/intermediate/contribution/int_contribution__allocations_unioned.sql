select
    account_key,
    charge_code,
    claim_code,
    credit_code,
    true as designated,
    allocated_amount,
    is_sole
from {{ ref('int_contribution__designated_allocations') }}
where allocated_amount <> 0
union all
select
    account_key,
    charge_code,
    claim_code,
    credit_code,
    false as designated,
    allocated_amount,
    is_sole
from {{ ref('int_contribution__pool_allocations') }}
