{#- Closed quarters only. Carried on from the last release while no quarter closed since; else counted anew over all
    runs. -#}
{%- set runs = ref('recovery_open_runs') -%}
{%- set stage_runs = ref('recovery_stage_runs') -%}
{%- set last_closed -%} (select {{ last_quarter_index('as_of_date') }} from {{ source('raw', '_plan') }}) {%- endset -%}
{%- set before = ageing_cells(ref('int_recovery__runs_before'), ref('int_recovery__stage_runs_before'), last_closed) -%}
{%- set condition = only_scoped_keys('account_key') -%}
{%- set scoped_runs -%} (select * from {{ runs }} where {{ condition }}) {%- endset -%}
{%- set scoped_stage_runs -%} (select * from {{ stage_runs }} where {{ condition }}) {%- endset -%}
{%- set after = ageing_cells(scoped_runs, scoped_stage_runs, last_closed) -%}
{% if is_same_quarter() %}
{{ cells_carried(
    last_release('carried', 'recovery_ageing_cells'),
    '(' ~ before ~ ')',
    '(' ~ after ~ ')',
    ['quarter_index', 'is_company', 'nature_rank', 'state', 'stage_rank'],
    {'debtors': 'bigint', 'charges': 'bigint', 'outstanding_amount': 'decimal(18, 2)'}
) }}
{% else %}
{{ ageing_cells(runs, stage_runs, last_closed) }}
{% endif %}
