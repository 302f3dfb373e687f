{#- Companies whose years may look otherwise: their claims, dossier, balances or insolvencies changed, an insolvency
    opened since, or a year began, or older claims came to light: then all. -#}
{%- set ledger, last = ref('fct_charges_ledger'), last_release('carried', 'company_years') -%}
{%- set query -%}
with touched as (
    select company_id from {{ ref('stg_companies__changes') }}
    union
    select company_id from {{ ref('stg_company_balances__changes') }}
    union
    select account_id as company_id from {{ ref('stg_insolvencies__changes') }}
    union
    select account_id as company_id from {{ ref('int_contribution__accounts_touched') }}
    union
    select account_id as company_id
    from {{ ref('stg_insolvencies') }}
    where opened_date between {{ previous_as_of_date() }} and {{ as_of_date() }}
    union
    select companies.company_id
    from {{ ref('stg_companies') }} as companies
    where
        extract(year from {{ as_of_date() }}) <> extract(year from {{ previous_as_of_date() }})
        or (
            select min(contribution_year) from {{ ledger }}
            where
                charge_type = 'company_contribution'
                and gross_amount > 0
                and account_key >= {{ first_company_key() }}
        ) is distinct from (select min(contribution_year) from {{ last }})
)

select
    company_id,
    {{ account_key('company_id') }} as account_key
from touched
where company_id like 'C%'
{%- endset -%}
{{ in_incremental(query, {'company_id': 'varchar', 'account_key': 'integer'}) }}
