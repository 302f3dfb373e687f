with cells as (
    select
        due_index,
        account_type,
        nature_rank,
        affiliation_origin,
        quarters_since_due,
        charges,
        claimed_amount,
        collected_amount,
        false as is_projection,
        cast(null as double) as standard_error
    from {{ ref('int_recovery__cohorts_observed') }}
    union all
    select
        due_index,
        account_type,
        nature_rank,
        affiliation_origin,
        quarters_since_due,
        charges,
        claimed_amount,
        cast(projected_amount as decimal(18, 2)) as collected_amount,
        true as is_projection,
        standard_error
    from {{ ref('int_recovery__cohorts_projected') }}
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
    cast(cells.standard_error as decimal(18, 2)) as standard_error_amount
from cells
inner join {{ ref('natures') }} as natures on cells.nature_rank = natures.rank
