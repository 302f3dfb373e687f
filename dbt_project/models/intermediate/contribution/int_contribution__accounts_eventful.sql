-- Accounts whose pool does more than grow: they have a refund, or a relief beyond what its charge had left.
select distinct account_key
from {{ ref('int_contribution__pool_credits') }}
where amount < 0 or {{ code_kind('credit_code') }} = 2
