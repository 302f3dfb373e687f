{#- Named outside the condition, for dbt to see the dependencies when it parses. -#}
{%- set charges_changes = ref('stg_charges__changes') -%}
{%- set payments_changes = ref('stg_payments__changes') -%}
{%- set relief_effects_changes = ref('stg_relief_effects__changes') -%}
{%- set last_charges = last_release('contribution', 'fct_charges_ledger') -%}
{%- set last_balances = last_release('contribution', 'fct_account_balances') -%}
{%- if is_incremental_build() -%}
with recursive changed_charges as (
    select
        {{ id_number('charge_id') }} as charge_number,
        account_id
    from {{ charges_changes }}
),

-- The nature of a charge without category is that of the charge it points to, perhaps on another account.
dependent_charges as (
    select
        charge_number,
        account_id
    from changed_charges
    union
    select
        charges.charge_number,
        charges.account_id
    from {{ last_charges }} as charges
    inner join dependent_charges on charges.related_charge_number = dependent_charges.charge_number
    where charges.category is null
),

relieved_charges as (
    select distinct {{ id_number('charge_id') }} as charge_number
    from {{ relief_effects_changes }}
),

touched as (
    select account_id from dependent_charges
    union
    select account_id from {{ payments_changes }}
    union
    select charges.account_id
    from {{ last_charges }} as charges
    inner join relieved_charges on charges.charge_number = relieved_charges.charge_number
    union
    -- Credits known before whose day came since: amounts count only what is dated up to the as-of date (ruling A9).
    select account_id
    from {{ last_balances }}
    where next_credit_date <= {{ as_of_date() }}
)

select
    account_id,
    {{ account_key('account_id') }} as account_key
from touched
{%- else -%}
-- A full build reads every account: nothing to list.
select
    cast(null as varchar) as account_id,
    cast(null as integer) as account_key
from {{ source('raw', '_plan') }}
where false
{%- endif %}
