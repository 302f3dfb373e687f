-- T12 of statistics-tables.md: requests for relief by the day on which they were submitted.
with effects as (
    -- As delivered: also what goes beyond the charge that it is taken off.
    select
        request_id,
        sum(amount) as relief_amount
    from {{ ref('stg_relief_effects') }}
    where effective_date <= as_of_date()
    group by request_id
),

requests as (
    select
        requests.account_id,
        requests.submitted_date,
        requests.kind as relief_kind,
        -- S2: a decision dated after the as-of date has not been taken.
        case when requests.decision_date > as_of_date() then 'pending' else coalesce(requests.decision, 'pending') end
            as decision,
        -- S9: a company has no sex, age or branch.
        coalesce(described.nature, 'company') as nature,
        coalesce(described.sex, '_Z') as sex,
        coalesce(described.age_class, '_Z') as age_class,
        coalesce(described.branch, '_Z') as branch,
        greatest(
            coalesce(quarter_text_index(requests.to_quarter) - quarter_text_index(requests.from_quarter) + 1, 0), 0
        ) as quarters,
        coalesce(effects.relief_amount, 0) as relief_amount,
        requests.decision_date - coalesce(requests.complete_date, requests.submitted_date) as days_to_decision
    from {{ ref('stg_relief_requests') }} as requests
    left join {{ ref('int_population__affiliates_described') }} as described
        on requests.account_id = described.affiliate_id and requests.submitted_date = described.event_date
    left join effects on requests.request_id = effects.request_id
),

-- S1: the year and the quarter of a request, once they have ended.
records as (
    select
        requests.*,
        unnest([  -- noqa: AL03
            {
                'frequency': 'year',
                'ref_period': year_text(requests.submitted_date),
                'last_day': make_date(year(requests.submitted_date), 12, 31)
            },
            {
                'frequency': 'quarter',
                'ref_period': quarter_text(requests.submitted_date),
                'last_day': quarter_end(requests.submitted_date)
            }
        ], recursive := true)
    from requests
),

ended as (
    select
        *,
        case when decision <> 'pending' then days_to_decision end as decision_days
    from records
    where last_day <= as_of_date()
),

by_account as (
    -- T12.1 YQ: relief_kind decision nature
    select
        'T12.1' as block,
        ref_period,
        account_id,
        relief_kind,
        decision,
        nature,
        count(*) as requests,
        sum(quarters) as quarters,
        sum(relief_amount) as relief_amount
    from ended
    group by ref_period, account_id, cube (relief_kind, decision, nature)
    union all by name
    -- T12.2 Y: relief_kind decision sex age_class
    select
        'T12.2' as block,
        ref_period,
        account_id,
        relief_kind,
        decision,
        sex,
        age_class,
        count(*) as requests,
        sum(quarters) as quarters,
        sum(relief_amount) as relief_amount
    from ended
    where frequency = 'year'
    group by ref_period, account_id, cube (relief_kind, decision, sex, age_class)
    union all by name
    -- T12.3 Y: relief_kind decision branch
    select
        'T12.3' as block,
        ref_period,
        account_id,
        relief_kind,
        decision,
        branch,
        count(*) as requests,
        sum(quarters) as quarters,
        sum(relief_amount) as relief_amount
    from ended
    where frequency = 'year'
    group by ref_period, account_id, cube (relief_kind, decision, branch)
),

amounts as (
    unpivot by_account
    on requests, quarters, relief_amount
    into name measure value amount
),

cells as (
    select
        * exclude (account_id, amount),
        -- Six decimals, as the delays below have.
        cast(sum(amount) as decimal(24, 6)) as obs_value,
        count(nullif(amount, 0)) as contributors,
        max(abs(nullif(amount, 0)), 2) as largest
    from amounts
    group by all
),

-- T12.1, of the requests that are decided and have a date of decision: they are the denominator and the base.
delays as (
    select
        ref_period,
        relief_kind,
        decision,
        nature,
        cast(sum(decision_days) / count(*) as decimal(24, 6)) as mean_decision_days,
        cast(median(cast(decision_days as decimal(18, 6))) as decimal(24, 6)) as median_decision_days,
        count(distinct account_id) as contributors
    from ended
    where decision_days is not null
    group by ref_period, cube (relief_kind, decision, nature)
),

measures as (
    -- A row that two blocks give is there once.
    select distinct * exclude (block)
    from cells
    union all by name
    unpivot delays
    on mean_decision_days, median_decision_days
    into name measure value obs_value
)

select
    ref_period,
    coalesce(relief_kind, '_T') as relief_kind,
    coalesce(decision, '_T') as decision,
    coalesce(nature, '_T') as nature,
    coalesce(sex, '_T') as sex,
    coalesce(age_class, '_T') as age_class,
    coalesce(branch, '_T') as branch,
    measure,
    obs_value,
    contributors,
    cast(largest[1] as decimal(18, 2)) as largest_contribution,
    cast(largest[2] as decimal(18, 2)) as second_contribution
from measures
