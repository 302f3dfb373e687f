-- Where the movements of the pool and the stretches of the line overlap. Within one run both cut the same axis into
-- pieces without gap, so one sort of both kinds of end points gives every overlap: the piece that ends at a point
-- belongs to the first charge and the first credit that end there or later. Points that tie give a piece without
-- width, which is dropped; so neither an inequality join nor an ASOF join (wrong on ties) is needed.
-- An account without refund has one run that starts at 0. One with refunds has its charges repeated in each run that
-- passes over them, and each run its own axis from 0. A run is told by one number: the account's for the first, one
-- above all accounts for later ones (a sort by few bytes takes two thirds of the time). Both codes of a charge travel
-- as one number: each column that is filled from the rows below costs half a sort.
with movements as materialized (
    select * from {{ ref('int_contribution__pool_movements') }}
),

refunded_accounts as (
    select distinct account_key
    from movements
    where run_number > 0
),

runs_of_refunded_accounts as materialized (
    select
        account_key,
        run_number,
        cast(
            case
                when run_number = 0 then account_key
                else {{ last_account_key() }} + row_number() over ()
            end as integer
        ) as run_key,
        run_from,
        run_to,
        -- No refund reaches below.
        min(run_from) filter (where run_number > 0) over (partition by account_key) as untouched_to
    from (
        select
            movements.account_key,
            movements.run_number,
            min(movements.low) as run_from,
            max(movements.high) as run_to
        from movements
        inner join refunded_accounts on movements.account_key = refunded_accounts.account_key
        group by movements.account_key, movements.run_number
    ) as runs
),

-- The first run of every account, whether its pool only grows or not.
first_runs as (
    select
        account_key,
        credit_code,
        low,
        high
    from {{ ref('int_contribution__pool_growth') }}
    union all
    select
        account_key,
        credit_code,
        low,
        high
    from movements
    where run_number = 0
),

end_points as (
    select
        account_key as run_key,
        account_key,
        false as is_refund,
        high as end_point,
        credit_code,
        cast(null as hugeint) as charge_codes,
        cast(null as decimal(18, 2)) as sole_amount
    from first_runs
    union all
    select
        runs.run_key,
        movements.account_key,
        movements.is_refund,
        cast(movements.high - runs.run_from as decimal(18, 2)) as end_point,
        movements.credit_code,
        cast(null as hugeint) as charge_codes,
        cast(null as decimal(18, 2)) as sole_amount
    from movements
    inner join runs_of_refunded_accounts as runs
        on movements.account_key = runs.account_key and movements.run_number = runs.run_number
    where movements.run_number > 0
    union all
    select
        coalesce(runs.run_key, stretches.account_key) as run_key,
        stretches.account_key,
        -- Odd runs are refunds.
        coalesce(runs.run_number, 0) % 2 = 1 as is_refund,
        cast(stretches.line_to - coalesce(runs.run_from, 0) as decimal(18, 2)) as end_point,
        cast(null as ubigint) as credit_code,
        {{ two_codes('stretches.claim_code', 'stretches.charge_code') }} as charge_codes,
        -- What a refund passes over later has more than one allocation.
        case
            when runs.account_key is null or (runs.run_number = 0 and stretches.line_to <= runs.untouched_to)
                then stretches.sole_amount
        end as sole_amount
    from {{ ref('int_contribution__charge_line') }} as stretches
    left join runs_of_refunded_accounts as runs
        on stretches.account_key = runs.account_key
    where
        runs.account_key is null
        or (stretches.line_to > runs.run_from and stretches.line_from < runs.run_to)
),

pieces as (
    select
        account_key,
        is_refund,
        end_point - lag(end_point, 1, 0) over run_order as width,
        first_value(charge_codes ignore nulls) over run_rest as charge_codes,
        first_value(credit_code ignore nulls) over run_rest as credit_code,
        sole_amount
    from end_points
    window
        -- At most a charge and a credit end at one point; then the charge comes first: the piece may settle it.
        run_order as (partition by run_key order by end_point, charge_codes is null),
        run_rest as (
            partition by run_key
            order by end_point, charge_codes is null
            rows between current row and unbounded following
        )
)

select
    account_key,
    {{ second_code('charge_codes') }} as charge_code,
    {{ first_code('charge_codes') }} as claim_code,
    credit_code,
    -- Refunds take back what they pass over.
    cast(case when is_refund then -width else width end as decimal(18, 2)) as allocated_amount,
    -- The piece that ends with its charge and is as long settles it at once.
    coalesce(width = sole_amount, false) as is_sole
from pieces
where width > 0 and charge_codes is not null and credit_code is not null
