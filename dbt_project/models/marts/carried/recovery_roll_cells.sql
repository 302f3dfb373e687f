{#- Closed quarters only. Carried on from the last release while no quarter closed since; else counted anew over all
    runs. -#}
{%- set runs = ref('recovery_open_runs') -%}
{%- set last_closed -%} (select {{ last_closed_quarter('as_of_date') }} from {{ source('raw', '_plan') }}) {%- endset -%}
{%- set runs_before = ref('int_recovery__runs_before') -%}
{%- set condition = only_scoped_keys('account_key') -%}
{%- set keys = ['quarter_index', 'is_company', 'from_state', 'to_state'] -%}
{%- set measures = {'debtors': 'bigint', 'outstanding_amount': 'decimal(18, 2)'} -%}
{% if is_same_quarter() %}
with scoped_runs as (
    select * from {{ runs }}
    where {{ condition }}
),

before as (
    {{ roll_cells(runs_before, last_closed) }}
),

after as (
    {{ roll_cells('scoped_runs', last_closed) }}
)

{{ cells_carried(last_release('carried', 'recovery_roll_cells'), 'before', 'after', keys, measures) }}
{% else %}
{{ roll_cells(runs, last_closed) }}
{% endif %}
