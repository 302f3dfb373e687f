{{ config(materialized='sliced') }}
-- depends_on: {{ ref('int_ledger__account_slices') }}
-- B5: each quarter for which a period counts, with the first category in the order of definitions section 6.
with covered as (
    select
        *,
        unnest(range(first_quarter, last_quarter + 1)) as quarter_number
    from {{ ref('int_law__periods_liable') }}
    where in_slice(affiliate_id)
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
