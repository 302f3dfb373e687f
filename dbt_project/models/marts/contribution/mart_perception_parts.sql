-- What became by 31 December of what was first claimed in a year (B3): collected, settled by credits, still owed; the
-- three add up to what was claimed. The running year stands as it is on the as-of date, with its projection.
with claims as (
    select
        cast(year(charges.issue_date) as integer) as claim_year,
        charges.account_type,
        charges.gross_amount,
        charges.cancelled_amount,
        charges.relief_amount,
        charges.net_amount,
        charges.collected_in_issue_year_amount,
        charges.outstanding_at_issue_year_end_amount,
        earlier.same_day,
        earlier.is_claimed_same_day,
        earlier.collected_same_day_amount
    from {{ ref('fct_charges') }} as charges
    inner join {{ ref('int_ledger__charges_earlier') }} as earlier on charges.charge_id = earlier.charge_id
    where (charges.account_type = 'affiliate') = (charges.charge_type <> 'company_contribution')
),

years as (
    select
        claim_year,
        account_type,
        same_day as same_day_date,
        make_date(claim_year, 12, 31) > as_of_date() as is_running,
        sum(gross_amount) as gross_amount,
        sum(cancelled_amount) as cancelled_amount,
        sum(relief_amount) as relief_amount,
        sum(net_amount) as claimed_amount,
        sum(collected_in_issue_year_amount) as collected_amount,
        sum(outstanding_at_issue_year_end_amount) as outstanding_amount,
        sum(net_amount) filter (where is_claimed_same_day) as same_day_claimed_amount,
        sum(collected_same_day_amount) filter (where is_claimed_same_day) as same_day_collected_amount
    from claims
    where claim_year <= year(as_of_date())
    group by claim_year, account_type, same_day
),

shares as (
    select
        *,
        100 * collected_amount / nullif(claimed_amount, 0) as perception_pct,
        100 * same_day_collected_amount / nullif(same_day_claimed_amount, 0) as same_day_pct
    from years
),

-- Chain ladder as for the cohorts (T. Mack, ASTIN Bulletin 23, 1993), in one step from the same day to 31 December, of
-- the percentage itself: cohorts are by due date and end with quarters, and claims are still to be issued this year.
past as (
    select
        account_type,
        sum(perception_pct order by claim_year) / sum(same_day_pct order by claim_year) as development_factor,
        sum(same_day_pct order by claim_year) as weight
    from shares
    where not is_running and same_day_pct > 0
    group by account_type
),

variances as (
    select
        shares.account_type,
        case
            when count(*) > 1
                then
                    sum(
                        shares.same_day_pct
                        * power(shares.perception_pct / shares.same_day_pct - past.development_factor, 2)
                        order by shares.claim_year
                    ) / (count(*) - 1)
        end as variance
    from shares
    inner join past on shares.account_type = past.account_type
    where not shares.is_running and shares.same_day_pct > 0
    group by shares.account_type
),

projected as (
    select
        shares.*,
        case when shares.is_running then shares.same_day_pct * past.development_factor end as unbounded_pct,
        past.development_factor,
        past.weight,
        variances.variance
    from shares
    left join past on shares.account_type = past.account_type
    left join variances on shares.account_type = variances.account_type
)

select
    claim_year,
    account_type,
    is_running,
    least(make_date(claim_year, 12, 31), as_of_date()) as observation_date,
    cast(gross_amount as decimal(18, 2)) as gross_amount,
    cast(cancelled_amount as decimal(18, 2)) as cancelled_amount,
    cast(relief_amount as decimal(18, 2)) as relief_amount,
    cast(claimed_amount as decimal(18, 2)) as claimed_amount,
    cast(collected_amount as decimal(18, 2)) as collected_amount,
    cast(claimed_amount - collected_amount - outstanding_amount as decimal(18, 2)) as credited_amount,
    cast(outstanding_amount as decimal(18, 2)) as outstanding_amount,
    cast(perception_pct as double) as perception_pct,
    same_day_date,
    cast(same_day_pct as double) as same_day_pct,
    cast(case when unbounded_pct is not null then least(unbounded_pct, 100) end as double) as projected_pct,
    cast(
        unbounded_pct / development_factor * sqrt(variance * (1 / nullif(same_day_pct, 0) + 1 / weight)) as double
    ) as standard_error_pct
from projected
