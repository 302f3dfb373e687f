{#- Accounts whose surcharges may have become right, wrong or due: those compared with the law again and, once a
    quarter, every company (affiliates are among the first then): a surcharge whose notice should have left is owed. -#}
{%- set query -%}
select account_id from {{ ref('int_contribution__accounts_reassessed') }}
union
select companies.company_id as account_id
from {{ ref('stg_companies') }} as companies
inner join {{ source('raw', '_plan') }} as plan
    on {{ quarter_index('plan.as_of_date') }} <> {{ quarter_index('plan.previous_as_of_date') }}
{%- endset -%}
{{ in_incremental(query, {'account_id': 'varchar'}) }}
