-- Royal decree of 19 December 1967, art. 60bis: what was collected by 31 December of what was first claimed that year.
with claims as (
    select
        cast(year(issue_date) as integer) as claim_year,
        account_type,
        net_amount,
        collected_in_issue_year_amount,
        outstanding_at_issue_year_end_amount
    from {{ ref('fct_charges_ledger') }}
    where
        gross_amount > 0
        and (
            (account_type = 'affiliate' and charge_type in ('provisional', 'regularisation'))
            or (account_type = 'company' and charge_type = 'company_contribution')
        )
        and make_date(year(issue_date), 12, 31) <= {{ as_of_date() }}
)

select
    claim_year,
    account_type,
    cast(sum(net_amount) as decimal(18, 2)) as claimed_amount,
    cast(sum(collected_in_issue_year_amount) as decimal(18, 2)) as collected_by_year_end_amount,
    cast(100 * sum(collected_in_issue_year_amount) / nullif(sum(net_amount), 0) as double) as perception_pct,
    cast(sum(outstanding_at_issue_year_end_amount) / nullif(sum(net_amount), 0) as double)
        as year_end_outstanding_ratio
from claims
group by claim_year, account_type
