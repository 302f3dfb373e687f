{{ config(
    materialized='incremental',
    incremental_strategy='replace_touched',
    on_schema_change='fail',
    touched='int_company__companies_touched',
    touched_by='company_id'
) }}

{%- set list = 'int_company__companies_touched' -%}
{%- set touched = only_touched('companies.company_id', list, 'company_id') -%}
{%- set touched_key = only_touched('account_key', list, 'account_key') -%}

-- Each company and each contribution year it was in the fund: from its creation (or the first year claimed) to the year
-- it left. The size is that of the balance sheet two years earlier; without one it is small (ruling B13).
with claims as (
    select
        {{ account_id('account_key') }} as company_id,
        contribution_year,
        sum(net_amount) as claimed_amount,
        sum(relief_amount + cancelled_amount) as reduced_amount,
        sum(collected_amount) as collected_amount,
        sum(outstanding_amount) as outstanding_amount
    from {{ ref('fct_charges_ledger') }}
    -- The keys of companies lie behind those of affiliates: nothing else is read.
    where
        charge_type = 'company_contribution'
        and gross_amount > 0
        and account_key >= {{ first_company_key() }}
        and {{ touched_key }}
    group by account_key, contribution_year
),

span as (
    select
        min(contribution_year) as first_year,
        cast(extract(year from {{ as_of_date() }}) as integer) as last_year
    from {{ ref('fct_charges_ledger') }}
    where charge_type = 'company_contribution' and gross_amount > 0 and account_key >= {{ first_company_key() }}
),

stays as (
    select
        companies.company_id,
        companies.status,
        companies.legal_form,
        companies.incorporated_date,
        {{ integers_between(
            'greatest(extract(year from companies.incorporated_date), span.first_year)',
            'least(coalesce(extract(year from companies.closed_date), span.last_year), span.last_year)'
        ) }} as contribution_year
    from {{ ref('stg_companies') }} as companies
    cross join span
    where {{ touched }}
),

years as (
    select
        coalesce(stays.company_id, claims.company_id) as company_id,
        cast(coalesce(stays.contribution_year, claims.contribution_year) as integer) as contribution_year,
        claims.company_id is not null as is_claimed,
        coalesce(claims.claimed_amount, 0) as claimed_amount,
        coalesce(claims.reduced_amount, 0) as reduced_amount,
        coalesce(claims.collected_amount, 0) as collected_amount,
        coalesce(claims.outstanding_amount, 0) as outstanding_amount
    from stays
    full outer join claims
        on stays.company_id = claims.company_id and stays.contribution_year = claims.contribution_year
),

insolvent as (
    select
        account_id as company_id,
        extract(year from opened_date) as from_year,
        coalesce(extract(year from closed_date), 9999) as to_year
    from {{ ref('stg_insolvencies') }}
    where
        account_id like 'C%'
        and kind in ('bankruptcy', 'liquidation', 'judicial_reorganisation')
        and opened_date <= {{ as_of_date() }}
),

-- Only where nothing is claimed does it matter who was insolvent.
insolvent_years as (
    select distinct
        years.company_id,
        years.contribution_year
    from years
    inner join insolvent
        on
            years.company_id = insolvent.company_id
            and years.contribution_year between insolvent.from_year and insolvent.to_year
    where years.claimed_amount = 0
)

select
    years.company_id,
    years.contribution_year,
    {{ company_size('thresholds', 'years.contribution_year', 'balances.balance_sheet_total') }} as size_class,
    years.is_claimed,
    cast(years.claimed_amount as decimal(18, 2)) as claimed_amount,
    cast(years.reduced_amount as decimal(18, 2)) as reduced_amount,
    cast(years.collected_amount as decimal(18, 2)) as collected_amount,
    cast(years.outstanding_amount as decimal(18, 2)) as outstanding_amount,
    -- Law of 30 December 1992, art. 92bis and 94: why a company owes nothing for a year. A company without activity is
    -- claimed and then cancelled on its certificate; a young one is not claimed, which is known when the year is over.
    case
        when years.claimed_amount > 0 then null
        when insolvent_years.company_id is not null then 'insolvency'
        when companies.status = 'dormant' and years.is_claimed then 'inactive'
        when
            not years.is_claimed
            and companies.legal_form <> 'SA'
            and years.contribution_year <= extract(year from companies.incorporated_date) + 2
            and years.contribution_year < extract(year from {{ as_of_date() }})
            then 'starter'
    end as exemption
from years
-- A company that a full delivery left out still has its charges (F4, F6).
left join {{ ref('stg_companies') }} as companies on years.company_id = companies.company_id
left join {{ ref('law_company_thresholds') }} as thresholds
    on {{ is_in_force('thresholds', year_start('years.contribution_year')) }}
left join {{ ref('stg_company_balances') }} as balances
    on
        years.company_id = balances.company_id
        and years.contribution_year - thresholds.balance_years_back = balances.fiscal_year
left join insolvent_years
    on
        years.company_id = insolvent_years.company_id
        and years.contribution_year = insolvent_years.contribution_year
