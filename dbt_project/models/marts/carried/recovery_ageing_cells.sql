{#- Closed quarters only. Carried on from the last release while no quarter closed since; else counted anew over all
    runs. -#}
{%- set runs = ref('recovery_open_runs') -%}
{%- set last_closed -%} (select {{ last_closed_quarter('as_of_date') }} from {{ source('raw', '_plan') }}) {%- endset -%}
{%- set stage_runs = ref('recovery_stage_runs') -%}
{%- set runs_before = ref('int_recovery__runs_before') -%}
{%- set stage_runs_before = ref('int_recovery__stage_runs_before') -%}
{%- set condition = only_scoped_keys('account_key') -%}
{%- set keys = ['quarter_index', 'is_company', 'nature_rank', 'state', 'stage_rank'] -%}
{%- set measures = {
    'debtors': 'bigint', 'charges': 'bigint', 'outstanding_amount': 'decimal(18, 2)'
} -%}
{% if is_same_quarter() %}
with scoped_runs as (
    select * from {{ runs }}
    where {{ condition }}
),

scoped_stage_runs as (
    select * from {{ stage_runs }}
    where {{ condition }}
),

before as (
    {{ ageing_cells(runs_before, stage_runs_before, last_closed) }}
),

after as (
    {{ ageing_cells('scoped_runs', 'scoped_stage_runs', last_closed) }}
)

{{ cells_carried(last_release('carried', 'recovery_ageing_cells'), 'before', 'after', keys, measures) }}
{% else %}
{{ ageing_cells(runs, stage_runs, last_closed) }}
{% endif %}
