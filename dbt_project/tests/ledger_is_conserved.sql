-- Conservation, per account (definitions section 2): net charges - outstanding + unallocated pool = credits.
-- The pool is worked out from totals, the outstanding from the allocations, so the two sides prove each other.
select
    account_id,
    net_amount,
    outstanding_amount,
    unallocated_amount,
    credits_amount,
    difference_amount
from {{ ref('fct_account_balances') }}
where difference_amount <> 0
