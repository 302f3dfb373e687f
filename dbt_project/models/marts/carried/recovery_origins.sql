{{ config(
    materialized='incremental',
    incremental_strategy='replace_touched',
    on_schema_change='fail',
    touched='int_recovery__accounts_scoped',
    touched_by='account_key'
) }}
-- depends_on: {{ ref('int_recovery__cohorts_before') }}

-- Ruling C2: the origin of the period with the latest (start_date, affiliation_id) among those begun by the due date;
-- before the first of them, the earliest. A company has one.
with periods as (
    select
        cast({{ account_key('affiliate_id') }} as integer) as account_key,
        affiliation_id,
        start_date,
        origin
    from {{ ref('stg_affiliations') }}
    where
        origin <> 'category_change'
        and coalesce(end_reason, '') <> 'annulled'
        and {{ only_scoped('affiliate_id') }}
),

starts as (
    select
        account_key,
        start_date as from_date,
        arg_max(origin, affiliation_id) as origin
    from periods
    group by account_key, start_date
    union all
    select
        account_key,
        date '0001-01-01' as from_date,
        arg_min(origin, (start_date, affiliation_id)) as origin
    from periods
    group by account_key
),

-- Most accounts keep one origin for ever: rows that change nothing are left out.
changes as (
    select
        account_key,
        from_date,
        origin
    from starts
    qualify origin is distinct from lag(origin) over (partition by account_key order by from_date)
)

select
    account_key,
    origin,
    from_date,
    coalesce(lead(from_date) over (partition by account_key order by from_date), date '9999-12-31') as before_date
from changes
union all
select
    cast({{ account_key('company_id') }} as integer) as account_key,
    origin,
    date '0001-01-01' as from_date,
    date '9999-12-31' as before_date
from {{ ref('stg_companies') }}
where {{ only_scoped('company_id') }}
