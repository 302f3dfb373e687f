{#- Named outside the condition, for dbt to see the dependency when it parses. The ledger is read by its place, not by
    ref(): it is replaced right after, so this model is named as a dependency there (depends_on). -#}
{%- set touched = ref('int_contribution__accounts_touched') -%}
{%- set last_charges = last_release('contribution', 'fct_charges_ledger') -%}
{%- if is_incremental_build() -%}
select * from {{ last_charges }}
where account_key in (select account_key from {{ touched }})
{%- else -%}
select
    cast(null as bigint) as charge_number,
    cast(null as varchar) as account_id,
    cast(null as integer) as account_key,
    cast(null as varchar) as account_type,
    cast(null as ubigint) as claim_code,
    cast(null as bigint) as related_charge_number,
    cast(null as varchar) as charge_type,
    cast(null as integer) as contribution_year,
    cast(null as integer) as contribution_quarter,
    cast(null as varchar) as category,
    cast(null as varchar) as nature,
    cast(null as date) as issue_date,
    cast(null as date) as due_date,
    cast(null as decimal(18, 2)) as gross_amount,
    cast(null as decimal(18, 2)) as cancelled_amount,
    cast(null as decimal(18, 2)) as relief_amount,
    cast(null as decimal(18, 2)) as net_amount,
    cast(null as decimal(18, 2)) as collected_amount,
    cast(null as decimal(18, 2)) as credited_amount,
    cast(null as decimal(18, 2)) as outstanding_amount,
    cast(null as decimal(18, 2)) as collected_on_time_amount,
    cast(null as date) as settled_date,
    cast(null as decimal(18, 2)) as collected_in_issue_year_amount,
    cast(null as decimal(18, 2)) as outstanding_at_issue_year_end_amount
from {{ source('raw', '_plan') }}
where false
{%- endif %}
