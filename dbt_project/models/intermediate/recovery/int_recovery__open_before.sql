{#- The open charges as the last release had them; in a full build, nothing. Read by its place, not by ref():
    it is replaced right after. -#}
{%- set plan = source('raw', '_plan') -%}
{%- set last_date -%} {{ previous_as_of_date() }} {%- endset -%}
{%- if is_incremental_build() -%}
{{ open_positions(last_release('recovery', 'fct_open_charges'), last_date) }}
{%- else -%}
select
    cast(null as bigint) as charge_number,
    cast(null as varchar) as nature,
    cast(null as varchar) as stage,
    cast(null as decimal(18, 2)) as written_off_amount,
    cast(null as decimal(18, 2)) as prescribed_amount,
    cast(null as decimal(18, 2)) as outstanding_amount
from {{ plan }}
where false
{%- endif %}
