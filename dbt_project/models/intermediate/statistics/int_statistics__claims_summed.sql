{#- A table, although only the cells read it: what the engine knows of a table's values lets it add them up in half the
    memory. -#}
{{ config(materialized='sliced') }}
{{ claims_summed(
    charges_in_scope(),
    ref('fct_allocations_ledger'),
    as_of_date(),
    only_touched('account_key', touched_by='account_key') ~ ' and ' ~ in_slice('account_key')
) }}
