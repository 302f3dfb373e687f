{#- The scoped accounts as the last release had them; in a full build, nothing. Its tables are read by their place, not
    by ref(): they are replaced right after, so this model is named as a dependency there (depends_on). -#}
{%- set plan = source('raw', '_plan') -%}
{%- set last_date -%} {{ previous_as_of_date() }} {%- endset -%}
{%- set cells = cohort_cells(
    last_release('contribution', 'fct_charges_ledger'),
    last_release('contribution', 'fct_allocations_ledger'),
    last_release('carried', 'recovery_origins'),
    last_date,
    only_scoped_keys('account_key')
) -%}
{%- if is_incremental_build() -%}
{{ cells }}
{%- else -%}
select
    cast(null as integer) as due_index,
    cast(null as boolean) as is_company,
    cast(null as tinyint) as nature_rank,
    cast(null as varchar) as affiliation_origin,
    cast(null as integer) as quarters_since_due,
    cast(null as bigint) as charges,
    cast(null as decimal(18, 2)) as claimed_amount,
    cast(null as decimal(18, 2)) as collected_amount
from {{ plan }}
where false
{%- endif %}
