with periods as (
    select
        affiliations.*,
        affiliates.person_key,
        -- D1: an annulled period does not count; it neither touches nor is touched.
        coalesce(affiliations.end_reason, '') <> 'annulled' as is_counted
    from {{ ref('stg_affiliations') }} as affiliations
    inner join {{ ref('stg_affiliates') }} as affiliates on affiliations.affiliate_id = affiliates.affiliate_id
),

-- D2, one window for each side. A period that runs has no end: it ends after every date.
neighbours as (
    select
        *,
        max(coalesce(end_date, date '9999-12-31')) over (
            partition by person_key, is_counted
            order by start_date, affiliation_id
            rows between unbounded preceding and 1 preceding
        ) as latest_end_before,
        min(start_date) over (
            partition by person_key, is_counted
            order by coalesce(end_date, date '9999-12-31'), affiliation_id
            rows between 1 following and unbounded following
        ) as earliest_start_after
    from periods
),

-- A period is an entry when no earlier one of the person touches it, an exit when no later one does.
edges as (
    select
        *,
        is_counted
        and (latest_end_before is null or latest_end_before < start_date - 1) as is_entry,
        is_counted and end_date is not null
        and (earliest_start_after is null or earliest_start_after > end_date + 1) as is_exit,
        is_counted and coalesce(latest_end_before >= start_date, false) as is_concurrent
    from neighbours
)

select
    edges.affiliation_id,
    edges.affiliate_id,
    edges.person_key,
    edges.category,
    categories.nature,
    edges.capacity,
    edges.start_date,
    edges.end_date,
    edges.end_reason,
    edges.origin,
    edges.profession_code,
    edges.nace_code,
    edges.first_activity as is_first_activity,
    edges.requested_date,
    edges.registered_date,
    edges.is_counted,
    edges.is_entry,
    edges.is_exit,
    edges.is_concurrent,
    edges.is_entry and edges.origin in ('voluntary', 'ex_officio', 'resumption') as is_starter,
    edges.is_exit and coalesce(edges.end_reason, '') in ('cessation', 'bankruptcy', 'pension', 'death') as is_cessation
from edges
inner join {{ ref('categories') }} as categories on edges.category = categories.category
