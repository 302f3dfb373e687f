select
    {{ id_number('charge_id') }} as charge_number,
    {{ account_key('account_id') }} as account_key,
    charge_type,
    contribution_year,
    contribution_quarter,
    category,
    issue_date,
    due_date,
    amount,
    {{ id_number('related_charge_id') }} as related_charge_number
from {{ ref('stg_charges') }}
where {{ only_touched('account_id') }}
