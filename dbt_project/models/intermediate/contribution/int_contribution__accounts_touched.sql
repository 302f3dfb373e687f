{#- Named outside the condition, for dbt to see the dependencies when it parses. -#}
{%- set charges = ref('stg_charges') -%}
{%- set payments = ref('stg_payments') -%}
{%- set relief_effects = ref('stg_relief_effects') -%}
{%- set charges_changes = ref('stg_charges__changes') -%}
{%- set payments_changes = ref('stg_payments__changes') -%}
{%- set relief_effects_changes = ref('stg_relief_effects__changes') -%}
{%- if is_incremental_build() -%}
with recursive changed_charges as (
    select
        charge_id,
        account_id
    from {{ charges_changes }}
),

-- The nature of a charge without category is that of the charge it points to, perhaps on another account.
dependent_charges as (
    select
        charge_id,
        account_id
    from changed_charges
    union
    select
        charges.charge_id,
        charges.account_id
    from {{ charges }} as charges
    inner join dependent_charges on charges.related_charge_id = dependent_charges.charge_id
    where charges.category is null
),

since_last_release as (
    select
        previous_as_of_date as after_date,
        as_of_date as up_to_date
    from {{ source('raw', '_plan') }}
),

-- Rows known before whose day came since: amounts count only what is dated up to the as-of date (ruling A9).
matured_payments as (
    select payments.account_id
    from {{ payments }} as payments
    inner join since_last_release as since
        on payments.value_date > since.after_date and payments.value_date <= since.up_to_date
),

matured_charges as (
    select charges.account_id
    from {{ charges }} as charges
    inner join since_last_release as since
        on charges.issue_date > since.after_date and charges.issue_date <= since.up_to_date
    where charges.amount < 0
),

reliefs as (
    select charge_id from {{ relief_effects_changes }}
    union
    select effects.charge_id
    from {{ relief_effects }} as effects
    inner join since_last_release as since
        on effects.effective_date > since.after_date and effects.effective_date <= since.up_to_date
)

select account_id from dependent_charges
union
select account_id from {{ payments_changes }}
union
select charges.account_id
from {{ charges }} as charges
inner join reliefs on charges.charge_id = reliefs.charge_id
union
select account_id from matured_payments
union
select account_id from matured_charges
{%- else -%}
-- A full build reads every account: nothing to list.
select cast(null as varchar) as account_id
from {{ source('raw', '_plan') }}
where false
{%- endif %}
