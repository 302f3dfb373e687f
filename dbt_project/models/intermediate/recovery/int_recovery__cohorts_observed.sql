-- The triangle as far as it is known: a row for every quarter since due whose end is not after the as-of date (C1).
with cohorts as (
    select
        due_index,
        is_company,
        nature_rank,
        affiliation_origin,
        sum(charges) as charges,
        sum(claimed_amount) as claimed_amount
    from {{ ref('recovery_cohort_cells') }}
    where quarters_since_due = -1
    group by due_index, is_company, nature_rank, affiliation_origin
),

observed as (
    select
        *,
        {{ integers_between('0', last_quarter_index(as_of_date()) ~ ' - due_index') }} as quarters_since_due
    from cohorts
)

select
    observed.due_index,
    case when observed.is_company then 'company' else 'affiliate' end as account_type,
    observed.nature_rank,
    observed.affiliation_origin,
    cast(observed.quarters_since_due as integer) as quarters_since_due,
    cast(observed.charges as bigint) as charges,
    cast(observed.claimed_amount as decimal(18, 2)) as claimed_amount,
    cast(sum(coalesce(cells.collected_amount, 0)) over (
        partition by observed.due_index, observed.is_company, observed.nature_rank, observed.affiliation_origin
        order by observed.quarters_since_due
    ) as decimal(18, 2)) as collected_amount
from observed
left join {{ ref('recovery_cohort_cells') }} as cells
    on
        observed.due_index = cells.due_index
        and observed.is_company = cells.is_company
        and observed.nature_rank = cells.nature_rank
        and observed.affiliation_origin = cells.affiliation_origin
        and observed.quarters_since_due = cells.quarters_since_due
