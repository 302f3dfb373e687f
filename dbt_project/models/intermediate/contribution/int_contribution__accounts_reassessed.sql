{#- Named outside the condition, for dbt to see the dependencies when it parses. -#}
{%- set affiliations = ref('stg_affiliations') -%}
{%- set companies = ref('stg_companies') -%}
{%- set changes = [
    ref('stg_affiliations__changes'), ref('stg_incomes__changes'), ref('stg_charges__changes'),
    ref('stg_relief_requests__changes'), ref('stg_companies__changes'), ref('stg_company_balances__changes')
] -%}
{%- set columns = ['affiliate_id', 'affiliate_id', 'account_id', 'account_id', 'company_id', 'company_id'] -%}
{%- if is_incremental_build() -%}
{% for relation in changes -%}
select {{ columns[loop.index0] }} as account_id from {{ relation }}
union
{% endfor -%}
-- A quarter that begins is a row more for everybody, once in a quarter.
select affiliations.affiliate_id as account_id
from {{ affiliations }} as affiliations
inner join {{ source('raw', '_plan') }} as plan
    on {{ quarter_index('plan.as_of_date') }} <> {{ quarter_index('plan.previous_as_of_date') }}
{%- else -%}
-- A full build reads every account: nothing to list.
select cast(null as varchar) as account_id
from {{ source('raw', '_plan') }}
where false
{%- endif %}
