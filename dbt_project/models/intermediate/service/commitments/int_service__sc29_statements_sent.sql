-- Looked at on each quarter's last day and on the as-of date. An account counts when it was in arrears over the whole
-- quarter before: one that fell behind last week cannot have a statement yet. Days without six months of notices behind
-- them in the extract are left out.
with plan as (
    select as_of_date from {{ source('raw', '_plan') }}
),

coverage as (
    select coalesce(min(sent_date) filter (where kind = 'account_statement'), min(latest_date)) as first_date
    from {{ ref('stg_notices') }}
),

quarters as (
    select {{ integers_between(quarter_index('coverage.first_date'), quarter_index('plan.as_of_date')) }} as quarter
    from coverage
    cross join plan
),

observations as (
    select
        least({{ quarter_index_end('quarters.quarter') }}, plan.as_of_date) as observed_date,
        case
            when {{ quarter_index_end('quarters.quarter') }} <= plan.as_of_date
                then {{ days_added(quarter_index_end('quarters.quarter - 1'), 1) }}
            else {{ months_added('plan.as_of_date', -3) }}
        end as owed_since_date
    from quarters
    cross join plan
),

observed as (
    select
        observations.observed_date,
        observations.owed_since_date,
        {{ months_added('observations.observed_date', -6) }} as statement_from_date
    from observations
    cross join coverage
    where {{ months_added('observations.observed_date', -6) }} >= coverage.first_date
),

arrears as (
    select
        account_id,
        due_date,
        coalesce(settled_date, date '9999-12-31') as settled_date
    from {{ ref('fct_charges_ledger') }}
    where
        net_amount > 0
        and due_date < (select as_of_date from plan)
        and (settled_date is null or settled_date > (select min(owed_since_date) from observed))
),

owing as (
    select
        arrears.account_id,
        observed.observed_date,
        min(arrears.due_date) as oldest_due_date
    from arrears
    inner join observed
        on arrears.due_date < observed.observed_date and observed.owed_since_date < arrears.settled_date
    group by arrears.account_id, observed.observed_date, observed.owed_since_date
    having
        bool_or(arrears.due_date < observed.owed_since_date)
        and bool_or(arrears.settled_date > observed.observed_date)
),

statements as (
    select
        notices.account_id,
        observed.observed_date,
        max(notices.sent_date) as sent_date
    from {{ ref('stg_notices') }} as notices
    inner join observed
        on
            notices.sent_date > observed.statement_from_date
            and notices.sent_date <= observed.observed_date
    where notices.kind = 'account_statement'
    group by notices.account_id, observed.observed_date
),

items as (
    select
        'SC29' as code,
        owing.account_id as item_key,
        owing.account_id,
        owing.observed_date as quarter_date,
        owing.oldest_due_date as started_date,
        null as deadline_date,
        statements.sent_date as done_date,
        statements.sent_date is not null as is_right,
        case when owing.account_id like 'C%' then 'company' else 'affiliate' end as breakdown_code
    from owing
    left join statements
        on owing.account_id = statements.account_id and owing.observed_date = statements.observed_date
)

{{ commitment_tallies('items', ['is_right', 'breakdown_code']) }}
