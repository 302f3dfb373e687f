-- Looked at on each quarter's last day and on the as-of date. An account counts when it was in arrears over the whole
-- quarter: one that fell behind last week cannot have a statement yet. Days without six months of statements behind
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
        quarters.quarter,
        {{ reference_date('quarters.quarter', 'plan.as_of_date') }} as observed_date,
        case
            when {{ quarter_index_end('quarters.quarter') }} <= plan.as_of_date
                then {{ quarter_index_end('(quarters.quarter - 1)') }}
            else {{ months_added('plan.as_of_date', -3) }}
        end as owed_since_date
    from quarters
    cross join plan
),

observed as (
    select
        observations.*,
        {{ months_added('observations.observed_date', -6) }} as statement_after_date
    from observations
    cross join coverage
    where {{ months_added('observations.observed_date', -6) }} >= coverage.first_date
),

-- The last run of an open charge has no end.
runs as (
    select
        open_runs.account_key,
        open_runs.due_date,
        open_runs.from_index,
        coalesce(open_runs.to_index, {{ quarter_index('plan.as_of_date') }}) as to_index
    from {{ ref('recovery_open_runs') }} as open_runs
    cross join plan
    where coalesce(open_runs.to_index, 99999) >= (select min(observed.quarter) - 1 from observed)
),

owing as (
    select
        runs.account_key,
        observed.quarter,
        observed.observed_date,
        min(runs.due_date) as oldest_due_date
    from runs
    inner join observed
        on
            -- Owed already on the last day of the quarter before, or still on the day itself.
            (
                observed.quarter - 1 between runs.from_index and runs.to_index
                and runs.due_date <= observed.owed_since_date
            )
            or (
                observed.quarter between runs.from_index and runs.to_index
                and runs.due_date < observed.observed_date
            )
    group by runs.account_key, observed.quarter, observed.observed_date, observed.owed_since_date
    having
        bool_or(
            observed.quarter - 1 between runs.from_index and runs.to_index
            and runs.due_date <= observed.owed_since_date
        )
        and bool_or(
            observed.quarter between runs.from_index and runs.to_index
            and runs.due_date < observed.observed_date
        )
),

statements as (
    select
        notices.account_id,
        observed.quarter,
        max(notices.sent_date) as sent_date
    from {{ ref('stg_notices') }} as notices
    inner join observed
        on
            notices.sent_date > observed.statement_after_date
            and notices.sent_date <= observed.observed_date
    where notices.kind = 'account_statement'
    group by notices.account_id, observed.quarter
),

accounts as (
    select
        {{ account_id('account_key') }} as account_id,
        quarter,
        observed_date,
        oldest_due_date
    from owing
),

items as (
    select
        'SC29' as code,
        accounts.account_id as item_key,
        accounts.account_id,
        accounts.observed_date as quarter_date,
        accounts.oldest_due_date as started_date,
        null as deadline_date,
        statements.sent_date as done_date,
        statements.sent_date is not null as is_right,
        case when accounts.account_id like 'C%' then 'company' else 'affiliate' end as breakdown_code
    from accounts
    left join statements
        on accounts.account_id = statements.account_id and accounts.quarter = statements.quarter
)

{{ commitment_tallies('items', ['is_right', 'breakdown_code']) }}
