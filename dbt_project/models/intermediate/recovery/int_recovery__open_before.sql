{#- The open charges as the last release had them; in a full build, nothing. Read by its place, as the ledger is
    (int_recovery__ledger_before). -#}
{%- set plan = source('raw', '_plan') -%}
{%- set last_date -%} (select previous_as_of_date from {{ plan }}) {%- endset -%}
{%- if is_incremental_build() -%}
{{ open_positions(adapter.get_relation(target.database, 'recovery', 'fct_open_charges'), last_date) }}
{%- else -%}
select
    cast(null as varchar) as charge_id,
    cast(null as varchar) as nature,
    cast(null as varchar) as stage,
    cast(null as decimal(18, 2)) as written_off_amount,
    cast(null as decimal(18, 2)) as prescribed_amount,
    cast(null as decimal(18, 2)) as outstanding_amount
from {{ plan }}
where false
{%- endif %}
