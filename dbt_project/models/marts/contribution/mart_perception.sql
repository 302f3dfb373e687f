-- Royal decree of 19 December 1967, art. 60bis: what was collected by 31 December of what was first claimed that year
-- (B3: of affiliates provisional charges and positive regularisations, of companies their contribution).
with claims as (
    select
        cast(year(issue_date) as integer) as claim_year,
        account_type,
        net_amount,
        collected_in_issue_year_amount,
        outstanding_at_issue_year_end_amount
    from {{ ref('fct_charges') }}
    where
        gross_amount > 0
        and case account_type
            when 'affiliate' then charge_type in ('provisional', 'regularisation')
            else charge_type = 'company_contribution'
        end
),

years as (
    select
        claim_year,
        account_type,
        sum(net_amount) as claimed_amount,
        sum(collected_in_issue_year_amount) as collected_by_year_end_amount,
        sum(outstanding_at_issue_year_end_amount) as year_end_outstanding_amount
    from claims
    group by claim_year, account_type
)

select
    claim_year,
    account_type,
    cast(claimed_amount as decimal(18, 2)) as claimed_amount,
    cast(collected_by_year_end_amount as decimal(18, 2)) as collected_by_year_end_amount,
    cast(100 * collected_by_year_end_amount / nullif(claimed_amount, 0) as double) as perception_pct,
    cast(year_end_outstanding_amount / nullif(claimed_amount, 0) as double) as year_end_outstanding_ratio
from years
-- B3: only years that have ended.
where make_date(claim_year, 12, 31) <= as_of_date()
