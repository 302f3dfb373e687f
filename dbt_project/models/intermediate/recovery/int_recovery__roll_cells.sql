-- Ruling C4. Amounts go per charge: what is still outstanding a quarter later goes to the state of the charge then, the
-- rest is settled. Debtors go per account, by the state of its oldest arrear.
with last_closed as (
    select {{ last_closed_quarter(as_of_date()) }} as quarter_index
),

spread as (
    select
        account_key,
        due_date,
        to_index,
        outstanding_amount,
        next_outstanding_amount,
        {{ integers_between('from_index', 'least(to_index, last_closed.quarter_index)') }} as quarter_index
    from {{ ref('int_recovery__open_runs') }}
    cross join last_closed
),

stated as (
    select
        account_key,
        quarter_index,
        {{ arrears_state("datediff('day', due_date, " ~ quarter_index_end('quarter_index') ~ ")") }} as from_state,
        {{ arrears_state("datediff('day', due_date, " ~ quarter_index_end('(quarter_index + 1)') ~ ")") }} as to_state,
        outstanding_amount,
        -- Within a run nothing changes; at its last quarter the next amount is that of the next run.
        case
            when quarter_index < to_index then outstanding_amount
            else least(outstanding_amount, next_outstanding_amount)
        end as kept_amount
    from spread
),

per_account as (
    select
        account_key,
        quarter_index,
        max(from_state) as state
    from stated
    group by account_key, quarter_index
),

-- The same account a quarter later, brought to this quarter: one grouping instead of a join.
account_moves as (
    select
        account_key,
        quarter_index,
        max(from_state) as from_state,
        max(to_state) as to_state
    from (
        select
            account_key,
            quarter_index,
            state as from_state,
            cast(null as tinyint) as to_state
        from per_account
        union all
        select
            account_key,
            quarter_index - 1 as quarter_index,
            cast(null as tinyint) as from_state,
            state as to_state
        from per_account
    ) as moves
    group by account_key, quarter_index
    having max(from_state) is not null
),

amounts as (
    select
        account_key >= 100000000 as is_company,
        quarter_index,
        from_state,
        to_state,
        sum(kept_amount) as kept_amount,
        sum(outstanding_amount - kept_amount) as settled_amount
    from stated
    group by account_key >= 100000000, quarter_index, from_state, to_state
),

cells as (
    select
        is_company,
        quarter_index,
        from_state,
        to_state,
        0 as debtors,
        kept_amount as outstanding_amount
    from amounts
    union all
    select
        is_company,
        quarter_index,
        from_state,
        7 as to_state,
        0 as debtors,
        settled_amount as outstanding_amount
    from amounts
    union all
    select
        account_key >= 100000000 as is_company,
        quarter_index,
        from_state,
        coalesce(to_state, 7) as to_state,
        count(*) as debtors,
        0 as outstanding_amount
    from account_moves
    group by account_key >= 100000000, quarter_index, from_state, coalesce(to_state, 7)
)

select
    cells.quarter_index,
    case when cells.is_company then 'company' else 'affiliate' end as account_type,
    cells.from_state,
    cast(cells.to_state as tinyint) as to_state,
    cast(sum(cells.debtors) as bigint) as debtors,
    cast(sum(cells.outstanding_amount) as decimal(18, 2)) as outstanding_amount
from cells
cross join last_closed
where cells.quarter_index < last_closed.quarter_index
group by cells.quarter_index, cells.is_company, cells.from_state, cells.to_state
