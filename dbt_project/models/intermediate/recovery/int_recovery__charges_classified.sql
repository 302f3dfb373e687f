select
    {{ id_number('charges.charge_id') }} as charge_number,
    cast({{ account_key('charges.account_id') }} as integer) as account_key,
    cast(natures.rank as tinyint) as nature_rank,
    {{ is_contribution('charges.charge_type') }} as is_contribution,
    charges.due_date,
    {{ quarter_index('charges.due_date') }} as due_index,
    {{ quarter_index('charges.issue_date') }} as issue_index,
    charges.net_amount,
    charges.outstanding_amount,
    -- What is settled for good within the quarter of its notice is never seen at the end of one.
    charges.settled_date is null
    or {{ quarter_index('charges.settled_date') }} > {{ quarter_index('charges.issue_date') }} as is_seen_open
from {{ ref('fct_charges_ledger') }} as charges
inner join {{ ref('natures') }} as natures on charges.nature = natures.nature
where charges.net_amount > 0 and {{ only_scoped('charges.account_id') }}
