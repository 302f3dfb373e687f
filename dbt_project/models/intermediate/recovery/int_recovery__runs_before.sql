{#- Runs of the scoped accounts as the last release had them; in a full build, nothing. Read by its place
    (see int_recovery__cohorts_before). -#}
{%- set condition = only_scoped_keys('account_key') -%}
{%- set query -%}
select
    account_key,
    charge_number,
    nature_rank,
    due_date,
    from_index,
    to_index,
    outstanding_amount,
    next_outstanding_amount
from {{ last_release('carried', 'recovery_open_runs') }}
where {{ condition }}
{%- endset -%}
{{ in_incremental(query, {
    'account_key': 'integer'
}) }}
