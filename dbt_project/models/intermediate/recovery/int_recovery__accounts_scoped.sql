{%- set ledger = last_release('contribution', 'fct_charges_ledger') -%}
{%- set query -%}
with recursive since_last_release as (
    select
        previous_as_of_date as after_date,
        as_of_date as up_to_date
    from {{ source('raw', '_plan') }}
),

-- Cases that changed, and those whose opening, closing or next step came since.
changed_cases as (
    select case_id from {{ ref('stg_recovery_cases__changes') }}
    union
    select case_id from {{ ref('stg_recovery_case_charges__changes') }}
    union
    select case_id from {{ ref('stg_recovery_steps__changes') }}
    union
    select steps.case_id
    from {{ ref('stg_recovery_steps') }} as steps
    inner join since_last_release as since
        on steps.step_date > since.after_date and steps.step_date <= since.up_to_date
    union
    select cases.case_id
    from {{ ref('stg_recovery_cases') }} as cases
    inner join since_last_release as since
        on
            (cases.opened_date > since.after_date and cases.opened_date <= since.up_to_date)
            or (cases.closed_date > since.after_date and cases.closed_date <= since.up_to_date)
),

-- A case is told by the charges it holds or held, whatever their account; and a charge is prescribed with the one that it
-- points to, however far up. New charges need no search: their accounts are touched.
changed_charges as (
    select held.charge_number
    from {{ ref('int_recovery__charges_held') }} as held
    where held.case_id in (select changed_cases.case_id from changed_cases)
    union
    select cast({{ id_number('changes.charge_id') }} as bigint) as charge_number
    from {{ ref('stg_recovery_case_charges__changes') }} as changes
    union
    select cast({{ id_number('changes.charge_id') }} as bigint) as charge_number
    from {{ ref('stg_charges__changes') }} as changes
    union
    select charges.charge_number
    from {{ ledger }} as charges
    inner join changed_charges on charges.related_charge_number = changed_charges.charge_number
),

-- The amounts of a case are those of its charges.
touched_cases as (
    select held.case_id
    from {{ ref('int_recovery__charges_held') }} as held
    inner join {{ ledger }} as charges on held.charge_number = charges.charge_number
    where charges.account_key in (select touched.account_key from {{ ref('int_contribution__accounts_touched') }} as touched)
    union
    select case_id from changed_cases
    union
    select held.case_id
    from {{ ref('int_recovery__charges_held') }} as held
    where held.charge_number in (select changed_charges.charge_number from changed_charges)
),

accounts as (
    select account_id from {{ ref('int_contribution__accounts_touched') }}
    union
    select cases.account_id
    from {{ ref('stg_recovery_cases') }} as cases
    where cases.case_id in (select touched_cases.case_id from touched_cases)
    union
    select changes.account_id
    from {{ ref('stg_recovery_cases__changes') }} as changes
    union
    select charges.account_id
    from {{ ledger }} as charges
    where charges.charge_number in (select changed_charges.charge_number from changed_charges)
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
