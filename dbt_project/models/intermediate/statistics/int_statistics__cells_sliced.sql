{{ config(materialized='sliced') }}
{%- set claims -%}
(
    select * from {{ ref('int_statistics__claims_summed') }}
    where {{ in_slice('account_key') }}
)
{%- endset -%}
{{ claim_cells(claims) }}
