{{ config(materialized='sliced') }}
-- depends_on: {{ ref('int_ledger__account_slices') }}
-- B5: a quarter is liable when a period that is not annulled covers a day of it, up to the end of the year of the as-of
-- date, for what an open period will still cover. Its category is the first in the order of definitions section 6.
with periods as (
    select
        affiliations.affiliate_id,
        affiliations.category,
        categories.rank as category_rank,
        quarter_index(affiliations.start_date) as first_quarter,
        -- The quarter of a death or of a pension does not count for the period that ends by it.
        least(
            quarter_index(affiliations.end_date)
            - case when affiliations.end_reason in ('death', 'pension') then 1 else 0 end,
            year(as_of_date()) * 4 + 3
        ) as last_quarter,
        -- B9: the primo quarters of a first activity begin with that of its start.
        case when affiliations.category = 'main' and affiliations.first_activity then primos.value else 0 end
            as primo_quarters
    from {{ ref('stg_affiliations') }} as affiliations
    inner join {{ ref('categories') }} as categories on affiliations.category = categories.category
    cross join {{ ref('law_primo_quarters') }} as primos
    where coalesce(affiliations.end_reason, '') <> 'annulled' and in_slice(affiliations.affiliate_id)
),

covered as (
    select
        *,
        unnest(range(first_quarter, last_quarter + 1)) as quarter_number
    from periods
),

quarters as (
    select
        affiliate_id,
        cast(quarter_number // 4 as integer) as contribution_year,
        cast(quarter_number % 4 + 1 as integer) as contribution_quarter,
        arg_min(category, category_rank) as category,
        cast(min(
            case when quarter_number - first_quarter < primo_quarters then quarter_number - first_quarter + 1 end
        ) as integer) as primo_quarter
    from covered
    group by affiliate_id, quarter_number
)

select
    affiliate_id,
    contribution_year,
    contribution_quarter,
    category,
    primo_quarter,
    cast(count(*) over (partition by affiliate_id, contribution_year) as integer) as quarters_liable
from quarters
