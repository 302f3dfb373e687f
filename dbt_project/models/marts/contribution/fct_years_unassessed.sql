{{ config(
    materialized='sliced',
    is_ledger=true,
    touched='int_contribution__accounts_reassessed',
    touched_by='account_key'
) }}
-- depends_on: {{ ref('int_contribution__accounts_reassessed') }}
-- depends_on: {{ ref('int_contribution__account_slices') }}
-- Years of liability before the first that the lists of law hold: half of all, and nothing to work out. They are kept
-- as years; the view fct_expected_contributions makes quarters of them.
select
    account_key,
    cast(contribution_year as integer) as contribution_year,
    {%- for number in range(1, 5) %}
    rank_{{ number }},
    primo_{{ number }},
    {%- endfor %}
    cast(quarters_liable as integer) as quarters_liable
from {{ ref('int_contribution__years_liable') }}
where
    contribution_year not in (
        select distinct rules.contribution_year from {{ ref('int_law__contribution_rules') }} as rules
    )
    and {{ in_slice('account_key') }}
