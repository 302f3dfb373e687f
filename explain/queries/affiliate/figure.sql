select account_id, net_amount, outstanding_amount, credits_amount, unallocated_amount
from contribution.fct_account_balances
where account_id = $id
