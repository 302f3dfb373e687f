{#- Closed quarters only. Carried on from the last release while no quarter closed since; else counted anew over all
    runs. -#}
{%- set runs = ref('recovery_open_runs') -%}
{%- set last_closed -%} (select {{ last_quarter_index('as_of_date') }} from {{ source('raw', '_plan') }}) {%- endset -%}
{%- set before = roll_cells(ref('int_recovery__runs_before'), last_closed) -%}
{%- set scoped_runs -%} (select * from {{ runs }} where {{ only_scoped_keys('account_key') }}) {%- endset -%}
{%- set after = roll_cells(scoped_runs, last_closed) -%}
{% if is_same_quarter() %}
{{ cells_carried(
    last_release('carried', 'recovery_roll_cells'),
    '(' ~ before ~ ')',
    '(' ~ after ~ ')',
    ['quarter_index', 'is_company', 'from_state', 'to_state'],
    {'debtors': 'bigint', 'outstanding_amount': 'decimal(18, 2)'}
) }}
{% else %}
{{ roll_cells(runs, last_closed) }}
{% endif %}
