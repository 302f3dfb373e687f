{#- Named outside the condition, for dbt to see the dependencies when it parses. -#}
{%- set affiliations = ref('stg_affiliations') -%}
{%- set companies = ref('stg_companies') -%}
{%- set changes = [
    ref('stg_affiliations__changes'), ref('stg_incomes__changes'), ref('stg_charges__changes'),
    ref('stg_relief_requests__changes'), ref('stg_companies__changes'), ref('stg_company_balances__changes')
] -%}
{%- set steps = ref('stg_recovery_steps') -%}
{%- set cases = ref('stg_recovery_cases') -%}
{%- set touched = ref('int_contribution__accounts_touched') -%}
{%- set columns = ['affiliate_id', 'affiliate_id', 'account_id', 'account_id', 'company_id', 'company_id'] -%}
{%- if is_incremental_build() -%}
{% for relation in changes -%}
select {{ columns[loop.index0] }} as account_id from {{ relation }}
union
{% endfor -%}
-- Surcharges rest on what was unpaid, and stop with a writ or a summons: known from the day that brought the step.
select account_id from {{ touched }}
union
select cases.account_id
from {{ steps }} as steps
inner join {{ cases }} as cases on steps.case_id = cases.case_id
inner join {{ source('raw', '_plan') }} as plan on steps._business_date > plan.previous_as_of_date
union
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
