-- C2: the origin of the period with the latest (start_date, affiliation_id) among those begun by the due date; before
-- the first of them, the earliest. A company has one. An origin that holds still ends on 31 December 9999.
with periods as (
    select
        affiliate_id as account_id,
        affiliation_id,
        start_date,
        origin
    from {{ ref('stg_affiliations') }}
    where origin <> 'category_change' and coalesce(end_reason, '') <> 'annulled'
),

starts as (
    select
        account_id,
        start_date as from_date,
        arg_max(origin, affiliation_id) as origin
    from periods
    group by account_id, start_date
    union all
    select
        account_id,
        date '0001-01-01' as from_date,
        arg_min(origin, (start_date, affiliation_id)) as origin
    from periods
    group by account_id
),

-- Most accounts keep one origin for ever: rows that change nothing are left out.
changes as (
    select *
    from starts
    qualify origin is distinct from lag(origin) over (partition by account_id order by from_date)
)

select
    account_id,
    origin,
    from_date,
    lead(from_date, 1, date '9999-12-31') over (partition by account_id order by from_date) as before_date
from changes
union all
select
    company_id as account_id,
    origin,
    date '0001-01-01' as from_date,
    date '9999-12-31' as before_date
from {{ ref('stg_companies') }}
