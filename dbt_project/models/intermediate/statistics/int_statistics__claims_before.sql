{#- The touched accounts as the last release had them. Its tables are read by their place, not by ref(): they are replaced
    right after, so this model is named as a dependency there (depends_on). -#}
{%- set touched = ref('int_contribution__accounts_touched') -%}
{%- set plan = source('raw', '_plan') -%}
{%- set claims_of_last_release = claims_summed(
    adapter.get_relation(target.database, 'contribution', 'fct_charges_ledger'),
    adapter.get_relation(target.database, 'contribution', 'fct_allocations'),
    '(select previous_as_of_date from ' ~ plan ~ ')',
    'charges.account_id in (select account_id from ' ~ touched ~ ')'
) -%}
{%- if is_incremental_build() -%}
{{ claims_of_last_release }}
{%- else -%}
-- A full build carries nothing on.
select
    cast(null as integer) as account_key,
    cast(null as boolean) as has_one_nature,
    cast(null as smallint) as group_rank,
    cast(null as smallint) as claim_rank,
    cast(null as smallint) as nature_rank,
    cast(null as smallint) as contribution_year,
    cast(null as smallint) as collection_year,
    {% for name in claim_columns('claimed') + claim_columns('collected') -%}
    cast(null as decimal(18, 2)) as {{ name }}{{ ',' if not loop.last }}
    {% endfor %}
from {{ plan }}
where false
{%- endif %}
