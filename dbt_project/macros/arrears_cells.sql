{#
Cells of ageing and roll rates over the runs of some accounts, for the quarter ends up to `last_index`. Runs and stages
are spread over their quarters only here, where they are counted.
#}
{% macro ageing_cells(runs, stage_runs, last_index) -%}
    with spread as (
        select
            charge_number,
            account_key,
            nature_rank,
            due_date,
            outstanding_amount,
            {{ integers_between('from_index', 'least(coalesce(to_index, 999999), ' ~ last_index ~ ')') }}
                as quarter_index
        from {{ runs }}
    ),

    aged as (
        select
            charge_number,
            account_key,
            nature_rank,
            quarter_index,
            {{ arrears_state("datediff('day', due_date, " ~ quarter_index_end('quarter_index') ~ ")") }} as state,
            outstanding_amount
        from spread
        where due_date < {{ quarter_index_end('quarter_index') }}
    ),

    spread_stages as (
        select
            charge_number,
            stage_rank,
            {{ integers_between('from_index', 'least(coalesce(to_index, 999999), ' ~ last_index ~ ')') }}
                as quarter_index
        from {{ stage_runs }}
    ),

    -- The highest among the cases that hold the charge (C3).
    staged as (
        select
            charge_number,
            quarter_index,
            max(stage_rank) as stage_rank
        from spread_stages
        group by charge_number, quarter_index
    ),

    per_account as (
        select
            aged.quarter_index,
            aged.account_key,
            aged.nature_rank,
            aged.state,
            coalesce(staged.stage_rank, 0) as stage_rank,
            count(*) as charges,
            sum(aged.outstanding_amount) as outstanding_amount
        from aged
        left join staged on aged.charge_number = staged.charge_number and aged.quarter_index = staged.quarter_index
        group by
            aged.quarter_index, aged.account_key, aged.nature_rank, aged.state, coalesce(staged.stage_rank, 0)
    )

    select
        cast(quarter_index as integer) as quarter_index,
        account_key >= 100000000 as is_company,
        nature_rank,
        state,
        cast(stage_rank as tinyint) as stage_rank,
        count(*) as debtors,
        cast(sum(charges) as bigint) as charges,
        cast(sum(outstanding_amount) as decimal(18, 2)) as outstanding_amount
    from per_account
    group by quarter_index, account_key >= 100000000, nature_rank, state, stage_rank
{%- endmacro %}

{#
Ruling C4. Amounts go per charge: what is still outstanding a quarter later goes to the state of the charge then, the rest
is settled. Debtors go per account, by the state of its oldest arrear.
#}
{% macro roll_cells(runs, last_index) -%}
    with spread as (
        select
            account_key,
            due_date,
            to_index,
            outstanding_amount,
            next_outstanding_amount,
            {{ integers_between('from_index', 'least(coalesce(to_index, 999999), ' ~ last_index ~ ')') }}
                as quarter_index
        from {{ runs }}
    ),

    stated as (
        select
            account_key,
            quarter_index,
            {{ arrears_state("datediff('day', due_date, " ~ quarter_index_end('quarter_index') ~ ")") }} as from_state,
            {{ arrears_state("datediff('day', due_date, " ~ quarter_index_end('(quarter_index + 1)') ~ ")") }}
                as to_state,
            outstanding_amount,
            -- Within a run nothing changes; at its last quarter the next amount is that of the next run.
            case
                when quarter_index < coalesce(to_index, 999999) then outstanding_amount
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
        cast(quarter_index as integer) as quarter_index,
        is_company,
        from_state,
        cast(to_state as tinyint) as to_state,
        cast(sum(debtors) as bigint) as debtors,
        cast(sum(outstanding_amount) as decimal(18, 2)) as outstanding_amount
    from cells
    where quarter_index < {{ last_index }}
    group by quarter_index, is_company, from_state, to_state
    having sum(debtors) <> 0 or sum(outstanding_amount) <> 0
{%- endmacro %}

{#
Cohorts as sums over accounts: what each cohort claims (quarters_since_due -1), and what came in of it in each later
quarter, not cumulated. What came in before the due quarter counts in the first (C1: k = 0). The condition chooses
accounts, as charges.account_id.
#}
{% macro cohort_cells(ledger, allocations, origins, as_of, condition) -%}
    with charges as (
        select
            {{ id_number('charges.charge_id') }} as charge_number,
            {{ quarter_index('charges.due_date') }} as due_index,
            charges.account_type = 'company' as is_company,
            cast(natures.rank as tinyint) as nature_rank,
            coalesce(origins.origin, 'unknown') as affiliation_origin,
            charges.net_amount
        from {{ ledger }} as charges
        inner join {{ ref('natures') }} as natures on charges.nature = natures.nature
        left join {{ origins }} as origins
            on
                {{ account_key('charges.account_id') }} = origins.account_key
                and charges.due_date >= origins.from_date
                and charges.due_date < origins.before_date
        where charges.net_amount > 0 and {{ is_contribution('charges.charge_type') }} and {{ condition }}
    ),

    claimed as (
        select
            due_index,
            is_company,
            nature_rank,
            affiliation_origin,
            -1 as quarters_since_due,
            count(*) as charges,
            sum(net_amount) as claimed_amount,
            0 as collected_amount
        from charges
        group by due_index, is_company, nature_rank, affiliation_origin
    ),

    payments as (
        select
            {{ id_number('charge_id') }} as charge_number,
            {{ quarter_index('value_date') }} as payment_index,
            allocated_amount
        from {{ allocations }}
        where credit_type = 'payment' and value_date <= {{ as_of }}
    ),

    collected as (
        select
            charges.due_index,
            charges.is_company,
            charges.nature_rank,
            charges.affiliation_origin,
            greatest(payments.payment_index - charges.due_index, 0) as quarters_since_due,
            0 as charges,
            0 as claimed_amount,
            sum(payments.allocated_amount) as collected_amount
        from payments
        inner join charges on payments.charge_number = charges.charge_number
        group by
            charges.due_index,
            charges.is_company,
            charges.nature_rank,
            charges.affiliation_origin,
            greatest(payments.payment_index - charges.due_index, 0)
    )

    select
        due_index,
        is_company,
        nature_rank,
        affiliation_origin,
        cast(quarters_since_due as integer) as quarters_since_due,
        cast(charges as bigint) as charges,
        cast(claimed_amount as decimal(18, 2)) as claimed_amount,
        cast(collected_amount as decimal(18, 2)) as collected_amount
    from claimed
    union all
    select
        due_index,
        is_company,
        nature_rank,
        affiliation_origin,
        cast(quarters_since_due as integer) as quarters_since_due,
        cast(charges as bigint) as charges,
        cast(claimed_amount as decimal(18, 2)) as claimed_amount,
        cast(collected_amount as decimal(18, 2)) as collected_amount
    from collected
{%- endmacro %}
