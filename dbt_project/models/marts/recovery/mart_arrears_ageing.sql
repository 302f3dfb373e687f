select
    {{ reference_date('cells.quarter_index', as_of_date()) }} as reference_date,
    cells.account_type,
    natures.nature,
    {{ arrears_state_text('cells.state') }} as age_bucket,
    stages.stage,
    cells.debtors,
    cells.charges,
    cells.outstanding_amount
from {{ ref('int_recovery__ageing_cells') }} as cells
inner join {{ ref('natures') }} as natures on cells.nature_rank = natures.rank
inner join {{ ref('recovery_stages') }} as stages on cells.stage_rank = stages.stage_rank
