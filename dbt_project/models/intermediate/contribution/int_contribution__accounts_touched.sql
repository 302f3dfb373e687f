{%- set query -%}
with recursive changed_charges as (
    select
        {{ id_number('charge_id') }} as charge_number,
        account_id
    from {{ ref('stg_charges__changes') }}
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
        {{ account_id('charges.account_key') }} as account_id
    from {{ last_release('contribution', 'fct_charges_ledger') }} as charges
    inner join dependent_charges on charges.related_charge_number = dependent_charges.charge_number
    where charges.category is null
),

relieved_charges as (
    select distinct {{ id_number('charge_id') }} as charge_number
    from {{ ref('stg_relief_effects__changes') }}
),

touched as (
    select account_id from dependent_charges
    union
    select account_id from {{ ref('stg_payments__changes') }}
    union
    select {{ account_id('charges.account_key') }} as account_id
    from {{ last_release('contribution', 'fct_charges_ledger') }} as charges
    inner join relieved_charges on charges.charge_number = relieved_charges.charge_number
    union
    -- Some figures are told by the office that manages the account.
    select affiliate_id as account_id
    from {{ ref('stg_affiliates__changes') }}
    group by affiliate_id
    having count(distinct office_code) > 1
    union
    select company_id as account_id
    from {{ ref('stg_companies__changes') }}
    group by company_id
    having count(distinct office_code) > 1
    union
    -- Credits known before whose day came since: amounts count only what is dated up to the as-of date (ruling A9).
    select account_id
    from {{ last_release('contribution', 'fct_account_balances') }}
    where next_credit_date <= {{ as_of_date() }}
)

select
    account_id,
    {{ account_key('account_id') }} as account_key
from touched
{%- endset -%}
{{ in_incremental(query, {
    'account_id': 'varchar',
    'account_key': 'integer'
}) }}
