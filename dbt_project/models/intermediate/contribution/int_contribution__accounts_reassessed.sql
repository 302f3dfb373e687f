{#- Accounts whose charges may have become right or wrong: what the law looks at changed. -#}
{%- set changes = {
    'stg_affiliations__changes': 'affiliate_id',
    'stg_incomes__changes': 'affiliate_id',
    'stg_charges__changes': 'account_id',
    'stg_relief_requests__changes': 'account_id',
    'stg_companies__changes': 'company_id',
    'stg_company_balances__changes': 'company_id'
} -%}
{#- Not there in a release of recovery alone, as its tests build it. -#}
{%- set differing = last_release('contribution', 'fct_charges_differing') -%}
{%- set query -%}
{% for model, column in changes.items() -%}
select {{ column }} as account_id, {{ account_key(column) }} as account_key from {{ ref(model) }}
union
{% endfor -%}
-- Surcharges rest on what was unpaid, and stop with a writ or a summons in a case that holds their charge.
select account_id, account_key from {{ ref('int_recovery__accounts_scoped') }}
union
{% if differing -%}
-- A quarter that begins has a legal amount: for those who were charged it before.
select {{ account_id('waiting.account_key') }} as account_id, waiting.account_key
from {{ differing }} as waiting
inner join {{ source('raw', '_plan') }} as plan
    on {{ quarter_index('plan.as_of_date') }} > {{ quarter_index('plan.previous_as_of_date') }}
where waiting.difference_reason = 'quarter_not_begun'
union
{% endif -%}
-- A year that begins is four quarters more for everybody.
select affiliations.affiliate_id as account_id, {{ account_key('affiliations.affiliate_id') }} as account_key
from {{ ref('stg_affiliations') }} as affiliations
inner join {{ source('raw', '_plan') }} as plan
    on extract(year from plan.as_of_date) <> extract(year from plan.previous_as_of_date)
{%- endset -%}
{{ in_incremental(query, {'account_id': 'varchar', 'account_key': 'integer'}) }}
