{{ config(materialized='sliced') }}
-- Ruling B5. Years first, four quarters side by side: a fourth of the rows of quarters to group. The year of the as-of
-- date is counted to its end, for what an open period will still cover.
with primos as (
    select cast(value as integer) as primo_quarters
    from {{ ref('law_primo_quarters') }}
),

plan as (
    select
        cast(extract(year from dates.as_of_date) * 4 + 3 as integer) as last_quarter,
        primos.primo_quarters
    from {{ source('raw', '_plan') }} as dates
    cross join primos
),

periods as (
    select
        {{ account_key('affiliations.affiliate_id') }} as account_key,
        cast(categories.rank as tinyint) as category_rank,
        {{ quarter_index('affiliations.start_date') }} as first_quarter,
        -- The quarter of a death or of a pension does not count for the period that ends by it.
        least(
            coalesce(
                {{ quarter_index('affiliations.end_date') }}
                - case when affiliations.end_reason in ('death', 'pension') then 1 else 0 end,
                plan.last_quarter
            ),
            plan.last_quarter
        ) as last_quarter,
        case when affiliations.category = 'main' and affiliations.first_activity then plan.primo_quarters else 0 end
            as primo_quarters,
        -- Most have one period, whose years are nobody else's: there is nothing to group.
        count(*) over (partition by affiliations.affiliate_id) = 1 as is_only
    from {{ ref('stg_affiliations') }} as affiliations
    inner join {{ ref('categories') }} as categories on affiliations.category = categories.category
    cross join plan
    where
        coalesce(affiliations.end_reason, '') <> 'annulled'
        and {{ only_reassessed('affiliations.affiliate_id') }}
        and {{ in_slice_of_ids('affiliations.affiliate_id') }}
),

years as (
    select
        *,
        {{ integers_between(whole_division('first_quarter', 4), whole_division('last_quarter', 4)) }}
            as contribution_year
    from periods
    where first_quarter <= last_quarter
),

covered as (
    select
        account_key,
        is_only,
        {%- for number in range(1, 5) %}
        {%- set quarter = '(contribution_year * 4 + ' ~ (number - 1) ~ ')' %}
        {%- set covers = quarter ~ ' between first_quarter and last_quarter' %}
        case when {{ covers }} then category_rank end as rank_{{ number }},
        -- Which primo quarter it is (B9): 1 is the quarter of the start.
        cast(
            case
                when {{ covers }} and {{ quarter }} - first_quarter < primo_quarters
                    then {{ quarter }} - first_quarter + 1
            end as tinyint
        ) as primo_{{ number }},
        {%- endfor %}
        contribution_year
    from years
),

merged as (
    select
        account_key,
        {%- for number in range(1, 5) %}
        rank_{{ number }},
        primo_{{ number }},
        {%- endfor %}
        contribution_year
    from covered
    where is_only
    union all
    select
        account_key,
        {%- for number in range(1, 5) %}
        min(rank_{{ number }}) as rank_{{ number }},
        min(primo_{{ number }}) as primo_{{ number }},
        {%- endfor %}
        contribution_year
    from covered
    where not is_only
    group by account_key, contribution_year
)

select
    account_key,
    cast(contribution_year as smallint) as contribution_year,
    {%- for number in range(1, 5) %}
    rank_{{ number }},
    primo_{{ number }},
    {%- endfor %}
    cast(
        {%- for number in range(1, 5) %}
        {{ '+ ' if not loop.first }}case when rank_{{ number }} is null then 0 else 1 end
        {%- endfor %}
        as tinyint
    ) as quarters_liable
from merged
