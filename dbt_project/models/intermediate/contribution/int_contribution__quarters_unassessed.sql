with years as (
    select * from {{ ref('fct_years_unassessed') }}
    where {{ only_reassessed_keys('account_key') }} and {{ in_slice('account_key') }}
)

{{ quarters_unassessed('years', ref('categories')) }}
