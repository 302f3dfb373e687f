with items as (
    -- What an item is; an indicator leaves out what it does not need.
    select
        cast(null as varchar) as code,              -- measure it counts for
        cast(null as varchar) as item_key,          -- its key in its extract; empty: not listed when it missed
        cast(null as varchar) as account_id,        -- whose file it is
        cast(null as date) as quarter_date,         -- a day of the quarter it counts in
        cast(null as date) as started_date,
        cast(null as date) as deadline_date,        -- last day in time
        cast(null as date) as counted_until_date,   -- last day that counts, where it lies after the deadline (E2)
        cast(null as date) as done_date,
        cast(null as boolean) as is_right,          -- what must hold besides the deadline; always given, empty is no
        cast(null as integer) as duration_days,     -- duration whose median is shown
        cast(null as integer) as days_over,         -- days past the limit, where no deadline says it
        cast(null as varchar) as breakdown_code,    -- what its figures are shown by
        cast(null as decimal(18, 2)) as amount,     -- EUR at stake
        cast(null as bigint) as weight              -- how many it stands for, where not one
    where false
    {%- for indicator in var('commitments') %}
    union all by name
    select * from {{ ref(indicator) }}
    {%- endfor %}
),

-- What is dated after the as-of date is not done yet.
dated as (
    select * replace (case when done_date <= as_of_date() then done_date end as done_date)
    from items
    where quarter_date is not null
),

-- E1: an item is met when it is right and was done by its deadline; what is not due and not done is left out, for
-- nobody can say yet. E4: it counts for the office that manages the account today.
judged as (
    select
        dated.*,
        managed.office_code,
        coalesce(dated.is_right, false)
        and is_in_time(dated.done_date, dated.deadline_date, dated.counted_until_date, as_of_date()) as is_met,
        -- An item that missed keeps what tells it from others.
        not is_met and dated.item_key is not null as is_listed
    from dated
    left join {{ ref('int_service__accounts_managed') }} as managed on dated.account_id = managed.account_id
    where is_judged(dated.done_date, dated.deadline_date, as_of_date())
),

-- Of all others only sums are kept: a country has some hundred million items, and few of them miss.
described as (
    select
        code,
        quarter_index(quarter_date) as quarter,
        office_code,
        breakdown_code,
        is_met,
        case when done_date is not null then duration_days end as duration_days,
        amount,
        coalesce(weight, 1) as weight,
        case when is_listed then item_key end as item_key,
        case when is_listed then account_id end as account_id,
        case when is_listed then started_date end as started_date,
        case when is_listed then deadline_date end as deadline_date,
        case when is_listed then done_date end as done_date,
        case when is_listed then days_over end as days_over
    from judged
)

select
    code,
    quarter_index_text(quarter) as quarter,
    office_code,
    breakdown_code,
    is_met,
    cast(duration_days as integer) as duration_days,
    item_key,
    account_id,
    started_date,
    deadline_date,
    done_date,
    cast(days_over as integer) as days_over,
    cast(sum(weight) as bigint) as items,
    cast(sum(amount) as decimal(18, 2)) as amount
from described
group by all
