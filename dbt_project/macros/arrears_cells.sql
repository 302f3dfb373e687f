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
        account_key >= {{ first_company_key() }} as is_company,
        nature_rank,
        state,
        cast(stage_rank as tinyint) as stage_rank,
        count(*) as debtors,
        cast(sum(charges) as bigint) as charges,
        cast(sum(outstanding_amount) as decimal(18, 2)) as outstanding_amount
    from per_account
    group by quarter_index, account_key >= {{ first_company_key() }}, nature_rank, state, stage_rank
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

    -- Account and quarter as one number, which is grouped and joined at two thirds of the price of two.
    per_account as (
        select
            (cast(account_key as bigint) << 16) | quarter_index as account_quarter,
            max(from_state) as state
        from stated
        group by (cast(account_key as bigint) << 16) | quarter_index
    ),

    account_moves as (
        select
            now.account_quarter >> 16 as account_key,
            now.account_quarter & 65535 as quarter_index,
            now.state as from_state,
            later.state as to_state
        from per_account as now
        left join per_account as later on now.account_quarter + 1 = later.account_quarter
    ),

    amounts as (
        select
            account_key >= {{ first_company_key() }} as is_company,
            quarter_index,
            from_state,
            to_state,
            sum(kept_amount) as kept_amount,
            sum(outstanding_amount - kept_amount) as settled_amount
        from stated
        group by account_key >= {{ first_company_key() }}, quarter_index, from_state, to_state
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
            account_key >= {{ first_company_key() }} as is_company,
            quarter_index,
            from_state,
            coalesce(to_state, 7) as to_state,
            count(*) as debtors,
            0 as outstanding_amount
        from account_moves
        group by account_key >= {{ first_company_key() }}, quarter_index, from_state, coalesce(to_state, 7)
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
quarter, not cumulated. What came in before the due quarter counts in the first (C1: k = 0). Each allocation knows the due
date, type and nature of its charge, so nothing is looked up. The condition chooses accounts, by account_key.
#}
{% macro cohort_cells(ledger, allocations, origins, as_of, condition) -%}
    with contribution_types as (
        select rank
        from {{ ref('claim_types') }}
        where {{ is_contribution('charge_type') }}
    ),

    movements as (
        select
            account_key,
            due_date,
            cast({{ claim_nature_rank('claim_code') }} as tinyint) as nature_rank,
            -1 as quarters_since_due,
            1 as charges,
            net_amount as claimed_amount,
            0 as collected_amount
        from {{ ledger }}
        where
            net_amount > 0
            and {{ claim_type_rank('claim_code') }} in (select rank from contribution_types)
            and {{ condition }}
        union all
        select
            account_key,
            due_date,
            cast({{ claim_nature_rank('claim_code') }} as tinyint) as nature_rank,
            greatest({{ quarter_index('value_date') }} - {{ quarter_index('due_date') }}, 0) as quarters_since_due,
            0 as charges,
            0 as claimed_amount,
            allocated_amount as collected_amount
        from {{ allocations }}
        where
            credit_kind = 0
            and value_date <= {{ as_of }}
            and {{ claim_type_rank('claim_code') }} in (select rank from contribution_types)
            and {{ condition }}
    )

    select
        {{ quarter_index('movements.due_date') }} as due_index,
        movements.account_key >= {{ first_company_key() }} as is_company,
        movements.nature_rank,
        coalesce(origins.origin, 'unknown') as affiliation_origin,
        cast(movements.quarters_since_due as integer) as quarters_since_due,
        cast(sum(movements.charges) as bigint) as charges,
        cast(sum(movements.claimed_amount) as decimal(18, 2)) as claimed_amount,
        cast(sum(movements.collected_amount) as decimal(18, 2)) as collected_amount
    from movements
    left join {{ origins }} as origins
        on
            movements.account_key = origins.account_key
            and movements.due_date >= origins.from_date
            and movements.due_date < origins.before_date
    group by
        {{ quarter_index('movements.due_date') }},
        movements.account_key >= {{ first_company_key() }},
        movements.nature_rank,
        coalesce(origins.origin, 'unknown'),
        movements.quarters_since_due
{%- endmacro %}
