{%- set query -%}
with since_last_release as (
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

-- A case is told by the charges it holds or held, whatever their account.
changed_charges as (
    select case_charges.charge_id
    from {{ ref('stg_recovery_case_charges') }} as case_charges
    where case_charges.case_id in (select changed_cases.case_id from changed_cases)
    union
    select changes.charge_id
    from {{ ref('stg_recovery_case_charges__changes') }} as changes
),

accounts as (
    select account_id from {{ ref('int_contribution__accounts_touched') }}
    union
    select cases.account_id
    from {{ ref('stg_recovery_cases') }} as cases
    where cases.case_id in (select changed_cases.case_id from changed_cases)
    union
    select changes.account_id
    from {{ ref('stg_recovery_cases__changes') }} as changes
    union
    select charges.account_id
    from {{ ref('stg_charges') }} as charges
    where charges.charge_id in (select changed_charges.charge_id from changed_charges)
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
