{#- As int_contribution__charges_before. -#}
{%- set touched = ref('int_contribution__accounts_touched') -%}
{%- set last_allocations = last_release('contribution', 'fct_allocations_ledger') -%}
{%- if is_incremental_build() -%}
select * from {{ last_allocations }}
where account_key in (select account_key from {{ touched }})
{%- else -%}
select
    cast(null as varchar) as account_id,
    cast(null as integer) as account_key,
    cast(null as bigint) as charge_number,
    cast(null as ubigint) as claim_code,
    cast(null as tinyint) as credit_kind,
    cast(null as date) as due_date,
    cast(null as date) as value_date,
    cast(null as decimal(18, 2)) as allocated_amount
from {{ source('raw', '_plan') }}
where false
{%- endif %}
