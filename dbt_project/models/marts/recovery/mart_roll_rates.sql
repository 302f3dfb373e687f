select
    {{ quarter_index_end('quarter_index') }} as from_date,
    {{ quarter_index_end('(quarter_index + 1)') }} as to_date,
    case when is_company then 'company' else 'affiliate' end as account_type,
    {{ arrears_state_text('from_state') }} as from_state,
    {{ arrears_state_text('to_state') }} as to_state,
    debtors,
    outstanding_amount,
    cast(debtors / nullif(sum(debtors) over from_row, 0) as double) as share_debtors,
    cast(outstanding_amount / nullif(sum(outstanding_amount) over from_row, 0) as double) as share_amount
from {{ ref('recovery_roll_cells') }}
window from_row as (partition by quarter_index, is_company, from_state)
