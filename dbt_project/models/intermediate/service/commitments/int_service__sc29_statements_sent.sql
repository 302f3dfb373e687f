-- Looked at on each quarter's last day and, in the running quarter, on the as-of date. An account counts when it was in
-- arrears over the whole quarter: one that fell behind last week cannot have a statement yet. Days without six months
-- of statements behind them in the extract are left out.
with coverage as (
    select coalesce(min(sent_date) filter (where kind = 'account_statement'), min(latest_date)) as first_date
    from {{ ref('stg_notices') }}
),

quarters as (
    select
        first_date,
        unnest(range(quarter_index(first_date), quarter_index(as_of_date()) + 1)) as quarter
    from coverage
),

observed as (
    select
        quarter,
        least(quarter_index_end(quarter), as_of_date()) as observed_date,
        case
            when quarter_index_end(quarter) <= as_of_date() then quarter_index_end(quarter - 1)
            else months_added(as_of_date(), -3)
        end as owed_since_date,
        months_added(least(quarter_index_end(quarter), as_of_date()), -6) as statement_after_date
    from quarters
    where months_added(least(quarter_index_end(quarter), as_of_date()), -6) >= first_date
),

-- A charge that is outstanding from one day up to another is so at the quarter ends between them.
outstanding as (
    select
        account_id,
        due_date,
        unnest(range(
            quarter_index(from_date),
            least(quarter_index(before_date), quarter_index(as_of_date()) + 1)
        )) as quarter
    from {{ ref('int_recovery__charge_balances') }}
    where outstanding_amount > 0
),

debts as (
    select
        account_id,
        quarter,
        min(due_date) as oldest_due_date
    from outstanding
    where quarter >= (select min(observed.quarter) - 1 from observed)
    group by account_id, quarter
),

-- In arrears on the day itself, and owing already at the end of the quarter before.
owing as (
    select
        debts.account_id,
        observed.observed_date,
        observed.statement_after_date,
        least(debts.oldest_due_date, debts_before.oldest_due_date) as oldest_due_date
    from observed
    inner join debts on observed.quarter = debts.quarter and observed.observed_date > debts.oldest_due_date
    inner join debts as debts_before
        on
            debts.account_id = debts_before.account_id
            and debts.quarter - 1 = debts_before.quarter
            and observed.owed_since_date >= debts_before.oldest_due_date
),

statements as (
    select
        account_id,
        sent_date
    from {{ ref('stg_notices') }}
    where kind = 'account_statement' and sent_date is not null
)

select
    'SC29' as code,
    owing.account_id as item_key,
    owing.account_id,
    owing.observed_date as quarter_date,
    owing.oldest_due_date as started_date,
    max(statements.sent_date) as done_date,
    count(statements.sent_date) > 0 as is_right,
    account_type(owing.account_id) as breakdown_code
from owing
left join statements
    on
        owing.account_id = statements.account_id
        and owing.statement_after_date < statements.sent_date
        and owing.observed_date >= statements.sent_date
group by owing.account_id, owing.observed_date, owing.oldest_due_date
