{#- Accounts whose recovery may look otherwise: those touched, and those told by cases or charges that changed. -#}
{%- set ledger = last_release('contribution', 'fct_charges_ledger') -%}
{%- set query -%}
with cases as (
    select case_id from {{ ref('int_recovery__cases_changed') }}
    union
    -- The amounts of a case are those of its charges.
    select held.case_id
    from {{ ref('int_recovery__charges_held') }} as held
    where
        held.charge_number in (select charges.charge_number from {{ ref('int_recovery__charges_changed') }} as charges)
        or held.charge_number in (
            select charges.charge_number from {{ ref('int_contribution__charges_before') }} as charges
        )
),

accounts as (
    select account_id from {{ ref('int_contribution__accounts_touched') }}
    union
    select cases_in_force.account_id
    from {{ ref('stg_recovery_cases') }} as cases_in_force
    where cases_in_force.case_id in (select cases.case_id from cases)
    union
    select changes.account_id
    from {{ ref('stg_recovery_cases__changes') }} as changes
    union
    select {{ account_id('ledger.account_key') }} as account_id
    from {{ ledger }} as ledger
    where ledger.charge_number in (select charges.charge_number from {{ ref('int_recovery__charges_changed') }} as charges)
    union
    select changes.affiliate_id as account_id
    from {{ ref('stg_affiliations__changes') }} as changes
    union
    select changes.company_id as account_id
    from {{ ref('stg_companies__changes') }} as changes
)

select
    account_id,
    cast({{ account_key('account_id') }} as integer) as account_key
from accounts
{%- endset -%}
{{ in_incremental(query, {'account_id': 'varchar', 'account_key': 'integer'}) }}
