-- Closed quarters from the carried cells; the as-of date, when no quarter ends on it, from what is open today.
with running_quarter as (
    select
        account_id,
        account_type,
        nature,
        {{ arrears_state("datediff('day', due_date, " ~ as_of_date() ~ ")") }} as state,
        stage,
        count(*) as charges,
        sum(outstanding_amount) as outstanding_amount
    from {{ ref('fct_open_charges') }}
    where
        due_date < {{ as_of_date() }}
        and {{ quarter_end(as_of_date()) }} <> {{ as_of_date() }}
    group by all
)

select
    {{ quarter_index_end('cells.quarter_index') }} as reference_date,
    case when cells.is_company then 'company' else 'affiliate' end as account_type,
    natures.nature,
    {{ arrears_state_text('cells.state') }} as age_bucket,
    ranks.stage,
    cells.debtors,
    cells.charges,
    cells.outstanding_amount
from {{ ref('recovery_ageing_cells') }} as cells
inner join {{ ref('natures') }} as natures on cells.nature_rank = natures.rank
inner join {{ ref('recovery_stages') }} as ranks on cells.stage_rank = ranks.stage_rank
union all
select
    {{ as_of_date() }} as reference_date,
    account_type,
    nature,
    {{ arrears_state_text('state') }} as age_bucket,
    stage,
    count(*) as debtors,
    cast(sum(charges) as bigint) as charges,
    cast(sum(outstanding_amount) as decimal(18, 2)) as outstanding_amount
from running_quarter
group by account_type, nature, state, stage
