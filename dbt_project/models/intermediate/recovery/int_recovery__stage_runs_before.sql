{#- Stages of the charges of the scoped accounts as the last release had them; in a full build, nothing. Read by
    its place (see int_recovery__cohorts_before). -#}
{%- set condition = only_scoped_keys('account_key') -%}
{%- set query -%}
select
    account_key,
    charge_number,
    from_index,
    to_index,
    stage_rank
from {{ last_release('carried', 'recovery_stage_runs') }}
where {{ condition }}
{%- endset -%}
{{ in_incremental(query, {
    'account_key': 'integer'
}) }}
