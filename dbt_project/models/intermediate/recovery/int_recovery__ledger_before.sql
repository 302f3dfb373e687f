{#- The touched accounts as the last release had them; in a full build, nothing. Its table is read by its place, not by
    ref(): it is replaced right after, so this model is named as a dependency there (depends_on). -#}
{%- set touched = ref('int_contribution__accounts_touched') -%}
{%- set plan = source('raw', '_plan') -%}
{%- if is_incremental_build() -%}
{{ ledger_positions(adapter.get_relation(target.database, 'contribution', 'fct_charges_ledger')) }}
where account_id in (select touched.account_id from {{ touched }} as touched)
{%- else -%}
select
    cast(null as varchar) as charge_id,
    cast(null as varchar) as nature,
    cast(null as decimal(18, 2)) as claimed_amount,
    cast(null as decimal(18, 2)) as relieved_amount,
    cast(null as decimal(18, 2)) as collected_amount,
    cast(null as decimal(18, 2)) as credited_amount
from {{ plan }}
where false
{%- endif %}
