{#- In a daily build with the office that managed the account at the last release, and with accounts that are gone. -#}
{%- set before = {
    'affiliate_id': ref('stg_affiliates__changes'),
    'company_id': ref('stg_companies__changes')
} -%}
with accounts as (
    select
        affiliate_id as account_id,
        office_code
    from {{ ref('stg_affiliates') }}
    union all
    select
        company_id as account_id,
        office_code
    from {{ ref('stg_companies') }}
),

before as (
    {%- for key, changes in before.items() %}
    select
        {{ key }} as account_id,
        office_code
    from {{ changes }}
    where _change = 'before'
    {{ 'union all' if not loop.last }}
    {%- endfor %}
)

select
    coalesce(accounts.account_id, before.account_id) as account_id,
    {{ account_key('coalesce(accounts.account_id, before.account_id)') }} as account_key,
    accounts.office_code,
    coalesce(before.office_code, accounts.office_code) as previous_office_code
from accounts
full outer join before on accounts.account_id = before.account_id
