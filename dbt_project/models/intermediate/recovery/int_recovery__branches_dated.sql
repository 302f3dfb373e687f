-- T11 of statistics-tables.md: the branch of the counted period with the latest (start_date, affiliation_id) among
-- those begun by a day; before the first of them, of the earliest. A company has none (S9). A branch that holds still
-- ends on 31 December 9999.
with periods as (
    select
        periods.affiliate_id as account_id,
        periods.affiliation_id,
        periods.start_date,
        coalesce(professions.branch_code, 'unknown') as branch
    from {{ ref('fct_affiliation_periods') }} as periods
    left join {{ ref('dim_profession') }} as professions on periods.profession_code = professions.profession_code
    where periods.is_counted
),

starts as (
    select
        account_id,
        start_date as from_date,
        arg_max(branch, affiliation_id) as branch
    from periods
    group by account_id, start_date
    union all
    select
        account_id,
        date '0001-01-01' as from_date,
        arg_min(branch, (start_date, affiliation_id)) as branch
    from periods
    group by account_id
),

-- Most accounts keep one branch for ever: rows that change nothing are left out.
changes as (
    select *
    from starts
    qualify branch is distinct from lag(branch) over (partition by account_id order by from_date)
)

select
    account_id,
    branch,
    from_date,
    lead(from_date, 1, date '9999-12-31') over (partition by account_id order by from_date) as before_date
from changes
union all
select
    company_id as account_id,
    '_Z' as branch,
    date '0001-01-01' as from_date,
    date '9999-12-31' as before_date
from {{ ref('stg_companies') }}
