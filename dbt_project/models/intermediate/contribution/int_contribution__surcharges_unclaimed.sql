-- Surcharges of affiliates that the law asks and no notice claims: one at each quarter end, and one at a year end, on
-- what was unpaid then. A notice leaves in the quarter after; until that is over nothing is missing.
with plan as (
    select {{ quarter_index(as_of_date()) }} - 2 as last_index
),

-- What surcharges look at: claims that were still open at the end of the quarter in which they fell due.
claims as (
    select
        ledger.charge_number,
        ledger.account_key,
        ledger.charge_type,
        ledger.contribution_year,
        ledger.contribution_quarter,
        ledger.issue_date,
        ledger.due_date,
        greatest({{ quarter_index('ledger.due_date') }}, {{ first_year() }} * 4) as first_index,
        least(plan.last_index, coalesce({{ last_surcharge_quarter('stops.stop_date') }}, plan.last_index))
            as last_index
    from {{ charges_resurcharged() }} as ledger
    cross join plan
    left join {{ ref('int_contribution__surcharges_stopped') }} as stops on ledger.charge_number = stops.charge_number
    where
        ledger.charge_type in ('provisional', 'regularisation')
        and ledger.net_amount > 0
        and (ledger.settled_date is null or ledger.settled_date > ledger.due_date)
        and {{ only_resurcharged_keys('ledger.account_key') }}
),

runs as (
    select
        claims.charge_number,
        greatest(runs.from_index, claims.first_index) as from_index,
        least(coalesce(runs.to_index, claims.last_index), claims.last_index) as to_index,
        runs.outstanding_amount
    from claims
    inner join {{ ref('recovery_open_runs') }} as runs on claims.charge_number = runs.charge_number
    where
        greatest(runs.from_index, claims.first_index)
        <= least(coalesce(runs.to_index, claims.last_index), claims.last_index)
),

claimed as (
    select
        related_charge_number,
        count(*) filter (where charge_type = 'surcharge_quarterly') as quarterly_count,
        count(*) filter (where charge_type = 'surcharge_annual') as annual_count
    from {{ ref('int_contribution__surcharges_charged') }}
    group by related_charge_number
),

open_claims as (
    select
        charge_number,
        sum(to_index - from_index + 1) as quarter_ends,
        max(to_index) as last_open_index
    from runs
    group by charge_number
),

-- Counting first: almost every claim has as many surcharges as quarter ends, and only the others are spread over them.
suspected as (
    select claims.*
    from claims
    inner join open_claims on claims.charge_number = open_claims.charge_number
    left join claimed on claims.charge_number = claimed.related_charge_number
    where
        open_claims.quarter_ends > coalesce(claimed.quarterly_count, 0)
        or (
            coalesce(claimed.annual_count, 0) = 0
            and open_claims.last_open_index >= extract(year from claims.due_date) * 4 + 3
        )
),

kinds as (
    select
        suspected.*,
        {{ surcharge_kind('suspected.charge_type', 'starters.account_key is not null') }} as surcharge_kind,
        {{ surcharge_claimed_date('suspected', 'starters.account_key is not null') }} as claimed_date
    from suspected
    left join {{ ref('int_contribution__starter_quarters') }} as starters
        on
            -- Equalities alone: see int_contribution__surcharges_related.
            case when suspected.charge_type = 'provisional' then suspected.account_key end = starters.account_key
            and suspected.contribution_year * 4 + suspected.contribution_quarter - 1 = starters.contribution_index
),

open_ends as (
    select
        charge_number,
        outstanding_amount,
        {{ integers_between('from_index', 'to_index') }} as fall_index
    from runs
    where charge_number in (select suspected.charge_number from suspected)
),

falls as (
    select
        kinds.charge_number,
        kinds.account_key,
        case rules.period when 'quarter' then 'surcharge_quarterly' else 'surcharge_annual' end as charge_type,
        kinds.surcharge_kind,
        kinds.contribution_year,
        kinds.contribution_quarter,
        {{ quarter_index_end('open_ends.fall_index') }} as fall_date,
        open_ends.outstanding_amount as unpaid_amount,
        {{ surcharge_amount('open_ends.outstanding_amount', 'rules.value') }} as expected_amount
    from kinds
    inner join open_ends on kinds.charge_number = open_ends.charge_number
    inner join {{ ref('law_surcharges') }} as rules
        on
            kinds.surcharge_kind = rules.surcharge_kind
            and {{ is_in_force('rules', 'kinds.claimed_date') }}
            and case rules.period
                when 'quarter' then open_ends.fall_index >= {{ first_surcharge_quarter('rules', 'kinds.claimed_date') }}
                when 'year' then open_ends.fall_index = {{ surcharge_year('rules', 'kinds.claimed_date') }} * 4 + 3
                else false
            end
)

select
    falls.charge_number as related_charge_number,
    falls.account_key,
    falls.charge_type,
    falls.surcharge_kind,
    falls.contribution_year,
    falls.contribution_quarter,
    falls.fall_date,
    falls.unpaid_amount,
    falls.expected_amount
from falls
left join {{ ref('int_contribution__surcharges_charged') }} as charged
    on
        falls.charge_number = charged.related_charge_number
        and falls.charge_type = charged.charge_type
        and falls.fall_date = charged.fall_date
where charged.charge_number is null and falls.expected_amount > 0
