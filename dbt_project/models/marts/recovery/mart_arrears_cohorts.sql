with cells as (
    select
        *,
        false as is_projection
    from {{ ref('int_recovery__cohorts_observed') }}
)

select
    {{ quarter_index_text('cells.due_index') }} as cohort_quarter,
    cells.account_type,
    natures.nature,
    cells.affiliation_origin,
    cells.quarters_since_due,
    {{ quarter_index_end('(cells.due_index + cells.quarters_since_due)') }} as observation_date,
    cells.charges,
    cells.claimed_amount,
    cells.collected_amount,
    cast(100 * cells.collected_amount / nullif(cells.claimed_amount, 0) as double) as collected_pct,
    cells.is_projection,
    cast(null as decimal(18, 2)) as standard_error_amount
from cells
inner join {{ ref('natures') }} as natures on cells.nature_rank = natures.rank
