-- The triangle as far as it is known: a row for every quarter since due whose end is not after the as-of date (C1).
with cohorts as (
    select
        due_index,
        account_type,
        nature_rank,
        affiliation_origin,
        sum(charges) as charges,
        sum(claimed_amount) as claimed_amount
    from {{ ref('int_recovery__cohort_cells') }}
    where quarters_since_due is null
    group by due_index, account_type, nature_rank, affiliation_origin
),

observed as (
    select
        *,
        {{ integers_between('0', last_closed_quarter(as_of_date()) ~ ' - due_index') }} as quarters_since_due
    from cohorts
)

select
    observed.due_index,
    observed.account_type,
    observed.nature_rank,
    observed.affiliation_origin,
    cast(observed.quarters_since_due as integer) as quarters_since_due,
    cast(observed.charges as bigint) as charges,
    cast(observed.claimed_amount as decimal(18, 2)) as claimed_amount,
    cast(sum(coalesce(cells.collected_amount, 0)) over (
        partition by observed.due_index, observed.account_type, observed.nature_rank, observed.affiliation_origin
        order by observed.quarters_since_due
    ) as decimal(18, 2)) as collected_amount
from observed
left join {{ ref('int_recovery__cohort_cells') }} as cells
    on
        observed.due_index = cells.due_index
        and observed.account_type = cells.account_type
        and observed.nature_rank = cells.nature_rank
        and observed.affiliation_origin = cells.affiliation_origin
        and observed.quarters_since_due = cells.quarters_since_due
